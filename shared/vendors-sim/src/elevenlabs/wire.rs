//! How ElevenLabs refuses.

use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::random;
use crate::reply;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    detail: Detail,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Detail {
    /// The envelope of today.
    Coded { code: &'static str, message: String, param: Option<&'static str> },
    /// What the schema of a call refuses.
    Schema(Vec<SchemaFault>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct SchemaFault {
    loc: Vec<&'static str>,
    msg: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, detail: Detail::Coded { code, message: message.into(), param: None } }
    }

    /// A value that is refused beyond the schema.
    pub(super) fn bad(code: &'static str, param: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            detail: Detail::Coded { code, message: message.into(), param: Some(param) },
        }
    }

    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(super) fn schema(loc: Vec<&'static str>, kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: Detail::Schema(vec![SchemaFault { loc, msg: msg.into(), kind }]),
        }
    }

    /// More calls at a time than the plan allows.
    pub(super) fn busy() -> Self {
        let message = "Too many concurrent requests. Your plan has reached its limit of concurrent requests.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "concurrent_limit_exceeded", message)
    }

    pub(super) fn invalid_key() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_api_key", "Invalid API key")
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "An internal error occurred")
    }

    fn kind(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "authentication_error",
            402 => "payment_required",
            403 => "authorization_error",
            404 => "not_found",
            429 => "rate_limit_error",
            500.. => "internal_error",
            _ => "validation_error",
        }
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::busy(),
            Fault::Fail | Fault::ServerError | Fault::PollError => Self::internal(),
            Fault::Unauthorized => Self::invalid_key(),
            Fault::NoCredit => Self::new(
                StatusCode::PAYMENT_REQUIRED,
                "insufficient_credits",
                "You have insufficient credits for this request",
            ),
            Fault::Moderate | Fault::ModerateOutput => {
                Self::bad("content_against_policy", "text", "The content you submitted is against our policy")
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        match &self.detail {
            Detail::Coded { code, .. } => format!("{} {code}", self.status.as_u16()),
            Detail::Schema(_) => self.status.as_u16().to_string(),
        }
    }

    fn response(&self) -> Response {
        let body = match &self.detail {
            Detail::Coded { code, message, param } => json!({ "detail": {
                "type": self.kind(),
                "code": code,
                "message": message,
                "status": code,
                "request_id": random::hexadecimal(32),
                "param": param,
            }}),
            Detail::Schema(faults) => json!({ "detail": faults }),
        };
        reply::json(self.status, body)
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        let (kind, message) = match wrong.wanted {
            Wanted::Text => ("string_type", "Input should be a valid string"),
            Wanted::Whole => ("int_type", "Input should be a valid integer"),
            Wanted::Number => ("float_type", "Input should be a valid number"),
            Wanted::Bool => ("bool_type", "Input should be a valid boolean"),
            Wanted::Object => ("model_attributes_type", "Input should be a valid dictionary"),
            Wanted::List => ("list_type", "Input should be a valid list"),
        };
        Self::schema(vec!["body", wrong.field], kind, message)
    }
}
