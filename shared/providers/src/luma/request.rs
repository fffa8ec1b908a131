//! From an order to requests.

use super::USUAL_BASE;
use crate::{Next, Question, Task, kit};
use serde::Serialize;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(
        kit::base(task.access, USUAL_BASE),
        &["dream-machine", "v1", "generations", "video"],
        &[],
    );
    kit::Draft::post("luma submit", url, &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let url =
        kit::address(kit::base(task.access, USUAL_BASE), &["dream-machine", "v1", "generations", id], &[]);
    kit::Draft::get("luma poll", url).bearer(task.access.api_key.reveal()).next(question)
}

/// What is asked for. The service echoes it, so that a lost task is found by it.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    /// A text such as `5s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    #[serde(rename = "loop", skip_serializing_if = "Option::is_none")]
    loops: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keyframes: Option<Keyframes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
}

impl<'a> Body<'a> {
    pub(super) fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let options = &plan.options;
        let keyframes = Keyframes {
            first: kit::pictures(task).first().map(|url| Frame::of(url)),
            last: input.last_image.as_deref().map(Frame::of),
        };
        Body {
            model: &plan.vendor_model,
            prompt: plan.prompt.as_deref(),
            aspect_ratio: options.text("aspectRatio"),
            duration: options.whole("duration").map(|seconds| format!("{seconds}s")),
            resolution: options.text("resolution"),
            loops: options.flag("loop"),
            keyframes: Some(keyframes).filter(|frames| frames.first.is_some() || frames.last.is_some()),
            callback_url: task.callback,
        }
    }
}

/// The pictures to start from and to end with.
#[derive(Serialize)]
struct Keyframes<'a> {
    #[serde(rename = "frame0", skip_serializing_if = "Option::is_none")]
    first: Option<Frame<'a>>,
    #[serde(rename = "frame1", skip_serializing_if = "Option::is_none")]
    last: Option<Frame<'a>>,
}

/// A picture: by address only.
#[derive(Serialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

impl<'a> Frame<'a> {
    fn of(url: &'a str) -> Frame<'a> {
        Frame { kind: "image", url }
    }
}
