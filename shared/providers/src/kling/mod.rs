//! Kling, in its classic API: `POST /v1/videos/{family}` starts a task, `GET` on the same path with the task's id (or our
//! own) tells how it stands. Its newer API names the model in the path, and has one list of tasks. Every answer of both
//! carries a `code` that counts for more than the HTTP status.
//!
//! Facts: the vendor's documentation of its classic API and its error table, spring 2026; its pages of autumn 2026 on the
//! newer one, avatars and lip sync.

mod about;
mod avatar;
mod clip;
mod family;
mod faults;
mod lips;
mod newer;
mod omni;
mod request;
mod token;
mod wire;

use crate::{About, Access, Adapter, Need, Next, Question, Reply, Source, Task, VendorFile, kit};
use family::Family;
use http::HeaderMap;
use jobs::{Callback, Event, FaultKind, Job, Kind, State, Ticket, Time};
use std::time::Duration;
use wire::{Called, Head, Status, TaskState};

/// The vendor's id.
pub(crate) const VENDOR: &str = "kling";

/// The servers outside China.
const USUAL_BASE: &str = "https://api-singapore.klingai.com";

/// How often a lost task is looked for in vain before it counts as never begun: with the pauses between, a minute.
const LOOKS: u32 = 3;

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// Both of Kling's APIs.
pub(crate) struct Kling;

impl Adapter for Kling {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        if Family::of_model(&job.plan.vendor_model) == Some(Family::Lips) {
            lips::needs(job)
        } else {
            Vec::new()
        }
    }

    fn calls_back(&self) -> bool {
        true
    }

    /// Signed only for accounts that have a secret for it, in the form of Standard Webhooks.
    fn trusts(&self, access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        access.webhook_secret.as_ref().is_none_or(|secret| kit::is_signed(secret, callback, now))
    }

    fn still_runs(&self, callback: &Callback) -> bool {
        let told = kit::read_callback::<Called>(callback).and_then(|called| called.status);
        matches!(told, Some(Status::Submitted | Status::Processing))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => match read_ticket(ticket) {
                Some((family, id)) => request::poll(task, question, family, id),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => request::find(task, question),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        if note == lips::FACES && matches!(question, Question::Submit) {
            return lips::found(task, reply);
        }
        let Some(head) = kit::read_message::<Head>(reply) else {
            return kit::unreadable(task, question, reply);
        };
        if head.code != 0 {
            return said_no(task, question, &head, reply);
        }
        let told = Told::read(task, question, reply);
        match (question, told) {
            (Question::Cancel(_), _) => kit::event(Event::NotCancelable),
            (_, Told::Unreadable) => kit::unsure(question, "success was reported without a task"),
            (_, Told::Another) => kit::later(None, "the answer is about another task"),
            (Question::Submit | Question::Recover { .. }, Told::Task(state)) => {
                accepted(task, question, &state)
            }
            (Question::Poll(_), Told::Task(state)) => standing(task, &state, reply),
            (Question::Recover { looked }, Told::Nothing) => not_found(task, looked, NOT_LISTED.to_owned()),
            (Question::Poll(_), Told::Nothing) => unknown_task(task, NOT_LISTED.to_owned()),
            (Question::Submit, Told::Nothing) => kit::unsure(question, NOT_LISTED),
        }
    }
}

/// What the newer API means with an empty list.
const NOT_LISTED: &str = "the vendor lists no such task";

/// What a good answer tells about the task that it was asked about.
enum Told {
    Task(TaskState),
    /// There is none of that name.
    Nothing,
    /// It is about others.
    Another,
    Unreadable,
}

impl Told {
    fn read(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Told {
        if !reply.status.is_success() {
            return Told::Unreadable;
        }
        let asked = match question {
            Question::Poll(ticket) | Question::Cancel(ticket) => read_ticket(ticket),
            Question::Submit | Question::Recover { .. } => None,
        };
        let family = asked.map_or_else(|| Family::of(task), |(family, _)| family);
        let asked = asked.map(|(_, id)| id);
        let told = match (family, question) {
            (Family::Newer, Question::Submit) => TaskState::begun(reply),
            (Family::Newer, _) => return Told::listed(task, asked, TaskState::listed(reply)),
            _ => TaskState::classic(reply),
        };
        match told {
            Some(state) if asked.is_some() && state.id.is_some() && state.id.as_deref() != asked => {
                Told::Another
            }
            Some(state) => Told::Task(state),
            None => Told::Unreadable,
        }
    }

    /// The task of this id, or of our name.
    fn listed(task: &Task<'_>, asked: Option<&str>, list: Option<Vec<TaskState>>) -> Told {
        let Some(list) = list else { return Told::Unreadable };
        if list.is_empty() {
            return Told::Nothing;
        }
        let name = kit::task_name(task);
        let is_it = |state: &TaskState| match asked {
            Some(id) => state.id.as_deref() == Some(id),
            None => state.name.as_deref() == Some(&name),
        };
        list.into_iter().find(is_it).map_or(Told::Another, Told::Task)
    }
}

/// The task's id, with its family: the path of a question has to be the path of the submit.
fn ticket(family: Family, id: &str) -> Ticket {
    Ticket(format!("{}/{id}", family.path()))
}

fn read_ticket(ticket: &Ticket) -> Option<(Family, &str)> {
    let (family, id) = ticket.0.rsplit_once('/')?;
    Some((Family::parse(family)?, id))
}

fn accepted(task: &Task<'_>, question: Question<'_>, state: &TaskState) -> Next {
    match kit::name_of(state.id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: ticket(Family::of(task), id) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

fn standing(task: &Task<'_>, state: &TaskState, reply: &Reply<'_>) -> Next {
    match state.status {
        Some(Status::Submitted | Status::Processing | Status::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Failed) => kit::event(Event::Failed(faults::of_failed_task(task, state, reply))),
        Some(Status::Succeed) => finished(state),
        None => kit::later(None, "the task has no status"),
    }
}

fn finished(state: &TaskState) -> Next {
    let links: Option<Vec<String>> = state.clips.iter().map(|url| kit::link(url.as_deref())).collect();
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
