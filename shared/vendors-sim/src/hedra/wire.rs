//! What Hedra answers.

use super::Hedra;
use super::order::{Detail, Order};
use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::Fault;
use crate::links::{Link, Signature};
use crate::random;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// Calls that a key may make in a minute; told, not held.
const MOST_CALLS: u32 = 60;

/// Seconds that a client has to wait who is told to.
const PAUSE: u32 = 1;

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issue {
    pub(super) field: String,
    pub(super) message: String,
    pub(super) reason: &'static str,
    pub(super) allowed: Option<Vec<String>>,
}

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    issues: Vec<Issue>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), issues: Vec::new() }
    }

    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message)
    }

    pub(super) fn not_found(message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(super) fn no_model(model: &str) -> Self {
        Self::not_found(&format!("Model '{model}' not found."))
    }

    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_ARGUMENT", "Method Not Allowed")
    }

    pub(super) fn precondition(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "FAILED_PRECONDITION", message)
    }

    /// Fields that are wrong, at least one.
    pub(super) fn invalid(issues: Vec<Issue>) -> Self {
        let message = match issues.as_slice() {
            [only] => only.message.clone(),
            all => format!("{} input fields are invalid; see details.", all.len()),
        };
        Self { issues, ..Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", message) }
    }

    fn is_retryable(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RESOURCE_EXHAUSTED",
                format!(
                    "Request rate limit exceeded: this API key is limited to {MOST_CALLS} requests per 60s."
                ),
            ),
            Fault::ServerError => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "An unexpected error occurred")
            }
            Fault::Unauthorized => Self::unauthorized("Invalid API key."),
            Fault::NoCredit => Self::new(
                StatusCode::PAYMENT_REQUIRED,
                "INSUFFICIENT_BALANCE",
                "Your API wallet balance is $0.00 and this request costs $0.05.",
            ),
            Fault::Moderate => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "MODERATION_FAILED", "Image failed moderation.")
            }
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code)
    }

    fn response(&self) -> Response {
        let mut error = envelope(self.code, &self.message, self.is_retryable());
        if let Some(error) = error.as_object_mut() {
            error.insert("type".into(), kind(self.status).into());
            if let Some(first) = self.issues.first() {
                error.insert("param".into(), first.field.as_str().into());
                error.insert("details".into(), self.issues.iter().map(Issue::told).collect());
            }
            if self.is_retryable() {
                error.insert("retry_after".into(), PAUSE.into());
            }
            if self.status == StatusCode::PAYMENT_REQUIRED {
                let url = "https://www.hedra.com/develop/billing?add_funds=true";
                let billing =
                    json!({ "balance": 0, "required": 0.05, "currency": "USD", "funding_url": url });
                error.insert("billing".into(), billing);
            }
        }
        let trace = random::hexadecimal(32);
        let response = reply::json(self.status, json!({ "error": error, "trace_id": trace }));
        let traced = ([("x-trace-id", trace)], response);
        if self.is_retryable() {
            let reset = clock::now() / 1000 + u64::from(PAUSE);
            let limits = [
                ("retry-after", PAUSE.to_string()),
                ("x-ratelimit-limit", MOST_CALLS.to_string()),
                ("x-ratelimit-remaining", "0".to_owned()),
                ("x-ratelimit-reset", reset.to_string()),
            ];
            return (limits, traced).into_response();
        }
        traced.into_response()
    }
}

impl Issue {
    fn told(&self) -> Value {
        json!({
            "field": self.field,
            "message": self.message,
            "reason": self.reason,
            "allowed": self.allowed,
        })
    }
}

/// The word of OpenAI's for a status.
fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    }
}

fn envelope(code: &str, message: &str, retryable: bool) -> Value {
    json!({ "code": code, "message": message, "retryable": retryable, "retry_after": null, "param": null, "details": null })
}

/// An amount in dollars.
pub(super) fn dollars(micros: u64) -> Value {
    (micros as f64 / 1_000_000.0).into()
}

