//! Hedra: `POST /v3/models/{model}` begins a job, `GET /v3/jobs/{id}` tells how it stands. The vendor fetches nothing:
//! every file is uploaded first (`POST /v3/files`), and its handle is good for an hour.
//!
//! Its characters speak recordings alone. A script therefore becomes two jobs: speech by the model `elevenlabs-v3` that
//! the vendor resells, and once that is there, the film. The ticket tells which of them is at work, and holds what the
//! film will need. Each has an `Idempotency-Key` of its own: "replays the original ack for a retried submit instead of
//! enqueueing a duplicate job", so an order whose answer was lost is sent again under its key.
//!
//! Facts: the vendor's SDK (`hedra-sdk` 7.0.0, for version 3.20.0 of its specification), that specification and the
//! vendor's guides, autumn 2026.

mod about;
mod callback;
mod faults;
mod looks;
mod orders;
mod request;
mod ticket;
mod uploads;
mod voices;
mod wire;

use crate::{About, Access, Adapter, Need, Next, Question, Reply, Task, kit};
use jobs::{Callback, Event, Job, Ticket, Time};
use std::time::Duration;
use ticket::Phase;
use wire::Accepted;

/// The vendor's id.
pub(crate) const VENDOR: &str = "hedra";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.hedra.com";

/// How often an order is sent again whose answer was lost. Each repeat is harmless; they end because an answer that was
/// lost so often will be lost again.
const MOST_REPEATS: u32 = 3;

/// Until how long after the first try an order is sent again: how long the vendor remembers a key is not documented, and
/// the handles of files live as long.
const LONGEST_MEMORY: Duration = Duration::from_secs(3600);

/// The calls of a step, as noted on them. What a step has to remember from one call to the next stands behind the word.
mod note {
    /// The list of voices.
    pub(super) const VOICES: &str = "voices";
    /// Voices that fit a description.
    pub(super) const SEARCH: &str = "search";
    /// The portrait on its way; the voice.
    pub(super) const PORTRAIT: &str = "portrait";
    /// The recording on its way; the portrait's handle.
    pub(super) const RECORDING: &str = "recording";
    /// The order of the speech; the portrait's handle.
    pub(super) const SPEECH: &str = "speech";
    /// The order of the film.
    pub(super) const FILM: &str = "film";
    /// Which jobs are there, after the order of the film was refused; why it was.
    pub(super) const ORDERS: &str = "orders";
}

/// Characters that speak.
pub(crate) struct Hedra;

impl Adapter for Hedra {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        uploads::needs(job)
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn trusts(&self, access: &Access, callback: &Callback, _address: &str, now: Time) -> bool {
        access.webhook_secret.as_ref().is_none_or(|key| callback::is_signed(key, callback, now))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            // What may fail for nothing comes first: a voice that nobody has is found out before anything is paid.
            Question::Submit if is_scripted(task) => voices::ask(task),
            Question::Submit => uploads::portrait(task, None),
            Question::Poll(ticket) => request::look(task, question, Phase::of(ticket).job()),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { looked } => lost(task, looked),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        let (word, rest) = note.split_once(' ').unwrap_or((note, ""));
        match (question, word) {
            (Question::Submit, note::VOICES | note::SEARCH) => voices::read(task, word, reply),
            (Question::Submit, note::PORTRAIT | note::RECORDING) => uploads::read(task, word, rest, reply),
            (Question::Submit, note::SPEECH) => accepted(task, question, reply, |job| {
                Phase::Speech { job, portrait: rest, callback: task.callback }.ticket()
            }),
            (Question::Submit, _) => accepted(task, question, reply, |job| Phase::Film { job }.ticket()),
            (Question::Poll(ticket), note::FILM) => orders::film_read(task, question, ticket, reply),
            (Question::Poll(_), note::ORDERS) => orders::list_read(task, question, rest, reply),
            (Question::Poll(ticket), _) => looks::read(task, question, ticket, reply),
            (Question::Cancel(_) | Question::Recover { .. }, _) => self.ask(task, question),
        }
    }
}

/// Whether there is a script instead of a recording.
fn is_scripted(task: &Task<'_>) -> bool {
    task.job.order.input.audio.is_none()
}

/// The answer to an order of the first step.
fn accepted(
    task: &Task<'_>,
    question: Question<'_>,
    reply: &Reply<'_>,
    ticket: impl FnOnce(&str) -> Ticket,
) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let told = kit::read_message::<Accepted>(reply);
    match told.as_ref().and_then(|told| kit::name_of(told.job_id.as_deref())) {
        Some(job) => kit::event(Event::Accepted { ticket: ticket(job) }),
        None => kit::unsure(question, "success was reported without a job id"),
    }
}

/// The answer to the first order was lost. Nobody has to look for it: the same order under the same key brings the
/// vendor's first answer. It waits for a moment, in which the first one may still be under way.
fn lost(task: &Task<'_>, looked: u32) -> Next {
    let begun = task.job.attempts.last().map_or(task.job.created, |attempt| attempt.started);
    if task.job.resubmits >= MOST_REPEATS || task.now.since(begun) > LONGEST_MEMORY {
        return kit::lost_for_good("the order was sent again under its key as often as makes sense");
    }
    kit::event(if looked == 0 { Event::NotFound } else { Event::SubmitAgain })
}
