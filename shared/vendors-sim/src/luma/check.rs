//! What Dream Machine refuses in an order. Fields that it does not know are ignored.

use super::detail::Detail;
use super::order::{Order, Product};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Visit};
use crate::works;
use http::StatusCode;
use media::Kind;
use serde_json::{Map, Value, json};

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 5000;
const CLIP_MODELS: [&str; 2] = ["ray-2", "ray-flash-2"];
const PICTURE_MODELS: [&str; 2] = ["photon-1", "photon-flash-1"];
const RATIOS: [&str; 7] = ["1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21"];
/// With the pixels of the shorter side.
const RESOLUTIONS: [(&str, u32); 4] = [("540p", 540), ("720p", 720), ("1080p", 1080), ("4k", 2160)];
const DURATIONS: [&str; 2] = ["5s", "9s"];
/// The pixels of the shorter side of a picture.
const PICTURE_SIDE: u32 = 1080;
/// Movements that an order may name.
pub(super) const CONCEPTS: [&str; 1] = ["dolly_zoom"];

/// Reads an order for a clip. `is_clip` tells of an earlier task whether it can be gone on with.
pub(super) async fn clip(body: &[u8], is_clip: impl Fn(&str) -> bool + Send) -> Result<Order, Refusal> {
    let body = object(body)?;
    let fields = Fields(&body);
    let model = required_one_of(fields, "model", &CLIP_MODELS)?;
    one_of(fields, "generation_type", &["video"])?;
    let resolution = one_of(fields, "resolution", &RESOLUTIONS.map(|(name, _)| name))?.unwrap_or("720p");
    let duration = one_of(fields, "duration", &DURATIONS)?.unwrap_or("5s");
    let (width, height) = size(fields, short_side(resolution))?;
    fields.bool("loop")?;
    concepts(fields)?;
    let callback_url = callback(fields)?;
    let prompt = prompt(fields)?;
    let begins_with_something = keyframes(fields, is_clip).await?;
    if prompt.is_none() && !begins_with_something {
        return Err(Detail::missing(&["prompt"]).into());
    }
    Ok(Order {
        product: Product::Clip { seconds: if duration == "9s" { 9 } else { 5 } },
        model,
        prompt: prompt.unwrap_or_default().to_owned(),
        width,
        height,
        callback_url,
        request: echo(&body, "video"),
    })
}

/// Reads an order for a picture.
pub(super) fn picture(body: &[u8]) -> Result<Order, Refusal> {
    let body = object(body)?;
    let fields = Fields(&body);
    let model = required_one_of(fields, "model", &PICTURE_MODELS)?;
    one_of(fields, "generation_type", &["image"])?;
    let format = works::picture_format(one_of(fields, "format", &["jpg", "png"])?.unwrap_or("jpg"));
    let (width, height) = size(fields, PICTURE_SIDE)?;
    let callback_url = callback(fields)?;
    let prompt = prompt(fields)?.ok_or_else(|| Detail::missing(&["prompt"]))?.to_owned();
    let product = Product::Picture { format };
    Ok(Order { product, model, prompt, width, height, callback_url, request: echo(&body, "image") })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(other) => Err(Detail::field(&[], "model_type", "Input should be a valid object", &other).into()),
        Err(_) => Err(Detail::field(&[], "json_invalid", "JSON decode error", &json!({})).into()),
    }
}

fn echo(body: &Map<String, Value>, kind: &str) -> Map<String, Value> {
    let mut echo = body.clone();
    echo.insert("generation_type".into(), kind.into());
    echo
}

/// A text that has to be one of the allowed.
fn one_of(
    fields: Fields<'_>,
    field: &'static str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = fields.text(field)? else { return Ok(None) };
    match allowed.iter().find(|value| **value == given) {
        Some(known) => Ok(Some(known)),
        None => Err(Detail::none_of(&[field], given, allowed).into()),
    }
}

fn required_one_of(
    fields: Fields<'_>,
    field: &'static str,
    allowed: &[&'static str],
) -> Result<&'static str, Refusal> {
    one_of(fields, field, allowed)?.ok_or_else(|| Detail::missing(&[field]).into())
}

