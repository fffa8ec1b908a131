//! What the vendor answers about pictures that are not made. There is no task that could tell of it later.

use super::super::refusal::Complaint;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use axum::response::Response;
use http::StatusCode;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(Complaint);

impl From<Complaint> for Refusal {
    fn from(complaint: Complaint) -> Self {
        Self(complaint)
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        Self(wrong.into())
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        let complaint = match fault {
            Fault::Fail => Complaint::of(Fault::ServerError),
            Fault::ModerateOutput => Some(Complaint::new(
                StatusCode::BAD_REQUEST,
                "OutputImageSensitiveContentDetected",
                "The output image may contain sensitive information.",
            )),
            fault => Complaint::of(fault),
        };
        complaint.map(Self)
    }

    fn reason(&self) -> String {
        self.0.reason()
    }

    fn response(&self) -> Response {
        self.0.response()
    }
}
