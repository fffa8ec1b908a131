//! Finding a task whose answer was lost: in the account's list, by what was asked for and when.

use super::{
    USUAL_BASE, accepted,
    request::Body,
    wire::{Generation, Page},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, Time};
use serde_json::{Map, Value};
use std::time::Duration;

/// How far the vendor's clock may be behind ours.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// Tasks on a page.
const PAGE: usize = 50;

/// Where a list ends for us: so many tasks in a few minutes are more than any account may begin.
const MOST_TASKS: usize = 10 * PAGE;

/// Asks for a page; how many newer tasks there are is the call's note.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, offset: usize) -> Next {
    let (limit, offset) = (PAGE.to_string(), offset.to_string());
    let query = [("limit", limit.as_str()), ("offset", offset.as_str())];
    let url =
        kit::address(kit::base(task.access, USUAL_BASE), &["dream-machine", "v1", "generations"], &query);
    kit::Draft::get("luma look-up", url).bearer(task.access.api_key.reveal()).note(offset).next(question)
}

/// Reads a page: the task, the next page, or nothing.
pub(super) fn page_read(task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
    let Some(page) = kit::read_message::<Page>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let begun = kit::begun(task);
    let since = begun.minus(CLOCK_SLACK);
    let wanted = serde_json::to_value(Body::of(task)).ok();
    let wanted = wanted.as_ref().and_then(Value::as_object);
    // The one whose time comes nearest, should somebody have asked for the very same.
    let found = page
        .generations
        .iter()
        .filter(|other| wanted.is_some_and(|wanted| asks_the_same(wanted, other)))
        .filter_map(|other| Some((created(other)?, other)))
        .filter(|(created, _)| *created >= since)
        .min_by_key(|(created, _)| created.millis().abs_diff(begun.millis()));
    if let Some((_, other)) = found {
        return accepted(question, other);
    }
    let all_are_new = page.generations.iter().filter_map(created).all(|created| created >= since);
    let seen = note.parse::<usize>().unwrap_or_default().saturating_add(page.generations.len());
    match page.has_more {
        Some(true) if all_are_new && !page.generations.is_empty() => {
            if seen < MOST_TASKS {
                look(task, question, seen)
            } else {
                kit::later(None, "the list is too long to be read to the moment of the submit")
            }
        }
        _ => not_there(task, question),
    }
}

/// When a task was begun by the vendor's clock, which may leave the time zone out: it is UTC.
fn created(generation: &Generation) -> Option<Time> {
    let text = generation.created_at.as_deref()?;
    Time::parse(text).or_else(|| Time::parse(&format!("{text}Z")))
}

/// Whether a task is what we asked for. Of what the echo leaves out nothing is concluded, save of the words and the
/// pictures.
fn asks_the_same(wanted: &Map<String, Value>, other: &Generation) -> bool {
    let Some(echo) = &other.request else { return false };
    let told = |name: &str| echo.get(name).filter(|value| !value.is_null());
    let all = wanted.iter().all(|(name, value)| told(name).is_none_or(|echoed| contains(echoed, value)));
    all && ["prompt", "keyframes"].iter().all(|name| told(name).is_some() == wanted.contains_key(*name))
}

/// Whether an echoed value says the same; empty fields may have been added to it.
fn contains(echoed: &Value, wanted: &Value) -> bool {
    match (echoed, wanted) {
        (Value::Object(echoed), Value::Object(wanted)) => {
            let all = wanted
                .iter()
                .all(|(name, value)| echoed.get(name).is_some_and(|other| contains(other, value)));
            all && echoed.iter().all(|(name, value)| value.is_null() || wanted.contains_key(name))
        }
        _ => echoed == wanted,
    }
}

fn not_there(task: &Task<'_>, question: Question<'_>) -> Next {
    match question {
        Question::Recover { looked } if looked < LOOKS => kit::event(Event::NotFound),
        _ if task.job.resubmits == 0 => kit::event(Event::SubmitAgain),
        _ => kit::lost_for_good("the task is not in the vendor's list"),
    }
}
