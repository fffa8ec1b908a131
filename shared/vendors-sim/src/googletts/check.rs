//! What Text-to-Speech refuses in an order. Fields that it does not know are refused, too.

use super::voices::{self, Voice};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::tasks;
use crate::works::{Shape, Work};
use serde_json::{Map, Value};

/// Bytes of a text, at most.
const MOST_BYTES: usize = 5000;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    text: String,
    voice: Voice,
    speed: f64,
    shape: Shape,
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.text
    }

    fn works(&self) -> Vec<Work> {
        vec![Work::Voice {
            text: self.text.clone(),
            voice: self.voice.name.clone(),
            speed_percent: (self.speed * 100.0).round() as u32,
            shape: self.shape,
        }]
    }

    fn seconds(&self) -> f64 {
        0.3
    }

    fn limits(&self) -> &'static [&'static str] {
        &["googletts_active"]
    }
}

/// Reads an order.
pub(super) fn order(body: &[u8]) -> Result<Order, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::invalid("Invalid JSON payload received."));
    };
    known(&body, &["input", "voice", "audioConfig", "advancedVoiceOptions"])?;
    let empty = Map::new();
    let part = |name| Ok::<_, Refusal>(Fields(&body).object(name)?.unwrap_or(Fields(&empty)));
    let text = text(part("input")?)?;
    let voice = voice(part("voice")?)?;
    let (speed, shape) = audio(part("audioConfig")?, &voice)?;
    Ok(Order { text, voice, speed, shape })
}

fn known(map: &Map<String, Value>, fields: &[&str]) -> Result<(), Refusal> {
    match map.keys().find(|name| !fields.contains(&name.as_str())) {
        Some(name) => Err(Refusal::invalid(format!(
            "Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
        ))),
        None => Ok(()),
    }
}

fn text(input: Fields<'_>) -> Result<String, Refusal> {
    known(input.0, &["text", "ssml", "markup", "prompt", "customPronunciations"])?;
    let told = [input.text("text")?, input.text("ssml")?, input.text("markup")?];
    let mut given = told.iter().flatten();
    let (Some(text), None) = (given.next(), given.next()) else {
        return Err(Refusal::invalid("Exactly one of `text`, `ssml`, `markup` must be set in `input`."));
    };
    if text.len() > MOST_BYTES {
        return Err(Refusal::invalid(
            "Either `input.text` or `input.ssml` is longer than the limit of 5000 bytes.",
        ));
    }
    if text.trim().is_empty() {
        return Err(Refusal::invalid("`input.text` must not be empty."));
    }
    if input.value("ssml").is_some() && !is_well_formed(text) {
        return Err(Refusal::invalid("Invalid SSML. Newer voices like Neural2 require valid SSML."));
    }
    Ok((*text).to_owned())
}

/// Whether every tag is closed in its order, inside of `<speak>`.
fn is_well_formed(ssml: &str) -> bool {
    let (ssml, mut open) = (ssml.trim(), Vec::new());
    let mut rest = ssml;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((tag, after)) = after.split_once('>') else { return false };
        rest = after;
        let name = |tag: &str| tag.split_whitespace().next().unwrap_or_default().to_owned();
        if let Some(closed) = tag.strip_prefix('/') {
            if open.pop() != Some(name(closed)) || (open.is_empty() && !rest.is_empty()) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(name(tag));
        }
    }
    ssml.starts_with("<speak") && open.is_empty() && rest.is_empty()
}

fn voice(voice: Fields<'_>) -> Result<Voice, Refusal> {
    known(voice.0, &["languageCode", "name", "ssmlGender"])?;
    let language = voice.text("languageCode")?.filter(|code| !code.is_empty());
    let language = language.ok_or_else(|| Refusal::invalid("`voice.language_code` is required."))?;
    if voice.text("ssmlGender")?.is_some_and(|sex| sex == "NEUTRAL") {
        return Err(Refusal::invalid("Gender neutral voices are not supported."));
    }
    let found = match voice.text("name")?.filter(|name| !name.is_empty()) {
        Some(name) => voices::find(name)
            .ok_or_else(|| Refusal::invalid(format!("Voice '{name}' does not exist. Is it misspelled?")))?,
        None => voices::any(language)
            .ok_or_else(|| Refusal::invalid(format!("No voice speaks the language code '{language}'.")))?,
    };
    if !voices::speaks(&found, language) {
        let message = format!(
            "Requested language code '{language}' doesn't match the voice '{}''s language code '{}'.",
            found.name, found.language
        );
        return Err(Refusal::invalid(message));
    }
    Ok(found)
}

fn audio(audio: Fields<'_>, voice: &Voice) -> Result<(f64, Shape), Refusal> {
    const FIELDS: [&str; 6] =
        ["audioEncoding", "speakingRate", "pitch", "volumeGainDb", "sampleRateHertz", "effectsProfileId"];
    known(audio.0, &FIELDS)?;
    let number = |field: &'static str, least: f64, most: f64| match audio.number(field)? {
        Some(number) if !(least..=most).contains(&number) => {
            Err(Refusal::invalid(format!("`audio_config.{field}` is out of range: {least} to {most}.")))
        }
        number => Ok(number),
    };
    let speed = number("speakingRate", 0.25, 2.0)?.unwrap_or(1.0);
    let pitch = number("pitch", -20.0, 20.0)?;
    number("volumeGainDb", -96.0, 16.0)?;
    if pitch.is_some_and(|pitch| pitch != 0.0) && ["Chirp3-HD", "Studio"].contains(&voice.family) {
        return Err(Refusal::invalid("This voice does not support pitch parameters at this time."));
    }
    let rate = audio.whole("sampleRateHertz")?.unwrap_or(24_000);
    let rate = u32::try_from(rate).ok().filter(|rate| (8000..=48_000).contains(rate));
    let rate = rate.ok_or_else(|| Refusal::invalid("`audio_config.sample_rate_hertz` is not supported."))?;
    let shape = match audio.text("audioEncoding")? {
        Some("MP3") => Shape::Mp3,
        Some("LINEAR16") => Shape::Wav { rate },
        Some("PCM") => Shape::Pcm { rate },
        Some("OGG_OPUS") => Shape::Opus,
        // Formats of the vendor that nothing here can write are refused with those that there aren't.
        _ => return Err(Refusal::invalid("`audio_config.audio_encoding` must be set to a supported value.")),
    };
    Ok((speed, shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssml_has_to_be_well_formed() {
        for good in ["<speak>a</speak>", "<speak a=\"b\">a<break time=\"1s\"/><p>b</p></speak>\n"] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "<speak>",
            "<speak>a</p>",
            "<p>a</p>",
            "<speak>a</speak>b",
            "<speak",
            "<speak><p></speak></p>",
        ] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
