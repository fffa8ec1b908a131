//! Black Forest Labs: `POST /v1/{model}` starts a task and names the address at which to ask for it; the finished
//! picture lies behind a link that is good for ten minutes. There is no list of tasks and no way to stop one.
//!
//! It could call back, but then tells no address to ask at, and its own documents contradict each other about how a call is
//! signed. Pictures take seconds, so they are asked for.
//!
//! Facts: the vendor's OpenAPI document and help pages, spring 2026.

mod about;
mod clip;
mod endpoint;
mod faults;
mod request;
mod wire;

use crate::{About, Adapter, Need, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::{HeaderMap, HeaderName};
use jobs::{Event, Fault, FaultKind, Job, State, Ticket};
use std::time::Duration;
use url::Url;
use wire::{Accepted, Ready, Standing, Status};

/// The vendor's id.
pub(crate) const VENDOR: &str = "bfl";

/// The vendor chooses where to process.
const USUAL_BASE: &str = "https://api.bfl.ai";

/// Tasks live on single clusters, all of them under this domain.
const DOMAIN: &str = "bfl.ai";

/// Holds the key.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-key");

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(10);

/// The vendor's usual strictness, told so that a change of its default changes nothing here.
const SAFETY_TOLERANCE: u8 = 2;

/// The FLUX pictures and clips.
pub(crate) struct Bfl;

impl Adapter for Bfl {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        request::needs(job)
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit if is_clip(task) => clip::submit(task),
            Question::Submit => request::submit(task),
            Question::Poll(ticket) => poll(task, question, ticket),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } if task.job.resubmits < most_repeats(task) => {
                kit::event(Event::SubmitAgain)
            }
            Question::Recover { .. } => kit::lost_for_good("the vendor has no way to look for a task"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Poll(ticket) => standing(task, question, ticket, reply),
            Question::Submit => accepted(task, question, reply),
            Question::Cancel(_) | Question::Recover { .. } => self.ask(task, question),
        }
    }
}

fn is_clip(task: &Task<'_>) -> bool {
    task.job.plan.vendor_model == clip::MODEL
}

/// A picture costs cents, so one repeat of a submit whose answer was lost is the smaller harm; a clip costs more.
fn most_repeats(task: &Task<'_>) -> u32 {
    if is_clip(task) { 0 } else { 1 }
}

/// The task's id and, behind a space, the address to ask at.
fn ticket(id: &str, polling: Option<&Url>) -> Ticket {
    Ticket(polling.map_or_else(|| id.to_owned(), |url| format!("{id} {url}")))
}

fn read_ticket(ticket: &Ticket) -> (&str, Option<&str>) {
    ticket.0.split_once(' ').map_or((ticket.0.as_str(), None), |(id, url)| (id, Some(url)))
}

fn poll(task: &Task<'_>, question: Question<'_>, ticket: &Ticket) -> Next {
    let (id, polling) = read_ticket(ticket);
    let base = kit::base(task.access, USUAL_BASE);
    let url = match polling {
        Some(polling) => kit::parse_address(polling).map(|mut url| {
            if !url.query_pairs().any(|(name, _)| name == "id") {
                url.query_pairs_mut().append_pair("id", id);
            }
            url
        }),
        None => kit::address(base, &["v1", "get_result"], &[("id", id)]),
    };
    let ours = url.as_ref().is_ok_and(|url| kit::may_see_key(url, base, DOMAIN));
    let draft = kit::Draft::get("bfl poll", url);
    let draft = if ours { draft.secret_header(KEY_HEADER, task.access.api_key.reveal()) } else { draft };
    draft.next(question)
}

fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let message = kit::read_message::<Accepted>(reply);
    let Some(id) = message.as_ref().and_then(|message| kit::name_of(message.id.as_deref())) else {
        return kit::unreadable(task, question, reply);
    };
    let polling = message.as_ref().and_then(|message| message.polling_url.as_deref());
    // It is stored with the job, so its length is bounded like that of any link.
    let polling = polling.and_then(|url| kit::link(Some(url))).and_then(|url| kit::parse_address(&url).ok());
    kit::event(Event::Accepted { ticket: ticket(id, polling.as_ref()) })
}

fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    let Some(standing) = kit::read_message::<Standing>(reply) else {
        return match reply.status.as_u16() {
            404 if faults::is_message(reply) => unknown_task(task, reply),
            _ => faults::said_no(task, question, reply),
        };
    };
    if standing.id.as_deref().is_some_and(|id| id != read_ticket(ticket).0) {
        return kit::later(None, "the answer is about another task");
    }
    if matches!(standing.status, Status::TaskNotFound) && matches!(reply.status.as_u16(), 200 | 404) {
        return unknown_task(task, reply);
    }
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let failed = |fault: Fault| {
        let words = standing.details.as_ref().map(ToString::to_string).unwrap_or_default();
        kit::event(Event::Failed(fault.with_detail(kit::for_the_log(task, reply, "failed", &words))))
    };
    match standing.status {
        Status::Ready => finished(task, reply),
        Status::RequestModerated => failed(kit::fault(FaultKind::Moderation)),
        Status::ContentModerated => failed(Fault::new(
            FaultKind::Moderation,
            "the provider's content rules held back what was made; another try may pass",
        )),
        Status::Error | Status::Failed => failed(kit::fault(FaultKind::Vendor)),
        Status::Pending | Status::Reasoning | Status::Generating | Status::TaskNotFound | Status::Unknown => {
            let progress = standing.progress.map(|share| (share.clamp(0.0, 1.0) * 100.0) as u8);
            kit::event(Event::StillRunning { progress, ticket: None })
        }
    }
}

fn finished(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    match kit::read_message::<Ready>(reply).and_then(|ready| kit::link(ready.result.sample.as_deref())) {
        // The link is signed: our key is not needed there and not sent.
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: task.job.order.kind,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
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
