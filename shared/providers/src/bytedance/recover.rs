//! Finding a clip whose answer was lost: in the list of tasks, by the mark that it was ordered with.

use super::{
    base, faults, mark, model,
    video::TASKS,
    wire::{TaskList, TaskState},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, Ticket};

/// Tasks on a page, the most that the vendor gives.
const PAGE: u64 = 500;

/// Pages that are read in one look: seven days of ten thousand tasks.
const MOST_PAGES: u64 = 20;

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// Asks for a page of the tasks of this model.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, page: u64) -> Next {
    let (page, size, model) = (page.to_string(), PAGE.to_string(), model(task));
    let query = [("page_num", page.as_str()), ("page_size", size.as_str()), ("filter.model", model.as_str())];
    kit::Draft::get("bytedance list", kit::address(base(task), &TASKS, &query))
        .bearer(task.access.api_key.reveal())
        .note(page.clone())
        .next(question)
}

/// Reads a page: the task is on it, or on the next, or nowhere.
pub(super) fn listed(
    task: &Task<'_>,
    question: Question<'_>,
    looked: u32,
    note: &str,
    reply: &Reply<'_>,
) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let (Some(TaskList { items: Some(items), total: Some(total) }), Ok(page)) =
        (kit::read_message::<TaskList>(reply), note.parse::<u64>())
    else {
        return kit::unreadable(task, question, reply);
    };
    let mark = mark(task);
    let is_ours = |item: &&TaskState| item.safety_identifier.as_deref() == Some(mark.as_str());
    if let Some(ours) = items.iter().find(is_ours) {
        return match kit::name_of(ours.id.as_deref()) {
            Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
            None => kit::unsure(question, "the listed task has no usable id"),
        };
    }
    let is_last = items.is_empty() || page.saturating_mul(PAGE) >= total;
    match (is_last, looked >= LOOKS) {
        (false, _) if page < MOST_PAGES => look(task, question, page + 1),
        (_, false) => kit::event(Event::NotFound),
        // The same mark goes with it, so that even a late arrival can be told.
        (true, true) if task.job.resubmits == 0 => kit::event(Event::SubmitAgain),
        (_, true) => kit::lost_for_good("the task is not in the vendor's list"),
    }
}
