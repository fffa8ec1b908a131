//! What ElevenLabs refuses in an order of speech. Fields that it does not know are ignored.

use super::models::{self, DEFAULT_MODEL, Model, THIRD};
use super::voices::{self, Voice};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::random;
use crate::tasks;
use crate::works::{Shape, Work};
use http::StatusCode;
use serde_json::Value;
use std::collections::HashMap;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) voice: Voice,
    pub(super) model: &'static Model,
    pub(super) text: String,
    pub(super) format: String,
    pub(super) shape: Shape,
    pub(super) speed: f64,
    pub(super) settings: Value,
    /// Whether the call may appear in the history.
    pub(super) logged: bool,
    pub(super) request_id: String,
}

impl Order {
    pub(super) fn cost(&self) -> u64 {
        self.model.cost(self.text.chars().count())
    }

    /// The audio that speaks it.
    pub(super) fn work(&self) -> Work {
        Work::Voice {
            text: self.text.clone(),
            voice: self.voice.id.to_owned(),
            speed_percent: (self.speed * 100.0).round() as u32,
            shape: self.shape,
        }
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.text
    }

    fn works(&self) -> Vec<Work> {
        vec![self.work()]
    }

    fn seconds(&self) -> f64 {
        0.5
    }

    /// Flash models have places of their own.
    fn limits(&self) -> &'static [&'static str] {
        if self.model.flash { &["elevenlabs_flash_active"] } else { &["elevenlabs_active"] }
    }
}

/// Reads an order.
pub(super) fn order(voice_id: &str, query: &HashMap<String, String>, body: &[u8]) -> Result<Order, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|error| {
        Refusal::schema(vec!["body"], "json_invalid", format!("JSON decode error: {error}"))
    })?;
    let Some(map) = body.as_object() else {
        return Err(Refusal::schema(
            vec!["body"],
            "model_attributes_type",
            "Input should be a valid dictionary",
        ));
    };
    let body = Fields(map);
    schema(body)?;
    let Some(text) = body.text("text")? else {
        return Err(Refusal::schema(vec!["body", "text"], "missing", "Field required"));
    };
    let format = query.get("output_format").map_or("mp3_44100_128", String::as_str);
    let shape = shape(format)?;
    let model = model(body.text("model_id")?.unwrap_or(DEFAULT_MODEL))?;
    let voice = voices::find(voice_id)?;
    check_text(text, model)?;
    stitching(model, body)?;
    let speed = voice_settings(model, body)?;
    effects(shape, body)?;
    Ok(Order {
        voice,
        model,
        text: text.to_owned(),
        format: format.to_owned(),
        shape,
        speed,
        settings: body.value("voice_settings").cloned().unwrap_or_default(),
        logged: query.get("enable_logging").is_none_or(|value| value != "false"),
        request_id: random::letters(20),
    })
}

/// Types and ranges that the vendor checks before anything else.
fn schema(body: Fields<'_>) -> Result<(), Refusal> {
    for field in ["language_code", "previous_text", "next_text", "apply_text_normalization"] {
        body.text(field)?;
    }
    for field in ["apply_language_text_normalization", "use_pvc_as_ivc"] {
        body.bool(field)?;
    }
    if let Some(mode) =
        body.text("apply_text_normalization")?.filter(|mode| !["auto", "on", "off"].contains(mode))
    {
        let message = format!("Input should be 'auto', 'on' or 'off', not '{mode}'");
        return Err(Refusal::schema(vec!["body", "apply_text_normalization"], "enum", message));
    }
    if body.whole("seed")?.is_some_and(|seed| !(0..=i64::from(u32::MAX)).contains(&seed)) {
        let message = "Input should be between 0 and 4294967295";
        return Err(Refusal::schema(vec!["body", "seed"], "less_than_equal", message));
    }
    for field in ["pronunciation_dictionary_locators", "previous_request_ids", "next_request_ids"] {
        if body.list(field)?.is_some_and(|list| list.len() > 3) {
            let message = "List should have at most 3 items";
            return Err(Refusal::schema(vec!["body", field], "too_long", message));
        }
    }
    Ok(())
}

fn model(id: &str) -> Result<&'static Model, Refusal> {
    models::find(id).ok_or_else(|| {
        Refusal::not_found("model_not_found", format!("A model with model ID '{id}' does not exist"))
    })
}

fn check_text(text: &str, model: &Model) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::bad("empty_text", "text", "The text must not be empty"));
    }
    let characters = text.chars().count();
    if characters > model.most_characters {
        let message = format!(
            "The text has {characters} characters; {} takes at most {}",
            model.id, model.most_characters
        );
        return Err(Refusal::bad("text_too_long", "text", message));
    }
    Ok(())
}

