//! How Text-to-Speech refuses.

use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::googleapis::Problem;
use axum::response::Response;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal(Problem);

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self(Problem::invalid(message))
    }

    pub(super) fn not_found() -> Self {
        Self(Problem::missing("Requested entity was not found."))
    }

    pub(super) fn bad_key() -> Self {
        Self(Problem::bad_key())
    }

    pub(super) fn no_key() -> Self {
        Self(Problem::no_key())
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(Self(match fault {
            Fault::Busy => {
                Problem::exhausted("Quota exceeded for quota metric 'All requests' of the service.")
            }
            Fault::Fail | Fault::ServerError => Problem::internal("Internal error encountered."),
            Fault::Unauthorized => Problem::bad_key(),
            Fault::NoCredit => Problem::no_bill(),
            // Only some voices of the vendor judge what they say; here all do.
            Fault::Moderate | Fault::ModerateOutput => {
                Problem::invalid("The text was blocked by the safety settings.")
            }
            _ => return None,
        }))
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
