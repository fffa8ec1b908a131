//! The vendor's errors: a word, and a sentence that ends with the request's id.

use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::random;
use crate::reply;
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// A row of the error table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) status: StatusCode,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) param: String,
}

impl Complaint {
    pub(super) fn new(status: StatusCode, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), param: String::new() }
    }

    /// A parameter that is wrong.
    pub(super) fn parameter(param: &str, problem: &str) -> Self {
        let message = format!("The parameter `{param}` specified in the request is not valid: {problem}.");
        Self { param: param.to_owned(), ..Self::new(StatusCode::BAD_REQUEST, "InvalidParameter", &message) }
    }

    /// A parameter that is missing.
    pub(super) fn missing(param: &str) -> Self {
        let message = format!("The request lacks the parameter `{param}`.");
        let code = format!("MissingParameter.{param}");
        Self { param: param.to_owned(), ..Self::new(StatusCode::BAD_REQUEST, &code, &message) }
    }

    pub(super) fn key() -> Self {
        let message = "The API key in the request is missing or invalid.";
        Self::new(StatusCode::UNAUTHORIZED, "AuthenticationError", message)
    }

    pub(super) fn model(name: &str) -> Self {
        let message = format!("The model or endpoint {name} does not exist or you do not have access to it.");
        Self::new(StatusCode::NOT_FOUND, "InvalidEndpointOrModel.NotFound", &message)
    }

    pub(super) fn task(id: &str) -> Self {
        let message = format!("The specified task {id} is not found.");
        Self::new(StatusCode::NOT_FOUND, "NotFound.Task", &message)
    }

    /// What a fault answers instead of a call, of clips and of pictures alike.
    pub(super) fn of(fault: Fault) -> Option<Self> {
        let (status, code, message) = match fault {
            Fault::Busy => (
                StatusCode::TOO_MANY_REQUESTS,
                "ServerOverloaded",
                "The service is overloaded at the moment.",
            ),
            Fault::ServerError => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServiceError",
                "The service met an internal error.",
            ),
            Fault::NoCredit => (StatusCode::FORBIDDEN, "AccountOverdueError", "Your account is overdue."),
            Fault::Unauthorized => return Some(Self::key()),
            Fault::Moderate => (
                StatusCode::BAD_REQUEST,
                "InputTextSensitiveContentDetected",
                "The input text may contain sensitive information.",
            ),
            _ => return None,
        };
        Some(Self::new(status, code, message))
    }

    /// How the refusal is counted.
    pub(super) fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code)
    }

    pub(super) fn response(&self) -> Response {
        let id = random::hexadecimal(32);
        let kind = match self.status {
            StatusCode::UNAUTHORIZED => "Unauthorized",
            StatusCode::FORBIDDEN => "Forbidden",
            StatusCode::NOT_FOUND => "NotFound",
            StatusCode::TOO_MANY_REQUESTS => "TooManyRequests",
            status if status.is_server_error() => "InternalServerError",
            _ => "BadRequest",
        };
        let error = json!({
            "code": self.code,
            "message": format!("{} Request id: {id}", self.message),
            "param": self.param,
            "type": kind,
        });
        answer(self.status, json!({ "error": error }), &id)
    }
}

/// A good answer.
pub(super) fn good(body: Value) -> Response {
    answer(StatusCode::OK, body, &random::hexadecimal(32))
}

fn answer(status: StatusCode, body: Value, id: &str) -> Response {
    let mut response = reply::json(status, body);
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

impl From<WrongType> for Complaint {
    fn from(wrong: WrongType) -> Self {
        let wanted = match wrong.wanted {
            Wanted::Text => "it must be a string",
            Wanted::Whole => "it must be an integer",
            Wanted::Number => "it must be a number",
            Wanted::Bool => "it must be a boolean",
            Wanted::Object => "it must be an object",
            Wanted::List => "it must be an array",
        };
        Self::parameter(wrong.field, wanted)
    }
}
