//! Runway: `POST /v1/image_to_video` or `/v1/text_to_video` starts a task, `GET /v1/tasks/{id}` tells how it stands.
//! `DELETE` there stops a task, but of one that has ended it destroys the output: it is sent only after a look. There is
//! no list of tasks and no name of ours for one, so a lost submit is lost for good.
//!
//! Pictures are fetched by us and sent along, or uploaded if they are too large for that: the vendor asks an address for
//! its head first and follows no redirects, so that links which were signed for reading alone would fail.
//!
//! Facts: the vendor's SDKs (`runwayml` 5.24, `@runwayml/sdk` 4.20) and its error pages, autumn 2026.

mod about;
mod faults;
mod pictures;
mod request;
mod wire;

use crate::{About, Adapter, Need, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Event, FaultKind, Job, Kind, State, Ticket};
use std::time::Duration;
use wire::{Accepted, Standing, Status};

/// The vendor's id.
pub(crate) const VENDOR: &str = "runway";

/// Production, despite the name.
const USUAL_BASE: &str = "https://api.dev.runwayml.com";

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(10);

/// The call is the look that comes before a `DELETE`.
const LOOK: &str = "look";
/// The call is the `DELETE` of a task that had not begun.
const STOP_WAITING: &str = "stop waiting";
/// The call is the `DELETE` of a task at work.
const STOP_WORKING: &str = "stop working";

/// Runway's own models.
pub(crate) struct Runway;

impl Adapter for Runway {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        pictures::needs(job)
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => pictures::proceed(task, &[]),
            Question::Poll(ticket) => request::look(task, question, ticket, "runway poll", ""),
            Question::Cancel(ticket) => {
                request::look(task, question, ticket, "runway look before a stop", LOOK)
            }
            Question::Recover { .. } => kit::lost_for_good("the vendor has no way to look for a task"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Submit => match pictures::Place::parse(note) {
                Some(place) => pictures::read(task, question, place, reply),
                None => accepted(task, question, reply),
            },
            Question::Poll(ticket) => standing(task, question, ticket, reply),
            Question::Cancel(ticket) if note == LOOK => stop(task, question, ticket, reply),
            Question::Cancel(_) => stopped(task, question, note, reply),
            Question::Recover { .. } => self.ask(task, question),
        }
    }
}

fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let message = kit::read_message::<Accepted>(reply);
    match message.as_ref().and_then(|message| kit::name_of(message.id.as_deref())) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unreadable(task, question, reply),
    }
}

/// The task of a good answer, if it is the one that was asked about.
fn told(
    task: &Task<'_>,
    question: Question<'_>,
    ticket: &Ticket,
    reply: &Reply<'_>,
) -> Result<Standing, Next> {
    if !reply.status.is_success() {
        return Err(faults::said_no(task, question, reply));
    }
    match kit::read_message::<Standing>(reply) {
        Some(standing) if standing.id.as_deref().is_some_and(|id| id != ticket.0) => {
            Err(kit::later(None, "the answer is about another task"))
        }
        Some(standing) => Ok(standing),
        None => Err(kit::unreadable(task, question, reply)),
    }
}

fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if faults::is_unknown_task(reply) {
        return unknown_task(task, reply);
    }
    let standing = match told(task, question, ticket, reply) {
        Ok(standing) => standing,
        Err(next) => return next,
    };
    match standing.status {
        // Throttled means that our own tasks hold all our places: it waits, and is not to be submitted again.
        Status::Pending | Status::Throttled | Status::Running | Status::Unknown => {
            let progress = standing.progress.map(|share| (share.clamp(0.0, 1.0) * 100.0) as u8);
            kit::event(Event::StillRunning { progress, ticket: None })
        }
        Status::Succeeded => finished(&standing),
        Status::Failed => kit::event(Event::Failed(faults::of_failed_task(task, &standing, reply))),
        // By somebody else, say in the vendor's console.
        Status::Cancelled => kit::event(Event::CanceledAtVendor { charged: standing.was_charged() }),
    }
}

fn finished(standing: &Standing) -> Next {
    let links = standing.output.as_deref().unwrap_or_default();
    let links: Option<Vec<String>> = links.iter().map(|url| kit::link(url.as_deref())).collect();
    match links.filter(|links| !links.is_empty()) {
        // The links are signed: our key is not needed there and not sent.
        Some(links) => Next::News(News::Finished(
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

/// The vendor does not know a task that it accepted.
fn unknown_task(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "task not found", "");
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}

/// After the look: only what has not ended is stopped. What ends in the moment between is lost with its output.
fn stop(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if faults::is_unknown_task(reply) {
        // An earlier stop whose answer was lost; nobody can say any more whether it came in time.
        return kit::event(Event::CanceledAtVendor { charged: true });
    }
    let standing = match told(task, question, ticket, reply) {
        Ok(standing) => standing,
        Err(next) => return next,
    };
    match standing.status {
        Status::Pending | Status::Throttled => request::delete(task, question, ticket, STOP_WAITING),
        Status::Running | Status::Unknown => request::delete(task, question, ticket, STOP_WORKING),
        Status::Succeeded => kit::event(Event::NotCancelable),
        Status::Failed => kit::event(Event::Failed(faults::of_failed_task(task, &standing, reply))),
        Status::Cancelled => kit::event(Event::CanceledAtVendor { charged: standing.was_charged() }),
    }
}

/// After the stop: what was at work is charged, what only waited is not.
fn stopped(task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
    if reply.status.is_success() || faults::is_unknown_task(reply) {
        return kit::event(Event::CanceledAtVendor { charged: note != STOP_WAITING });
    }
    faults::said_no(task, question, reply)
}
