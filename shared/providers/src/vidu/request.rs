//! From an order to requests.

use super::{USUAL_BASE, note};
use crate::{Next, Question, Task, kit};
use http::header;
use serde::Serialize;

/// What a clip is made of; each has a path of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    /// Words alone.
    Text,
    /// A picture to start from.
    Image,
    /// A picture to start from and one to end with.
    StartEnd,
    /// Pictures, and perhaps a clip, of what is to be seen.
    Reference,
}

impl Endpoint {
    /// The inputs decide; where a picture may be either, the model does.
    fn of(task: &Task<'_>) -> Endpoint {
        let (input, model) = (&task.job.order.input, task.job.plan.vendor_model.as_str());
        if input.last_image.is_some() {
            Endpoint::StartEnd
        } else if input.video.is_some() || !input.images.is_empty() {
            if takes_references(model) { Endpoint::Reference } else { Endpoint::Image }
        } else if input.image.is_some() {
            if starts_from_a_picture(model) { Endpoint::Image } else { Endpoint::Reference }
        } else {
            Endpoint::Text
        }
    }

    fn path(self) -> &'static str {
        match self {
            Endpoint::Text => "text2video",
            Endpoint::Image => "img2video",
            Endpoint::StartEnd => "start-end2video",
            Endpoint::Reference => "reference2video",
        }
    }

    /// Elsewhere the pictures decide on the shape.
    fn takes_a_ratio(self) -> bool {
        matches!(self, Endpoint::Text | Endpoint::Reference)
    }
}

fn takes_references(model: &str) -> bool {
    !matches!(model, "viduq3-pro" | "viduq3-pro-fast" | "viduq2-turbo" | "viduq2-pro-fast")
}

fn starts_from_a_picture(model: &str) -> bool {
    !matches!(model, "viduq3" | "viduq3-mix" | "viduq2")
}

/// The third generation speaks unless it is told not to.
fn makes_sound(model: &str) -> bool {
    model.starts_with("viduq3")
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = address(task, &[Endpoint::of(task).path()], &[]);
    signed(task, kit::Draft::post("vidu submit", url, &Body::of(task))).paid(task).next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let url = address(task, &["tasks", id, "creations"], &[]);
    let draft = signed(task, kit::Draft::get("vidu poll", url));
    // To a wish to stop, it comes second.
    let place = if matches!(question, Question::Cancel(_)) { note::STOPPED } else { "" };
    draft.note(place).next(question)
}

/// The wish to stop a task.
pub(super) fn cancel(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let url = address(task, &["tasks", id, "cancel"], &[]);
    let body = serde_json::json!({ "id": id });
    signed(task, kit::Draft::post("vidu cancel", url, &body)).note(note::STOP).next(question)
}

/// A page of the tasks since a moment; its number is the call's note.
pub(super) fn list(task: &Task<'_>, question: Question<'_>, since: &str, page: usize, size: usize) -> Next {
    let (number, size) = (page.to_string(), size.to_string());
    let query =
        [("created_at.from", since), ("pager.page", number.as_str()), ("pager.pagesz", size.as_str())];
    let url = address(task, &["tasks"], &query);
    signed(task, kit::Draft::get("vidu look-up", url)).note(number).next(question)
}

fn address(task: &Task<'_>, path: &[&str], query: &[(&str, &str)]) -> Result<url::Url, String> {
    let path: Vec<&str> = ["ent", "v2"].iter().chain(path).copied().collect();
    kit::address(kit::base(task.access, USUAL_BASE), &path, query)
}

/// With the key; the word before it is the vendor's own.
fn signed(task: &Task<'_>, draft: kit::Draft) -> kit::Draft {
    draft.secret_header(header::AUTHORIZATION, &format!("Token {}", task.access.api_key.reveal()))
}

/// Every endpoint's body; what one does not know is left out.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    videos: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    movement_amplitude: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    /// Comes back in looks and lists; a lost task is found by it.
    payload: String,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        let (model, options, endpoint) = (plan.vendor_model.as_str(), &plan.options, Endpoint::of(task));
        let mut images = kit::pictures(task);
        if endpoint == Endpoint::Image {
            images.truncate(1);
        }
        if endpoint == Endpoint::StartEnd {
            images.truncate(1);
            images.extend(input.last_image.as_deref());
        }
        let from_text = endpoint == Endpoint::Text;
        Body {
            model,
            prompt: plan.prompt.as_deref(),
            images,
            videos: input.video.as_deref().into_iter().collect(),
            duration: options.whole("duration"),
            seed: options.whole("seed"),
            resolution: options.text("resolution"),
            aspect_ratio: options.text("aspectRatio").filter(|_| endpoint.takes_a_ratio()),
            movement_amplitude: options.text("motionIntensity"),
            style: options.text("style").filter(|_| from_text),
            audio: makes_sound(model).then(|| options.flag("sound").unwrap_or(true)),
            callback_url: task.callback,
            payload: kit::task_name(task),
        }
    }
}
