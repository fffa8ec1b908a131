//! What HeyGen refuses in an order. Fields that it does not know it leaves alone.

use super::order::Order;
use super::people::{self, Look};
use super::sent;
use super::voices;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input};
use crate::uploads::Uploads;
use serde_json::Value;

/// Characters of a script, at most.
const MOST_SCRIPT: usize = 5000;
const RATIOS: [&str; 6] = ["16:9", "9:16", "4:5", "5:4", "1:1", "auto"];
/// Words that `engine_settings` may name.
const VOICE_ENGINES: [&str; 3] = ["elevenlabs", "fish", "starfish"];

/// Who speaks.
struct Person {
    look: Option<&'static Look>,
    picture: Option<Input>,
    engine: &'static str,
}

impl Person {
    fn is_photo(&self) -> bool {
        self.look.is_none_or(Look::is_photo)
    }
}

/// Reads an order.
pub(super) fn order(uploads: &Uploads, key: Option<String>, body: &[u8]) -> Result<Order, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::bad("the body is no JSON object"));
    };
    let body = Fields(&body);
    let person = person(uploads, body)?;
    let recording = sent::recording(uploads, body)?;
    let script = script(&person, recording.is_some(), body)?;
    voice_settings(body)?;
    let resolution = one_of(body, "resolution", &["720p", "1080p", "4k"])?.unwrap_or("1080p");
    let ratio = ratio(&person, one_of(body, "aspect_ratio", &RATIOS)?.unwrap_or("16:9"));
    one_of(body, "fit", &["cover", "contain"])?;
    let format = one_of(body, "output_format", &["mp4", "webm"])?.unwrap_or("mp4");
    background(uploads, &person, format, body)?;
    let motion = motion(&person, body)?;
    expressiveness(&person, body)?;
    if let Some(caption) = body.object("caption")? {
        one_of(caption, "file_format", &["srt"])?.ok_or_else(|| Refusal::lacking("caption.file_format"))?;
    }
    let title = body.text("title")?;
    // Words for faults are looked for in what there is.
    let prompt = script.or(motion).or(title).unwrap_or_default();
    Ok(Order {
        key,
        title: title.map(str::to_owned),
        prompt: prompt.to_owned(),
        recorded: recording.map(|recording| recording.seconds().unwrap_or(3.0)),
        engine: person.engine,
        photo: person.is_photo(),
        resolution,
        ratio,
        format,
        callback_url: callback(body)?,
        callback_id: body.text("callback_id")?.map(str::to_owned),
    })
}

/// A text that has to be one of the allowed.
fn one_of(
    body: Fields<'_>,
    field: &'static str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = body.text(field)? else { return Ok(None) };
    let known = allowed.iter().find(|value| **value == given).copied();
    let why = || format!("must be one of {}", allowed.join(", "));
    known.map(Some).ok_or_else(|| Refusal::invalid(field, &why()))
}

fn person(uploads: &Uploads, body: Fields<'_>) -> Result<Person, Refusal> {
    match body.text("type")?.ok_or_else(|| Refusal::lacking("type"))? {
        "avatar" => {
            let id = body.text("avatar_id")?.ok_or_else(|| Refusal::lacking("avatar_id"))?;
            let (_, look) = people::find(id).ok_or_else(|| Refusal::no_such_avatar("avatar_id"))?;
            Ok(Person { look: Some(look), picture: None, engine: engine(look, body)? })
        }
        "image" => {
            let picture = sent::picture(uploads, body)?;
            Ok(Person { look: None, picture: Some(picture), engine: "avatar_iv" })
        }
        "cinematic_avatar" | "studio" => Err(Refusal::invalid("type", "is not simulated")),
        _ => Err(Refusal::invalid("type", "must be one of avatar, image, cinematic_avatar, studio")),
    }
}

