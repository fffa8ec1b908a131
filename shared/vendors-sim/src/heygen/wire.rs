//! What HeyGen answers.

use super::order::Order;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::random;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// Seconds after which a call that came too early may come again.
const WAIT: &str = "1";

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    param: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), param: None }
    }

    fn of_field(status: StatusCode, code: &'static str, field: &'static str, why: &str) -> Self {
        let message = format!("{field}: {why}");
        Self { status, code, message, param: Some(field) }
    }

    /// None and a wrong key are told apart by nothing.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Unauthorized")
    }

    pub(super) fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", message)
    }

    pub(super) fn lacking(field: &'static str) -> Self {
        Self::of_field(StatusCode::BAD_REQUEST, "validation_error", field, "is required")
    }

    pub(super) fn invalid(field: &'static str, why: &str) -> Self {
        Self::of_field(StatusCode::BAD_REQUEST, "invalid_parameter", field, why)
    }

    pub(super) fn no_such_avatar(field: &'static str) -> Self {
        Self::of_field(StatusCode::NOT_FOUND, "avatar_not_found", field, "there is no such avatar")
    }

    pub(super) fn no_such_voice(field: &'static str) -> Self {
        Self::of_field(StatusCode::NOT_FOUND, "voice_not_found", field, "there is no such voice")
    }

    pub(super) fn no_such_asset(field: &'static str) -> Self {
        Self::of_field(StatusCode::NOT_FOUND, "asset_not_available", field, "there is no such asset")
    }

    pub(super) fn no_such_video() -> Self {
        Self::new(StatusCode::NOT_FOUND, "video_not_found", "Video not found")
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found")
    }

    /// An order under the same key is not answered yet.
    pub(super) fn in_progress() -> Self {
        let message = "a request with the same idempotency key is in progress";
        Self::new(StatusCode::CONFLICT, "request_in_progress", message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "the file is too large")
    }
}

impl From<WrongType> for Refusal {
    fn from(WrongType { field, wanted }: WrongType) -> Self {
        let why = match wanted {
            Wanted::Text => "must be a string",
            Wanted::Whole => "must be an integer",
            Wanted::Number => "must be a number",
            Wanted::Bool => "must be a boolean",
            Wanted::Object => "must be an object",
            Wanted::List => "must be an array",
        };
        Self::of_field(StatusCode::BAD_REQUEST, "validation_error", field, why)
    }
}

impl Refuse for Refusal {
    /// What the vendor's rules forbid fails later, as a video.
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_exceeded",
                "too many videos are being made at a time",
            ),
            Fault::ServerError => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal error")
            }
            Fault::Unauthorized => Self::unauthorized(),
            Fault::NoCredit => Self::new(
                StatusCode::PAYMENT_REQUIRED,
                "insufficient_credit",
                "the balance of the wallet does not suffice",
            ),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code)
    }

    fn response(&self) -> Response {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "doc_url": format!("https://developers.heygen.com/docs/error-codes#{}", self.code),
        });
        if let (Some(error), Some(param)) = (error.as_object_mut(), self.param) {
            error.insert("param".into(), param.into());
        }
        let mut response = reply::json(self.status, json!({ "error": error }));
        let headers = response.headers_mut();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(WAIT));
        }
        if let Ok(id) = random::hexadecimal(32).parse() {
            headers.insert("x-request-id", id);
        }
        response
    }
}

/// The answer to an order.
pub(super) fn created(task: &Task) -> Response {
    let data = json!({ "video_id": task.id, "status": "waiting", "output_format": task.order.format });
    reply::json(StatusCode::OK, json!({ "data": data }))
}

/// A video as it is told. `links` makes the links to its files.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Value {
    let failure = failure(task, now);
    let ended = task.state(now).is_final();
    let made = ended && failure.is_none();
    let links = if made { links(task) } else { Vec::new() };
    json!({
        "id": task.id,
        "title": task.order.title,
        "status": state(task, now),
        "created_at": task.span.ordered / 1000,
        "completed_at": ended.then(|| task.changed(now) / 1000),
        "duration": made.then(|| task.order.length()),
        "folder_id": null,
        "output_language": null,
        "video_url": links.first(),
        "thumbnail_url": links.get(1),
        "gif_url": null,
        "captioned_video_url": null,
        "subtitle_url": null,
        "video_page_url": null,
        "failure_code": failure.map(|(code, _)| code),
        "failure_message": failure.map(|(_, message)| message),
    })
}

fn state(task: &Task, now: u64) -> &'static str {
    match task.state(now) {
        State::Throttled | State::Waiting => "pending",
        State::Working(_) => "processing",
        State::Strange => "compositing",
        State::Succeeded => "completed",
        State::Failed | State::InputRefused | State::OutputRefused | State::Cancelled => "failed",
    }
}

/// Why a video failed: a word and a sentence. No page lists the words; these are of the kind that the vendor's older
/// interfaces had.
pub(super) fn failure(task: &Task, now: u64) -> Option<(&'static str, &'static str)> {
    match task.state(now) {
        State::Failed => Some(("internal_error", "The video could not be rendered.")),
        State::InputRefused => Some(("blocked_words_detected", "The script holds blocked words.")),
        State::OutputRefused => Some(("content_moderation", "The video does not follow the content policy.")),
        _ => None,
    }
}
