//! From an order to a request.

use super::{USUAL_BASE, token};
use crate::{Next, Question, Task, kit};
use serde::Serialize;

/// The two kinds of task, each with a path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// From text alone.
    Text,
    /// From a picture, or to one.
    Image,
}

impl Family {
    /// The family of a job: a picture decides.
    pub(super) fn of(task: &Task<'_>) -> Family {
        let input = &task.job.order.input;
        if input.last_image.is_some() || !kit::pictures(task).is_empty() {
            Family::Image
        } else {
            Family::Text
        }
    }

    /// Its place in paths and tickets.
    pub(super) fn path(self) -> &'static str {
        match self {
            Family::Text => "text2video",
            Family::Image => "image2video",
        }
    }

    /// Reads [`Family::path`].
    pub(super) fn parse(path: &str) -> Option<Family> {
        [Family::Text, Family::Image].into_iter().find(|family| family.path() == path)
    }
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let path = ["v1", "videos", Family::of(task).path()];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[]);
    kit::Draft::post("kling submit", url, &Body::of(task))
        .bearer(&token::bearer(task.access, task.now))
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task, by the vendor's id or our own name.
pub(super) fn look(
    task: &Task<'_>,
    question: Question<'_>,
    what: &'static str,
    family: Family,
    id: &str,
) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "videos", family.path(), id], &[]);
    kit::Draft::get(what, url).bearer(&token::bearer(task.access, task.now)).next(question)
}

/// Both families' body. Every field that a model does not know stays away.
#[derive(Serialize)]
struct Body<'a> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    /// Whole seconds, as a text.
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
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let (model, options) = (plan.vendor_model.as_str(), &plan.options);
        let from_text = Family::of(task) == Family::Text;
        let sound = options.flag("sound").unwrap_or(false);
        Body {
            model_name: model,
            prompt: plan.prompt.as_deref(),
            negative_prompt: options.text("negativePrompt"),
            cfg_scale: options.number("cfgScale").filter(|_| model.starts_with("kling-v1")),
            mode: mode(task).filter(|_| !model.ends_with("-master")),
            sound: makes_sound(model).then_some(if sound { "on" } else { "off" }),
            // From a picture, the clip takes the picture's shape.
            aspect_ratio: options.text("aspectRatio").filter(|_| from_text),
            duration: options.whole("duration").map(|seconds| seconds.to_string()),
            image: kit::pictures(task).first().copied(),
            image_tail: input.last_image.as_deref(),
            callback_url: task.callback,
            external_task_id: kit::task_name(task),
        }
    }
}

/// Whether a model can make sound, so that the wish has to be told.
fn makes_sound(model: &str) -> bool {
    matches!(model, "kling-v2-6" | "kling-v3")
}

/// The mode that was planned, or the one that the planned resolution stands for.
fn mode<'a>(task: &Task<'a>) -> Option<&'a str> {
    let options = &task.job.plan.options;
    options.text("mode").or_else(|| match kit::short_side(options.text("resolution")?)? {
        720 => Some("std"),
        1080 => Some("pro"),
        2160 => Some("4k"),
        _ => None,
    })
}
