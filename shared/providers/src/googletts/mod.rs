//! Google Cloud Text-to-Speech: `POST /v1/text:synthesize` answers with the recording in base64. It takes 5,000 bytes at
//! a time, so that longer texts are spoken part by part and joined. Voices are chosen from `GET /v1/voices`, since the
//! vendor tells its models apart by the names of voices alone.
//!
//! Nothing is kept at the vendor's and a repeat costs a few characters more, so whatever was lost is said again.
//!
//! Facts: the vendor's SDK (`google-cloud-texttospeech` 2.38) and documentation, autumn 2026.

mod about;
mod faults;
mod pieces;
mod request;
mod voices;
mod wire;

use crate::{About, Adapter, Joint, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::HeaderName;
use jobs::{Event, Kind};
use request::Place;
use voices::Voice;
use wire::{Spoken, VoiceList};

/// The vendor's id.
pub(crate) const VENDOR: &str = "googletts";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://texttospeech.googleapis.com";

/// Holds the key.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-goog-api-key");

/// The call asks for voices.
const VOICES: &str = "voices";

/// How often a lost recording is made again.
const MOST_REPEATS: u32 = 2;

/// Speech.
pub(crate) struct GoogleTts;

impl Adapter for GoogleTts {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => match (request::unspeakable(task), Voice::of(task)) {
                (Some(fault), _) | (None, Err(fault)) => kit::event(Event::Failed(fault)),
                (None, Ok(Voice::Named(name))) => {
                    request::speak(task, &Place { piece: 0, voice: &name }, None)
                }
                (None, Ok(Voice::Wanted { .. })) => request::find_voices(task),
            },
            Question::Recover { .. } if task.job.resubmits < MOST_REPEATS => kit::event(Event::SubmitAgain),
            Question::Recover { .. } => kit::lost_for_good("the vendor keeps no recordings to look for"),
            Question::Poll(_) => {
                kit::later(None, "there is nothing to ask about: the answer is the recording")
            }
            Question::Cancel(_) => kit::event(Event::NotCancelable),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        if !matches!(question, Question::Submit) {
            return self.ask(task, question);
        }
        if !reply.status.is_success() {
            return faults::said_no(task, question, note == VOICES, reply);
        }
        if note == VOICES {
            return voice_found(task, question, reply);
        }
        match (Place::parse(note), recording(reply)) {
            (Some(place), Some(part)) => spoken(task, &place, part),
            _ => kit::unsure(question, "the answer is no recording"),
        }
    }
}

fn voice_found(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(list) = kit::read_message::<VoiceList>(reply) else {
        return kit::not_ready(question, "the list of voices can't be read");
    };
    match voices::choose(task, &list) {
        Ok(voice) => request::speak(task, &Place { piece: 0, voice: &voice }, None),
        Err(fault) => kit::event(Event::Failed(fault)),
    }
}

/// The sound of an answer. Read in place: a second copy of its text would be many megabytes.
fn recording(reply: &Reply<'_>) -> Option<Bytes> {
    let spoken: Spoken<'_> = serde_json::from_slice(reply.body).ok()?;
    STANDARD.decode(&*spoken.audio_content).ok().filter(|part| !part.is_empty()).map(Bytes::from)
}

/// Goes on with the next piece, or ends.
fn spoken(task: &Task<'_>, place: &Place<'_>, part: Bytes) -> Next {
    let next = Place { piece: place.piece + 1, voice: place.voice };
    if next.piece < request::pieces(task).len() {
        return request::speak(task, &next, Some(part));
    }
    let joint = match task.job.plan.options.text("format") {
        Some("wav") => Joint::Wave,
        Some("opus") => Joint::Opus,
        _ => Joint::Frames,
    };
    // A text that was spoken at once needs no joining, whatever it came in.
    let source = Source::Kept { last: part, joint };
    Next::News(News::Finished(vec![VendorFile { kind: Kind::Audio, source }]))
}
