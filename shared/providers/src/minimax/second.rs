//! The second dialect: the H3 models.

use super::{
    Dialect, USUAL_BASE, faults, finished, note, resolution, ticket,
    wire::{Accepted, Complaint, Head, Id, State, Stopped, TaskMessage, TaskState},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, FaultKind};
use serde::Serialize;
use std::{borrow::Cow, time::Duration};

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v2", "video_generation"], &[]);
    kit::Draft::post("minimax submit", url, &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, note: &str, id: &str) -> Next {
    let path = ["v2", "query", "video_generation", id];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[]);
    kit::Draft::get("minimax poll", url).bearer(task.access.api_key.reveal()).note(note).next(question)
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    content: Vec<kit::Part<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    /// Asked for where there is nothing but text; elsewhere the clip takes its material's shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<&'a str>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let plan = &task.job.plan;
        let content = kit::content(task, plan.prompt.as_deref().map(Cow::from), true);
        let from_text = content.len() == 1;
        Body {
            model: &plan.vendor_model,
            resolution: resolution(task),
            duration: plan.options.whole("duration"),
            ratio: plan.options.text("aspectRatio").filter(|_| from_text),
            content,
        }
    }
}

/// Reads the answer to a submit.
pub(super) fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Some(next) = bad(task, question, reply) {
        return next;
    }
    let id = kit::read_message::<Accepted>(reply).and_then(|accepted| accepted.task_id).map(Id::text);
    match kit::name_of(id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: ticket(Dialect::Second, id) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

/// Reads how a task stands.
pub(super) fn standing(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Next {
    if is_unknown(reply) {
        return unknown_task(task, reply);
    }
    let state = match told(task, question, asked, reply) {
        Ok(state) => state,
        Err(next) => return next,
    };
    match State::read(state.status.as_deref()) {
        Some(State::Waiting | State::Working) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(State::Failed) => failed(task, state, reply),
        Some(State::Canceled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(State::Done) => match kit::link(state.content.and_then(|content| content.url).as_deref()) {
            Some(url) => finished(url),
            None => kit::no_file(),
        },
        None => kit::later(None, "the task has no status"),
    }
}

/// Reads whether a task can still be stopped: only while it waits. Stopping one that has ended would delete its record.
pub(super) fn may_stop(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Next {
    let state = match told(task, question, asked, reply) {
        Ok(state) => state,
        Err(next) => return next,
    };
    match State::read(state.status.as_deref()) {
        Some(State::Waiting) => {
            let path = ["v2", "video_generation", asked];
            let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[]);
            kit::Draft::delete("minimax cancel", url)
                .bearer(task.access.api_key.reveal())
                .note(note::STOP)
                .next(question)
        }
        Some(State::Failed) => failed(task, state, reply),
        Some(State::Canceled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(State::Working | State::Done) | None => kit::event(Event::NotCancelable),
    }
}

/// Reads what a stop did. Should the task have ended in between, it was deleted, and it was paid.
pub(super) fn stopped(reply: &Reply<'_>) -> Next {
    let stopped = kit::read_message::<Stopped>(reply).filter(|_| reply.status.is_success());
    match stopped.and_then(|stopped| stopped.action).as_deref() {
        Some("cancelled") => kit::event(Event::CanceledAtVendor { charged: false }),
        Some("deleted") => kit::event(Event::CanceledAtVendor { charged: true }),
        _ => kit::event(Event::NotCancelable),
    }
}

fn failed(task: &Task<'_>, state: TaskState, reply: &Reply<'_>) -> Next {
    let complaint = state.error.map_or_else(Complaint::default, |error| Complaint {
        code: error.code.and_then(|code| code.text().parse().ok()),
        words: error.message.unwrap_or_default(),
        ..Complaint::default()
    });
    kit::event(Event::Failed(faults::of_failed_task(task, &complaint, reply)))
}

/// The task of a good answer; else what to make of it.
fn told(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Result<TaskState, Next> {
    if let Some(next) = bad(task, question, reply) {
        return Err(next);
    }
    let Some(mut state) = kit::read_message::<TaskMessage>(reply).and_then(|message| message.task) else {
        return Err(kit::unreadable(task, question, reply));
    };
    match state.id.take().map(Id::text) {
        Some(id) if id != asked => Err(kit::later(None, "the answer is about another task")),
        _ => Ok(state),
    }
}

/// What to make of an answer that is no success.
fn bad(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Option<Next> {
    let Some(head) = kit::read_message::<Head>(reply) else {
        return Some(kit::unreadable(task, question, reply));
    };
    match head.complaint() {
        Some(complaint) => Some(faults::said_no(task, question, &complaint, reply)),
        None if reply.status.is_success() => None,
        None => Some(kit::unreadable(task, question, reply)),
    }
}

/// Whether the vendor says that it knows no such task (any more: it remembers them for seven days).
fn is_unknown(reply: &Reply<'_>) -> bool {
    let complaint = kit::read_message::<Head>(reply).and_then(Head::complaint);
    reply.status.is_client_error()
        && complaint.is_some_and(|complaint| complaint.words.to_ascii_lowercase().contains("invalid task_id"))
}

/// The vendor does not know a task that it accepted.
fn unknown_task(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "invalid task_id", "");
    match task.job.state {
        jobs::State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
