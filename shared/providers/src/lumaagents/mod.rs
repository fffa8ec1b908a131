//! Luma Agents, the service that makes Ray 3.2: `POST /v1/generations` starts a task, `GET` with its id tells how it
//! stands. There is no list of tasks and no way to stop one, so a submit whose answer was lost is lost for good.
//!
//! Its keys are not those of Dream Machine, and so it counts as a vendor of its own.
//!
//! Facts: the vendor's SDK (`luma-agents` 0.5.0) and its pages on errors and limits, autumn 2026.

mod about;
mod faults;
mod request;
mod wire;

use crate::{
    About, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit, luma::detail::complaint,
};
use http::HeaderMap;
use jobs::{Event, FaultKind, Kind, State, Ticket};
use std::time::Duration;
use wire::Generation;

/// The vendor's id.
pub(crate) const VENDOR: &str = "lumaagents";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://agents.lumalabs.ai";

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// Ray 3.2 clips.
pub(crate) struct LumaAgents;

impl Adapter for LumaAgents {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => request::look(task, question, &ticket.0),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            // A clip costs up to some dollars: too much for a blind repeat.
            Question::Recover { .. } => kit::lost_for_good("the vendor has no way to look for a task"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, reply: &Reply<'_>) -> Next {
        if !reply.status.is_success() {
            return match question {
                Question::Poll(_) if reply.status.as_u16() == 404 => unknown_task(task, question, reply),
                _ => faults::said_no(task, question, reply),
            };
        }
        let Some(generation) = kit::read_message::<Generation>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        match question {
            Question::Submit => match kit::name_of(generation.id.as_deref()) {
                Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
                None => kit::unsure(question, "success was reported without a task id"),
            },
            Question::Poll(ticket) => standing(task, ticket, &generation, reply),
            Question::Cancel(_) | Question::Recover { .. } => self.ask(task, question),
        }
    }
}

fn standing(task: &Task<'_>, ticket: &Ticket, generation: &Generation, reply: &Reply<'_>) -> Next {
    if generation.id.as_deref().is_some_and(|id| id != ticket.0) {
        return kit::later(None, "the answer is about another task");
    }
    match generation.state {
        Some(wire::State::Queued | wire::State::Processing | wire::State::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(wire::State::Failed) => {
            kit::event(Event::Failed(faults::of_failed_task(task, generation, reply)))
        }
        Some(wire::State::Completed) => finished(generation),
        None => kit::later(None, "the task has no state"),
    }
}

fn finished(generation: &Generation) -> Next {
    let files = generation.output.as_deref().unwrap_or_default();
    let clips = files.iter().filter(|file| file.kind.as_deref() == Some("video"));
    let links: Option<Vec<String>> = clips.map(|file| kit::link(file.url.as_deref())).collect();
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

/// The vendor does not know a task that it accepted; some server between us may not know the address.
fn unknown_task(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(complaint) = complaint(reply) else { return kit::unreadable(task, question, reply) };
    let detail = kit::for_the_log(task, reply, "not found", &complaint.words);
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
