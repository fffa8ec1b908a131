//! Google's cloud (Agent Platform, once Vertex AI): clips of Veo. `:predictLongRunning` of a model starts an operation,
//! `:fetchPredictOperation` tells how it stands, and with its end brings the clip, in base64 or as a place in a bucket.
//!
//! Instead of a key there is a service account. A sentence signed with its private key is exchanged for a token, and the
//! token is good for the call. Each step gets a token of its own, as steps share nothing.
//!
//! Operations can't be listed, stopped or given names of ours, so a clip whose submit was lost is lost for good.
//!
//! Facts: the vendor's SDKs (`google-genai` 3.4, `google-auth` 2.62) for all fields and addresses; its documentation of the
//! models for lengths, references and pictures; clients in use for the words of refusals. Nobody has seen this adapter at
//! the vendor, and a list of prices that others keep has Veo 3.1 and its fast tier end on 2026-11-17.

mod about;
mod faults;
mod file;
mod operation;
mod request;
mod token;
mod wire;

use crate::{About, Adapter, Need, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jobs::{Event, Job, Kind, Ticket};
use operation::Operation;
use serde::Serialize;
use wire::{Outcome, Standing};

/// The vendor's id.
pub(crate) const VENDOR: &str = "vertex";

/// The first call of each step: it brings the token for the next.
const TOKEN: &str = "token";

/// A call that brings the token for files in a bucket; their places stand behind it, each after a [`BREAK`].
const FILES: &str = "files";

/// Stands between places in a note.
const BREAK: char = '\n';

/// Veo.
pub(crate) struct Vertex;

impl Adapter for Vertex {
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
            Question::Submit => match request::unfit(task) {
                Some(fault) => kit::refused(question, fault),
                None => token::exchange(task, question, TOKEN.to_owned()),
            },
            Question::Poll(ticket) => match Operation::read(&ticket.0) {
                Some(_) => token::exchange(task, question, TOKEN.to_owned()),
                None => kit::later(None, "could not read the ticket"),
            },
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } => kit::lost_for_good("the vendor has no way to look for an operation"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        let places = note.strip_prefix(FILES);
        match question {
            Question::Submit | Question::Poll(_) if note == TOKEN || places.is_some() => {
                let token = match token::read(task, question, reply) {
                    Ok(token) => token,
                    Err(next) => return next,
                };
                match (question, places) {
                    (Question::Poll(_), Some(places)) => file::behind(task, places, &token),
                    (Question::Poll(ticket), None) => look(task, question, ticket, &token),
                    _ => request::submit(task, &token),
                }
            }
            Question::Submit => accepted(task, question, reply),
            Question::Poll(ticket) => standing(task, question, ticket, reply),
            Question::Cancel(_) | Question::Recover { .. } => self.ask(task, question),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked<'a> {
    operation_name: &'a str,
}

/// How does it stand?
fn look(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, token: &str) -> Next {
    let Some(operation) = Operation::read(&ticket.0) else {
        return kit::later(None, "could not read the ticket");
    };
    let url = operation.address(task, "fetchPredictOperation");
    kit::Draft::post("vertex poll", url, &Asked { operation_name: &ticket.0 })
        .bearer(token)
        .brings_large_message()
        .next(question)
}

/// Reads the answer to the submit.
fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let name = serde_json::from_slice::<Standing<'_>>(reply.body).ok().and_then(|standing| standing.name);
    match name.filter(|name| Operation::read(name).is_some()) {
        Some(name) => kit::event(Event::Accepted { ticket: Ticket(name) }),
        None => kit::unreadable(task, question, reply),
    }
}

/// Reads how it stands.
fn standing(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    // Read in place: a second copy of the clip's text would be many megabytes.
    let Some(standing) = serde_json::from_slice::<Standing<'_>>(reply.body).ok() else {
        return kit::unreadable(task, question, reply);
    };
    match &standing.name {
        Some(name) if *name == ticket.0 => {}
        Some(_) => return kit::later(None, "the answer is about another operation"),
        None => return kit::later(None, "the answer is about no operation"),
    }
    if standing.done != Some(true) {
        return kit::event(Event::StillRunning { progress: None, ticket: None });
    }
    match (&standing.error, &standing.response) {
        (Some(problem), _) => kit::event(Event::Failed(faults::of_failed(task, problem, reply))),
        (None, Some(outcome)) => finished(task, question, outcome, reply),
        (None, None) => kit::no_file(),
    }
}

fn finished(task: &Task<'_>, question: Question<'_>, outcome: &Outcome<'_>, reply: &Reply<'_>) -> Next {
    let inline: Vec<_> = outcome.videos().filter_map(|video| video.bytes.as_deref()).collect();
    if !inline.is_empty() {
        let decoded: Result<Vec<Bytes>, _> =
            inline.into_iter().map(|text| STANDARD.decode(text).map(Bytes::from)).collect();
        return match decoded {
            Ok(files) => clips(files.into_iter().map(Source::Bytes)),
            Err(_) => kit::no_file(),
        };
    }
    let places: Vec<_> = outcome.videos().filter_map(|video| video.gcs_uri.as_deref()).collect();
    if !places.is_empty() {
        // The token of this step is gone, and a note is no place for one.
        let note: String = places.iter().map(|place| format!("{BREAK}{place}")).collect();
        return token::exchange(task, question, format!("{FILES}{note}"));
    }
    match outcome.was_filtered() {
        true => kit::event(Event::Failed(faults::of_filtered(task, outcome, reply))),
        false => kit::no_file(),
    }
}

/// News of finished clips.
fn clips(sources: impl Iterator<Item = Source>) -> Next {
    Next::News(News::Finished(sources.map(|source| VendorFile { kind: Kind::Video, source }).collect()))
}
