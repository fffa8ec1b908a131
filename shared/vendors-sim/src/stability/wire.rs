//! What Stability answers.

use super::order::Order;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::random;
use crate::reply;
use crate::tasks;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use media::PictureFormat;
use serde_json::json;

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    name: &'static str,
    error: String,
}

impl Refusal {
    fn new(status: StatusCode, name: &'static str, error: &str) -> Self {
        Self { status, name, error: error.to_owned() }
    }

    pub(super) fn bad(error: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", error)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "authorization: is invalid or missing")
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "The requested resource does not exist")
    }

    pub(super) fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not allowed here")
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "The request is larger than 10MiB")
    }

    pub(super) fn not_english() -> Self {
        let error = "prompt: only English is supported at this time";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_language", error)
    }

    fn internal() -> Self {
        let error = "An unexpected server error has occurred, please try again later";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", error)
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                let error = "You have exceeded the rate limit, and have been timed out for 60 seconds";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", error)
            }
            Fault::ServerError | Fault::Fail => Self::internal(),
            Fault::Unauthorized => Self::unauthorized(),
            Fault::NoCredit => {
                let error = "You lack sufficient credits to make this request";
                Self::new(StatusCode::PAYMENT_REQUIRED, "payment_required", error)
            }
            Fault::Moderate => {
                let error = "Your request was flagged by our content moderation system";
                Self::new(StatusCode::FORBIDDEN, "content_moderation", error)
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.name)
    }

    fn response(&self) -> Response {
        let body = json!({ "id": random::hexadecimal(32), "name": self.name, "errors": [self.error] });
        reply::json(self.status, body)
    }
}

/// How the picture is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accept {
    Bytes,
    Json,
}

impl Accept {
    /// Exactly one of two is understood.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        match headers.get(header::ACCEPT).map(|accept| accept.to_str()) {
            None | Some(Ok("image/*")) => Ok(Self::Bytes),
            Some(Ok("application/json")) => Ok(Self::Json),
            Some(_) => Err(Refusal::bad("accept: must be one of image/*, application/json")),
        }
    }
}

fn reason(task: &Task) -> &'static str {
    if task.ailments.has(Fault::ModerateOutput) { "CONTENT_FILTERED" } else { "SUCCESS" }
}

/// The picture in base64.
pub(super) fn in_json(task: &Task, file: &Bytes) -> Response {
    let image = if task.ailments.has(Fault::Empty) { String::new() } else { STANDARD.encode(file) };
    let body = json!({ "image": image, "finish_reason": reason(task), "seed": task.order.seed });
    let mut response = reply::json(StatusCode::OK, body);
    let kind = match task.order.format {
        PictureFormat::Png => "application/json; type=image/png",
        PictureFormat::Jpeg => "application/json; type=image/jpeg",
        PictureFormat::Webp => "application/json; type=image/webp",
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    with_id(response, task)
}

/// What goes with the picture's bytes.
pub(super) fn with_headers(task: &Task, mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(HeaderName::from_static("finish-reason"), HeaderValue::from_static(reason(task)));
    response.headers_mut().insert(HeaderName::from_static("seed"), HeaderValue::from(task.order.seed));
    with_id(response, task)
}

fn with_id(mut response: Response, task: &Task) -> Response {
    if let Ok(id) = HeaderValue::from_str(&task.id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
