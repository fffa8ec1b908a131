//! Kling: `POST /v1/videos/{text2video|image2video}` starts a task, `GET` on the same path with the task's id (or our
//! own) tells how it stands. Every answer carries a `code` that counts for more than the HTTP status.
//!
//! Facts: the vendor's documentation of its classic API and its error table, spring 2026.

mod about;
mod faults;
mod request;
mod token;
mod wire;

use crate::{About, Access, Adapter, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Callback, Event, FaultKind, Kind, State, Ticket, Time};
use request::Family;
use std::time::Duration;
use wire::{Head, Status, TaskMessage, TaskState};

/// The vendor's id.
pub(crate) const VENDOR: &str = "kling";

/// The servers outside China.
const USUAL_BASE: &str = "https://api-singapore.klingai.com";

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// Kling's classic API.
pub(crate) struct Kling;

impl Adapter for Kling {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    /// Signed only for accounts that have a secret for it, in the form of Standard Webhooks.
    fn trusts(&self, access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        access.webhook_secret.as_ref().is_none_or(|secret| kit::is_signed(secret, callback, now))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => match read_ticket(ticket) {
                Some((family, id)) => request::look(task, question, "kling poll", family, id),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => {
                request::look(task, question, "kling look-up", Family::of(task), &kit::task_name(task))
            }
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, reply: &Reply<'_>) -> Next {
        let Some(head) = kit::read_message::<Head>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        if head.code != 0 {
            return said_no(task, question, &head, reply);
        }
        let message = kit::read_message::<TaskMessage>(reply).filter(|_| reply.status.is_success());
        let Some(state) = message.and_then(|message| message.data) else {
            return kit::unsure(question, "success was reported without a task");
        };
        match question {
            Question::Submit | Question::Recover { .. } => accepted(task, question, &state),
            Question::Poll(ticket) => standing(task, ticket, &state, reply),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
        }
    }
}

/// The task's id, with its family: the path of a question has to be the path of the submit.
fn ticket(family: Family, id: &str) -> Ticket {
    Ticket(format!("{}/{id}", family.path()))
}

fn read_ticket(ticket: &Ticket) -> Option<(Family, &str)> {
    let (family, id) = ticket.0.split_once('/')?;
    Some((Family::parse(family)?, id))
}

fn accepted(task: &Task<'_>, question: Question<'_>, state: &TaskState) -> Next {
    match kit::name_of(state.task_id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: ticket(Family::of(task), id) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

fn standing(task: &Task<'_>, ticket: &Ticket, state: &TaskState, reply: &Reply<'_>) -> Next {
    let asked = read_ticket(ticket).map(|(_, id)| id);
    if state.task_id.is_some() && state.task_id.as_deref() != asked {
        return kit::later(None, "the answer is about another task");
    }
    match state.task_status {
        Some(Status::Submitted | Status::Processing | Status::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Failed) => kit::event(Event::Failed(faults::of_failed_task(task, state, reply))),
        Some(Status::Succeed) => finished(state),
        None => kit::later(None, "the task has no status"),
    }
}

fn finished(state: &TaskState) -> Next {
    let videos = state.task_result.as_ref().and_then(|result| result.videos.as_deref()).unwrap_or_default();
    let links: Option<Vec<String>> = videos.iter().map(|video| kit::link(video.url.as_deref())).collect();
    match links.filter(|links| !links.is_empty()) {
        Some(links) => Next::News(crate::News::Finished(
            links
                .into_iter()
                .map(|url| VendorFile {
                    kind: Kind::Video,
                    source: Source::Link { url, headers: HeaderMap::new() },
                })
                .collect(),
        )),
        None => kit::later(None, "success was reported without a usable link"),
    }
}

/// An answer whose code is not zero.
fn said_no(task: &Task<'_>, question: Question<'_>, head: &Head, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, &head.code.to_string(), head.words());
    if head.code == faults::NOT_FOUND {
        match question {
            Question::Recover { looked } => return not_found(task, looked, detail),
            Question::Poll(_) => return unknown_task(task, detail),
            Question::Submit | Question::Cancel(_) => {}
        }
    }
    if matches!(question, Question::Submit) && faults::is_duplicate(head.words()) {
        // Our name is taken, so an earlier try did get through: find it.
        return kit::event(Event::SubmitLost);
    }
    match faults::of_code(head) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::unsure(question, detail),
    }
}

/// A look for a lost task found nothing.
fn not_found(task: &Task<'_>, looked: u32, detail: String) -> Next {
    match (looked >= LOOKS, task.job.resubmits) {
        (false, _) => kit::event(Event::NotFound),
        // The same name goes with it, so that even a late arrival can be told.
        (true, 0) => kit::event(Event::SubmitAgain),
        (true, _) => kit::lost_for_good(detail),
    }
}

/// The vendor does not know a task that it accepted.
fn unknown_task(task: &Task<'_>, detail: String) -> Next {
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
