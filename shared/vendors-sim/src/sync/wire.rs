//! What Sync.so answers.

use super::models::Model;
use super::order::Order;
use crate::clock;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

type Task = tasks::Task<Order>;

/// How a generation is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// In the answer to the order, however quick the work.
    Ordered,
    /// In answers to other calls.
    Asked,
    /// In callbacks, which spell the code of an error otherwise and leave some things out.
    Called,
}

/// A generation. `links` makes the links to the results.
pub(super) fn told(how: Told, task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Value {
    let order = &task.order;
    let (status, code, error) = match how {
        Told::Ordered => ("PENDING", None, None),
        Told::Asked | Told::Called => status(task, now),
    };
    let is_done = status == "COMPLETED";
    let url = links(task).first().cloned().filter(|_| is_done);
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| told.insert(name.to_owned(), value);
    tell("id", task.id.as_str().into());
    tell("createdAt", clock::date(task.span.ordered).into());
    tell("status", status.into());
    tell("model", order.model.id.into());
    tell("input", order.input.clone());
    tell("options", order.options.clone());
    tell("webhookUrl", order.webhook_url.clone().into());
    tell("outputDuration", if is_done { number(order.milliseconds()) } else { Value::Null });
    tell("outputUrl", url.into());
    tell("error", error.into());
    match how {
        Told::Ordered | Told::Asked => {
            tell("errorCode", code.into());
            tell("segments", order.segments.clone());
            tell("outputFileName", order.file_name.clone().into());
        }
        Told::Called => {
            tell("error_code", code.into());
        }
    }
    Value::Object(told)
}

/// Seconds as JavaScript writes them: whole ones without a fraction.
fn number(milliseconds: u32) -> Value {
    if milliseconds.is_multiple_of(1000) {
        (milliseconds / 1000).into()
    } else {
        (f64::from(milliseconds) / 1000.0).into()
    }
}

/// The status, with the code and the words of a failure.
pub(super) fn status(task: &Task, now: u64) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match task.state(now) {
        State::Throttled | State::Waiting => ("PENDING", None, None),
        State::Working(_) => ("PROCESSING", None, None),
        State::Strange => ("REHEARSING", None, None),
        State::Succeeded => ("COMPLETED", None, None),
        State::Failed | State::Cancelled => (
            "FAILED",
            Some("generation_pipeline_failed"),
            Some("An error occurred in the generation pipeline."),
        ),
        // The vendor's list has no code for it.
        State::InputRefused => ("REJECTED", None, Some("The request was rejected.")),
        State::OutputRefused => (
            "FAILED",
            Some("generation_pipeline_failed"),
            Some("The output was flagged by content moderation."),
        ),
    }
}

/// What an order would cost.
pub(super) fn cost(order: &Order) -> Value {
    let frames = order.frames();
    json!([{ "estimatedFrameCount": frames, "estimatedGenerationCost": frames * order.model.frame }])
}

/// A model in the list.
pub(super) fn model(model: &Model) -> Value {
    json!({ "id": model.id, "name": model.id, "type": model.kind, "version": "1", "description": null })
}

