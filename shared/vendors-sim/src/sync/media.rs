//! What an order is made of: one clip or picture, and who is heard.

use super::body::Body;
use super::check::address;
use super::models::Model;
use super::options::between;
use super::wire::{Refusal, Thing};
use crate::fields::Fields;
use crate::inputs::{self, Input, Visit};
use media::{Format, Kind};
use serde_json::Value;

/// Characters of a script, at most, and about as many as are spoken in a second.
const MOST_SCRIPT: usize = 5000;
const SCRIPT_A_SECOND: f64 = 15.0;
/// Seconds of a recording, at most, and of anything in this account's plan.
const MOST_RECORDING: f64 = 300.0;
const MOST_OF_PLAN: f64 = 1800.0;
/// Pixels of a clip, at most.
const MOST_WIDE: u32 = 4096;
const MOST_HIGH: u32 = 2160;
/// Of what was not seen.
const USUAL_SECONDS: f64 = 4.0;
const USUAL_SIZE: (u32, u32) = (640, 360);

/// Everything that was sent, all checked.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) visual: Visual,
    pub(super) voices: Vec<Voice>,
    /// Where the files are.
    pub(super) addresses: Vec<String>,
}

/// A clip or a picture.
#[derive(Debug)]
pub(super) struct Visual {
    pub(super) is_picture: bool,
    /// Of a clip.
    pub(super) seconds: f64,
    pub(super) size: (u32, u32),
}

/// A recording or a script.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) ref_id: Option<String>,
    pub(super) seconds: f64,
    pub(super) script: Option<String>,
}

/// Checks what a generation is to be made of.
pub(super) async fn seen(model: &Model, items: &[Value], body: &Body) -> Result<Seen, Refusal> {
    let (mut visual, mut voices, mut addresses) = (None, Vec::new(), Vec::new());
    for (number, item) in items.iter().enumerate() {
        let item = Fields(
            item.as_object().ok_or_else(|| Refusal::bad([format!("input.{number} must be an object")]))?,
        );
        let ref_id = item.text("refId")?.map(str::to_owned);
        match item.text("type")? {
            Some("video" | "image") if visual.is_some() => return Err(Refusal::too_many_visual()),
            Some("video") => {
                let url = address(item, number)?;
                visual = Some(clip(model, file(url, body.clip, Thing::Clip).await?)?);
                addresses.push(url.to_owned());
            }
            Some("image") => {
                let url = address(item, number)?;
                visual = Some(picture(model, file(url, None, Thing::Picture).await?)?);
                addresses.push(url.to_owned());
            }
            Some("audio") => {
                let url = address(item, number)?;
                let seconds = recording(model, file(url, body.recording, Thing::Recording).await?)?;
                voices.push(Voice { ref_id, seconds, script: None });
                addresses.push(url.to_owned());
            }
            Some("text") => voices.push(script(item, ref_id, number)?),
            _ => {
                let list = "video, image, audio, text";
                return Err(Refusal::bad([format!(
                    "input.{number}.type must be one of the following values: {list}"
                )]));
            }
        }
    }
    let visual = visual.ok_or_else(|| Refusal::invalid_input("There must be a video or an image input."))?;
    if voices.is_empty() {
        return Err(Refusal::invalid_input("There must be an audio or a text input."));
    }
    Ok(Seen { visual, voices, addresses })
}

/// Fetches a file, unless it came along.
async fn file(url: &str, sent: Option<Input>, thing: Thing) -> Result<Input, Refusal> {
    match sent {
        Some(file) => Ok(file),
        None => inputs::visit(url, Visit::Get).await.map_err(|_| Refusal::inaccessible(thing)),
    }
}

fn clip(model: &Model, file: Input) -> Result<Visual, Refusal> {
    if !file.may_be(Kind::Video) {
        return Err(Refusal::unreadable(Thing::Clip));
    }
    let seconds = file.seconds().unwrap_or(USUAL_SECONDS);
    Ok(Visual { is_picture: false, seconds: within(model, seconds)?, size: size(file)? })
}

fn picture(model: &Model, file: Input) -> Result<Visual, Refusal> {
    if !model.takes_pictures {
        return Err(Refusal::invalid_input("Image inputs are only supported with the sync-3 model."));
    }
    if let Input::Bytes { format, .. } = file
        && !matches!(format, Some(Format::Png | Format::Jpeg | Format::Webp))
    {
        return Err(Refusal::unreadable(Thing::Picture));
    }
    Ok(Visual { is_picture: true, seconds: 0.0, size: size(file)? })
}

/// Seconds of a recording. A clip with sound is one as well.
fn recording(model: &Model, file: Input) -> Result<f64, Refusal> {
    if !file.may_be(Kind::Audio) && !file.may_be(Kind::Video) {
        return Err(Refusal::unreadable(Thing::Recording));
    }
    let seconds = file.seconds().unwrap_or(USUAL_SECONDS);
    if seconds > MOST_RECORDING {
        return Err(Refusal::recording_too_long());
    }
    within(model, seconds)
}

fn within(model: &Model, seconds: f64) -> Result<f64, Refusal> {
    if model.most_seconds.is_some_and(|most| seconds > most) {
        return Err(Refusal::too_long_for_model());
    }
    if seconds > MOST_OF_PLAN { Err(Refusal::too_long_for_plan()) } else { Ok(seconds) }
}

fn size(file: Input) -> Result<(u32, u32), Refusal> {
    let (width, height) = file.size().unwrap_or(USUAL_SIZE);
    if width.max(height) > MOST_WIDE || width.min(height) > MOST_HIGH {
        return Err(Refusal::resolution());
    }
    Ok((width, height))
}

fn script(item: Fields<'_>, ref_id: Option<String>, number: usize) -> Result<Voice, Refusal> {
    let path = format!("input.{number}.provider");
    let empty = |field: &str| Refusal::bad([format!("{path}.{field} should not be empty")]);
    let provider =
        item.object("provider")?.ok_or_else(|| Refusal::bad([format!("{path} should not be empty")]))?;
    if provider.text("name")? != Some("elevenlabs") {
        return Err(Refusal::bad([format!("{path}.name must be one of the following values: elevenlabs")]));
    }
    let voice = provider.text("voiceId")?.filter(|id| !id.is_empty()).ok_or_else(|| empty("voiceId"))?;
    let script = provider.text("script")?.filter(|text| !text.trim().is_empty());
    let script = script.ok_or_else(|| empty("script"))?;
    between(provider, "stability", &format!("{path}.stability"))?;
    between(provider, "similarityBoost", &format!("{path}.similarityBoost"))?;
    let length = script.chars().count();
    if length > MOST_SCRIPT {
        return Err(Refusal::script_too_long());
    }
    if !is_voice(voice) {
        return Err(Refusal::no_such_voice());
    }
    let seconds = (length as f64 / SCRIPT_A_SECOND).max(1.0);
    Ok(Voice { ref_id, seconds, script: Some(script.to_owned()) })
}

/// Voices of ElevenLabs have ids of twenty letters and digits, those that the account made have ids like everything else.
fn is_voice(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    match id.len() {
        20 => id.bytes().all(plain),
        36 => id.bytes().all(|byte| plain(byte) || byte == b'-'),
        _ => false,
    }
}