fn engine(look: &Look, body: Fields<'_>) -> Result<&'static str, Refusal> {
    let Some(engine) = body.object("engine")? else { return Ok("avatar_iv") };
    let known = ["avatar_iii", "avatar_iv", "avatar_v"];
    let kind = one_of(engine, "type", &known)?.ok_or_else(|| Refusal::lacking("engine.type"))?;
    if let Some(id) = engine.text("reference_look_id")? {
        if kind != "avatar_v" {
            return Err(Refusal::invalid("engine", "only avatar_v takes a reference_look_id"));
        }
        people::find(id).ok_or_else(|| Refusal::no_such_avatar("engine"))?;
    }
    if look.engines.contains(&kind) {
        Ok(kind)
    } else {
        Err(Refusal::invalid("engine", "is not supported by this avatar"))
    }
}

/// The words to be spoken, unless a recording is.
fn script<'body>(
    person: &Person,
    recorded: bool,
    body: Fields<'body>,
) -> Result<Option<&'body str>, Refusal> {
    let voice = body.text("voice_id")?;
    if let Some(id) = voice {
        voices::find(id).ok_or_else(|| Refusal::no_such_voice("voice_id"))?;
    }
    match body.text("script")? {
        Some(_) if recorded => Err(Refusal::bad("script and audio exclude each other")),
        None if recorded => Ok(None),
        None => Err(Refusal::lacking("script")),
        Some(script) if !(1..=MOST_SCRIPT).contains(&script.chars().count()) => {
            Err(Refusal::invalid("script", "has no or too many characters"))
        }
        Some(_) if voice.is_none() && person.look.is_none_or(|look| look.voice.is_none()) => {
            Err(Refusal::lacking("voice_id"))
        }
        script => Ok(script),
    }
}

fn voice_settings(body: Fields<'_>) -> Result<(), Refusal> {
    let Some(settings) = body.object("voice_settings")? else { return Ok(()) };
    for (field, least, most) in [("speed", 0.5, 1.5), ("pitch", -50.0, 50.0), ("volume", 0.0, 1.0)] {
        if settings.number(field)?.is_some_and(|number| !(least..=most).contains(&number)) {
            return Err(Refusal::invalid(field, &format!("must be from {least} to {most}")));
        }
    }
    settings.text("locale")?;
    if let Some(engine) = settings.object("engine_settings")? {
        one_of(engine, "engine_type", &VOICE_ENGINES)?.ok_or_else(|| Refusal::lacking("engine_type"))?;
    }
    Ok(())
}

/// Width to height; that of the picture, where it is to decide and was seen.
fn ratio(person: &Person, word: &str) -> f64 {
    match word.split_once(':') {
        Some((width, height)) => {
            let number = |text: &str| text.parse::<f64>().unwrap_or(1.0);
            number(width) / number(height)
        }
        None => {
            let size = person.picture.and_then(|picture| picture.size());
            let own = size.map(|(width, height)| f64::from(width) / f64::from(height.max(1)));
            own.unwrap_or(if person.is_photo() { 9.0 / 16.0 } else { 16.0 / 9.0 }).clamp(0.25, 4.0)
        }
    }
}

/// A transparent video has nothing behind the person; and who is not told from what is behind keeps it.
fn background(uploads: &Uploads, person: &Person, format: &str, body: Fields<'_>) -> Result<(), Refusal> {
    let given = sent::background(uploads, body)?;
    if given && format == "webm" {
        return Err(Refusal::invalid("background", "does not go with webm"));
    }
    let removed = body.bool("remove_background")?.unwrap_or(false);
    if removed && person.look.is_some_and(|look| !look.matted) {
        return Err(Refusal::invalid("remove_background", "needs an avatar that was trained with matting"));
    }
    Ok(())
}

/// How the person moves. Only what was made of a photo can be told so by the fourth engine, everybody by the fifth, and
/// nobody by the third.
fn motion<'body>(person: &Person, body: Fields<'body>) -> Result<Option<&'body str>, Refusal> {
    let motion = body.text("motion_prompt")?;
    let heard = person.engine == "avatar_v" || (person.engine == "avatar_iv" && person.is_photo());
    if motion.is_some() && !heard {
        return Err(Refusal::invalid("motion_prompt", "is not supported by this avatar and engine"));
    }
    Ok(motion)
}

fn expressiveness(person: &Person, body: Fields<'_>) -> Result<(), Refusal> {
    let given = one_of(body, "expressiveness", &["low", "medium", "high"])?.is_some();
    if given && !(person.is_photo() && person.engine == "avatar_iv") {
        return Err(Refusal::invalid("expressiveness", "is for photos with avatar_iv alone"));
    }
    Ok(())
}

fn callback(body: Fields<'_>) -> Result<Option<String>, Refusal> {
    match body.text("callback_url")?.filter(|url| !url.is_empty()) {
        Some(url) if !inputs::is_address(url) => Err(Refusal::invalid("callback_url", "is no address")),
        url => Ok(url.map(str::to_owned)),
    }
}
