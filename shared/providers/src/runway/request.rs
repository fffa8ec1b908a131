//! From an order to a request.

use super::{USUAL_BASE, pictures::Frames};
use crate::{Next, Question, Task, kit};
use http::HeaderName;
use jobs::Ticket;
use serde::Serialize;
use url::Url;

/// The version of the protocol that this folder speaks; every call has to name one.
const VERSION: (HeaderName, &str) = (HeaderName::from_static("x-runway-version"), "2024-11-06");

/// Seconds of a clip where nothing was planned: the newer model has to be told.
const USUAL_SECONDS: i64 = 5;

/// The paid call. `frames` are the pictures in the form in which the vendor gets them.
pub(super) fn submit(task: &Task<'_>, frames: Frames) -> Next {
    let family = if frames.is_empty() { "text_to_video" } else { "image_to_video" };
    let draft = kit::Draft::post("runway submit", address(task, &["v1", family]), &Body::of(task, frames));
    signed(draft, task).paid(task).next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(
    task: &Task<'_>,
    question: Question<'_>,
    ticket: &Ticket,
    what: &'static str,
    note: &'static str,
) -> Next {
    let url = address(task, &["v1", "tasks", &ticket.0]);
    signed(kit::Draft::get(what, url), task).note(note).next(question)
}

/// Stops a task that has not ended.
pub(super) fn delete(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, note: &'static str) -> Next {
    let url = address(task, &["v1", "tasks", &ticket.0]);
    signed(kit::Draft::delete("runway stop", url), task).note(note).next(question)
}

/// An address of the vendor's.
pub(super) fn address(task: &Task<'_>, path: &[&str]) -> Result<Url, String> {
    kit::address(kit::base(task.access, USUAL_BASE), path, &[])
}

/// Adds what every call to the vendor has to carry.
pub(super) fn signed(draft: kit::Draft, task: &Task<'_>) -> kit::Draft {
    let (name, version) = VERSION;
    draft.bearer(task.access.api_key.reveal()).header(name, version)
}

/// The body for all models: what one does not know was not planned for it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Frames::is_empty")]
    prompt_image: Frames,
    /// An empty text would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_text: Option<&'a str>,
    ratio: &'static str,
    duration: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>, frames: Frames) -> Body<'a> {
        let (plan, options) = (&task.job.plan, &task.job.plan.options);
        let model = plan.vendor_model.as_str();
        Body {
            model,
            prompt_image: frames,
            prompt_text: plan.prompt.as_deref().filter(|text| !text.is_empty()),
            ratio: ratio(model, options.text("aspectRatio").unwrap_or_default()),
            duration: options.whole("duration").unwrap_or(USUAL_SECONDS),
            seed: options.whole("seed"),
        }
    }
}

/// Width and height in the vendor's way of writing.
fn ratio(model: &str, shape: &str) -> &'static str {
    match (model, shape) {
        ("gen3a_turbo", "3:5") => "768:1280",
        ("gen3a_turbo", _) => "1280:768",
        (_, "9:16") => "720:1280",
        (_, "4:3") => "1104:832",
        (_, "3:4") => "832:1104",
        (_, "1:1") => "960:960",
        (_, "21:9") => "1584:672",
        _ => "1280:720",
    }
}
