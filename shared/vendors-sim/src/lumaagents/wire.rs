//! What Luma Agents answers.

use super::order::Order;
use crate::clock;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::luma::detail::Detail;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// Seconds to wait after too many calls.
const WAIT: &str = "2";

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal(Detail);

impl Refusal {
    fn words(status: StatusCode, words: impl Into<String>) -> Self {
        Self(Detail::words(status, words))
    }

    pub(super) fn bad_key() -> Self {
        Self::words(StatusCode::UNAUTHORIZED, "Invalid API key")
    }

    pub(super) fn no_such_task() -> Self {
        Self::words(StatusCode::NOT_FOUND, "Generation not found")
    }

    /// A value that can't be.
    pub(super) fn value(words: impl Into<String>) -> Self {
        Self::words(StatusCode::BAD_REQUEST, words)
    }

    /// Values that don't go together, or media of another kind.
    pub(super) fn combination(words: impl Into<String>) -> Self {
        Self::words(StatusCode::UNPROCESSABLE_ENTITY, words)
    }

    /// A picture that its address does not give.
    pub(super) fn unfetched(name: &str) -> Self {
        Self::words(StatusCode::SERVICE_UNAVAILABLE, format!("{name}: could not fetch the image"))
    }
}

impl From<WrongType> for Refusal {
    fn from(WrongType { field, wanted }: WrongType) -> Self {
        let wanted = match wanted {
            Wanted::Text => "a string",
            Wanted::Whole => "an integer",
            Wanted::Number => "a number",
            Wanted::Bool => "a boolean",
            Wanted::Object => "an object",
            Wanted::List => "an array",
        };
        Self::value(format!("{field} must be {wanted}"))
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::words(StatusCode::TOO_MANY_REQUESTS, "Too many concurrent jobs"),
            Fault::ServerError => Self::words(StatusCode::BAD_GATEWAY, "Upstream service unavailable"),
            Fault::Unauthorized => Self::bad_key(),
            Fault::NoCredit => Self::words(StatusCode::PAYMENT_REQUIRED, "Insufficient balance"),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.0.status.as_u16().to_string()
    }

    fn response(&self) -> Response {
        let mut response = self.0.response();
        if self.0.status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(WAIT));
        }
        marked(response)
    }
}

/// Names the version of the interface, as every answer does.
fn marked(mut response: Response) -> Response {
    response.headers_mut().insert("x-api-version", HeaderValue::from_static("2026-04-01"));
    response
}

/// A task, as every answer tells of it. `links` makes the links to the results.
pub(super) fn told(
    status: StatusCode,
    task: &Task,
    now: u64,
    links: impl Fn(&Task) -> Vec<String>,
) -> Response {
    let (state, failure) = state(task, now);
    let output = match state {
        "completed" => {
            links(task).into_iter().map(|url| json!({ "type": "video", "url": url })).collect::<Value>()
        }
        _ => Value::Null,
    };
    let body = json!({
        "id": task.id,
        "type": "video",
        "state": state,
        "model": "ray-3.2",
        "created_at": clock::date(task.span.ordered),
        "output": output,
        "failure_reason": failure.map(|(_, reason)| reason),
        "failure_code": failure.map(|(code, _)| code),
    });
    marked(reply::json(status, body))
}

type Failure = (&'static str, &'static str);

fn state(task: &Task, now: u64) -> (&'static str, Option<Failure>) {
    match task.state(now) {
        State::Throttled | State::Waiting => ("queued", None),
        State::Working(_) => ("processing", None),
        State::Strange => ("napping", None),
        State::Succeeded => ("completed", None),
        State::InputRefused => ("failed", Some(("content_moderated", "The prompt was moderated"))),
        State::OutputRefused => ("failed", Some(("content_moderated", "The output was moderated"))),
        State::Failed | State::Cancelled => ("failed", Some(("generation_failed", "The generation failed"))),
    }
}
