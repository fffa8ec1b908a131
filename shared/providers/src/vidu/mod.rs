//! Vidu: `POST /ent/v2/{text2video|img2video|start-end2video|reference2video}` starts a task, `GET /ent/v2/tasks/{id}/
//! creations` tells how it stands. A task that still waits can be stopped; a lost one is looked for in the list.
//!
//! Facts: the vendor's pages on queries, cancelling, errors and limits, mirrors of those on submits, and the vendor's
//! own client (`vidu-mcp` 0.1.2), autumn 2026.

mod about;
mod callback;
mod faults;
mod recover;
mod request;
mod wire;

use crate::{About, Access, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Callback, Event, FaultKind, Kind, Ticket, Time};
use std::time::Duration;
use wire::{Accepted, Refusal, Standing, State};

/// The vendor's id.
pub(crate) const VENDOR: &str = "vidu";

/// The servers outside China.
const USUAL_BASE: &str = "https://api.vidu.com";

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// The calls of a cancel, as noted on them.
mod note {
    /// Please stop.
    pub(super) const STOP: &str = "stop";
    /// Did it?
    pub(super) const STOPPED: &str = "stopped";
}

/// Vidu clips.
pub(crate) struct Vidu;

impl Adapter for Vidu {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn trusts(&self, access: &Access, callback: &Callback, address: &str, now: Time) -> bool {
        callback::is_signed(access, callback, address, now)
    }

    fn still_runs(&self, callback: &Callback) -> bool {
        let told = kit::read_callback::<Standing>(callback).and_then(|standing| standing.state);
        matches!(told, Some(State::Created | State::Queueing | State::Processing))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => request::look(task, question, &ticket.0),
            Question::Cancel(ticket) => request::cancel(task, question, &ticket.0),
            Question::Recover { .. } => recover::look(task, question, 0),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        let refusal = kit::read_message::<Refusal>(reply);
        // The vendor's own client takes a refusal for one whatever its status.
        if let Some(refusal) = &refusal {
            return said_no(task, question, note, refusal, reply);
        }
        if !reply.status.is_success() {
            return kit::unreadable(task, question, reply);
        }
        match question {
            Question::Submit => match kit::read_message::<Accepted>(reply) {
                Some(message) => accepted(question, message.task_id.as_deref()),
                None => kit::unreadable(task, question, reply),
            },
            Question::Recover { .. } => recover::page_read(task, question, note, reply),
            // An empty answer is no proof, so we look.
            Question::Cancel(ticket) if note == note::STOP => request::look(task, question, &ticket.0),
            Question::Poll(_) | Question::Cancel(_) => match kit::read_message::<Standing>(reply) {
                Some(standing) => stands(task, question, &standing, reply),
                None => kit::unreadable(task, question, reply),
            },
        }
    }
}

fn accepted(question: Question<'_>, id: Option<&str>) -> Next {
    match kit::name_of(id) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

fn stands(task: &Task<'_>, question: Question<'_>, standing: &Standing, reply: &Reply<'_>) -> Next {
    let stopping = matches!(question, Question::Cancel(_));
    let reason = standing.err_code.as_deref().unwrap_or_default();
    match standing.state {
        None => kit::later(None, "the task has no state"),
        // Only a task that waits can be stopped, and for one that never began nothing is charged.
        Some(State::Failed) if stopping || reason == faults::STOPPED => {
            kit::event(Event::CanceledAtVendor { charged: false })
        }
        // The wish to stop it was granted; the state follows a moment later.
        Some(State::Created | State::Queueing) if stopping => {
            kit::event(Event::CanceledAtVendor { charged: false })
        }
        Some(_) if stopping => kit::event(Event::NotCancelable),
        Some(State::Created | State::Queueing | State::Processing | State::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(State::Failed) => kit::event(Event::Failed(faults::of_failed_task(task, reason, reply))),
        Some(State::Success) => finished(standing),
    }
}

fn finished(standing: &Standing) -> Next {
    let creations = standing.creations.as_deref().unwrap_or_default();
    let links: Option<Vec<String>> =
        creations.iter().map(|creation| kit::link(creation.url.as_deref())).collect();
    match links.filter(|links| !links.is_empty()) {
        Some(links) => {
            let file = |url| VendorFile {
                kind: Kind::Video,
                source: Source::Link { url, headers: HeaderMap::new() },
            };
            Next::News(News::Finished(links.into_iter().map(file).collect()))
        }
        None => kit::later(None, "success was reported without a usable link"),
    }
}

/// A refusal.
fn said_no(
    task: &Task<'_>,
    question: Question<'_>,
    note: &str,
    refusal: &Refusal,
    reply: &Reply<'_>,
) -> Next {
    let (reason, words) = (refusal.reason.as_str(), refusal.message.as_deref().unwrap_or_default());
    match question {
        // It has begun or ended.
        Question::Cancel(_) if note == note::STOP && reason == "BadRequest" => {
            kit::event(Event::NotCancelable)
        }
        Question::Poll(_) if faults::NOT_FOUND.contains(&reason) => {
            unknown_task(task, kit::for_the_log(task, reply, reason, words))
        }
        _ => faults::said_no(task, question, reason, words, reply),
    }
}

/// The vendor does not know a task that it accepted.
fn unknown_task(task: &Task<'_>, detail: String) -> Next {
    match task.job.state {
        jobs::State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
