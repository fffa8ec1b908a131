//! FLUX 3: clips with sound, from words, from a first picture, or from a first and a last one.
//!
//! Facts: another client's notes on live calls, autumn 2026; the vendor has published nothing on it. It can also continue
//! clips and work over drafts; how, those notes tell too little of.

use super::{SAFETY_TOLERANCE, request};
use crate::{Next, Task, kit};
use serde::Serialize;

/// The one model.
pub(super) const MODEL: &str = "flux-3-video";

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    request::send(task, &Body::of(task))
}

#[derive(Serialize)]
struct Body<'a> {
    mode: &'static str,
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generate_audio: Option<bool>,
    safety_tolerance: u8,
    /// Pictures that the clip passes, in their order; without times they are spread over it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keyframes: Vec<&'a str>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, options) = (&task.job.plan, &task.job.plan.options);
        let last = task.job.order.input.last_image.as_deref();
        let keyframes: Vec<&str> = kit::pictures(task).into_iter().take(1).chain(last).collect();
        Body {
            mode: if keyframes.is_empty() { "t2v" } else { "i2v" },
            prompt: plan.prompt.as_deref().unwrap_or_default(),
            aspect_ratio: options.text("aspectRatio"),
            duration: options.whole("duration"),
            resolution: options.text("resolution").map(|lines| if lines == "1080p" { "fhd" } else { "hd" }),
            generate_audio: options.flag("sound"),
            safety_tolerance: SAFETY_TOLERANCE,
            keyframes,
        }
    }
}
