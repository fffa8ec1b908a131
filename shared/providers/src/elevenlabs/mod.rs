//! ElevenLabs: `POST /v1/text-to-speech/{voice id}` answers with the recording itself, so there is nothing to poll;
//! a lost answer is looked for in the account's history. A voice given by name is looked up first.
//!
//! Facts: the vendor's official SDK and documentation, spring 2026.

mod about;
mod faults;
mod recover;
mod request;
mod voices;
mod wire;

use crate::{About, Adapter, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::{HeaderName, StatusCode, header};
use jobs::{Event, Kind};
use voices::Voice;
use wire::VoiceList;

/// The vendor's id.
pub(crate) const VENDOR: &str = "elevenlabs";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.elevenlabs.io";

/// Holds the key.
const KEY_HEADER: HeaderName = HeaderName::from_static("xi-api-key");

/// The calls of a step, as noted on them.
mod note {
    /// Which voice has this name?
    pub(super) const VOICE: &str = "voice";
    /// Speak. The one that costs.
    pub(super) const SPEECH: &str = "speech";
    /// What was spoken lately?
    pub(super) const HISTORY: &str = "history";
    /// The recording, please.
    pub(super) const AUDIO: &str = "audio";
}

/// Speech.
pub(crate) struct ElevenLabs;

impl Adapter for ElevenLabs {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit | Question::Recover { .. } => match Voice::of(task) {
                Voice::Known(id) => with_voice(task, question, &id),
                Voice::Named(name) => request::find_voice(task, question, &name),
            },
            Question::Poll(_) => {
                kit::later(None, "there is no task to ask about: the answer is the recording")
            }
            Question::Cancel(_) => kit::event(Event::NotCancelable),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        if !reply.status.is_success() {
            return faults::said_no(task, question, note, reply);
        }
        match note {
            note::VOICE => voice_found(task, question, reply),
            note::HISTORY => recover::history_read(task, question, reply),
            note::SPEECH if is_recording(reply) => made(),
            // It was found, and it will be asked for as often as for any other's file.
            note::AUDIO => made(),
            _ => kit::unsure(question, "the answer is no recording"),
        }
    }
}

/// The step's main call, now that the voice is known.
fn with_voice(task: &Task<'_>, question: Question<'_>, voice: &str) -> Next {
    match question {
        Question::Recover { .. } => recover::look(task, question, voice),
        Question::Submit | Question::Poll(_) | Question::Cancel(_) => request::speak(task, voice),
    }
}

fn voice_found(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(list) = kit::read_message::<VoiceList>(reply) else {
        return kit::not_ready(question, "the list of voices can't be read");
    };
    let wanted = voices::wanted(task);
    match voices::find(&list, wanted) {
        Some(id) => with_voice(task, question, id),
        None => kit::event(Event::Failed(voices::unknown(&list, wanted))),
    }
}

fn made() -> Next {
    Next::News(News::Finished(vec![VendorFile { kind: Kind::Audio, source: Source::ThisReply }]))
}

/// Whether the body to come is sound. An error page with a good status must not become a result.
fn is_recording(reply: &Reply<'_>) -> bool {
    let kind =
        reply.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    reply.status == StatusCode::OK
        && ["audio/", "application/octet-stream", "application/ogg"].iter().any(|good| kind.starts_with(good))
}
