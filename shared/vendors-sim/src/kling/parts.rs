//! The rarer parts of an order: shots, camera, brushes, elements and voices.

use super::check::{invalid, picture};
use super::models::Model;
use super::order::{Family, Mode};
use super::wire::Refusal;
use crate::fields::{self, Fields};
use serde_json::Value;

/// Characters of the prompt of one shot, at most.
const MOST_SHOT_PROMPT: usize = 512;
/// Shots of a clip, at most.
const MOST_SHOTS: usize = 6;

/// Checks shots. Returns their prompts if they take the place of the main prompt.
pub(super) fn shots(model: &Model, seconds: u32, body: Fields<'_>) -> Result<Option<String>, Refusal> {
    if body.bool("multi_shot")? != Some(true) {
        return Ok(None);
    }
    if !model.third {
        return Err(Refusal::parameter(format!("multi_shot is not supported by {}", model.id)));
    }
    match body.text("shot_type")?.unwrap_or_default() {
        "customize" => {}
        "intelligence" => return Ok(None),
        other => return Err(invalid("shot_type", other)),
    }
    let shots = body.list("multi_prompt")?.unwrap_or_default();
    if shots.is_empty() || shots.len() > MOST_SHOTS {
        return Err(Refusal::parameter("multi_prompt must have 1 to 6 shots"));
    }
    let mut prompts = Vec::new();
    let mut sum = 0;
    for shot in shots {
        let shot = object("multi_prompt", shot)?;
        shot.whole("index")?.ok_or_else(|| Refusal::parameter("multi_prompt needs index"))?;
        let prompt = shot.text("prompt")?.unwrap_or_default();
        if prompt.is_empty() || prompt.chars().count() > MOST_SHOT_PROMPT {
            return Err(Refusal::parameter("multi_prompt needs prompts of 1 to 512 characters"));
        }
        let duration = shot.text("duration")?.unwrap_or_default();
        sum += duration.parse::<u32>().map_err(|_| invalid("multi_prompt duration", duration))?;
        prompts.push(prompt);
    }
    if sum != seconds {
        return Err(Refusal::parameter("the durations of multi_prompt must sum up to duration"));
    }
    Ok(Some(prompts.join(" ")))
}

/// Checks the movement of the camera: one model of each family has it, for 5 seconds.
pub(super) fn camera(
    family: Family,
    model: &Model,
    mode: Mode,
    seconds: u32,
    body: Fields<'_>,
) -> Result<(), Refusal> {
    const MOVES: [&str; 4] = ["down_back", "forward_up", "right_turn_forward", "left_turn_forward"];
    let Some(control) = body.object("camera_control")? else { return Ok(()) };
    let able = match family {
        Family::Text => model.id == "kling-v1" && mode == Mode::Std && seconds == 5,
        _ => model.id == "kling-v1-5" && mode == Mode::Pro && seconds == 5,
    };
    if !able {
        return Err(Refusal::parameter(format!("camera_control is not supported by {} here", model.id)));
    }
    let kind = control.text("type")?.unwrap_or_default();
    let config = control.object("config")?;
    if kind == "simple" {
        return simple_move(config.ok_or_else(|| Refusal::parameter("camera_control.config is required"))?);
    }
    if family == Family::Image || !MOVES.contains(&kind) {
        return Err(invalid("camera_control.type", kind));
    }
    match config {
        Some(_) => Err(Refusal::parameter("camera_control.config must be empty for this type")),
        None => Ok(()),
    }
}

fn simple_move(config: Fields<'_>) -> Result<(), Refusal> {
    let mut moving = 0;
    for axis in ["horizontal", "vertical", "pan", "tilt", "roll", "zoom"] {
        let value = config.number(axis)?.unwrap_or(0.0);
        if !(-10.0..=10.0).contains(&value) {
            return Err(invalid(axis, &value.to_string()));
        }
        moving += usize::from(value != 0.0);
    }
    if moving != 1 {
        return Err(Refusal::parameter("exactly one value of camera_control.config must not be 0"));
    }
    Ok(())
}

/// Checks motion brushes: v1 and v1-5 have them, for 5 seconds.
pub(super) fn brushes(model: &Model, mode: Mode, seconds: u32, body: Fields<'_>) -> Result<(), Refusal> {
    let still = picture("static_mask", body)?;
    let moving = body.list("dynamic_masks")?.unwrap_or_default();
    if still.is_none() && moving.is_empty() {
        return Ok(());
    }
    let able = seconds == 5 && (model.id == "kling-v1" || (model.id == "kling-v1-5" && mode == Mode::Pro));
    if !able {
        return Err(Refusal::parameter(format!("motion brush is not supported by {} here", model.id)));
    }
    if moving.len() > 6 {
        return Err(Refusal::parameter("dynamic_masks must be no more than 6"));
    }
    for brush in moving {
        let brush = object("dynamic_masks", brush)?;
        picture("mask", brush)?.ok_or_else(|| Refusal::parameter("dynamic_masks needs mask"))?;
        let points = brush.list("trajectories")?.unwrap_or_default();
        if !(2..=77).contains(&points.len()) {
            return Err(Refusal::parameter("trajectories must have 2 to 77 points"));
        }
        for point in points {
            let point = object("trajectories", point)?;
            if point.whole("x")?.is_none() || point.whole("y")?.is_none() {
                return Err(Refusal::parameter("trajectories needs x and y"));
            }
        }
    }
    Ok(())
}

/// Checks elements and voices, which exclude each other.
pub(super) fn elements_and_voices(model: &Model, sound: bool, body: Fields<'_>) -> Result<(), Refusal> {
    let elements = body.list("element_list")?.unwrap_or_default();
    let voices = body.list("voice_list")?.unwrap_or_default();
    if !elements.is_empty() && !voices.is_empty() {
        return Err(Refusal::parameter("element_list can not be used together with voice_list"));
    }
    if !elements.is_empty() && !model.third {
        return Err(Refusal::parameter(format!("element_list is not supported by {}", model.id)));
    }
    if elements.len() > 3 || voices.len() > 2 {
        return Err(Refusal::parameter("element_list takes up to 3 elements, voice_list up to 2 voices"));
    }
    if !voices.is_empty() && !sound {
        return Err(Refusal::parameter("voice_list needs sound on"));
    }
    for element in elements {
        let id = object("element_list", element)?.value("element_id").and_then(fields::whole);
        id.ok_or_else(|| Refusal::parameter("element_id must be of type int"))?;
    }
    for voice in voices {
        let id = object("voice_list", voice)?.text("voice_id")?;
        id.ok_or_else(|| Refusal::parameter("voice_list needs voice_id"))?;
    }
    Ok(())
}

fn object<'body>(field: &'static str, value: &'body Value) -> Result<Fields<'body>, Refusal> {
    value.as_object().map(Fields).ok_or_else(|| Refusal::parameter(format!("{field} must hold objects")))
}
