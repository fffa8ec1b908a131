//! HeyGen, third version of its interface: `POST /v3/videos` orders a video of an avatar or of the person in a picture,
//! `GET /v3/videos/{id}` tells how it stands. Nothing stops one. An order carries a key under which a repeat is the same
//! order, and a name under which a lost one is found in the list.
//!
//! Orders name avatars and voices by id. Plain names are looked up first: an avatar among the operator's own and
//! everybody's, then its looks; a voice by its name, or by its description where it is one ("professional female").
//!
//! Facts: the vendor's own command line program, generated from its specification (summer and autumn 2026), its pages on
//! errors, limits and webhooks, its skills for agents, and its n8n node 0.1.9. Of how callbacks are signed, six
//! independent implementations; of error codes that no page lists, what others have met.

mod about;
mod avatar;
mod callback;
mod faults;
mod language;
mod recover;
mod request;
mod trail;
mod upload;
mod voice;
mod wire;

use crate::{About, Access, Adapter, Need, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::{HeaderMap, HeaderName};
use jobs::{Callback, Event, FaultKind, Job, Kind, Ticket, Time};
use std::time::Duration;
use trail::{Stage, Trail};
use wire::{Accepted, Refusal, Status, Told, Video};

/// The vendor's id.
pub(crate) const VENDOR: &str = "heygen";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.heygen.com";

/// Holds the key.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// A video may be unknown to the queried server for a moment after it was ordered.
const GRACE: Duration = Duration::from_secs(60);

/// Talking avatars.
pub(crate) struct HeyGen;

impl Adapter for HeyGen {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        upload::needs(job)
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn trusts(&self, access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        access.webhook_secret.as_ref().is_none_or(|secret| callback::is_signed(secret, callback, now))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            // The order of before may have arrived after all, and been told apart by another key since.
            Question::Submit if task.job.resubmits > 0 => {
                recover::look(task, question, Trail::default().note(Stage::Seek))
            }
            Question::Submit => proceed(task, Trail::default()),
            Question::Poll(ticket) => {
                let url = request::address(task, &["videos", &ticket.0], &[]);
                request::signed(task, kit::Draft::get("heygen poll", url)).next(question)
            }
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => recover::look(task, question, String::new()),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Submit => match Trail::read(note) {
                Some((at, trail)) => prepared(task, at, trail, reply),
                None => submitted(task, question, reply),
            },
            Question::Poll(ticket) => standing(task, question, ticket, reply),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => recover::recovered(task, question, reply),
        }
    }
}

/// The next call of a submit: whatever is not known yet, then the order itself.
fn proceed(task: &Task<'_>, trail: Trail) -> Next {
    if trail.avatar.is_none() && request::picture(task).is_none() {
        return avatar::look(task, trail);
    }
    let trail = match voice::search(task, trail) {
        Ok(trail) => trail,
        Err(next) => return next,
    };
    match upload::following(task, trail) {
        Ok(trail) => request::submit(task, &trail),
        Err(next) => next,
    }
}

/// Reads the reply to a call before the paid one.
fn prepared(task: &Task<'_>, at: Stage, trail: Trail, reply: &Reply<'_>) -> Next {
    match at {
        Stage::Seek => recover::sought(task, reply),
        Stage::Look => avatar::look_read(task, trail, reply),
        Stage::OwnGroups | Stage::Groups => avatar::groups_read(task, at, trail, reply),
        Stage::Looks => avatar::looks_read(task, trail, reply),
        Stage::Voice => voice::voice_read(task, trail, reply),
        Stage::OwnVoices | Stage::Voices => voice::voices_read(task, at, trail, reply),
        Stage::Describe => voice::suiting_read(task, trail, reply),
        Stage::Upload => upload::uploaded(task, trail, reply),
    }
}

fn submitted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Some(refusal) = kit::read_message::<Refusal>(reply) {
        return faults::said_no(task, question, &refusal.error, reply);
    }
    match kit::read_message::<Told<Accepted>>(reply).filter(|_| reply.status.is_success()) {
        Some(told) => accepted(question, told.data.video_id.as_deref()),
        None => kit::unreadable(task, question, reply),
    }
}

fn accepted(question: Question<'_>, id: Option<&str>) -> Next {
    match kit::name_of(id) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a usable id"),
    }
}

fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        return if faults::is_unknown_video(&error) {
            unknown_video(task, faults::for_the_log(task, &error, reply))
        } else {
            faults::said_no(task, question, &error, reply)
        };
    }
    let Some(Told { data: video }) =
        kit::read_message::<Told<Video>>(reply).filter(|_| reply.status.is_success())
    else {
        return kit::unreadable(task, question, reply);
    };
    if video.id.as_deref().is_some_and(|id| id != ticket.0) {
        return kit::later(None, "the answer is about another video");
    }
    match video.status {
        None => kit::later(None, "the video has no state"),
        Some(Status::Waiting | Status::Pending | Status::Queued | Status::Processing | Status::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Failed) => kit::event(Event::Failed(faults::of_failed_video(task, &video, reply))),
        Some(Status::Completed) => finished(&video),
    }
}

fn finished(video: &Video) -> Next {
    match kit::link(video.video_url.as_deref()) {
        // The link is signed: our key is not needed there and not sent.
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: Kind::Video,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
        None => kit::no_file(),
    }
}

/// The vendor does not know a video that it accepted.
fn unknown_video(task: &Task<'_>, detail: String) -> Next {
    match task.job.state {
        jobs::State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
