//! From an order to a request.

use super::{KEY_HEADER, USUAL_BASE};
use crate::{Next, Question, Task, kit};
use serde::Serialize;
use std::collections::BTreeMap;

/// The vendor's usual strictness, told so that a change of its default changes nothing here.
const SAFETY_TOLERANCE: u8 = 2;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", &task.job.plan.vendor_model], &[]);
    kit::Draft::post("bfl submit", url, &Body::of(task))
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// How an endpoint takes the wish for a size.
#[derive(Clone, Copy)]
enum Size {
    /// Width and height: multiples of the first, from the second to the third, no more pixels than the fourth.
    Sides(u32, u32, u32, f64),
    /// A ratio like `16:9`.
    Ratio,
    /// Not at all.
    None,
}

/// What an endpoint knows beside the fields that all of them know.
struct Endpoint {
    size: Size,
    /// Most input pictures. Those that take a `image_prompt` want its bytes, and get none.
    pictures: usize,
    raw: bool,
    prompt_upsampling: bool,
    /// Steps and guidance.
    tuning: bool,
}

impl Endpoint {
    fn of(model: &str) -> Endpoint {
        let first = Size::Sides(32, 256, 1440, 1440.0 * 1440.0);
        let second = Size::Sides(16, 64, 8192, 4_000_000.0);
        let (size, pictures, raw, prompt_upsampling, tuning) = match model {
            "flux-dev" => (first, 0, false, true, true),
            "flux-pro-1.1" => (first, 0, false, true, false),
            "flux-pro-1.1-ultra" => (Size::Ratio, 0, true, true, false),
            "flux-kontext-pro" | "flux-kontext-max" => (Size::Ratio, 4, false, true, false),
            "flux-2-flex" => (second, 8, false, true, true),
            klein if klein.starts_with("flux-2-klein") => (second, 4, false, false, false),
            pro if pro.starts_with("flux-2-") => (second, 8, false, false, false),
            _ => (Size::None, 0, false, false, false),
        };
        Endpoint { size, pictures, raw, prompt_upsampling, tuning }
    }
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
    prompt_upsampling: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<f64>,
    safety_tolerance: u8,
    output_format: &'static str,
    /// `input_image`, `input_image_2` and so on.
    #[serde(flatten)]
    pictures: BTreeMap<String, &'a str>,
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
            prompt_upsampling: options.flag("promptOptimizer").filter(|_| endpoint.prompt_upsampling),
            steps: options.whole("steps").filter(|_| endpoint.tuning),
            guidance: options.number("cfgScale").filter(|_| endpoint.tuning),
            safety_tolerance: SAFETY_TOLERANCE,
            output_format: match options.text("format") {
                Some("jpeg" | "jpg") => "jpeg",
                Some("webp") => "webp",
                _ => "png",
            },
            pictures: (1..)
                .zip(kit::pictures(task).into_iter().take(endpoint.pictures))
                .map(|(number, url): (u32, _)| match number {
                    1 => ("input_image".to_owned(), url),
                    _ => (format!("input_image_{number}"), url),
                })
                .collect(),
        }
    }
}
