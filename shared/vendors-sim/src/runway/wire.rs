//! What Runway answers.

use super::order::Order;
use crate::clock;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    error: String,
    issues: Vec<Issue>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Issue {
    code: &'static str,
    path: Vec<String>,
    message: String,
}

impl Issue {
    pub(super) fn new(path: &[&str], code: &'static str, message: impl Into<String>) -> Self {
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        Self { code, path, message: message.into() }
    }
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), issues: Vec::new() }
    }

    pub(super) fn body(issues: Vec<Issue>) -> Self {
        Self { issues, ..Self::new(StatusCode::BAD_REQUEST, "Validation of body failed") }
    }
}

impl Refuse for Refusal {
    /// Too many at a time are held back instead of refused, so a vendor without a place is one whose day is used up.
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "You have reached your daily limit of generations.")
            }
            Fault::ServerError => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"),
            Fault::Unauthorized => Self::new(StatusCode::UNAUTHORIZED, "The API key is not valid"),
            Fault::NoCredit => {
                Self::new(StatusCode::BAD_REQUEST, "You do not have enough credits to run this task.")
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.status.as_u16().to_string()
    }

    fn response(&self) -> Response {
        let mut body = json!({ "error": self.error });
        if let Some(body) = body.as_object_mut().filter(|_| !self.issues.is_empty()) {
            body.insert("issues".into(), json!(self.issues));
            body.insert("docUrl".into(), "https://docs.dev.runwayml.com/api".into());
        }
        reply::json(self.status, body)
    }
}

/// The answer to a submit.
pub(super) fn created(task: &Task) -> Response {
    let cost = json!({ "credits": task.order.credits() });
    reply::json(StatusCode::OK, json!({ "id": task.id, "estimatedCost": cost }))
}

/// The answer to a poll. `links` makes the links to the results.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Response {
    let cost = |credits: u64| json!({ "credits": credits });
    let whole = || cost(task.order.credits());
    let (status, more) = match task.state(now) {
        State::Throttled => ("THROTTLED", json!({ "estimatedCost": whole() })),
        State::Waiting => ("PENDING", json!({ "estimatedCost": whole() })),
        State::Working(part) => ("RUNNING", json!({ "progress": part, "estimatedCost": whole() })),
        State::Strange => ("REHEARSING", json!({ "estimatedCost": whole() })),
        State::Succeeded if task.order.picture_is_good => {
            ("SUCCEEDED", json!({ "output": links(task), "cost": whole() }))
        }
        State::Succeeded => ("FAILED", failure("ASSET.INVALID", "An input asset could not be used", cost(0))),
        State::Failed => {
            ("FAILED", failure("INTERNAL.BAD_OUTPUT.CODE01", "The generation gave no result", cost(0)))
        }
        // Whoever breaks the rules pays all the same.
        State::InputRefused => ("FAILED", failure("SAFETY.INPUT.TEXT", "The prompt was moderated", whole())),
        State::OutputRefused => {
            ("FAILED", failure("SAFETY.OUTPUT.VIDEO", "The output was moderated", whole()))
        }
        State::Cancelled => ("CANCELLED", json!({ "cost": cost(0) })),
    };
    let mut body = json!({ "id": task.id, "status": status, "createdAt": clock::date(task.span.ordered) });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    reply::json(StatusCode::OK, body)
}

fn failure(code: &str, words: &str, cost: Value) -> Value {
    json!({ "failure": words, "failureCode": code, "cost": cost })
}
