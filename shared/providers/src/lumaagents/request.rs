//! From an order to requests.

use super::USUAL_BASE;
use crate::{Next, Question, Task, kit};
use serde::Serialize;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "generations"], &[]);
    kit::Draft::post("luma agents submit", url, &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "generations", id], &[]);
    kit::Draft::get("luma agents poll", url).bearer(task.access.api_key.reveal()).next(question)
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Never left out, not even beside a picture.
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    video: Video<'a>,
}

#[derive(Serialize)]
struct Video<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    /// A text such as `5s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    #[serde(rename = "loop", skip_serializing_if = "Option::is_none")]
    loops: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_frame: Option<Picture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_frame: Option<Picture<'a>>,
}

#[derive(Serialize)]
struct Picture<'a> {
    url: &'a str,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let options = &plan.options;
        Body {
            model: &plan.vendor_model,
            kind: "video",
            prompt: plan.prompt.as_deref().unwrap_or_default(),
            aspect_ratio: options.text("aspectRatio"),
            video: Video {
                resolution: options.text("resolution"),
                duration: options.whole("duration").map(|seconds| format!("{seconds}s")),
                loops: options.flag("loop"),
                start_frame: kit::pictures(task).first().map(|url| Picture { url }),
                end_frame: input.last_image.as_deref().map(|url| Picture { url }),
            },
        }
    }
}
