//! Finding a task whose answer was lost. The list tells models and moments, but no words: those are told by a task that has
//! ended, when it is looked at. So the tasks of the moment in question are looked at one by one, the nearest first.

use super::{
    accepted, request,
    wire::{Listed, Page, Standing, Status, Used},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, Time};
use std::{fmt, ops::RangeInclusive, time::Duration};

/// How far the vendor's clock may be from ours.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// Tasks on a page: the usual number, as the vendor does not tell how many there may be.
const PAGE: usize = 10;

/// Where a list ends for us: so many tasks of a model since the submit are more than an account can have.
const MOST_PAGES: u64 = 5;

/// Most tasks that are looked at. Together with the pages it is what one step has room for.
const MOST_TASKS: usize = 7;

/// Where we are, as noted on the calls.
struct Note {
    stage: Stage,
    /// The tasks that ours may be among.
    tasks: Vec<(String, i64)>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// The page of this number was asked for.
    List(u64),
    /// The first of the tasks is looked at; so many were before.
    Look(usize),
}

impl Note {
    fn parse(text: &str) -> Option<Note> {
        let mut words = text.split(' ');
        let stage = match words.next()?.split_once(':')? {
            ("list", page) => Stage::List(page.parse().ok()?),
            ("look", done) => Stage::Look(done.parse().ok()?),
            _ => return None,
        };
        let task = |word: &str| {
            let (millis, id) = word.split_once(':')?;
            Some((id.to_owned(), millis.parse().ok()?))
        };
        Some(Note { stage, tasks: words.map(task).collect::<Option<_>>()? })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stage {
            Stage::List(page) => write!(out, "list:{page}")?,
            Stage::Look(done) => write!(out, "look:{done}")?,
        }
        self.tasks.iter().try_for_each(|(id, millis)| write!(out, " {millis}:{id}"))
    }
}

/// Asks for the newest tasks.
pub(super) fn begin(task: &Task<'_>, question: Question<'_>) -> Next {
    list(task, question, 1, Vec::new())
}

/// Reads a page of the list, or a look at one of its tasks.
pub(super) fn read(
    task: &Task<'_>,
    question: Question<'_>,
    note: &str,
    standing: Option<&Standing>,
    reply: &Reply<'_>,
) -> Next {
    match Note::parse(note) {
        Some(Note { stage: Stage::List(page), tasks }) => listed(task, question, page, tasks, reply),
        Some(Note { stage: Stage::Look(done), tasks }) => seen(task, question, done, tasks, standing, reply),
        None => kit::later(None, "could not read the place in the search"),
    }
}

fn list(task: &Task<'_>, question: Question<'_>, page: u64, tasks: Vec<(String, i64)>) -> Next {
    let note = Note { stage: Stage::List(page), tasks };
    request::list(task, question, page, PAGE, note.to_string())
}

/// When a task of the lost submit can have been begun, by the vendor's clock.
fn moment(task: &Task<'_>) -> RangeInclusive<Time> {
    let begun = kit::begun(task);
    begun.minus(CLOCK_SLACK)..=begun.plus(task.job.plan.submit_timeout + CLOCK_SLACK)
}

fn listed(
    task: &Task<'_>,
    question: Question<'_>,
    number: u64,
    mut tasks: Vec<(String, i64)>,
    reply: &Reply<'_>,
) -> Next {
    let page = kit::read_message::<Page>(reply);
    let Some((page, all)) = page.as_ref().and_then(|page| Some((page, page.listed()?))) else {
        return kit::unreadable(task, question, reply);
    };
    if all.iter().any(|listed| listed.gmt_create.is_none()) {
        return kit::later(None, "the list tells no times");
    }
    tasks.extend(all.iter().filter_map(|listed| candidate(task, listed)));
    let times: Vec<i64> = all.iter().filter_map(|listed| listed.gmt_create).collect();
    let since = moment(task).start().millis();
    // Only of a list that visibly goes back in time the rest is known to be older.
    let is_past = times.is_sorted_by(|one, next| one >= next)
        && times.first() > times.last()
        && times.last().is_some_and(|oldest| *oldest < since);
    let is_last = all.len() < PAGE || page.total_page.is_some_and(|total| number >= total);
    match is_last || is_past {
        true => {
            let begun = kit::begun(task).millis();
            tasks.sort_by_key(|(_, millis)| millis.abs_diff(begun));
            look(task, question, 0, tasks)
        }
        false if number < MOST_PAGES => list(task, question, number + 1, tasks),
        false => kit::later(None, "the list is too long to be read to the moment of the submit"),
    }
}

