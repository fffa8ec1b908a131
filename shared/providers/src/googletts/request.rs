//! From an order to requests.

use super::{KEY_HEADER, USUAL_BASE, VOICES, pieces, voices};
use crate::{Next, Question, Task, kit};
use bytes::Bytes;
use jobs::{Fault, FaultKind};
use serde::Serialize;
use url::Url;

/// What the vendor takes at a time, in bytes.
const MOST_BYTES: usize = 5000;

/// What it is given at a time of a longer text: a little less, in case it counts otherwise than we do.
const PIECE_BYTES: usize = 4800;

/// Bytes of text that fit into a WAV file at the usual speed: some twenty-five minutes.
const MOST_WAVE_BYTES: f64 = 24_000.0;

/// Where in a text that is spoken in pieces a reply belongs, and who speaks.
pub(super) struct Place<'a> {
    /// Counted from 0.
    pub(super) piece: usize,
    /// The name of the voice.
    pub(super) voice: &'a str,
}

impl<'a> Place<'a> {
    /// Reads the note of a call.
    pub(super) fn parse(note: &'a str) -> Option<Place<'a>> {
        let (piece, voice) = note.strip_prefix("speak ")?.split_once(' ')?;
        Some(Place { piece: piece.parse().ok()?, voice })
    }

    fn note(&self) -> String {
        format!("speak {} {}", self.piece, self.voice)
    }
}

/// Why a text can't be spoken, if it can't.
pub(super) fn unspeakable(task: &Task<'_>) -> Option<Fault> {
    let text = words(task);
    let refused = |why: &str| Some(Fault::new(FaultKind::InvalidInput, why));
    if is_ssml(text) {
        if text.len() > MOST_BYTES {
            return refused("a text in SSML has 5,000 bytes at most for this provider");
        }
        // It would have the vendor fetch any address.
        if text.to_ascii_lowercase().contains("<audio") {
            return refused("a text in SSML must not hold the tag audio");
        }
    }
    if is_wave(task) && text.len() as f64 > MOST_WAVE_BYTES * pace(task) {
        return refused("so long a text would be too large as WAV; another format takes it");
    }
    None
}

/// The pieces of the text; one where nothing is to be cut.
pub(super) fn pieces<'a>(task: &Task<'a>) -> Vec<&'a str> {
    let text = words(task);
    // The slower a WAV file is spoken, the larger it is.
    let most = if is_wave(task) { (PIECE_BYTES as f64 * pace(task)) as usize } else { PIECE_BYTES };
    if is_ssml(text) || text.len() <= most { vec![text] } else { pieces::cut(text, most) }
}

/// The speed, where it makes a file longer.
fn pace(task: &Task<'_>) -> f64 {
    task.job.plan.options.number("speed").unwrap_or(1.0).clamp(0.25, 1.0)
}

fn is_wave(task: &Task<'_>) -> bool {
    task.job.plan.options.text("format") == Some("wav")
}

fn words<'a>(task: &Task<'a>) -> &'a str {
    let plan = &task.job.plan;
    plan.prompt.as_deref().or(task.job.order.input.text.as_deref()).unwrap_or_default()
}

fn is_ssml(text: &str) -> bool {
    text.trim_start().starts_with("<speak")
}

/// Asks which voices speak the language.
pub(super) fn find_voices(task: &Task<'_>) -> Next {
    let url = address(task, "voices", &[("languageCode", voices::language(task))]);
    signed(kit::Draft::get("googletts voices", url), task).note(VOICES).next(Question::Submit)
}

/// Has a piece spoken; `part` is the sound of the piece before it. Each of these calls costs.
pub(super) fn speak(task: &Task<'_>, place: &Place<'_>, part: Option<Bytes>) -> Next {
    let text = pieces(task).get(place.piece).copied().unwrap_or_default();
    let draft = kit::Draft::post(
        "googletts speech",
        address(task, "text:synthesize", &[]),
        &Body::of(task, place, text),
    );
    signed(draft, task).note(place.note()).keep(part).paid(task).brings_large_message().next(Question::Submit)
}

fn address(task: &Task<'_>, method: &str, query: &[(&str, &str)]) -> Result<Url, String> {
    kit::address(kit::base(task.access, USUAL_BASE), &["v1", method], query)
}

fn signed(draft: kit::Draft, task: &Task<'_>) -> kit::Draft {
    draft.secret_header(KEY_HEADER, task.access.api_key.reveal())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    input: Input<'a>,
    voice: Speaker<'a>,
    audio_config: AudioConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Input<'a> {
    Text(&'a str),
    Ssml(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Speaker<'a> {
    language_code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AudioConfig {
    audio_encoding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    speaking_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pitch: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume_gain_db: Option<f64>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>, place: &Place<'a>, text: &'a str) -> Body<'a> {
        let options = &task.job.plan.options;
        Body {
            input: if is_ssml(text) { Input::Ssml(text) } else { Input::Text(text) },
            voice: Speaker { language_code: voices::language_of(place.voice), name: place.voice },
            audio_config: AudioConfig {
                audio_encoding: match options.text("format") {
                    Some("wav") => "LINEAR16",
                    Some("opus") => "OGG_OPUS",
                    _ => "MP3",
                },
                speaking_rate: options.number("speed"),
                pitch: options.number("pitch"),
                volume_gain_db: options.number("volume"),
            },
        }
    }
}
