//! The vendor's error table, which both dialects tell in their own ways.

use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use http::StatusCode;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) code: u16,
    pub(super) message: String,
    /// The second dialect's status.
    pub(super) status: StatusCode,
    /// The second dialect's word.
    pub(super) kind: &'static str,
    /// Whether the first dialect, too, tells it by a status.
    pub(super) by_status: bool,
}

impl Complaint {
    fn new(code: u16, status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), status, kind, by_status: false }
    }

    /// A parameter that is missing or wrong.
    pub(super) fn parameter(message: impl std::fmt::Display) -> Self {
        let message = format!("invalid params, {message}");
        Self::new(2013, StatusCode::BAD_REQUEST, "bad_request_error", message)
    }

    pub(super) fn no_key() -> Self {
        Self { by_status: true, ..Self::key() }
    }

    pub(super) fn key() -> Self {
        Self::new(
            1004,
            StatusCode::UNAUTHORIZED,
            "authorized_error",
            "login fail: the API secret key is wrong",
        )
    }

    /// What a fault answers instead of a call, if it is one that answers.
    pub(super) fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                Self::new(1002, StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "rate limit exceeded")
            }
            Fault::ServerError => {
                Self::new(1000, StatusCode::INTERNAL_SERVER_ERROR, "server_error", "unknown error")
            }
            Fault::Unauthorized => Self::key(),
            Fault::NoCredit => Self::new(
                1008,
                StatusCode::PAYMENT_REQUIRED,
                "insufficient_balance_error",
                "insufficient balance",
            ),
            Fault::Moderate => Self::new(
                1026,
                StatusCode::UNPROCESSABLE_ENTITY,
                "unprocessable_entity_error",
                "the input has sensitive content",
            ),
            _ => return None,
        })
    }

    /// How the refusal is counted.
    pub(super) fn reason(&self) -> String {
        self.code.to_string()
    }
}

impl From<WrongType> for Complaint {
    fn from(wrong: WrongType) -> Self {
        let wanted = match wrong.wanted {
            Wanted::Text => "string",
            Wanted::Whole => "integer",
            Wanted::Number => "number",
            Wanted::Bool => "boolean",
            Wanted::Object => "object",
            Wanted::List => "array",
        };
        Self::parameter(format!("{} must be of type {wanted}", wrong.field))
    }
}
