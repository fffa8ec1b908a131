//! The newer API: `POST /{text|image}-to-video/{model}`, then `GET /tasks`. It takes the single key alone.
//!
//! Facts: the vendor's pages on 3.0 Turbo and its list of tasks, autumn 2026.

use super::{USUAL_BASE, family::has_picture, token};
use crate::{Next, Question, Task, kit};
use jobs::FaultKind;
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    /// Without a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    /// With one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contents: Vec<Content<'a>>,
    settings: Settings<'a>,
    options: Options<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content<'a> {
    Prompt { text: &'a str },
    FirstFrame { url: &'a str },
}

/// There is no wish for sound: this model always makes it. Nor for several shots: a prompt of the form
/// `shot 1, 3, words; shot 2, 2, words;` makes them.
#[derive(Serialize)]
struct Settings<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    /// Seconds, as a number here.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
}

#[derive(Serialize)]
struct Options<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    external_task_id: String,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (prompt, options) = (task.job.plan.prompt.as_deref(), &task.job.plan.options);
        let from_text = !has_picture(task);
        let words = prompt.filter(|_| !from_text).map(|text| Content::Prompt { text });
        let frame = kit::pictures(task).first().map(|url| Content::FirstFrame { url });
        Body {
            prompt: prompt.filter(|_| from_text),
            contents: words.into_iter().chain(frame).collect(),
            settings: Settings {
                resolution: options.text("resolution"),
                duration: options.whole("duration"),
                aspect_ratio: options.text("aspectRatio").filter(|_| from_text),
            },
            options: Options { callback_url: task.callback, external_task_id: kit::task_name(task) },
        }
    }
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    if token::is_signed(task.access) {
        // No fault of the vendor's, whose other models take the pair: it must not be cut off for that.
        let fault = kit::fault(FaultKind::Vendor);
        return kit::refused(
            Question::Submit,
            fault.with_detail("this model takes the single API key, and the credential is a pair of keys"),
        );
    }
    let family = if has_picture(task) { "image-to-video" } else { "text-to-video" };
    let url = kit::address(kit::base(task.access, USUAL_BASE), &[family, &task.job.plan.vendor_model], &[]);
    kit::Draft::post("kling submit", url, &Body::of(task))
        .bearer(&token::bearer(task.access, task.now))
        .paid(task)
        .next(Question::Submit)
}
