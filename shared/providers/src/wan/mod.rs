//! Alibaba's Wan, by DashScope: `POST /api/v1/services/aigc/video-generation/video-synthesis` starts a task, `GET /api/v1/
//! tasks/{id}` tells how it stands. A task that still waits can be stopped; a lost one is looked for in the list. Nothing
//! is ever called back: all that the vendor offers is a rule for a whole account, written in its console.
//!
//! Keys are bound to a region, and so to a host. The usual one is Singapore's; others are named as the base URL.
//!
//! Facts: the vendor's reference of each model, its pages on errors and on tasks, and its own client (`dashscope` 2.0.2),
//! autumn 2026.

mod about;
mod faults;
mod recover;
mod request;
mod wire;

use crate::{About, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Event, FaultKind, Kind, State, Ticket};
use std::time::Duration;
use wire::{Answer, Standing, Status};

/// The vendor's id.
pub(crate) const VENDOR: &str = "wan";

/// Singapore.
const USUAL_BASE: &str = "https://dashscope-intl.aliyuncs.com";

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// The calls of a cancel, as noted on them.
mod note {
    /// Please stop.
    pub(super) const STOP: &str = "stop";
    /// It was granted: did it?
    pub(super) const STOPPED: &str = "stopped";
    /// It was not: how far is it?
    pub(super) const KEPT: &str = "kept";
}

/// Wan's clips.
pub(crate) struct Wan;

impl Adapter for Wan {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => request::look(task, question, &ticket.0, ""),
            Question::Cancel(ticket) => request::cancel(task, question, &ticket.0),
            Question::Recover { .. } => recover::begin(task, question),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        let Some(answer) = kit::read_message::<Answer>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        // An error is one whatever its status.
        if let Some(complaint) = answer.error() {
            return match question {
                Question::Cancel(ticket) if note == note::STOP && faults::is_too_late(complaint) => {
                    request::look(task, question, &ticket.0, note::KEPT)
                }
                _ => faults::said_no(task, question, complaint, reply),
            };
        }
        if !reply.status.is_success() {
            return kit::unreadable(task, question, reply);
        }
        match question {
            Question::Submit => accepted(question, answer.output.and_then(|task| task.task_id).as_deref()),
            Question::Recover { .. } => recover::read(task, question, note, answer.output.as_ref(), reply),
            // The answer tells no state, so we look.
            Question::Cancel(ticket) if note == note::STOP => {
                request::look(task, question, &ticket.0, note::STOPPED)
            }
            Question::Poll(ticket) | Question::Cancel(ticket) => {
                match about(&ticket.0, answer.output.as_ref()) {
                    Ok(standing) if matches!(question, Question::Poll(_)) => stands(task, standing, reply),
                    Ok(standing) => was_stopped(task, note, standing, reply),
                    Err(next) => next,
                }
            }
        }
    }
}

fn accepted(question: Question<'_>, id: Option<&str>) -> Next {
    match kit::name_of(id) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

/// The state that an answer tells of the task that was asked about.
fn about<'a>(asked: &str, standing: Option<&'a Standing>) -> Result<&'a Standing, Next> {
    let standing = standing.ok_or_else(|| kit::later(None, "the answer is about no task"))?;
    match standing.task_id.as_deref() {
        Some(id) if id != asked => Err(kit::later(None, "the answer is about another task")),
        _ => Ok(standing),
    }
}

/// Reads how a task stands.
fn stands(task: &Task<'_>, standing: &Standing, reply: &Reply<'_>) -> Next {
    match standing.task_status {
        None => kit::later(None, "the task has no status"),
        Some(Status::Pending | Status::Running | Status::Suspended | Status::Unheard) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Succeeded) => finished(standing),
        Some(Status::Failed) => failed(task, standing, reply),
        Some(Status::Canceled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(Status::Unknown) => unknown_task(task, reply),
    }
}

/// Reads what came of the wish to stop. Nothing is charged for a task that never began.
fn was_stopped(task: &Task<'_>, note: &str, standing: &Standing, reply: &Reply<'_>) -> Next {
    match standing.task_status {
        Some(Status::Canceled) => kit::event(Event::CanceledAtVendor { charged: false }),
        // It was granted; the state follows a moment later.
        Some(Status::Pending | Status::Unknown) if note == note::STOPPED => {
            kit::event(Event::CanceledAtVendor { charged: false })
        }
        Some(Status::Failed) => failed(task, standing, reply),
        Some(Status::Running | Status::Suspended | Status::Succeeded | Status::Unheard) => {
            kit::event(Event::NotCancelable)
        }
        Some(Status::Pending | Status::Unknown) | None => {
            kit::later(None, "the task neither stopped nor went on")
        }
    }
}

fn finished(standing: &Standing) -> Next {
    match kit::link(standing.video_url.as_deref()) {
        // The link is signed and must not see our key.
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: Kind::Video,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
        None => kit::no_file(),
    }
}

fn failed(task: &Task<'_>, standing: &Standing, reply: &Reply<'_>) -> Next {
    kit::event(Event::Failed(faults::of_failed_task(task, standing.error(), reply)))
}

/// The vendor does not know a task that it accepted. It may well have made and charged it, so that nobody else is to
/// make it once more.
fn unknown_task(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "UNKNOWN", "");
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::OutcomeUnknown).with_detail(detail))),
    }
}
