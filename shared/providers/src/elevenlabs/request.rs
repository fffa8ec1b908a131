//! From an order to requests.

use super::{KEY_HEADER, USUAL_BASE, note};
use crate::{Next, Question, Task, kit};
use serde::Serialize;

/// Looks a voice up by its name.
pub(super) fn find_voice(task: &Task<'_>, question: Question<'_>, name: &str) -> Next {
    let query = [("search", name), ("page_size", "100")];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v2", "voices"], &query);
    kit::Draft::get("elevenlabs voice look-up", url)
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .note(note::VOICE)
        .next(question)
}

/// The paid call. Its answer is the recording.
pub(super) fn speak(task: &Task<'_>, voice: &str) -> Next {
    let query = [("output_format", output_format(task))];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "text-to-speech", voice], &query);
    kit::Draft::post("elevenlabs speech", url, &Body::of(task))
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .note(note::SPEECH)
        .paid(task)
        .brings_file(task)
        .next(Question::Submit)
}

/// The words as the vendor gets them: models with audio tags are told the emotion in front.
pub(super) fn words(task: &Task<'_>) -> String {
    let plan = &task.job.plan;
    let words = plan.prompt.as_deref().or(task.job.order.input.text.as_deref()).unwrap_or_default();
    let wished = plan.options.text("emotion").filter(|_| takes_tags(&plan.vendor_model));
    kit::with_mood(wished, words)
}

/// Formats that every plan of the vendor may use: uncompressed sound at 44.1 kHz would need a large one.
fn output_format(task: &Task<'_>) -> &'static str {
    match task.job.plan.options.text("format") {
        Some("wav") => "wav_24000",
        Some("opus" | "ogg") => "opus_48000_128",
        _ => "mp3_44100_128",
    }
}

/// Whether a model reads stage directions in square brackets, and then knows no settings but the stability.
fn takes_tags(model: &str) -> bool {
    model.starts_with("eleven_v3") || model.starts_with("eleven_v4")
}

/// The wished emotion as a plain word or two.
fn emotion(task: &Task<'_>) -> Option<String> {
    kit::mood(task.job.plan.options.text("emotion"))
}

#[derive(Serialize)]
struct Body<'a> {
    text: String,
    model_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice_settings: Option<VoiceSettings>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (model, options) = (task.job.plan.vendor_model.as_str(), &task.job.plan.options);
        // The language model of the middle generation hears the language by itself and takes no hint.
        let takes_language = model != "eleven_multilingual_v2";
        Body {
            text: words(task),
            model_id: model,
            language_code: options.text("language").filter(|_| takes_language).and_then(kit::language_code),
            seed: options.whole("seed").and_then(|seed| u32::try_from(seed).ok()),
            voice_settings: if takes_tags(model) {
                Some(VoiceSettings::expressive(task))
            } else {
                VoiceSettings::usual(task)
            },
        }
    }
}

#[derive(Serialize)]
struct VoiceSettings {
    stability: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity_boost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed: Option<f64>,
}

impl VoiceSettings {
    /// For models with audio tags: one of three stabilities and nothing else. Always sent, for a voice's stored
    /// stability may be none of the three, and then the vendor refuses.
    fn expressive(task: &Task<'_>) -> VoiceSettings {
        let stability = match task.job.plan.options.number("stability") {
            Some(low) if low < 0.25 => 0.0,
            Some(high) if high > 0.75 => 1.0,
            _ => 0.5,
        };
        VoiceSettings { stability, similarity_boost: None, style: None, speed: None }
    }

    /// For the other models; nothing when there is no wish, so that the voice's own settings hold.
    fn usual(task: &Task<'_>) -> Option<VoiceSettings> {
        let options = &task.job.plan.options;
        let mood = emotion(task).map(|emotion| mood(&emotion));
        let speed = options.number("speed").filter(|speed| *speed != 1.0);
        let stability = options.number("stability").or(mood.map(|(stability, _)| stability));
        let style = options.number("styleExaggeration").or(mood.map(|(_, style)| style));
        let wished = stability.is_some() || style.is_some() || speed.is_some();
        wished.then(|| VoiceSettings {
            stability: stability.unwrap_or(0.5),
            similarity_boost: Some(0.75),
            style: style.filter(|style| *style != 0.0),
            speed,
        })
    }
}

/// Stability and style that come nearest to an emotion on models that know none: the livelier, the less stable.
fn mood(emotion: &str) -> (f64, f64) {
    const MOODS: [(&[&str], (f64, f64)); 4] = [
        (&["neutral"], (0.5, 0.0)),
        (&["happy", "excite", "cheer", "joy", "surprise", "enthusias", "friendly"], (0.35, 0.45)),
        (&["sad", "calm", "serious", "gentle", "soft", "whisper", "sorrow"], (0.6, 0.2)),
        (&["angry", "anger", "fear", "shout", "furious", "scared"], (0.3, 0.6)),
    ];
    MOODS
        .iter()
        .find(|(words, _)| words.iter().any(|word| emotion.contains(word)))
        .map_or((0.4, 0.3), |(_, mood)| *mood)
}
