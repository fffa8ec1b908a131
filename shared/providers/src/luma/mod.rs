//! Luma's Dream Machine: `POST …/generations/video` starts a task, `GET …/generations/{id}` tells how it stands. Nothing
//! stops a task; a lost one is looked for in the list of all.
//!
//! Facts: the vendor's SDKs (`lumaai` 1.21.0, `@ai-sdk/luma` 2.0.57) and its change log, autumn 2026.

mod about;
pub(crate) mod detail;
mod faults;
mod recover;
mod request;
mod wire;

use crate::{About, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Callback, Event, FaultKind, Kind, Ticket};
use std::time::Duration;
use wire::{Generation, State};

/// The vendor's id.
pub(crate) const VENDOR: &str = "luma";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.lumalabs.ai";

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// Ray 2 clips.
pub(crate) struct Luma;

impl Adapter for Luma {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn still_runs(&self, callback: &Callback) -> bool {
        let told = kit::read_callback::<Generation>(callback).and_then(|generation| generation.state);
        matches!(told, Some(State::Queued | State::Dreaming))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => request::look(task, question, &ticket.0),
            // There is a way to delete a task, but nobody says that it stops one.
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => recover::look(task, question, 0),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        if !reply.status.is_success() {
            return match question {
                Question::Poll(_) if reply.status.as_u16() == 404 => unknown_task(task, question, reply),
                _ => faults::said_no(task, question, reply),
            };
        }
        if matches!(question, Question::Recover { .. }) {
            return recover::page_read(task, question, note, reply);
        }
        let Some(generation) = kit::read_message::<Generation>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        match question {
            Question::Submit | Question::Recover { .. } => accepted(question, &generation),
            Question::Poll(ticket) => standing(task, ticket, &generation, reply),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
        }
    }
}

fn accepted(question: Question<'_>, generation: &Generation) -> Next {
    match kit::name_of(generation.id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

fn standing(task: &Task<'_>, ticket: &Ticket, generation: &Generation, reply: &Reply<'_>) -> Next {
    if generation.id.as_deref().is_some_and(|id| id != ticket.0) {
        return kit::later(None, "the answer is about another task");
    }
    match generation.state {
        Some(State::Queued | State::Dreaming | State::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(State::Failed) => {
            let words = generation.failure_reason.as_deref().unwrap_or_default();
            kit::event(Event::Failed(faults::of_failed_task(task, words, reply)))
        }
        Some(State::Completed) => finished(generation),
        None => kit::later(None, "the task has no state"),
    }
}

fn finished(generation: &Generation) -> Next {
    let video = generation.assets.as_ref().and_then(|assets| kit::link(assets.video.as_deref()));
    match video {
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: Kind::Video,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
        None => kit::later(None, "success was reported without a usable link"),
    }
}

/// The vendor does not know a task that it accepted; some server between us may not know the address.
fn unknown_task(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(complaint) = detail::complaint(reply) else { return kit::unreadable(task, question, reply) };
    let detail = kit::for_the_log(task, reply, "not found", &complaint.words);
    match task.job.state {
        jobs::State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
