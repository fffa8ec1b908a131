//! What Vidu answers.

use super::order::Order;
use crate::clock;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::random;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    name: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "the token is invalid")
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(super) fn lacking(field: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FieldLacking", format!("field {field} is lacking"))
    }

    pub(super) fn unwanted(field: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FieldUnwanted", format!("field {field} is unwanted"))
    }

    pub(super) fn invalid(field: &str, why: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FieldInvalid", format!("field {field} is invalid: {why}"))
    }

    pub(super) fn count(field: &str) -> Self {
        let message = format!("item count of field {field} is out of range");
        Self::new(StatusCode::BAD_REQUEST, "FieldItemCountOutOfRange", message)
    }

    pub(super) fn shape(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "PageSizeOutOfRange", message)
    }

    pub(super) fn format() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ImageFormatInvalid", "the image format is invalid")
    }

    pub(super) fn not_fetched() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ImageDownloadFailure", "failed to download the image")
    }

    pub(super) fn no_such_task() -> Self {
        Self::new(StatusCode::NOT_FOUND, "TaskNotFound", "task not found")
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "not found")
    }
}

impl From<WrongType> for Refusal {
    fn from(WrongType { field, .. }: WrongType) -> Self {
        Self::invalid(field, "wrong type")
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "QuotaExceeded", "too many tasks at a time")
            }
            Fault::ServerError => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServiceFailure",
                "internal service failure",
            ),
            Fault::Unauthorized => Self::unauthorized(),
            Fault::NoCredit => {
                Self::new(StatusCode::BAD_REQUEST, "CreditInsufficient", "credits are insufficient")
            }
            Fault::Moderate => {
                Self::new(StatusCode::BAD_REQUEST, "AuditSubmitIllegal", "the prompt or image is illegal")
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.name)
    }

    fn response(&self) -> Response {
        let body = json!({
            "code": self.status.as_u16(),
            "reason": self.name,
            "message": self.message,
            "metadata": { "trace_id": random::hexadecimal(32) },
        });
        reply::json(self.status, body)
    }
}

/// The answer to a submit.
pub(super) fn created(task: &Task) -> Response {
    let mut body = told_everywhere(task);
    if let Some(body) = body.as_object_mut() {
        body.insert("task_id".into(), task.id.as_str().into());
        body.insert("state".into(), "created".into());
        body.insert("payload".into(), task.order.payload.as_str().into());
    }
    reply::json(StatusCode::OK, body)
}

fn told_everywhere(task: &Task) -> Value {
    let order = &task.order;
    json!({
        "type": order.family.kind(),
        "model": order.model.id,
        "prompt": order.prompt,
        "images": order.images,
        "duration": order.seconds,
        "seed": order.seed,
        "aspect_ratio": order.aspect_ratio,
        "resolution": order.resolution,
        "movement_amplitude": order.movement,
        "created_at": clock::date(task.span.ordered),
        "credits": order.credits(),
        "off_peak": order.off_peak,
        "watermark": order.watermark,
        "bgm": order.bgm,
    })
}

/// The answer to a look at one task, and the body of callbacks. `links` makes the links to the results.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Value {
    let (state, err_code) = state(task, now);
    json!({
        "state": state,
        "err_code": err_code,
        "credits": task.order.credits(),
        "payload": task.order.payload,
        "bgm": task.order.bgm,
        "off_peak": task.order.off_peak,
        "creations": creations(task, state, links),
    })
}

/// A task in a list. The client's own name for it is not told there.
pub(super) fn listed(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Value {
    let (state, err_code) = state(task, now);
    let mut body = told_everywhere(task);
    if let Some(body) = body.as_object_mut() {
        body.insert("id".into(), task.id.as_str().into());
        body.insert("state".into(), state.into());
        body.insert("err_code".into(), err_code.into());
        body.insert("creations".into(), creations(task, state, links));
    }
    body
}

fn creations(task: &Task, state: &str, links: impl Fn(&Task) -> Vec<String>) -> Value {
    match (state, links(task).as_slice()) {
        ("success", [url, cover, ..]) => {
            let id = format!("{}1", task.id);
            json!([{ "id": id, "url": url, "cover_url": cover }])
        }
        _ => json!([]),
    }
}

/// The state with the reason of a failure.
pub(super) fn state(task: &Task, now: u64) -> (&'static str, &'static str) {
    match task.state(now) {
        State::Throttled | State::Waiting => ("queueing", ""),
        State::Working(_) => ("processing", ""),
        State::Strange => ("rehearsing", ""),
        State::Succeeded => ("success", ""),
        State::Failed => ("failed", "InternalServiceFailure"),
        State::InputRefused => ("failed", "AuditSubmitIllegal"),
        State::OutputRefused => ("failed", "CreationPolicyViolation"),
        State::Cancelled => ("failed", "UserCancelled"),
    }
}
