//! What the vendor refuses in an order of clips and in a question for a list. Fields that it does not know are ignored.

use super::super::refusal::Complaint;
use super::content::Content;
use super::models::{self, Generation, Model, RATIOS};
use super::order::Order;
use crate::fields::Fields;
use crate::inputs;
use crate::random;
use serde_json::Value;

/// The form of a clip if nothing tells another.
const WIDE: f64 = 16.0 / 9.0;

/// Characters of an identifier, at most.
const MOST_IDENTIFIER: usize = 64;

/// Reads an order.
pub(super) fn order(body: Fields<'_>) -> Result<Order, Complaint> {
    let name = body.text("model")?.ok_or_else(|| Complaint::missing("model"))?;
    let model = models::find(name).ok_or_else(|| Complaint::model(name))?;
    let content = Content::read(model, body.list("content")?.unwrap_or_default())?;
    let resolution = body.text("resolution")?.or(model.resolutions.first().copied()).unwrap_or_default();
    if !model.resolutions.contains(&resolution) || (resolution == "1080p" && lite_with(model, &content)) {
        return Err(Complaint::parameter("resolution", "the model does not make it from this"));
    }
    let form = form(model, &content, body)?;
    let (ratio, size) = models::size(model.generation, resolution, form);
    let (seconds, frames) = length(model, body)?;
    let draft = body.bool("draft")?.unwrap_or(false);
    if draft && (model.generation != Generation::Middle || resolution != "480p") {
        return Err(Complaint::parameter("draft", "drafts are made by 1.5 pro at 480p only"));
    }
    camera(model, &content, body)?;
    of_second(model, body)?;
    body.bool("watermark")?;
    Ok(Order {
        model,
        frames,
        seconds,
        resolution: resolution.to_owned(),
        ratio,
        size,
        sound: sound(model, body)?,
        seed: seed(model, body)?,
        draft,
        last_frame: body.bool("return_last_frame")?.unwrap_or(false),
        service_tier: service_tier(model, body)?,
        expires: whole(body, "execution_expires_after", 3600, 259_200)?.unwrap_or(172_800),
        callback_url: callback(body)?,
        safety_identifier: identifier(body)?,
        prompt: content.prompt,
    })
}

/// References for the lite model of the first generation, which then makes less.
fn lite_with(model: &Model, content: &Content) -> bool {
    model.generation == Generation::First && content.has_references()
}

/// Width to height: as told, or as the picture has it.
fn form(model: &Model, content: &Content, body: Fields<'_>) -> Result<f64, Complaint> {
    let first = model.generation == Generation::First;
    match body.text("ratio")? {
        None => Ok(content.form.filter(|_| !lite_with(model, content)).unwrap_or(WIDE)),
        Some("adaptive") if first && (content.is_from_text() || content.has_references()) => {
            Err(Complaint::parameter("ratio", "there is nothing to adapt to"))
        }
        Some("adaptive") => Ok(content.form.unwrap_or(WIDE)),
        Some(told) if RATIOS.contains(&told) => {
            let sides = told
                .split_once(':')
                .and_then(|(width, height)| Some(width.parse::<f64>().ok()? / height.parse::<f64>().ok()?));
            Ok(sides.unwrap_or(WIDE))
        }
        Some(_) => Err(Complaint::parameter("ratio", "it is not supported")),
    }
}

/// Seconds, and frames if those were told: they count for more.
fn length(model: &Model, body: Fields<'_>) -> Result<(u32, Option<u32>), Complaint> {
    let first = model.generation == Generation::First;
    let seconds = match body.whole("duration")? {
        None => 5,
        // The model chooses.
        Some(-1) if !first => 5,
        Some(seconds) if model.seconds.contains(&seconds) => seconds,
        Some(_) => return Err(Complaint::parameter("duration", "the model does not make clips so long")),
    };
    match body.whole("frames")? {
        None => Ok((seconds as u32, None)),
        Some(frames) if first && (29..=289).contains(&frames) && (frames - 25) % 4 == 0 => {
            Ok(((frames / 24) as u32, Some(frames as u32)))
        }
        Some(_) => Err(Complaint::parameter("frames", "it is not supported")),
    }
}

fn whole(body: Fields<'_>, field: &'static str, least: i64, most: i64) -> Result<Option<i64>, Complaint> {
    match body.whole(field)? {
        Some(number) if !(least..=most).contains(&number) => {
            Err(Complaint::parameter(field, "it is out of range"))
        }
        number => Ok(number),
    }
}

