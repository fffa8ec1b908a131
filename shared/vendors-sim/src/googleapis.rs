//! How Google's servers say no: the same form for all of its products.

use crate::fields::WrongType;
use crate::reply;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

/// What is wrong with a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    status: StatusCode,
    /// The name of the status; where there is none, the code is a word.
    name: Option<&'static str>,
    message: String,
    details: Vec<Value>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name: Some(name), message: message.into(), details: Vec::new() }
    }

    /// A bad request.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message)
    }

    /// A bad request as the Interactions API tells it.
    pub(crate) fn word(message: impl Into<String>) -> Self {
        Self { name: None, ..Self::invalid(message) }
    }

    /// A field that is refused.
    pub(crate) fn at(field: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let violation = json!({ "field": field, "description": message });
        Self::invalid(message).with(
            json!({ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation] }),
        )
    }

    /// The same, with the reason in a word.
    pub(crate) fn because(self, reason: &str) -> Self {
        self.with(json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com" }))
    }

    fn with(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    pub(crate) fn no_bill() -> Self {
        Self::denied("This API method requires billing to be enabled.")
    }

    pub(crate) fn exhausted(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED", message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
    }

    /// A key that is none.
    pub(crate) fn bad_key() -> Self {
        Self::invalid("API key not valid. Please pass a valid API key.").because("API_KEY_INVALID")
    }

    pub(crate) fn no_key() -> Self {
        Self::denied("Method doesn't allow unregistered callers (callers without established identity).")
    }

    /// How it is counted.
    pub(crate) fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.name.unwrap_or("invalid_request"))
    }

    pub(crate) fn response(&self) -> Response {
        let mut error = match self.name {
            Some(name) => json!({ "code": self.status.as_u16(), "message": self.message, "status": name }),
            None => json!({ "code": "invalid_request", "message": self.message }),
        };
        if let Some(error) = error.as_object_mut().filter(|_| !self.details.is_empty()) {
            error.insert("details".into(), json!(self.details));
        }
        reply::json(self.status, json!({ "error": error }))
    }
}

impl From<WrongType> for Problem {
    fn from(wrong: WrongType) -> Self {
        Self::at(wrong.field, format!("Invalid value at '{}' ({:?})", wrong.field, wrong.wanted))
    }
}
