//! What Kling refuses in an order. Fields that it does not know are ignored, also `model`.

use super::models::{self, DEFAULT_MODEL, Model, Sound, Tail};
use super::order::{Family, Mode, Order};
use super::parts;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input};
use crate::random;
use media::Format;

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 2500;
/// Bytes of a picture, at most.
const MOST_PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Pixels of each side of a picture, at least.
const LEAST_SIDE: u32 = 300;
/// How much longer one side of a picture may be.
const MOST_RATIO: f64 = 2.5;
/// The form of a clip if nothing tells another.
const WIDE: f64 = 16.0 / 9.0;

/// Reads an order.
pub(super) fn order(family: Family, body: Fields<'_>) -> Result<Order, Refusal> {
    let model = model(family, body)?;
    let mode = mode(model, body)?;
    let seconds = seconds(model, body)?;
    let sound = sound(model, mode, body)?;
    negative_prompt(body)?;
    cfg_scale(body)?;
    let callback_url = callback_url(body)?;
    let shots = parts::shots(model, seconds, body)?;
    let prompt = prompt(family, shots, body)?;
    let ratio = match family {
        Family::Text => aspect_ratio(body)?,
        Family::Image => pictures(model, mode, seconds, sound, body)?,
    };
    parts::camera(family, model, mode, seconds, body)?;
    parts::brushes(model, mode, seconds, body)?;
    parts::elements_and_voices(model, sound, body)?;
    Ok(Order {
        family,
        model,
        mode,
        prompt,
        seconds,
        ratio,
        sound,
        watermark: watermark(body)?,
        external_id: body.text("external_task_id")?.filter(|id| !id.is_empty()).map(str::to_owned),
        video_id: random::uuid(),
        callback_url,
    })
}

pub(super) fn invalid(field: &str, value: &str) -> Refusal {
    Refusal::parameter(format!("{field} value '{value}' is invalid"))
}

