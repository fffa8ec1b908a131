//! From an order of a picture to a request.

use super::{
    KEY_HEADER, SAFETY_TOLERANCE, USUAL_BASE,
    endpoint::{Endpoint, Pictures, Size},
};
use crate::{Need, Next, Question, Task, kit};
use jobs::Job;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};

/// The vendor's limit for a picture, in bytes.
const MOST_BYTES: u64 = 20_000_000;

/// The pictures that the endpoint wants as bytes.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let most = Endpoint::of(&job.plan.vendor_model).wants_bytes_of();
    kit::picture_needs(job, MOST_BYTES).into_iter().take(most).collect()
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    send(task, &Body::of(task))
}

/// The paid call with this body.
pub(super) fn send(task: &Task<'_>, body: &impl Serialize) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", &task.job.plan.vendor_model], &[]);
    kit::Draft::post("bfl submit", url, body)
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// Every endpoint's body; what one does not know is left out, for an unknown field would be refused.
#[derive(Serialize)]
struct Body<'a> {
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_prompt_strength: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_upsampling: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<f64>,
    safety_tolerance: u8,
    output_format: &'static str,
    /// `input_image`, `input_image_2` and so on; `image_prompt`; `image` and `mask`.
    #[serde(flatten)]
    pictures: BTreeMap<String, Cow<'a, str>>,
    /// Pixels to add: `left` and so on.
    #[serde(flatten)]
    margins: BTreeMap<&'static str, i64>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, endpoint) = (&task.job.plan, Endpoint::of(&task.job.plan.vendor_model));
        let options = &plan.options;
        let sides = match (endpoint.size, kit::picture_wish(options)) {
            (Size::Sides(step, least, most, most_pixels), Some((shape, pixels))) => {
                Some(shape.with_pixels(pixels.min(most_pixels), step, least, most))
            }
            // Without a wish the vendor chooses; a zero is not a choice.
            _ => None,
        };
        Body {
            prompt: plan.prompt.as_deref().unwrap_or_default(),
            width: sides.map(|(width, _)| width),
            height: sides.map(|(_, height)| height),
            aspect_ratio: options.text("aspectRatio").filter(|_| matches!(endpoint.size, Size::Ratio)),
            seed: options.whole("seed"),
            raw: options.flag("raw").filter(|_| endpoint.raw),
            image_prompt_strength: options
                .number("strength")
                .filter(|_| endpoint.strength && !task.media.is_empty())
                .map(closeness),
            prompt_upsampling: options.flag("promptOptimizer").filter(|_| endpoint.prompt_upsampling),
            steps: options.whole("steps").filter(|_| endpoint.tuning),
            guidance: options.number("cfgScale").filter(|_| endpoint.tuning),
            safety_tolerance: SAFETY_TOLERANCE,
            output_format: match options.text("format") {
                Some("jpeg" | "jpg") => "jpeg",
                Some("webp") => "webp",
                _ => "png",
            },
            pictures: pictures(task, endpoint.pictures),
            margins: if endpoint.pictures == Pictures::Expanded { margins(task) } else { BTreeMap::new() },
        }
    }
}

/// Our strength says how far the result may leave the picture, theirs how close it stays; in thousandths, so that
/// 1 - 0.9 is 0.1.
fn closeness(strength: f64) -> f64 {
    (1000.0 - (strength * 1000.0).round()) / 1000.0
}

/// The pictures by the vendor's names.
fn pictures<'a>(task: &Task<'a>, pictures: Pictures) -> BTreeMap<String, Cow<'a, str>> {
    let bytes = |names: &[&str]| {
        let named = names.iter().map(|name| (*name).to_owned());
        named.zip(task.media.iter().map(|media| Cow::Owned(media.base64()))).collect()
    };
    match pictures {
        Pictures::None => BTreeMap::new(),
        Pictures::Prompt => bytes(&["image_prompt"]),
        Pictures::Painted => bytes(&["image", "mask"]),
        Pictures::Expanded => bytes(&["image"]),
        Pictures::Inputs(most) => (1..)
            .zip(kit::pictures(task).into_iter().take(most))
            .map(|(number, url): (u32, _)| match number {
                1 => ("input_image".to_owned(), Cow::Borrowed(url)),
                _ => (format!("input_image_{number}"), Cow::Borrowed(url)),
            })
            .collect(),
    }
}

/// How far the picture is to be continued on each side.
fn margins(task: &Task<'_>) -> BTreeMap<&'static str, i64> {
    let sides =
        [("top", "expandTop"), ("bottom", "expandBottom"), ("left", "expandLeft"), ("right", "expandRight")];
    let options = &task.job.plan.options;
    sides.into_iter().filter_map(|(theirs, ours)| Some((theirs, options.whole(ours)?))).collect()
}