/// Something that is fetched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Thing {
    Clip,
    Picture,
    Recording,
}

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: Option<&'static str>,
    /// A sentence, or one for each bad field.
    message: Value,
    /// Seconds after which to try again.
    patience: Option<u32>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self { code: Some(code), ..Self::plain(status, message) }
    }

    /// In the older form, without a code.
    fn plain(status: StatusCode, message: impl Into<Value>) -> Self {
        Self { status, code: None, message: message.into(), patience: None }
    }

    pub(super) fn bad<Words: Into<Value>, const COUNT: usize>(messages: [Words; COUNT]) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, messages.into_iter().map(Into::into).collect::<Vec<Value>>())
    }

    pub(super) fn no_key() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "Either Cookie or x-api-key header must be provided")
    }

    pub(super) fn wrong_key() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn no_such_path(method: &str, path: &str) -> Self {
        Self::plain(StatusCode::NOT_FOUND, format!("Cannot {method} {path}"))
    }

    pub(super) fn invalid_order_key() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_IDEMPOTENCY_KEY", "The Idempotency-Key is invalid.")
    }

    /// The name of this code could not be read anywhere, only that it begins like this.
    pub(super) fn other_content() -> Self {
        let message = "The Idempotency-Key was used with another payload.";
        Self::new(StatusCode::CONFLICT, "IDEMPOTENCY_CONFLICT", message)
    }

    pub(super) fn unsupported_model() -> Self {
        let message = "The requested model is not supported for this operation.";
        Self::new(StatusCode::BAD_REQUEST, "generation_unsupported_model", message)
    }

    pub(super) fn invalid_input(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "generation_input_validation_failed", message)
    }

    pub(super) fn too_many_visual() -> Self {
        let message = "There must be one video or image input alone.";
        Self::new(StatusCode::BAD_REQUEST, "generation_input_too_many_visual", message)
    }

    pub(super) fn segments(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "generation_input_segments_invalid", message)
    }

    pub(super) fn face(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "generation_input_face_selection_invalid", message)
    }

    pub(super) fn inaccessible(thing: Thing) -> Self {
        let (code, message) = match thing {
            Thing::Clip => ("generation_input_video_inaccessible", "The provided video URL is inaccessible."),
            Thing::Picture => {
                ("generation_input_image_inaccessible", "The provided image URL is inaccessible.")
            }
            Thing::Recording => {
                ("generation_input_audio_inaccessible", "The provided audio URL is inaccessible.")
            }
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// Pictures have no code of their own.
    pub(super) fn unreadable(thing: Thing) -> Self {
        let (code, message) = match thing {
            Thing::Clip => ("generation_input_video_invalid", "The provided video is invalid."),
            Thing::Picture => ("generation_input_validation_failed", "The provided image is invalid."),
            Thing::Recording => ("generation_input_audio_invalid", "The provided audio is invalid."),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    pub(super) fn resolution() -> Self {
        let message = "The input resolution is not supported.";
        Self::new(StatusCode::BAD_REQUEST, "generation_input_resolution_unsupported", message)
    }

    pub(super) fn recording_too_long() -> Self {
        let message = "The provided audio exceeds the maximum allowed length.";
        Self::new(StatusCode::BAD_REQUEST, "generation_audio_length_exceeded", message)
    }

    pub(super) fn script_too_long() -> Self {
        let message = "Text must be less than 5000 characters in one generation.";
        Self::new(StatusCode::BAD_REQUEST, "generation_text_length_exceeded", message)
    }

    pub(super) fn too_long_for_model() -> Self {
        let message = "The input is longer than the model takes.";
        Self::new(StatusCode::BAD_REQUEST, "generation_model_duration_exceeded", message)
    }

    pub(super) fn too_long_for_plan() -> Self {
        let message = "The input is longer than the plan allows.";
        Self::new(StatusCode::PAYMENT_REQUIRED, "generation_plan_duration_exceeded", message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file_size_exceeds_plan_limit", "Payload Too Large")
    }

    pub(super) fn no_such_asset(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "asset_not_found", &format!("Asset {id} not found"))
    }

    pub(super) fn no_such_voice() -> Self {
        Self::new(StatusCode::NOT_FOUND, "voice_not_found", "Voice not found")
    }

    pub(super) fn no_such_generation() -> Self {
        Self::new(StatusCode::NOT_FOUND, "generation_not_found", "Generation not found")
    }

    pub(super) fn still_at_work() -> Self {
        let message = "A generation that is still processing can't be deleted.";
        Self::new(StatusCode::CONFLICT, "generation_not_deletable_while_processing", message)
    }
}

impl From<crate::fields::WrongType> for Refusal {
    fn from(crate::fields::WrongType { field, wanted }: crate::fields::WrongType) -> Self {
        use crate::fields::Wanted;
        let kind = match wanted {
            Wanted::Text => "a string",
            Wanted::Whole => "an integer number",
            Wanted::Number => "a number",
            Wanted::Bool => "a boolean value",
            Wanted::Object => "an object",
            Wanted::List => "an array",
        };
        Self::bad([format!("{field} must be {kind}")])
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                let message = "Active job limit reached.";
                let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "concurrency_limit_reached", message);
                Self { patience: Some(1), ..refusal }
            }
            Fault::ServerError => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal server error")
            }
            Fault::Unauthorized => Self::wrong_key(),
            Fault::NoCredit => {
                let message = "The account cannot start another generation.";
                Self::new(StatusCode::PAYMENT_REQUIRED, "account_payment_required", message)
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code.unwrap_or("none"))
    }

    fn response(&self) -> Response {
        let mut body = Map::new();
        body.insert("statusCode".into(), self.status.as_u16().into());
        body.insert("message".into(), self.message.clone());
        body.insert("error".into(), self.status.canonical_reason().into());
        if let Some(code) = self.code {
            body.insert("errorCode".into(), code.into());
        }
        if let Some(seconds) = self.patience {
            body.insert("retryAfterSeconds".into(), seconds.into());
        }
        reply::json(self.status, body)
    }
}