fn model(family: Family, body: Fields<'_>) -> Result<&'static Model, Refusal> {
    let name = body.text("model_name")?.unwrap_or(DEFAULT_MODEL);
    match models::find(name) {
        Some(model) if family == Family::Image || model.text_to_video => Ok(model),
        Some(_) => Err(invalid("model_name", name)),
        None if models::is_elsewhere(name) => Err(invalid("model_name", name)),
        None => Err(Refusal::not_found(format!("model {name} is not found"))),
    }
}

fn mode(model: &Model, body: Fields<'_>) -> Result<Mode, Refusal> {
    match body.text("mode")?.unwrap_or("std") {
        "std" => Ok(Mode::Std),
        "pro" => Ok(Mode::Pro),
        "4k" if model.third => Ok(Mode::FourK),
        other => Err(invalid("mode", other)),
    }
}

/// The duration has to be text. A number is refused.
fn seconds(model: &Model, body: Fields<'_>) -> Result<u32, Refusal> {
    let text = body.text("duration")?.unwrap_or("5");
    let fits = |seconds: &u32| {
        seconds.to_string() == text
            && if model.third { (3..=15).contains(seconds) } else { [5, 10].contains(seconds) }
    };
    text.parse().ok().filter(fits).ok_or_else(|| invalid("duration", text))
}

fn sound(model: &Model, mode: Mode, body: Fields<'_>) -> Result<bool, Refusal> {
    let on = match body.text("sound")?.unwrap_or("off") {
        "on" => true,
        "off" => false,
        other => return Err(invalid("sound", other)),
    };
    let able = match model.sound {
        Sound::Never => false,
        Sound::Pro => mode == Mode::Pro,
        Sound::Always => true,
    };
    if on && !able {
        return Err(Refusal::parameter(format!("sound on is not supported by {} in this mode", model.id)));
    }
    Ok(on)
}

fn negative_prompt(body: Fields<'_>) -> Result<(), Refusal> {
    short_enough("negative_prompt", body.text("negative_prompt")?)
}

/// Models from v2 on ignore it, but a wrong one is refused for all.
fn cfg_scale(body: Fields<'_>) -> Result<(), Refusal> {
    match body.number("cfg_scale")? {
        Some(scale) if !(0.0..=1.0).contains(&scale) => Err(invalid("cfg_scale", &scale.to_string())),
        _ => Ok(()),
    }
}

fn callback_url(body: Fields<'_>) -> Result<Option<String>, Refusal> {
    match body.text("callback_url")?.filter(|url| !url.is_empty()) {
        Some(url) if !inputs::is_address(url) => Err(invalid("callback_url", url)),
        url => Ok(url.map(str::to_owned)),
    }
}

fn watermark(body: Fields<'_>) -> Result<bool, Refusal> {
    let Some(info) = body.object("watermark_info")? else { return Ok(false) };
    Ok(info.bool("enabled")?.unwrap_or(false))
}

fn prompt(family: Family, shots: Option<String>, body: Fields<'_>) -> Result<String, Refusal> {
    let prompt = body.text("prompt")?;
    short_enough("prompt", prompt)?;
    if let Some(shots) = shots {
        return Ok(shots);
    }
    match prompt {
        Some(prompt) if !prompt.trim().is_empty() => Ok(prompt.to_owned()),
        _ if family == Family::Image => Ok(String::new()),
        _ => Err(Refusal::parameter("prompt can not be empty")),
    }
}

fn short_enough(field: &str, text: Option<&str>) -> Result<(), Refusal> {
    match text {
        Some(text) if text.chars().count() > MOST_PROMPT => {
            Err(Refusal::parameter(format!("{field} must be no more than {MOST_PROMPT} characters")))
        }
        _ => Ok(()),
    }
}

fn aspect_ratio(body: Fields<'_>) -> Result<f64, Refusal> {
    match body.text("aspect_ratio")?.unwrap_or("16:9") {
        "16:9" => Ok(WIDE),
        "9:16" => Ok(1.0 / WIDE),
        "1:1" => Ok(1.0),
        other => Err(invalid("aspect_ratio", other)),
    }
}

/// Checks start and end frame. Returns the form of the clip, which is that of the picture if it can be seen.
fn pictures(model: &Model, mode: Mode, seconds: u32, sound: bool, body: Fields<'_>) -> Result<f64, Refusal> {
    let start = picture("image", body)?;
    let end = picture("image_tail", body)?;
    let Some(first) = start.or(end) else {
        return Err(Refusal::parameter("image and image_tail can not both be empty"));
    };
    if end.is_some() {
        let able = match model.tail {
            Tail::Never => false,
            Tail::FiveSeconds => seconds == 5,
            Tail::Pro => mode == Mode::Pro && !sound,
            Tail::Always => true,
        };
        if !able {
            return Err(Refusal::parameter(format!(
                "image_tail is not supported by {} with these parameters",
                model.id
            )));
        }
        if let Some(other) = ["static_mask", "dynamic_masks", "camera_control"]
            .into_iter()
            .find(|other| body.value(other).is_some())
        {
            return Err(Refusal::parameter(format!("image_tail can not be used together with {other}")));
        }
    }
    Ok(first.size().map_or(WIDE, |(width, height)| f64::from(width) / f64::from(height)))
}

pub(super) fn picture(field: &'static str, body: Fields<'_>) -> Result<Option<Input>, Refusal> {
    let Some(text) = body.text(field)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let Some(input) = inputs::input(text) else {
        return Err(Refusal::parameter(format!("{field} must be a URL or base64 without a prefix")));
    };
    if let Input::Bytes { length, format, .. } = input {
        if !matches!(format, Some(Format::Png | Format::Jpeg)) {
            return Err(Refusal::parameter(format!("{field} must be jpg or png")));
        }
        if length > MOST_PICTURE_BYTES {
            return Err(Refusal::parameter(format!("{field} must be no more than 10 MB")));
        }
    }
    if let Some((width, height)) = input.size() {
        let (short, long) = (width.min(height), width.max(height));
        if short < LEAST_SIDE || f64::from(long) > f64::from(short) * MOST_RATIO {
            return Err(Refusal::parameter(format!(
                "{field} has a size of {width}x{height}, which is not supported"
            )));
        }
    }
    Ok(Some(input))
}
