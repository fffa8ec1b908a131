//! What Kling refuses in an order. Fields that it does not know are ignored, also `model`.

use super::models::{self, DEFAULT_MODEL, Model, Sound, Tail};
use super::order::{self, Clip, Common, Family, Mode, Order};
use super::parts;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input};
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
pub(super) const WIDE: f64 = 16.0 / 9.0;

/// Reads an order for a clip from text, or from a picture.
pub(super) fn order(family: Family, body: Fields<'_>) -> Result<Order, Refusal> {
    let model = model(family, body)?;
    let mode = mode(model, "std", body)?;
    let seconds = seconds(model, body)?;
    let sound = sound(model, mode, body)?;
    negative_prompt(body)?;
    cfg_scale(body)?;
    let shots = parts::shots(model, seconds, body)?;
    let prompt = prompt(family, shots, body)?;
    let ratio = match family {
        Family::Text => aspect_ratio(body)?,
        _ => pictures(model, mode, seconds, sound, body)?,
    };
    parts::camera(family, model, mode, seconds, body)?;
    parts::brushes(model, mode, seconds, body)?;
    parts::elements_and_voices(model, sound, body)?;
    let [std, pro] = model.pixels;
    let [std_units, pro_units] = model.units;
    let (short, second) = match mode {
        Mode::Std => (std, std_units),
        Mode::Pro => (pro, pro_units),
        Mode::FourK => (2160, 3.0),
    };
    // Sound adds half, as the list prices do.
    let second = if sound { second * 1.5 } else { second };
    Ok(Order {
        family,
        prompt,
        clip: Clip { short, ratio, milliseconds: longer(seconds), sound },
        units: order::units(second, f64::from(seconds)),
        parent: None,
        common: common(body)?,
    })
}

/// How long a clip of so many seconds is: the vendor's are a little longer than ordered.
pub(super) fn longer(seconds: u32) -> u32 {
    seconds * 1000 + 100
}

/// What every order of the classic API may have.
pub(super) fn common(body: Fields<'_>) -> Result<Common, Refusal> {
    let callback_url = callback_url(body)?;
    Ok(Common::new(watermark(body)?, body.text("external_task_id")?, callback_url))
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

pub(super) fn mode(model: &Model, default: &'static str, body: Fields<'_>) -> Result<Mode, Refusal> {
    match body.text("mode")?.unwrap_or(default) {
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

pub(super) fn sound(model: &Model, mode: Mode, body: Fields<'_>) -> Result<bool, Refusal> {
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

pub(super) fn callback_url(body: Fields<'_>) -> Result<Option<String>, Refusal> {
    match body.text("callback_url")?.filter(|url| !url.is_empty()) {
        Some(url) if !inputs::is_address(url) => Err(invalid("callback_url", url)),
        url => Ok(url.map(str::to_owned)),
    }
}

pub(super) fn watermark(body: Fields<'_>) -> Result<bool, Refusal> {
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

pub(super) fn short_enough(field: &str, text: Option<&str>) -> Result<(), Refusal> {
    match text {
        Some(text) if text.chars().count() > MOST_PROMPT => {
            Err(Refusal::parameter(format!("{field} must be no more than {MOST_PROMPT} characters")))
        }
        _ => Ok(()),
    }
}

/// The form of a picture, if it can be seen.
pub(super) fn form(picture: Input) -> f64 {
    picture.size().map_or(WIDE, |(width, height)| f64::from(width) / f64::from(height))
}

pub(super) fn aspect_ratio(body: Fields<'_>) -> Result<f64, Refusal> {
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
    Ok(form(first))
}

pub(super) fn picture(field: &'static str, body: Fields<'_>) -> Result<Option<Input>, Refusal> {
    picture_within(field, MOST_PICTURE_BYTES, body)
}

/// The same with another limit of bytes.
pub(super) fn picture_within(
    field: &'static str,
    most_bytes: usize,
    body: Fields<'_>,
) -> Result<Option<Input>, Refusal> {
    let Some(text) = body.text(field)?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let Some(input) = inputs::input(text) else {
        return Err(Refusal::parameter(format!("{field} must be a URL or base64 without a prefix")));
    };
    if let Input::Bytes { length, format, .. } = input {
        if !matches!(format, Some(Format::Png | Format::Jpeg)) {
            return Err(Refusal::parameter(format!("{field} must be jpg or png")));
        }
        if length > most_bytes {
            let megabytes = most_bytes / 1024 / 1024;
            return Err(Refusal::parameter(format!("{field} must be no more than {megabytes} MB")));
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