/// The answer to an order.
pub(super) fn accepted(task: &Task, replayed: bool) -> Response {
    let location = format!("/v3/jobs/{}", task.id);
    let body = json!({
        "job_id": task.id,
        "model": task.order.model.id,
        "status": "IN_QUEUE",
        "status_url": format!("{location}/status"),
        "result_url": location,
        "estimated_completion_at": estimate(task),
    });
    let response = ([("location", location)], reply::json(StatusCode::ACCEPTED, body));
    if replayed {
        return ([("x-idempotent-replayed", "true")], response).into_response();
    }
    response.into_response()
}

/// There is none for speech.
fn estimate(task: &Task) -> Option<String> {
    task.span.ends.filter(|_| matches!(task.order.detail, Detail::Film { .. })).map(clock::date)
}

/// The state in the vendor's words.
fn word(state: State) -> &'static str {
    match state {
        State::Throttled | State::Waiting => "IN_QUEUE",
        State::Working(_) => "IN_PROGRESS",
        State::Strange => "REHEARSING",
        State::Succeeded => "COMPLETED",
        State::Failed | State::InputRefused | State::OutputRefused | State::Cancelled => "FAILED",
    }
}

/// What the job costs as it stands; nothing if it failed.
pub(super) fn cost(task: &Task, now: u64) -> u64 {
    if word(task.state(now)) == "FAILED" { 0 } else { task.order.cost() }
}

pub(super) fn status(task: &Task, now: u64) -> Value {
    let state = task.state(now);
    let progress = match state {
        State::Working(part) if estimate(task).is_some() => part.min(0.99),
        State::Succeeded => 1.0,
        _ => 0.0,
    };
    let estimate = estimate(task).filter(|_| !state.is_final());
    json!({
        "job_id": task.id,
        "status": word(state),
        "progress": progress,
        "estimated_completion_at": estimate,
    })
}

/// A job in a list.
pub(super) fn listed(task: &Task, now: u64) -> Value {
    json!({
        "job_id": task.id,
        "model": task.order.model.id,
        "status": word(task.state(now)),
        "created_at": clock::date(task.span.ordered),
    })
}

/// The result, as callbacks tell it.
pub(super) fn result(desk: &Desk<Hedra>, task: &Task, now: u64) -> Value {
    let state = task.state(now);
    let done = state == State::Succeeded;
    let outputs =
        if done && !task.ailments.has(Fault::Empty) { vec![output(desk, task, now)] } else { Vec::new() };
    let error = match state {
        State::OutputRefused => Some(envelope("MODERATION_FAILED", "The output failed moderation.", false)),
        _ if word(state) == "FAILED" => Some(envelope("INTERNAL", "The provider failed.", false)),
        _ => None,
    };
    let mut body = json!({
        "job_id": task.id,
        "model": task.order.model.id,
        "status": word(state),
        "outputs": outputs,
        "metrics": done.then(|| json!({ "processing_time_ms": task.changed(now) - task.span.begins })),
        "error": error,
    });
    if let (Detail::Film { .. }, Some(body)) = (&task.order.detail, body.as_object_mut()) {
        body.insert("prompt".into(), task.order.prompt.as_str().into());
    }
    body
}

/// The one output. Its link is signed anew for each look.
fn output(desk: &Desk<Hedra>, task: &Task, now: u64) -> Value {
    let work = task.order.work();
    let kind = work.content_type();
    let signature = Hedra::LINK_SECONDS.map(|seconds| Signature { begins: now, seconds });
    let link = Link { vendor: Hedra::VENDOR, work, fault: task.ailments.of_file(), signature };
    let size = match task.order.detail {
        Detail::Film { width, height } => Some((width, height)),
        Detail::Speech { .. } => None,
    };
    json!({
        "status": "COMPLETED",
        "asset_id": task.order.asset,
        "voice_id": null,
        "url": format!("{}{}", desk.world.base, desk.world.links.open(link)),
        "expires_at": clock::date(task.span.ordered + 24 * 3600 * 1000),
        "content_type": kind,
        "width": size.map(|(width, _)| width),
        "height": size.map(|(_, height)| height),
        "duration_ms": task.order.milliseconds,
        "fps": size.map(|_| 25),
        "error": null,
    })
}
