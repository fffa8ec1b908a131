//! What the second dialect answers.

use super::super::refusal::Complaint;
use super::Task;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::random;
use crate::reply;
use crate::tasks::State;
use axum::response::Response;
use serde_json::{Value, json};

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
        Complaint::of(fault).map(Self)
    }

    fn reason(&self) -> String {
        format!("{} {}", self.0.status.as_u16(), self.0.reason())
    }

    /// The code stands in brackets behind the words.
    fn response(&self) -> Response {
        let Complaint { code, message, status, kind, .. } = &self.0;
        let error = json!({
            "type": kind,
            "message": format!("{message} ({code})"),
            "http_code": status.as_u16().to_string(),
        });
        reply::json(
            *status,
            json!({ "type": "error", "error": error, "request_id": random::hexadecimal(32) }),
        )
    }
}

/// A task as polls, lists and callbacks tell it; times in seconds.
pub(super) fn tell(task: &Task, now: u64, links: Vec<String>) -> Value {
    let (resolution, ratio, input_seconds) = &task.order.told;
    let (status, error) = match task.state(now) {
        State::Throttled | State::Waiting => ("queued", None),
        State::Working(_) => ("running", None),
        State::Strange => ("rehearsing", None),
        State::Succeeded => ("succeeded", None),
        State::Failed => ("failed", Some(("1000", "unknown error"))),
        State::InputRefused => ("failed", Some(("1026", "the input has sensitive content"))),
        State::OutputRefused => ("failed", Some(("1027", "the output has sensitive content"))),
        State::Cancelled => ("cancelled", None),
    };
    let mut told = json!({
        "id": task.id,
        "model": task.order.model,
        "status": status,
        "created_at": task.span.ordered / 1000,
        "updated_at": task.changed(now) / 1000,
        "resolution": resolution,
        "duration": task.order.seconds,
        "ratio": ratio,
    });
    let mut add = |name: &str, value: Value| {
        if let Some(told) = told.as_object_mut() {
            told.insert(name.to_owned(), value);
        }
    };
    if let Some((code, message)) = error {
        add("error", json!({ "code": code, "message": message }));
    }
    if status == "succeeded" {
        let seconds = task.order.seconds;
        add("content", json!({ "url": links.first() }));
        add(
            "usage",
            json!({
                "total_seconds": seconds + input_seconds,
                "input_seconds": input_seconds,
                "output_seconds": seconds,
            }),
        );
    }
    told
}
