//! fal: `POST /{model id}` puts a request into a queue, whose id and addresses the answer tells. "Completed" only means
//! over: what came of it, a file or an error, is told by one more call. Files lie behind links that need no key.
//!
//! Facts: the vendor's official clients and documentation, 2026.

mod about;
mod callback;
mod faults;
mod models;
mod request;
mod ticket;
mod wire;

use crate::{About, Access, Adapter, KeySet, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use jobs::{Callback, Event, FaultKind, Kind, State, Ticket, Time};
use std::time::Duration;
use ticket::Ask;
use wire::{Output, Standing, Status, Stopped, Submitted};

/// The vendor's id.
pub(crate) const VENDOR: &str = "fal";

/// The queue.
const USUAL_BASE: &str = "https://queue.fal.run";

/// The only host that sees our key.
const HOST: &str = "queue.fal.run";

/// A request may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(10);

/// A picture costs cents, so one repeat of a submit whose answer was lost is the smaller harm. A clip costs more.
const MOST_REPEATS: u32 = 1;

/// The second calls of a step, as noted on them.
mod note {
    /// What came of it?
    pub(super) const RESULT: &str = "result";
    /// It was told to stop: how does it stand?
    pub(super) const STOPPED: &str = "stopped";
}

/// Any model that fal hosts.
pub(crate) struct Fal;

impl Adapter for Fal {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn trusts(&self, _access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        callback::is_recent(callback, now)
    }

    fn published_keys(&self, access: &Access) -> Option<String> {
        Some(callback::keys_address(access))
    }

    fn is_signed_with(&self, keys: &KeySet, callback: &Callback, ticket: &Ticket) -> bool {
        callback::is_signed(keys, callback) && callback::is_about(callback, ticket::id(ticket))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => look(task, question, ticket, "fal poll", Ask::Status, ""),
            Question::Cancel(ticket) => {
                let url = ticket::address(task, ticket, Ask::Cancel);
                let may = may_see_key(task, &url);
                let draft =
                    kit::Draft::send("fal cancel", Method::PUT, url, "application/json", Bytes::new());
                if may { with_key(draft, task) } else { draft }.next(question)
            }
            Question::Recover { .. } => lost(task),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        match (question, note) {
            (Question::Submit, _) => accepted(task, question, reply),
            (Question::Poll(_), note::RESULT) => result(task, question, reply),
            (Question::Poll(ticket), _) => standing(task, question, ticket, reply),
            (Question::Cancel(_), note::STOPPED) => stopped(reply),
            (Question::Cancel(ticket), _) => told_to_stop(task, question, ticket, reply),
            (Question::Recover { .. }, _) => lost(task),
        }
    }
}

fn with_key(draft: kit::Draft, task: &Task<'_>) -> kit::Draft {
    draft.secret_header(header::AUTHORIZATION, &format!("Key {}", task.access.api_key.reveal()))
}

fn may_see_key(task: &Task<'_>, url: &Result<url::Url, String>) -> bool {
    let base = kit::base(task.access, USUAL_BASE);
    url.as_ref().is_ok_and(|url| kit::may_see_key(url, base, HOST))
}

/// A call that asks about a request.
fn look(
    task: &Task<'_>,
    question: Question<'_>,
    ticket: &Ticket,
    what: &'static str,
    ask: Ask,
    note: &str,
) -> Next {
    let url = ticket::address(task, ticket, ask);
    let may = may_see_key(task, &url);
    let draft = kit::Draft::get(what, url).note(note);
    if may { with_key(draft, task) } else { draft }.next(question)
}

/// Nobody can look for a request without its id, and the vendor would take the same one twice.
fn lost(task: &Task<'_>) -> Next {
    if task.job.order.kind == Kind::Image && task.job.resubmits < MOST_REPEATS {
        kit::event(Event::SubmitAgain)
    } else {
        kit::lost_for_good("the vendor has no way to look for a request")
    }
}

fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let Some(told) = kit::read_message::<Submitted>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    match kit::name_of(told.request_id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: ticket::of(task, id, &told) }),
        None => kit::unsure(question, "success was reported without a request id"),
    }
}

fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return match reply.status.as_u16() {
            404 if faults::is_message(reply) => unknown_request(task, reply),
            _ => faults::said_no(task, question, reply),
        };
    }
    let Some(standing) = kit::read_message::<Standing>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    if standing.request_id.as_deref().is_some_and(|id| id != ticket::id(ticket)) {
        return kit::later(None, "the answer is about another request");
    }
    if standing.status != Status::Completed {
        return kit::event(Event::StillRunning { progress: None, ticket: None });
    }
    let word = standing.error_type.as_deref().unwrap_or_default();
    match faults::of_the_queue(word) {
        Some(fault) => {
            let words = standing.error.as_ref().map(ToString::to_string).unwrap_or_default();
            kit::event(Event::Failed(fault.with_detail(kit::for_the_log(task, reply, word, &words))))
        }
        // Also of a request that failed: the model's own words say more than the queue's.
        None => look(task, question, ticket, "fal result", Ask::Result, note::RESULT),
    }
}

fn result(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return match reply.status.as_u16() {
            404 if faults::is_message(reply) => unknown_request(task, reply),
            _ => faults::came_to_nothing(task, question, reply),
        };
    }
    let Some(output) = kit::read_message::<Output>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let kind = task.job.order.kind;
    let files = output.files(kind);
    let clean = files.iter().enumerate().filter(|(place, _)| !output.is_blacked_out(*place));
    let clean: Vec<_> = clean.map(|(_, file)| file).collect();
    if clean.is_empty() && !files.is_empty() {
        let fault = faults::held_back();
        return kit::event(Event::Failed(fault.with_detail("the safety checker blacked it out")));
    }
    let links: Option<Vec<String>> = clean.iter().map(|file| kit::link(file.url.as_deref())).collect();
    match links.filter(|links| !links.is_empty()) {
        // Anybody may open the links: our key is not needed there and not sent.
        Some(links) => {
            let file = |url| VendorFile { kind, source: Source::Link { url, headers: HeaderMap::new() } };
            Next::News(News::Finished(links.into_iter().map(file).collect()))
        }
        None => kit::later(None, "success was reported without a usable link"),
    }
}

/// The vendor does not know a request that it accepted.
fn unknown_request(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "unknown request", "");
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}

/// The wish to stop was heard, or came too late. A request that waits is taken out of the queue; one at work merely
/// gets a signal, so what became of it is asked.
fn told_to_stop(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if reply.status.is_success() {
        return look(task, question, ticket, "fal look after cancel", Ask::Status, note::STOPPED);
    }
    match kit::read_message::<Stopped>(reply) {
        Some(answer) if matches!(answer.status.as_str(), "ALREADY_COMPLETED" | "NOT_FOUND") => {
            kit::event(Event::NotCancelable)
        }
        _ => kit::later(None, format!("status {} to the wish to stop", reply.status.as_u16())),
    }
}

/// How a request stands that was told to stop.
fn stopped(reply: &Reply<'_>) -> Next {
    let canceled = |charged| kit::event(Event::CanceledAtVendor { charged });
    if reply.status.as_u16() == 404 && faults::is_message(reply) {
        return canceled(false);
    }
    let standing = kit::read_message::<Standing>(reply).filter(|_| reply.status.is_success());
    let Some(standing) = standing else {
        return kit::later(None, "it is not known whether the request was stopped");
    };
    match standing.status {
        Status::InQueue => canceled(false),
        // It may run to its end all the same, and then it costs.
        Status::InProgress | Status::Unknown => canceled(true),
        Status::Completed if standing.error.is_some() || standing.error_type.is_some() => canceled(false),
        Status::Completed => kit::event(Event::NotCancelable),
    }
}
