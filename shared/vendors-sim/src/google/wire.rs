//! What the Gemini API answers.

use super::Google;
use super::order::{Order, Ordered};
use crate::clock;
use crate::desk::{Desk, Refuse};
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::googleapis::Problem;
use crate::links;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal(Problem);

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self(Problem::invalid(message))
    }

    /// A bad request as the Interactions API tells it.
    pub(super) fn word(message: impl Into<String>) -> Self {
        Self(Problem::word(message))
    }

    /// A field that is refused.
    pub(super) fn at(field: &str, message: impl Into<String>) -> Self {
        Self(Problem::at(field, message))
    }

    pub(super) fn too_large() -> Self {
        let message = "Request payload size exceeds the limit: 20000000 bytes.";
        Self(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "INVALID_ARGUMENT", message))
    }

    pub(super) fn gone(message: impl Into<String>) -> Self {
        Self(Problem::missing(message))
    }

    pub(super) fn ended() -> Self {
        let message = "The interaction has already ended.";
        Self(Problem::new(StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", message))
    }

    pub(super) fn bad_key() -> Self {
        Self(Problem::bad_key())
    }

    pub(super) fn no_key() -> Self {
        Self(Problem::no_key())
    }

    pub(super) fn internal() -> Self {
        Self(Problem::internal("An internal error has occurred."))
    }
}

impl Refuse for Refusal {
    /// What the rules forbid and what fails is told by answers that are good in themselves.
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                Self(Problem::exhausted("You exceeded your current quota, please check your plan."))
            }
            Fault::ServerError => Self::internal(),
            Fault::Unauthorized => Self::bad_key(),
            Fault::NoCredit => Self(Problem::no_bill()),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.0.reason()
    }

    fn response(&self) -> Response {
        self.0.response()
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        Self(wrong.into())
    }
}

/// An interaction as it is now.
pub(super) async fn told(desk: &Desk<Google>, task: &Task, now: u64) -> Response {
    let thought = json!({ "type": "thought", "signature": "c2lnbmF0dXJl" });
    let output = |part: Value| json!({ "type": "model_output", "content": [part] });
    let refused = || {
        let words = json!({ "type": "text", "text": "I can't make this video." });
        ("completed", json!({ "steps": [thought, output(words)], "usage": usage(0) }))
    };
    let (status, more) = match task.state(now) {
        State::Throttled | State::Waiting | State::Working(_) => ("in_progress", json!({})),
        State::Strange => ("rehearsing", json!({})),
        State::Failed => {
            let error = json!({ "code": "https://ai.google.dev/errors/internal", "message": "An internal error has occurred." });
            ("failed", json!({ "errors": [error] }))
        }
        State::InputRefused | State::OutputRefused => refused(),
        State::Cancelled => ("cancelled", json!({ "usage": usage(0) })),
        State::Succeeded => match clip(desk, task).await {
            Some(clip) => ("completed", json!({ "steps": [thought, output(clip)], "usage": usage(57_920) })),
            None => refused(),
        },
    };
    let mut body = json!({
        "id": task.id,
        "object": "interaction",
        "model": task.order.model,
        "status": status,
        "created": clock::date(task.span.ordered),
        "updated": clock::date(task.changed(now)),
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    reply::json(StatusCode::OK, body)
}

async fn clip(desk: &Desk<Google>, task: &Task) -> Option<Value> {
    desk.links(task).first()?;
    let name = task.id.strip_prefix("v1_").unwrap_or(&task.id);
    let inline = matches!(task.order.ordered, Ordered::Clip { inline: true, .. });
    if inline && let Some(work) = tasks::Order::works(&task.order).first() {
        let file = links::inside(&desk.world, work, task.ailments.of_file()).await;
        let data = STANDARD.encode(file);
        return Some(json!({ "type": "video", "mime_type": "video/mp4", "data": data }));
    }
    let uri = format!("{}/v1beta/files/{name}:download?alt=media", desk.base());
    Some(json!({ "type": "video", "mime_type": "video/mp4", "uri": uri }))
}

fn usage(tokens: u64) -> Value {
    let used = if tokens > 0 { json!([{ "modality": "video", "tokens": tokens }]) } else { json!([]) };
    json!({ "total_output_tokens": tokens, "output_tokens_by_modality": used })
}

/// A picture in its answer.
pub(super) async fn pictured(desk: &Desk<Google>, task: &Task) -> Response {
    let tokens = json!({ "promptTokenCount": 9, "candidatesTokenCount": 1290, "totalTokenCount": 1299 });
    let has = |fault| task.ailments.has(fault);
    let about = json!({ "usageMetadata": tokens, "modelVersion": task.order.model, "responseId": task.id });
    let candidate = |reason: &str, parts: Value| json!({ "candidates": [{ "index": 0, "finishReason": reason, "content": { "role": "model", "parts": parts } }] });
    let mut body = if has(Fault::Moderate) {
        json!({ "promptFeedback": { "blockReason": "PROHIBITED_CONTENT" } })
    } else if has(Fault::ModerateOutput) {
        json!({ "candidates": [{ "index": 0, "finishReason": "IMAGE_SAFETY" }] })
    } else if has(Fault::Empty) {
        json!({ "candidates": [{ "index": 0, "finishReason": "NO_IMAGE" }] })
    } else {
        let mut parts = Vec::new();
        for work in tasks::Order::works(&task.order) {
            let file = links::inside(&desk.world, &work, task.ailments.of_file()).await;
            let data = STANDARD.encode(file);
            parts.push(json!({ "inlineData": { "mimeType": "image/png", "data": data } }));
        }
        candidate("STOP", json!(parts))
    };
    if let (Some(body), Value::Object(about)) = (body.as_object_mut(), about) {
        body.extend(about);
    }
    reply::json(StatusCode::OK, body)
}
