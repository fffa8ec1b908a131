//! Sync.so: `POST /v2/generate` fits the lips in a clip or a picture to a recording or a script, `GET /v2/generate/{id}`
//! tells how it stands. Nothing stops one. Each order carries an `Idempotency-Key` of ours, so one whose answer was lost is
//! sent again as it was: the vendor then answers with the generation that there is.
//!
//! Facts: the vendor's SDKs (`syncsdk` and `@sync.so/sdk` 0.3.0) and its guides on idempotency, errors, limits and
//! webhooks, autumn 2026. How long the vendor remembers a key is not known; ours are used again within minutes.

mod about;
mod callback;
mod faults;
mod request;
mod wire;

use crate::{About, Access, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Callback, Event, FaultKind, Kind, State, Ticket, Time};
use std::time::Duration;
use wire::{Generation, Refusal, Status};

/// The vendor's id.
pub(crate) const VENDOR: &str = "sync";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.sync.so";

/// A generation may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// How often an order is sent again whose answer was lost, each time after a longer pause: two minutes in all.
const MOST_REPEATS: u32 = 4;

/// Before the id in the note of a look that follows an order: the vendor could not say what came of the order, but named a
/// generation.
const NAMED: &str = "named/";

/// Lip sync.
pub(crate) struct Sync;

impl Adapter for Sync {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    /// Every callback is signed, but the operator may have left the secret out.
    fn trusts(&self, access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        access.webhook_secret.as_ref().is_none_or(|secret| callback::is_signed(secret, callback, now))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => request::look(task, question, &ticket.0, ""),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { looked } => recover(task, looked),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        let named = note.strip_prefix(NAMED);
        if !reply.status.is_success() {
            return match kit::read_message::<Refusal>(reply) {
                // Whatever became of the look: the order before it may be at work.
                _ if named.is_some() => kit::unsure(question, "the named generation could not be looked at"),
                Some(refusal) => said_no(task, question, &refusal, reply),
                None => kit::unreadable(task, question, reply),
            };
        }
        let Some(generation) = kit::read_message::<Generation>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        match question {
            Question::Submit => accepted(question, named, &generation),
            Question::Poll(ticket) => stands(task, ticket, &generation, reply),
            Question::Cancel(_) | Question::Recover { .. } => self.ask(task, question),
        }
    }
}

/// What becomes of an order whose answer was lost. While the first call is at work, the vendor may not have an answer for
/// the second: so there is a pause before each repeat but the first.
fn recover(task: &Task<'_>, looked: u32) -> Next {
    match task.job.resubmits {
        repeats if repeats >= MOST_REPEATS => {
            kit::lost_for_good("the vendor did not answer to any repeat of the order")
        }
        repeats if looked < repeats => kit::event(Event::NotFound),
        _ => kit::event(Event::SubmitAgain),
    }
}

fn accepted(question: Question<'_>, named: Option<&str>, generation: &Generation) -> Next {
    match kit::name_of(generation.id.as_deref()) {
        Some(id) if named.is_some_and(|named| named != id) => {
            kit::unsure(question, "the answer is about another generation")
        }
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a generation's id"),
    }
}

fn stands(task: &Task<'_>, ticket: &Ticket, generation: &Generation, reply: &Reply<'_>) -> Next {
    if generation.id.as_deref().is_some_and(|id| id != ticket.0) {
        return kit::later(None, "the answer is about another generation");
    }
    match generation.status {
        Some(Status::Pending | Status::Processing | Status::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Completed) => finished(generation),
        Some(Status::Failed) => {
            kit::event(Event::Failed(faults::of_generation(task, generation, FaultKind::Vendor, reply)))
        }
        // Turned away before any work: for what the order says, or by the content rules.
        Some(Status::Rejected) => {
            kit::event(Event::Failed(faults::of_generation(task, generation, FaultKind::Moderation, reply)))
        }
        None => kit::later(None, "the generation has no status"),
    }
}

fn finished(generation: &Generation) -> Next {
    match kit::link(generation.output_url.as_deref()) {
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: Kind::Video,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
        None => kit::no_file(),
    }
}

/// A refusal in the vendor's own form.
fn said_no(task: &Task<'_>, question: Question<'_>, refusal: &Refusal, reply: &Reply<'_>) -> Next {
    let named = kit::name_of(refusal.generation_id.as_deref());
    match (question, named) {
        (Question::Poll(_), _) if reply.status.as_u16() == 404 && refusal.is_the_vendors() => {
            unknown_generation(task, kit::for_the_log(task, reply, refusal.code(), &refusal.words()))
        }
        // An order with this key came before, and this came of it, or nobody knows yet.
        (Question::Submit, Some(id)) if faults::is_about_key(refusal.code()) => {
            request::look(task, question, id, &format!("{NAMED}{id}"))
        }
        _ => faults::said_no(task, question, refusal, reply),
    }
}

/// The vendor does not know a generation that it accepted.
fn unknown_generation(task: &Task<'_>, detail: String) -> Next {
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