/// v3 knows nothing of what was spoken before.
fn stitching(model: &Model, body: Fields<'_>) -> Result<(), Refusal> {
    if model.id != THIRD {
        return Ok(());
    }
    for field in ["previous_request_ids", "next_request_ids"] {
        if body.list(field)?.is_some_and(|list| !list.is_empty()) {
            let message = format!("{field} is not supported with the '{THIRD}' model");
            return Err(Refusal::bad("unsupported_model", field, message));
        }
    }
    Ok(())
}

/// Checks the settings. Returns the speed.
fn voice_settings(model: &Model, body: Fields<'_>) -> Result<f64, Refusal> {
    const PARAM: &str = "voice_settings";
    let Some(settings) = body.object(PARAM)? else { return Ok(1.0) };
    settings.bool("use_speaker_boost")?;
    if model.id == THIRD
        && let Some(stability) = settings.number("stability")?
        && ![0.0, 0.5, 1.0].contains(&stability)
    {
        let message = "Invalid TTD stability value. Must be one of: [0.0, 0.5, 1.0] (0.0 = Creative, 0.5 = Natural, 1.0 = Robust)";
        return Err(Refusal::bad("invalid_ttd_stability", PARAM, message));
    }
    for name in ["stability", "similarity_boost", "style", "clone_strength"] {
        if settings.number(name)?.is_some_and(|value| !(0.0..=1.0).contains(&value)) {
            let message = format!("Invalid setting for {name} received, expected to be between 0.0 and 1.0");
            return Err(Refusal::bad("invalid_voice_settings", PARAM, message));
        }
    }
    let speed = settings.number("speed")?.unwrap_or(1.0);
    if !(0.7..=1.2).contains(&speed) {
        let message = format!(
            "Invalid setting for speed received, expected to be between 0.7 and 1.2, received {speed}"
        );
        return Err(Refusal::bad("invalid_voice_settings", PARAM, message));
    }
    // On v3 the speed belongs to audio tags; the setting does nothing.
    Ok(if model.id == THIRD { 1.0 } else { speed })
}

/// Effects that make stereo do not go with formats of one channel.
fn effects(shape: Shape, body: Fields<'_>) -> Result<(), Refusal> {
    const PARAM: &str = "audio_effects";
    let Some(effects) = body.object(PARAM)? else { return Ok(()) };
    let pan = effects.number("pan")?.unwrap_or(0.0);
    let level = effects.number("send_level")?.unwrap_or(0.0);
    let distance = effects.number("distance")?.unwrap_or(0.0);
    if !(-1.0..=1.0).contains(&pan) || !(0.0..=1.0).contains(&level) || !(0.0..=1.0).contains(&distance) {
        return Err(Refusal::schema(vec!["body", PARAM], "less_than_equal", "Input is out of range"));
    }
    let stereo = pan != 0.0 || (level > 0.0 && effects.text("environment_id")?.is_some());
    let one_channel = matches!(shape, Shape::Pcm { .. } | Shape::MuLaw | Shape::ALaw);
    if stereo && one_channel {
        let message = "Reverb and pan are not available for this output format";
        return Err(Refusal::bad("invalid_parameters", PARAM, message));
    }
    Ok(())
}

/// How audio of this format is written.
fn shape(format: &str) -> Result<Shape, Refusal> {
    const RATES: [u32; 7] = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
    const MP3: [&str; 7] =
        ["22050_32", "24000_48", "44100_32", "44100_64", "44100_96", "44100_128", "44100_192"];
    let (codec, rest) = format.split_once('_').unwrap_or((format, ""));
    let rate = rest.parse().ok().filter(|rate| RATES.contains(rate));
    match (codec, rate) {
        ("mp3", _) if MP3.contains(&rest) => Ok(Shape::Mp3),
        ("pcm", Some(rate)) => Ok(Shape::Pcm { rate }),
        ("wav", Some(rate)) => Ok(Shape::Wav { rate }),
        ("ulaw", Some(8000)) => Ok(Shape::MuLaw),
        ("alaw", Some(8000)) => Ok(Shape::ALaw),
        // A format of the vendor that nothing here can write.
        ("opus", _) => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "feature_not_available",
            format!("The output format {format} is not available for this account"),
        )),
        _ => {
            let message = format!("The output format {format} is not valid");
            Err(Refusal::bad("invalid_output_format", "output_format", message))
        }
    }
}
