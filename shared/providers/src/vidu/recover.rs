//! Finding a task whose answer was lost: in the list of the tasks since, by our own name or by what was asked for.

use super::{
    accepted, request,
    wire::{Listed, Page},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, Time};
use serde_json::Value;
use std::time::Duration;

/// How far the vendor's clock may be behind ours.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// Tasks on a page; the vendor has no larger ones.
const PAGE: usize = 100;

/// Where a list ends for us: so many tasks in a few minutes are more than any account may begin.
const MOST_PAGES: usize = 5;

/// Asks for the tasks since the paid call.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, page: usize) -> Next {
    request::list(task, question, &kit::begun(task).minus(CLOCK_SLACK).to_string(), page, PAGE)
}

/// Reads a page: the task, the next page, or nothing.
pub(super) fn page_read(task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
    let Some(page) = kit::read_message::<Page>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let name = kit::task_name(task);
    if let Some(found) = page.tasks.iter().find(|listed| listed.payload.as_deref() == Some(&name)) {
        return accepted(question, found.id.as_deref());
    }
    // The list may leave names out. Then the one counts that asks for the same and is nearest in time.
    let begun = kit::begun(task);
    let nearest = page
        .tasks
        .iter()
        .filter(|listed| listed.payload.as_deref().unwrap_or_default().is_empty())
        .filter(|listed| asks_the_same(task, listed))
        .filter_map(|listed| Some((created(listed)?, listed)))
        .filter(|(created, _)| *created >= begun.minus(CLOCK_SLACK))
        .min_by_key(|(created, _)| created.millis().abs_diff(begun.millis()));
    if let Some((_, found)) = nearest {
        return accepted(question, found.id.as_deref());
    }
    let next = note.parse::<usize>().unwrap_or_default().saturating_add(1);
    match (page.tasks.len() >= PAGE, next < MOST_PAGES) {
        (true, true) => look(task, question, next),
        (true, false) => kit::later(None, "the list is too long to be read to its end"),
        (false, _) => not_there(task, question),
    }
}

fn created(listed: &Listed) -> Option<Time> {
    match listed.created_at.as_ref()? {
        Value::String(text) => Time::parse(text),
        number => number.as_i64().map(Time::from_millis),
    }
}

fn asks_the_same(task: &Task<'_>, listed: &Listed) -> bool {
    let plan = &task.job.plan;
    let same_length = match (plan.options.number("duration"), listed.duration) {
        (Some(wanted), Some(told)) => wanted == told,
        _ => true,
    };
    same_length
        && listed.model.as_deref() == Some(plan.vendor_model.as_str())
        && listed.prompt.as_deref().unwrap_or_default() == plan.prompt.as_deref().unwrap_or_default()
}

fn not_there(task: &Task<'_>, question: Question<'_>) -> Next {
    match question {
        Question::Recover { looked } if looked < LOOKS => kit::event(Event::NotFound),
        _ if task.job.resubmits == 0 => kit::event(Event::SubmitAgain),
        _ => kit::lost_for_good("the task is not in the vendor's list"),
    }
}
