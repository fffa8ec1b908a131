//! An order for a clip by a model that takes frames and reference pictures in one list.
//!
//! Facts: the requests of ComfyUI's built-in nodes, which go to this endpoint, and the vendor's pages on the same models in
//! its newer API, autumn 2026. Clips are taken as well; what such a clip costs goes by a length that nobody tells us.

use super::clip::{self, Shots};
use crate::{Task, kit};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    model_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image_list: Vec<Picture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<&'static str>,
    #[serde(flatten)]
    shots: Shots,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    external_task_id: String,
}

/// A picture; a prompt speaks of the first as `<<<image_1>>>`.
#[derive(Serialize)]
struct Picture<'a> {
    image_url: &'a str,
    /// Which frame it is; a reference is none.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    frame: Option<&'static str>,
}

impl<'a> Body<'a> {
    pub(super) fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let picture = |image_url, frame| Picture { image_url, frame };
        // Pictures given as a list are references.
        let referring = input.last_image.is_none() && !input.images.is_empty();
        let image_list: Vec<_> = if referring {
            kit::pictures(task).into_iter().map(|url| picture(url, None)).collect()
        } else {
            let first = kit::pictures(task).first().map(|url| picture(url, Some("first_frame")));
            let last = input.last_image.as_deref().map(|url| picture(url, Some("end_frame")));
            first.into_iter().chain(last).collect()
        };
        Body {
            model_name: &plan.vendor_model,
            prompt: plan.prompt.as_deref(),
            mode: clip::mode(task),
            sound: clip::sound(task),
            shots: Shots::of(task),
            // With a first frame, the clip takes its shape; without one the vendor has to be told.
            aspect_ratio: plan.options.text("aspectRatio").filter(|_| referring || image_list.is_empty()),
            duration: clip::duration(task),
            image_list,
            callback_url: task.callback,
            external_task_id: kit::task_name(task),
        }
    }
}