/// The seed that is told again: one by chance unless one was told.
fn seed(model: &Model, body: Fields<'_>) -> Result<i64, Complaint> {
    let seed = whole(body, "seed", -1, 4_294_967_295)?;
    if seed.is_some() && model.generation == Generation::Second {
        return Err(Complaint::parameter("seed", "the model knows none"));
    }
    let by_chance = i64::from(random::number() as u32 >> 1);
    Ok(seed.filter(|seed| *seed >= 0).unwrap_or(by_chance))
}

fn camera(model: &Model, content: &Content, body: Fields<'_>) -> Result<(), Complaint> {
    let told = body.bool("camera_fixed")?.is_some();
    if told && (content.has_references() || model.generation == Generation::Second) {
        return Err(Complaint::parameter("camera_fixed", "it is not supported here"));
    }
    Ok(())
}

fn sound(model: &Model, body: Fields<'_>) -> Result<bool, Complaint> {
    match (body.bool("generate_audio")?, model.generation) {
        (Some(_), Generation::First) => Err(Complaint::parameter("generate_audio", "the model is silent")),
        (None, Generation::First) => Ok(false),
        (told, _) => Ok(told.unwrap_or(true)),
    }
}

fn service_tier(model: &Model, body: Fields<'_>) -> Result<String, Complaint> {
    match body.text("service_tier")?.unwrap_or("default") {
        tier if tier == "default" || (tier == "flex" && model.generation != Generation::Second) => {
            Ok(tier.to_owned())
        }
        _ => Err(Complaint::parameter("service_tier", "it is not supported")),
    }
}

/// Fields of the second generation alone, and of none here.
fn of_second(model: &Model, body: Fields<'_>) -> Result<(), Complaint> {
    let priority = whole(body, "priority", 0, 9)?.is_some();
    let tools = body.list("tools")?.is_some_and(|tools| !tools.is_empty());
    if (priority || tools) && model.generation != Generation::Second {
        return Err(Complaint::parameter(if priority { "priority" } else { "tools" }, "it is not supported"));
    }
    let newer = ["output_format", "omni_reference_task_type"];
    match newer.into_iter().find(|field| body.value(field).is_some()) {
        Some(field) => Err(Complaint::parameter(field, "the model does not know it")),
        None => Ok(()),
    }
}

fn callback(body: Fields<'_>) -> Result<Option<String>, Complaint> {
    match body.text("callback_url")?.filter(|address| !address.is_empty()) {
        Some(address) if !inputs::is_address(address) => {
            Err(Complaint::parameter("callback_url", "it is no address"))
        }
        address => Ok(address.map(str::to_owned)),
    }
}

fn identifier(body: Fields<'_>) -> Result<Option<String>, Complaint> {
    match body.text("safety_identifier")? {
        Some(text) if text.chars().count() > MOST_IDENTIFIER => {
            Err(Complaint::parameter("safety_identifier", "it has more than 64 characters"))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// A question for a list.
#[derive(Debug)]
pub(super) struct Listing {
    number: usize,
    pub(super) size: usize,
    ids: Vec<String>,
    /// Fields and what they must hold.
    wanted: Vec<(&'static str, String)>,
}

impl Listing {
    pub(super) fn skip(&self) -> usize {
        (self.number - 1) * self.size
    }

    pub(super) fn fits(&self, told: &Value) -> bool {
        let is = |field: &str, wanted: &str| told.get(field).and_then(Value::as_str) == Some(wanted);
        self.wanted.iter().all(|(field, wanted)| is(field, wanted))
            && (self.ids.is_empty() || self.ids.iter().any(|id| is("id", id)))
    }
}

pub(super) fn listing(pairs: &[(String, String)]) -> Result<Listing, Complaint> {
    let mut listing = Listing { number: 1, size: 10, ids: Vec::new(), wanted: Vec::new() };
    for (name, value) in pairs {
        let number = || {
            let number = value.parse().ok().filter(|number| (1..=500).contains(number));
            number.ok_or_else(|| Complaint::parameter(name, "it is out of range"))
        };
        match name.as_str() {
            "page_num" => listing.number = number()?,
            "page_size" => listing.size = number()?,
            "filter.task_ids" => listing.ids.push(value.clone()),
            "filter.status" => listing.wanted.push(("status", value.clone())),
            "filter.model" => listing.wanted.push(("model", value.clone())),
            "filter.service_tier" => listing.wanted.push(("service_tier", value.clone())),
            _ => {}
        }
    }
    Ok(listing)
}
