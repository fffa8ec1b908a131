//! What DashScope refuses in an order. Fields that it does not know are none of its business.

use super::media::Source;
use super::models::{self, Model, Sound, Tier, Way};
use super::order::Order;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::random;
use serde_json::{Map, Value};

/// The last but one part of the paths of orders.
pub(super) const USUAL: &str = "video-generation";
/// The same for models that make a clip between two pictures.
pub(super) const BETWEEN: &str = "image2video";

const MOST_SEED: i64 = 2_147_483_647;

/// Reads an order that came under `path`.
pub(super) async fn order(path: &str, source: Source<'_>, body: &[u8]) -> Result<Order, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::invalid("Required body invalid, please check the request body format."));
    };
    let body = Fields(&body);
    let name = body.text("model")?.filter(|name| !name.is_empty()).ok_or_else(Refusal::no_model)?;
    let model = models::find(name).ok_or_else(Refusal::no_such_model)?;
    if (path == BETWEEN) != (model.way == Way::Frames) {
        return Err(Refusal::wrong_path());
    }
    let input = body.object("input")?.ok_or_else(Refusal::no_input)?;
    let nothing = Map::new();
    let parameters = body.object("parameters")?.unwrap_or(Fields(&nothing));
    let prompt = prompt(model, input)?;
    let material = material(model, source, input).await?;
    let seconds = parameters.whole("duration")?.unwrap_or(5);
    if !model.length.takes(seconds) {
        return Err(Refusal::invalid(format!("duration {seconds} is not supported by {name}")));
    }
    if parameters.whole("seed")?.is_some_and(|seed| !(0..=MOST_SEED).contains(&seed)) {
        return Err(Refusal::invalid("seed must be between 0 and 2147483647"));
    }
    parameters.bool("watermark")?;
    if parameters.text("shot_type")?.is_some_and(|kind| !["single", "multi"].contains(&kind)) {
        return Err(Refusal::invalid("shot_type must be single or multi"));
    }
    let (tier, size) = size(model, material.ratio, parameters)?;
    let wants_sound = parameters.bool("audio")?.unwrap_or(true) || material.recording;
    Ok(Order {
        request_id: random::uuid(),
        model,
        prompt,
        seconds,
        tier,
        size,
        sound: match model.sound {
            Sound::Never => false,
            Sound::Usually => wants_sound,
            Sound::Always => true,
        },
        extends: parameters.bool("prompt_extend")?.unwrap_or(true),
        input_seconds: material.input_seconds,
    })
}

/// Where there is no picture to start from, words are needed. Too many of them are cut off.
fn prompt(model: &Model, input: Fields<'_>) -> Result<String, Refusal> {
    input.text("negative_prompt")?;
    let prompt = input.text("prompt")?.unwrap_or_default();
    if prompt.trim().is_empty() && matches!(model.way, Way::Text | Way::References) {
        return Err(Refusal::lacking("input.prompt"));
    }
    Ok(prompt.chars().take(model.most_prompt()).collect())
}

/// What came with the words.
#[derive(Debug, Default)]
struct Material {
    /// Width to height of the first picture, if it was seen.
    ratio: Option<f64>,
    recording: bool,
    input_seconds: i64,
}

async fn material(model: &Model, source: Source<'_>, input: Fields<'_>) -> Result<Material, Refusal> {
    let mut material = Material::default();
    match model.way {
        Way::Text => {}
        Way::Image => {
            let url = input.text("img_url")?.ok_or_else(|| Refusal::lacking("input.img_url"))?;
            material.ratio = source.picture("img_url", url).await?;
        }
        Way::Frames => {
            let first = input.text("first_frame_url")?;
            let first = first.ok_or_else(|| Refusal::lacking("input.first_frame_url"))?;
            material.ratio = source.picture("first_frame_url", first).await?;
            if let Some(last) = input.text("last_frame_url")? {
                source.picture("last_frame_url", last).await?;
            }
        }
        Way::References => {
            material.input_seconds = source.references(&references(input)?).await?;
            return Ok(material);
        }
    }
    let hears = model.sound != Sound::Never;
    if let Some(url) = input.text("audio_url")?.filter(|_| hears) {
        source.recording(url).await?;
        material.recording = true;
    }
    Ok(material)
}

/// The references by either name; the older one is for clips alone.
fn references(input: Fields<'_>) -> Result<Vec<&str>, Refusal> {
    let (newer, older) = (input.list("reference_urls")?, input.list("reference_video_urls")?);
    let list = newer.or(older).ok_or_else(|| Refusal::lacking("input.reference_urls"))?;
    let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    texts.ok_or_else(|| Refusal::invalid("reference_urls must be strings"))
}

/// The tier and the size. Where a picture decides on the shape, `resolution` is read, and else `size`.
fn size(model: &Model, ratio: Option<f64>, parameters: Fields<'_>) -> Result<(Tier, (u32, u32)), Refusal> {
    if matches!(model.way, Way::Image | Way::Frames) {
        let tier = match parameters.text("resolution")? {
            None => model.usual,
            Some(text) => {
                let known = model.tiers.iter().find(|tier| tier.name() == text).copied();
                known.ok_or_else(|| {
                    Refusal::invalid(format!("resolution {text} is not supported by {}", model.id))
                })?
            }
        };
        return Ok((tier, ratio.map_or_else(|| tier.usual(), |ratio| shaped(tier, ratio))));
    }
    let Some(text) = parameters.text("size")? else { return Ok((model.usual, model.usual.usual())) };
    let wanted =
        text.split_once('*').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    let wanted: Option<(u32, u32)> = wanted.filter(|(width, height)| format!("{width}*{height}") == text);
    let tier = model.tiers.iter().find(|tier| wanted.is_some_and(|wanted| tier.sizes().contains(&wanted)));
    match (tier, wanted) {
        (Some(tier), Some(wanted)) => Ok((*tier, wanted)),
        _ => Err(Refusal::invalid(format!("The size {text} is not match the allowed size of {}", model.id))),
    }
}

/// A size of this shape with about the pixels of the tier; its sides are multiples of 16.
fn shaped(tier: Tier, ratio: f64) -> (u32, u32) {
    let (width, height) = tier.usual();
    let pixels = f64::from(width) * f64::from(height);
    let side = |length: f64| ((length / 16.0).round() as u32).max(1) * 16;
    (side((pixels * ratio).sqrt()), side((pixels / ratio).sqrt()))
}
