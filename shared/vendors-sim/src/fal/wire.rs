//! What fal answers.

use super::models::{self, Makes};
use super::order::{Made, Order};
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    fn text(status: StatusCode, detail: &str) -> Self {
        Self { status, body: json!({ "detail": detail }) }
    }

    pub(super) fn not_authenticated() -> Self {
        Self::text(StatusCode::UNAUTHORIZED, "Authentication is required to access this application.")
    }

    pub(super) fn no_such_app(id: &str) -> Self {
        let name = id.split('/').nth(1).unwrap_or(id);
        Self::text(StatusCode::NOT_FOUND, &format!("Application '{name}' not found"))
    }

    pub(super) fn no_such_request() -> Self {
        Self::text(StatusCode::NOT_FOUND, "Request not found")
    }

    /// A cancel has words of its own.
    pub(super) fn nothing_to_cancel() -> Self {
        Self { status: StatusCode::NOT_FOUND, body: json!({ "status": "NOT_FOUND" }) }
    }

    pub(super) fn already_completed() -> Self {
        Self { status: StatusCode::BAD_REQUEST, body: json!({ "status": "ALREADY_COMPLETED" }) }
    }

    pub(super) fn wrong_method() -> Self {
        Self::text(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    pub(super) fn not_json() -> Self {
        Self::text(StatusCode::BAD_REQUEST, "Invalid JSON body")
    }

    pub(super) fn in_progress() -> Self {
        Self::text(StatusCode::BAD_REQUEST, "Request is still in progress")
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::text(StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Fault::ServerError => Self::text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Fault::Unauthorized => Self::not_authenticated(),
            Fault::NoCredit => Self::text(
                StatusCode::FORBIDDEN,
                "User is locked. Reason: Exhausted balance. Top up your balance.",
            ),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.status.as_u16().to_string()
    }

    fn response(&self) -> Response {
        reply::json(self.status, &self.body)
    }
}

/// What is wrong with a field, or with what came of the input.
pub(super) fn problem(place: &[&str], kind: &str, message: impl Into<String>, input: &Value) -> Value {
    let loc: Vec<&str> = ["body"].into_iter().chain(place.iter().copied()).collect();
    json!({
        "loc": loc,
        "msg": message.into(),
        "type": kind,
        "url": format!("https://docs.fal.ai/errors#{kind}"),
        "input": input,
    })
}

/// The id and the addresses of a request, with its state.
fn head(task: &Task, base: &str, status: &str) -> serde_json::Map<String, Value> {
    let address = format!("{base}/{}/requests/{}", models::app(task.order.model.id), task.id);
    let entries = [
        ("status", json!(status)),
        ("request_id", json!(task.id)),
        ("response_url", json!(address)),
        ("status_url", json!(format!("{address}/status"))),
        ("cancel_url", json!(format!("{address}/cancel"))),
    ];
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The answer to a submit.
pub(super) fn queued(task: &Task, base: &str) -> Response {
    let mut told = head(task, base, "IN_QUEUE");
    told.insert("queue_position".into(), json!(0));
    named(reply::json(StatusCode::OK, told), task)
}

/// The answer to a look at a request. `ahead` are the requests that wait before it.
pub(super) fn standing(task: &Task, now: u64, base: &str, ahead: usize, logs: bool) -> Response {
    let (status, word, more) = match task.state(now) {
        State::Throttled | State::Waiting => {
            (StatusCode::ACCEPTED, "IN_QUEUE", json!({ "queue_position": ahead }))
        }
        State::Working(_) => (StatusCode::ACCEPTED, "IN_PROGRESS", json!({ "logs": lines(logs) })),
        State::Strange => (StatusCode::ACCEPTED, "WARMING_UP", json!({ "logs": lines(logs) })),
        State::Failed => {
            let more = json!({ "logs": lines(logs), "metrics": {}, "error": "Invalid status code: 500" });
            (StatusCode::OK, "COMPLETED", more)
        }
        State::Succeeded | State::InputRefused | State::OutputRefused | State::Cancelled => {
            let seconds = (task.changed(now).saturating_sub(task.span.begins)) as f64 / 1000.0;
            let more = json!({ "logs": lines(logs), "metrics": { "inference_time": seconds } });
            (StatusCode::OK, "COMPLETED", more)
        }
    };
    let mut told = head(task, base, word);
    if let Value::Object(more) = more {
        told.extend(more);
    }
    named(reply::json(status, told), task)
}

fn lines(wanted: bool) -> Value {
    match wanted {
        true => {
            json!([{ "message": "at work", "level": "INFO", "source": "USER", "timestamp": "2026-01-01T00:00:00.000000" }])
        }
        false => Value::Null,
    }
}

/// What came of a request; the same at every look.
pub(super) fn outcome(task: &Task, now: u64, links: Vec<String>) -> Response {
    let (status, told) = ended(task, now, links);
    named(reply::json(status, told), task)
}

/// The body of the callback about a request that is over.
pub(super) fn callback(task: &Task, now: u64, links: Vec<String>) -> Value {
    let (status, payload) = ended(task, now, links);
    let error = (!status.is_success()).then(|| format!("Invalid status code: {}", status.as_u16()));
    json!({
        "request_id": task.id,
        "gateway_request_id": task.id,
        "status": if error.is_none() { "OK" } else { "ERROR" },
        "error": error,
        "payload": payload,
    })
}

fn ended(task: &Task, now: u64, links: Vec<String>) -> (StatusCode, Value) {
    let order = &task.order;
    let blamed = |place: &[&str]| {
        let message =
            "The content could not be processed because it contained material flagged by a content checker.";
        json!([problem(place, "content_policy_violation", message, &json!(order.prompt))])
    };
    let refused = |detail: Value| (StatusCode::UNPROCESSABLE_ENTITY, json!({ "detail": detail }));
    let flags = matches!(order.model.makes, Makes::Pictures { checked: true, .. });
    match task.state(now) {
        _ if !order.problems.is_empty() => refused(json!(order.problems)),
        State::InputRefused => refused(blamed(&["prompt"])),
        State::OutputRefused if !flags => refused(blamed(&[])),
        State::Succeeded | State::OutputRefused => (StatusCode::OK, result(task, now, links)),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, json!({ "detail": "Internal Server Error" })),
    }
}

fn result(task: &Task, now: u64, links: Vec<String>) -> Value {
    let order = &task.order;
    let work = tasks::Order::works(order);
    let content_type = work.first().map(|work| work.content_type()).unwrap_or_default();
    match &order.made {
        Made::Pictures { width, height, .. } => {
            let blacked_out = task.state(now) == State::OutputRefused;
            let flags = vec![blacked_out; links.len()];
            let images: Vec<Value> = links
                .into_iter()
                .map(|url| json!({ "url": url, "width": width, "height": height, "content_type": content_type }))
                .collect();
            match order.model.makes {
                Makes::Pictures { checked: true, .. } => json!({
                    "images": images,
                    "seed": order.seed,
                    "has_nsfw_concepts": flags,
                    "prompt": order.prompt,
                    "timings": { "inference": 1.6 },
                }),
                _ => json!({ "images": images, "seed": order.seed, "description": "" }),
            }
        }
        Made::Clip { .. } => {
            let file = |url| json!({ "url": url, "content_type": content_type, "file_name": "output.mp4" });
            json!({ "video": links.first().map(file), "seed": order.seed })
        }
        Made::Speech { .. } => {
            let file = |url| json!({ "url": url, "content_type": content_type, "file_name": "output.mp3" });
            json!({ "audio": links.first().map(file) })
        }
    }
}

/// With the header by which the vendor's clients know its own answers.
fn named(mut response: Response, task: &Task) -> Response {
    if let Ok(id) = HeaderValue::from_str(&task.id) {
        response.headers_mut().insert(HeaderName::from_static("x-fal-request-id"), id);
    }
    response
}