/// A listed task, if it can be ours and costs something.
fn candidate(task: &Task<'_>, listed: &Listed) -> Option<(String, i64)> {
    let millis = listed.gmt_create?;
    let is_ours = moment(task).contains(&Time::from_millis(millis))
        && listed.model_name.as_deref().is_none_or(|model| model == task.job.plan.vendor_model)
        && !matches!(listed.status, Some(Status::Failed | Status::Canceled));
    let id = kit::name_of(listed.task_id.as_deref()).filter(|_| is_ours)?;
    Some((id.to_owned(), millis))
}

/// Looks at the next task; none is left when ours was never begun.
fn look(task: &Task<'_>, question: Question<'_>, done: usize, tasks: Vec<(String, i64)>) -> Next {
    match tasks.first().map(|(id, _)| id.clone()) {
        None => not_there(task, question),
        Some(_) if done >= MOST_TASKS => kit::lost_for_good("there are too many tasks that may be ours"),
        Some(id) => {
            let note = Note { stage: Stage::Look(done), tasks };
            request::look(task, question, &id, &note.to_string())
        }
    }
}

fn seen(
    task: &Task<'_>,
    question: Question<'_>,
    done: usize,
    mut tasks: Vec<(String, i64)>,
    standing: Option<&Standing>,
    reply: &Reply<'_>,
) -> Next {
    if tasks.is_empty() {
        return kit::later(None, "could not read the place in the search");
    }
    let (id, _) = tasks.remove(0);
    let standing = match super::about(&id, standing) {
        Ok(standing) => standing,
        Err(next) => return next,
    };
    match standing.task_status {
        // Nothing is charged for it.
        Some(Status::Failed | Status::Canceled) => look(task, question, done + 1, tasks),
        Some(Status::Succeeded) if !asks_the_same(task, standing, reply) => {
            look(task, question, done + 1, tasks)
        }
        Some(Status::Succeeded) if is_words_alone(task) => accepted(question, Some(&id)),
        // The same words are often sent with many pictures, and nobody gets what was made of another's.
        Some(Status::Succeeded) => {
            kit::lost_for_good("a task with the same words may have been made of other material")
        }
        _ => kit::later(None, "a task that may be ours still runs, and tells its words only at its end"),
    }
}

/// Whether a task that has ended is what we asked for. Of what is not told nothing is concluded, save of the words.
fn asks_the_same(task: &Task<'_>, standing: &Standing, reply: &Reply<'_>) -> bool {
    let told = standing.orig_prompt.as_deref().unwrap_or_default().split_whitespace();
    let same_words = told.eq(task.job.plan.prompt.as_deref().unwrap_or_default().split_whitespace());
    let used = kit::read_message::<Used>(reply).and_then(|answer| answer.usage).unwrap_or_default();
    let same_size = match (request::size_of(task), used.size()) {
        (Some(wanted), Some(told)) => wanted == told,
        _ => true,
    };
    let same_length = match (task.job.plan.options.number("duration"), used.seconds()) {
        (Some(wanted), Some(told)) => (wanted - told).abs() < 1.0,
        _ => true,
    };
    same_words && same_size && same_length
}

fn is_words_alone(task: &Task<'_>) -> bool {
    let input = &task.job.order.input;
    kit::pictures(task).is_empty() && input.video.is_none() && input.audio.is_none()
}

fn not_there(task: &Task<'_>, question: Question<'_>) -> Next {
    match question {
        Question::Recover { looked } if looked < LOOKS => kit::event(Event::NotFound),
        _ if task.job.resubmits == 0 => kit::event(Event::SubmitAgain),
        _ => kit::lost_for_good("the task is not in the vendor's list"),
    }
}
