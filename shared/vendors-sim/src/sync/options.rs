//! Options of an order. Those that a model does not have are ignored, as long as they have a value that any could have.

use super::wire::Refusal;
use crate::fields::Fields;
use serde_json::Value;

/// What options change of the clip.
#[derive(Debug)]
pub(super) struct Wishes {
    pub(super) sync_mode: &'static str,
}

const SYNC_MODES: [&str; 5] = ["bounce", "loop", "cut_off", "silence", "remap"];
const MODEL_MODES: [&str; 3] = ["lips", "face", "head"];
const EMOTIONS: [&str; 6] = ["happy", "sad", "angry", "disgusted", "surprised", "neutral"];

/// Reads the options.
pub(super) fn read(options: Option<Fields<'_>>, of_a_picture: bool) -> Result<Wishes, Refusal> {
    let mut wishes = Wishes { sync_mode: "bounce" };
    let Some(options) = options else { return Ok(wishes) };
    wishes.sync_mode = one_of(options, "sync_mode", &SYNC_MODES)?.unwrap_or(wishes.sync_mode);
    one_of(options, "model_mode", &MODEL_MODES)?;
    one_of(options, "prompt", &EMOTIONS)?;
    between(options, "temperature", "options.temperature")?;
    options.bool("occlusion_detection_enabled")?;
    if let Some(speaker) = options.object("active_speaker_detection")? {
        active_speaker(speaker, of_a_picture)?;
    }
    Ok(wishes)
}

/// A number from 0 to 1.
pub(super) fn between(fields: Fields<'_>, name: &'static str, path: &str) -> Result<(), Refusal> {
    match fields.number(name)? {
        Some(number) if !(0.0..=1.0).contains(&number) => {
            Err(Refusal::bad([format!("{path} must not be less than 0 or greater than 1")]))
        }
        _ => Ok(()),
    }
}

fn one_of(
    options: Fields<'_>,
    name: &'static str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = options.text(name)? else { return Ok(None) };
    let known = allowed.iter().find(|value| **value == given).copied();
    let refuse = || {
        let list = allowed.join(", ");
        Refusal::bad([format!("options.{name} must be one of the following values: {list}")])
    };
    known.map(Some).ok_or_else(refuse)
}

/// Whose lips move: found by the vendor, by a point of one frame, or by a box for each.
fn active_speaker(speaker: Fields<'_>, of_a_picture: bool) -> Result<(), Refusal> {
    let numbers = |value: &Value, count: usize| {
        value.as_array().is_some_and(|list| list.len() == count && list.iter().all(Value::is_number))
    };
    if speaker.bool("auto_detect")?.unwrap_or(false) && of_a_picture {
        return Err(Refusal::face("A picture has no active speaker to be detected."));
    }
    let frame = speaker.whole("frame_number")?;
    let point = speaker.value("coordinates");
    if frame.is_some() != point.is_some() || frame.is_some_and(|frame| frame < 0) {
        return Err(Refusal::face("frame_number and coordinates belong together."));
    }
    if point.is_some_and(|point| !numbers(point, 2)) {
        return Err(Refusal::face("coordinates must be two numbers."));
    }
    let boxes = speaker.list("bounding_boxes")?.unwrap_or_default();
    if boxes.iter().any(|each| !each.is_null() && !numbers(each, 4)) {
        return Err(Refusal::face("bounding_boxes must be four numbers each, or null."));
    }
    Ok(())
}