fn short_side(resolution: &str) -> u32 {
    RESOLUTIONS.iter().find(|(name, _)| *name == resolution).map_or(720, |(_, side)| *side)
}

fn size(fields: Fields<'_>, short: u32) -> Result<(u32, u32), Refusal> {
    let ratio = one_of(fields, "aspect_ratio", &RATIOS)?.unwrap_or("16:9");
    let sides = ratio
        .split_once(':')
        .and_then(|(width, height)| Some((width.parse::<f64>().ok()?, height.parse::<f64>().ok()?)));
    let (width, height) = sides.unwrap_or((16.0, 9.0));
    let long = (f64::from(short) * (width / height).max(height / width) / 2.0).round() as u32 * 2;
    Ok(if width >= height { (long, short) } else { (short, long) })
}

fn concepts(fields: Fields<'_>) -> Result<(), Refusal> {
    for concept in fields.list("concepts")?.unwrap_or_default() {
        match concept.get("key").and_then(Value::as_str) {
            Some(key) if CONCEPTS.contains(&key) => {}
            Some(key) => return Err(Detail::none_of(&["concepts", "key"], key, &CONCEPTS).into()),
            None => return Err(Detail::missing(&["concepts", "key"]).into()),
        }
    }
    Ok(())
}

fn callback(fields: Fields<'_>) -> Result<Option<String>, Refusal> {
    match fields.text("callback_url")? {
        Some(url) if !inputs::is_address(url) => {
            Err(Detail::field(&["callback_url"], "url_parsing", "Input should be a valid URL", &json!(url))
                .into())
        }
        url => Ok(url.map(str::to_owned)),
    }
}

fn prompt(fields: Fields<'_>) -> Result<Option<&str>, Refusal> {
    match fields.text("prompt")? {
        Some(prompt) if prompt.is_empty() || prompt.chars().count() > MOST_PROMPT => {
            let words = format!("String should have 1 to {MOST_PROMPT} characters");
            Err(Detail::field(&["prompt"], "string_length", &words, &json!(prompt)).into())
        }
        prompt => Ok(prompt),
    }
}

/// Checks what a clip starts from and ends with. Returns whether there is any.
async fn keyframes(fields: Fields<'_>, is_clip: impl Fn(&str) -> bool + Send) -> Result<bool, Refusal> {
    let Some(keyframes) = fields.object("keyframes")? else { return Ok(false) };
    let mut any = false;
    for name in ["frame0", "frame1"] {
        let Some(frame) = keyframes.object(name)? else { continue };
        any = true;
        match frame.text("type")? {
            Some("image") => {
                let url = frame.text("url")?.ok_or_else(|| Detail::missing(&["keyframes", name, "url"]))?;
                picture_behind(name, url).await?;
            }
            Some("generation") => {
                let id = frame.text("id")?.ok_or_else(|| Detail::missing(&["keyframes", name, "id"]))?;
                if !is_clip(id) {
                    let words = format!("Generation {id} is not a finished video");
                    return Err(Detail::words(StatusCode::BAD_REQUEST, words).into());
                }
            }
            Some(other) => {
                let place = ["keyframes", name, "type"];
                return Err(Detail::none_of(&place, other, &["generation", "image"]).into());
            }
            None => return Err(Detail::missing(&["keyframes", name, "type"]).into()),
        }
    }
    Ok(any)
}

/// A picture is taken by its public address alone.
async fn picture_behind(name: &str, url: &str) -> Result<(), Refusal> {
    let place = ["keyframes", name, "image", "url"];
    if !inputs::is_address(url) {
        return Err(Detail::field(&place, "url_parsing", "Input should be a valid URL", &json!(url)).into());
    }
    let words = match inputs::visit(url, Visit::Get).await {
        Ok(input) if input.may_be(Kind::Image) => return Ok(()),
        Ok(_) => "is not an image",
        Err(_) => "could not be fetched",
    };
    Err(Detail::words(StatusCode::BAD_REQUEST, format!("The image of {name} {words}")).into())
}
