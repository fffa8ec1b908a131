//! What the vendor refuses in an order of pictures. Fields that it does not know are ignored.

use super::super::refusal::Complaint;
use super::super::seen::{self, Limits};
use super::order::Order;
use crate::fields::Fields;
use crate::random;
use crate::works;
use serde_json::Value;
use std::ops::RangeInclusive;

/// Pictures that come in, at most.
const MOST_INPUTS: usize = 14;

/// Pictures that come in and go out, at most.
const MOST_PICTURES: usize = 15;

/// Of a set, the models make as many as they like: here no more than this.
const USUAL_SET: u64 = 3;

const INPUTS: Limits = Limits { most_megabytes: 10, sides: (15, u32::MAX), most_ratio: 16.0 };

/// Pixels of a picture that comes in, at most.
const MOST_PIXELS: u64 = 36_000_000;

#[derive(Debug)]
struct Model {
    id: &'static str,
    levels: &'static [&'static str],
    /// Pixels of a picture whose sides are told.
    pixels: RangeInclusive<u64>,
    /// Seed and guidance, but neither pictures nor sets.
    third: bool,
    fast: bool,
    /// Takes the format as a field.
    fifth: bool,
}

const FOURTH: Model = Model {
    id: "seedream-4-0-250828",
    levels: &["1K", "2K", "4K"],
    pixels: 921_600..=16_777_216,
    third: false,
    fast: true,
    fifth: false,
};

static MODELS: [Model; 5] = [
    Model {
        id: "seedream-3-0-t2i-250415",
        levels: &[],
        pixels: 262_144..=4_194_304,
        third: true,
        fast: false,
        ..FOURTH
    },
    FOURTH,
    Model {
        id: "seedream-4-5-251128",
        levels: &["2K", "4K"],
        pixels: 3_686_400..=16_777_216,
        fast: false,
        ..FOURTH
    },
    Model { id: "seedream-5-0-260128", ..FIFTH },
    FIFTH,
];

const FIFTH: Model = Model {
    id: "seedream-5-0-lite-260128",
    levels: &["2K", "3K"],
    pixels: 3_686_400..=10_404_496,
    fast: false,
    fifth: true,
    ..FOURTH
};

/// Reads an order.
pub(super) fn order(body: Fields<'_>) -> Result<Order, Complaint> {
    let name = body.text("model")?.ok_or_else(|| Complaint::missing("model"))?;
    let model = MODELS.iter().find(|model| model.id == name).ok_or_else(|| Complaint::model(name))?;
    let prompt = body.text("prompt")?.filter(|prompt| !prompt.trim().is_empty());
    let prompt = prompt.ok_or_else(|| Complaint::missing("prompt"))?;
    let (inputs, form) = inputs(model, body)?;
    let size = size(model, form, body.text("size")?)?;
    let seed = of_third(model, body)?;
    if body.bool("stream")?.unwrap_or(false) {
        return Err(Complaint::parameter("stream", "answers in pieces are not simulated"));
    }
    body.bool("watermark")?;
    optimizer(model, body)?;
    let format = body.text("output_format")?;
    if format.is_some_and(|format| !model.fifth || !["png", "jpeg"].contains(&format)) {
        return Err(Complaint::parameter("output_format", "it is not supported"));
    }
    let in_the_answer = match body.text("response_format")?.unwrap_or("url") {
        "url" => false,
        "b64_json" => true,
        _ => return Err(Complaint::parameter("response_format", "it is not supported")),
    };
    Ok(Order {
        model: model.id,
        prompt: prompt.to_owned(),
        size,
        count: count(model, inputs, body)?,
        seed,
        format: works::picture_format(format.unwrap_or("jpeg")),
        in_the_answer,
    })
}

