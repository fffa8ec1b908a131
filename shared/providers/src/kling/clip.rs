//! An order for a clip from text or from a picture.

use super::family::Family;
use crate::{Task, kit};
use serde::Serialize;

/// Both families' body. Every field that a model does not know stays away.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    /// Always sent: without it the oldest model would run.
    model_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cfg_scale: Option<f64>,
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
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_tail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    /// Unique within the account; a lost task is found by it.
    external_task_id: String,
}

impl<'a> Body<'a> {
    pub(super) fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let (model, options) = (plan.vendor_model.as_str(), &plan.options);
        let from_text = Family::of(task) == Family::Text;
        Body {
            model_name: model,
            prompt: plan.prompt.as_deref(),
            negative_prompt: options.text("negativePrompt"),
            cfg_scale: options.number("cfgScale").filter(|_| model.starts_with("kling-v1")),
            mode: mode(task).filter(|_| !model.ends_with("-master")),
            sound: sound(task),
            shots: Shots::of(task),
            // From a picture, the clip takes the picture's shape.
            aspect_ratio: options.text("aspectRatio").filter(|_| from_text),
            duration: duration(task),
            image: kit::pictures(task).first().copied(),
            image_tail: input.last_image.as_deref(),
            callback_url: task.callback,
            external_task_id: kit::task_name(task),
        }
    }
}

/// The wish that the model cuts the clip into shots as it sees fit; unsaid, there is one. Shots that the caller tells
/// one by one would need a prompt each, and orders have only one.
#[derive(Serialize)]
pub(super) struct Shots {
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_shot: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shot_type: Option<&'static str>,
}

impl Shots {
    /// As it was planned.
    pub(super) fn of(task: &Task<'_>) -> Shots {
        let several = task.job.plan.options.flag("multiShot").filter(|several| *several);
        Shots { multi_shot: several, shot_type: several.map(|_| "intelligence") }
    }
}

/// Whole seconds, as a text.
pub(super) fn duration(task: &Task<'_>) -> Option<String> {
    task.job.plan.options.whole("duration").map(|seconds| seconds.to_string())
}

/// The wish for sound, for models that can make it.
pub(super) fn sound(task: &Task<'_>) -> Option<&'static str> {
    let able = matches!(task.job.plan.vendor_model.as_str(), "kling-v2-6" | "kling-v3" | "kling-v3-omni");
    let wanted = task.job.plan.options.flag("sound").unwrap_or(false);
    able.then_some(if wanted { "on" } else { "off" })
}

/// The mode that was planned, or the one that the planned resolution stands for.
pub(super) fn mode<'a>(task: &Task<'a>) -> Option<&'a str> {
    let options = &task.job.plan.options;
    options.text("mode").or_else(|| match kit::short_side(options.text("resolution")?)? {
        720 => Some("std"),
        1080 => Some("pro"),
        2160 => Some("4k"),
        _ => None,
    })
}
