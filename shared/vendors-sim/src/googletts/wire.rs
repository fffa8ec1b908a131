//! How Text-to-Speech refuses.

use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::reply;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    name: &'static str,
    message: String,
    details: Option<Value>,
}

impl Refusal {
    fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into(), details: None }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found.")
    }

    pub(super) fn bad_key() -> Self {
        let info = json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com" });
        Self { details: Some(info), ..Self::invalid("API key not valid. Please pass a valid API key.") }
    }

    pub(super) fn no_key() -> Self {
        let message = "Method doesn't allow unregistered callers (callers without established identity).";
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                let message = "Quota exceeded for quota metric 'All requests' of the service.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message)
            }
            Fault::Fail | Fault::ServerError => {
                let message = "Internal error encountered.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
            }
            Fault::Unauthorized => Self::bad_key(),
            Fault::NoCredit => {
                let message = "This API method requires billing to be enabled.";
                Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
            }
            // Only some voices of the vendor judge what they say; here all do.
            Fault::Moderate | Fault::ModerateOutput => {
                Self::invalid("The text was blocked by the safety settings.")
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.name)
    }

    fn response(&self) -> Response {
        let mut error = json!({ "code": self.status.as_u16(), "message": self.message, "status": self.name });
        if let (Some(error), Some(details)) = (error.as_object_mut(), &self.details) {
            error.insert("details".into(), json!([details]));
        }
        reply::json(self.status, json!({ "error": error }))
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        Self::invalid(format!("Invalid value at '{}' ({:?})", wrong.field, wrong.wanted))
    }
}