/// How many pictures come in, and the form of the first that was seen.
fn inputs(model: &Model, body: Fields<'_>) -> Result<(usize, Option<f64>), Complaint> {
    let texts: Vec<&Value> = match body.value("image") {
        None => Vec::new(),
        Some(Value::Array(several)) => several.iter().collect(),
        Some(one) => vec![one],
    };
    if texts.len() > MOST_INPUTS || (model.third && !texts.is_empty()) {
        return Err(Complaint::parameter("image", "the model takes fewer pictures, or none"));
    }
    let mut form = None;
    for text in &texts {
        let text = text.as_str().ok_or_else(|| Complaint::parameter("image", "it must be a string"))?;
        let input = seen::picture("image", text, INPUTS)?;
        if input.size().is_some_and(|(width, height)| u64::from(width) * u64::from(height) > MOST_PIXELS) {
            return Err(Complaint::parameter("image", "it has too many pixels"));
        }
        form = form.or(seen::ratio(&input));
    }
    Ok((texts.len(), form))
}

/// Width and height: as told, or of a level in the form of the picture that came in.
fn size(model: &Model, form: Option<f64>, told: Option<&str>) -> Result<(u32, u32), Complaint> {
    let Some(told) = told else {
        return Ok(if model.third { (1024, 1024) } else { (2048, 2048) });
    };
    if model.levels.contains(&told) {
        let side = 1024.0 * told.trim_end_matches('K').parse::<f64>().unwrap_or(2.0);
        let ratio = form.unwrap_or(1.0).clamp(1.0 / 4.0, 4.0);
        let even = |pixels: f64| (pixels / 16.0).round() as u32 * 16;
        return Ok((even(side * ratio.sqrt()), even(side / ratio.sqrt())));
    }
    let sides = told
        .split_once(['x', '×'])
        .and_then(|(width, height)| Some((width.parse::<u32>().ok()?, height.parse::<u32>().ok()?)));
    let fits = |(width, height): &(u32, u32)| {
        let ratio = f64::from(*width) / f64::from(*height);
        let most = if model.third { 4.0 } else { 16.0 };
        model.pixels.contains(&(u64::from(*width) * u64::from(*height)))
            && (1.0 / most..=most).contains(&ratio)
            && (!model.third || (512..=2048).contains(width) && (512..=2048).contains(height))
    };
    sides
        .filter(fits)
        .ok_or_else(|| Complaint::parameter("size", "the model does not make pictures so large or small"))
}

/// Seed and guidance. The seed of the others is chance.
fn of_third(model: &Model, body: Fields<'_>) -> Result<u64, Complaint> {
    let (seed, guidance) = (body.whole("seed")?, body.number("guidance_scale")?);
    if !model.third && (seed.is_some() || guidance.is_some()) {
        let field = if seed.is_some() { "seed" } else { "guidance_scale" };
        return Err(Complaint::parameter(field, "the model does not know it"));
    }
    if seed.is_some_and(|seed| !(-1..=2_147_483_647).contains(&seed)) {
        return Err(Complaint::parameter("seed", "it is out of range"));
    }
    if guidance.is_some_and(|guidance| !(1.0..=10.0).contains(&guidance)) {
        return Err(Complaint::parameter("guidance_scale", "it is out of range"));
    }
    Ok(seed.and_then(|seed| u64::try_from(seed).ok()).unwrap_or_else(random::number))
}

fn optimizer(model: &Model, body: Fields<'_>) -> Result<(), Complaint> {
    let Some(options) = body.object("optimize_prompt_options")? else { return Ok(()) };
    match options.text("mode")? {
        None | Some("standard") => Ok(()),
        Some("fast") if model.fast => Ok(()),
        Some(_) => Err(Complaint::parameter("optimize_prompt_options.mode", "it is not supported")),
    }
}

/// How many pictures go out.
fn count(model: &Model, inputs: usize, body: Fields<'_>) -> Result<u64, Complaint> {
    let options = body.object("sequential_image_generation_options")?;
    let most = options.map(|options| options.whole("max_images")).transpose()?.flatten();
    match body.text("sequential_image_generation")? {
        None | Some("disabled") => Ok(1),
        Some("auto") if !model.third => {
            let most = most.unwrap_or(1.max((MOST_PICTURES - inputs) as i64));
            let fits = most >= 1 && most as usize + inputs <= MOST_PICTURES;
            fits.then_some((most as u64).min(USUAL_SET))
                .ok_or_else(|| Complaint::parameter("max_images", "it is out of range"))
        }
        Some(_) => Err(Complaint::parameter("sequential_image_generation", "it is not supported")),
    }
}
