//! What BFL answers.

use super::order::{Made, Order};
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
    body: Value,
}

impl Refusal {
    fn text(status: StatusCode, detail: &str) -> Self {
        Self { status, body: json!({ "detail": detail }) }
    }

    pub(super) fn not_authenticated() -> Self {
        Self::text(StatusCode::FORBIDDEN, "Not authenticated")
    }

    /// A key that can't be one: the status of wrong fields, yet with text instead of a list.
    pub(super) fn key_format() -> Self {
        Self::text(StatusCode::UNPROCESSABLE_ENTITY, "Invalid API key format")
    }

    pub(super) fn not_found() -> Self {
        Self::text(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(super) fn busy() -> Self {
        Self::text(StatusCode::TOO_MANY_REQUESTS, "Too many active tasks. Please wait for one to finish.")
    }

    pub(super) fn internal() -> Self {
        Self::text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    pub(super) fn fields(faults: Vec<FieldFault>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, body: json!({ "detail": faults }) }
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::busy(),
            Fault::ServerError => Self::internal(),
            Fault::Unauthorized => Self::not_authenticated(),
            Fault::NoCredit => Self::text(StatusCode::PAYMENT_REQUIRED, "Insufficient credits"),
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

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct FieldFault {
    loc: Vec<&'static str>,
    msg: String,
    #[serde(rename = "type")]
    kind: &'static str,
    input: Value,
}

impl FieldFault {
    pub(super) fn new(
        loc: Vec<&'static str>,
        kind: &'static str,
        msg: impl Into<String>,
        input: &Value,
    ) -> Self {
        Self { loc, msg: msg.into(), kind, input: input.clone() }
    }
}

#[derive(Serialize)]
struct Created<'task> {
    id: &'task str,
    #[serde(skip_serializing_if = "Option::is_none")]
    polling_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<&'task str>,
    cost: f64,
    input_mp: f64,
    output_mp: f64,
}

#[derive(Serialize)]
struct Told<'task> {
    id: &'task str,
    status: &'static str,
    result: Option<Outcome<'task>>,
    progress: Option<f64>,
    details: Option<Value>,
    preview: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
}

#[derive(Serialize)]
struct Outcome<'task> {
    sample: String,
    prompt: &'task str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// What a draft of a clip can be worked over from.
    #[serde(skip_serializing_if = "Option::is_none")]
    draft_cache: Option<String>,
    start_time: f64,
    end_time: f64,
    duration: f64,
}

/// The answer to a submit. A webhook takes the place of the address for polling.
pub(super) fn created(task: &Task, base: &str) -> Response {
    let order = &task.order;
    let webhook_url = order.webhook_url.as_deref();
    let polling_url = webhook_url.is_none().then(|| format!("{base}/v1/get_result?id={}", task.id));
    reply::json(
        StatusCode::OK,
        Created {
            id: &task.id,
            polling_url,
            status: webhook_url.map(|_| "Pending"),
            webhook_url,
            cost: order.credits(),
            input_mp: order.input_megapixels,
            output_mp: order.output_megapixels(),
        },
    )
}

/// The answer to a poll for a task that is not there, or not yet.
pub(super) fn unknown(id: &str, late: bool) -> Refusal {
    let body = json!({ "id": id, "status": "Task not found", "result": null, "progress": null, "details": null, "preview": null });
    Refusal { status: if late { StatusCode::OK } else { StatusCode::NOT_FOUND }, body }
}

/// The answer to a poll. `links` makes the link to the result.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Response {
    let (status, details) = state(task, now);
    let ready = status == "Ready";
    let progress = match task.state(now) {
        State::Working(part) => Some((part * 100.0).round() / 100.0),
        _ => None,
    };
    let told = Told {
        id: &task.id,
        status,
        result: links(task).pop().filter(|_| ready).map(|sample| outcome(task, sample)),
        progress,
        details,
        preview: None,
        cost: ready.then(|| task.order.credits()),
    };
    reply::json(StatusCode::OK, told)
}

fn state(task: &Task, now: u64) -> (&'static str, Option<Value>) {
    let moderated = |reason: &str| Some(json!({ "Moderation Reasons": [reason] }));
    match task.state(now) {
        State::Throttled | State::Waiting | State::Working(_) => ("Pending", None),
        State::Strange => ("Daydreaming", None),
        State::InputRefused => ("Request Moderated", moderated("Derivative Works Filter")),
        State::OutputRefused => ("Content Moderated", moderated("Safety Filter")),
        State::Failed | State::Cancelled => ("Error", Some(json!("the picture could not be made"))),
        State::Succeeded => ("Ready", None),
    }
}

fn outcome(task: &Task, sample: String) -> Outcome<'_> {
    let seconds = |milliseconds: u64| milliseconds as f64 / 1000.0;
    let start_time = seconds(task.span.begins);
    let end_time = seconds(task.span.ends.unwrap_or(task.span.begins));
    let (seed, draft_cache) = match task.order.made {
        Made::Picture { seed, .. } => (Some(seed), None),
        Made::Clip { .. } => (None, Some(format!("draft-{}", task.id))),
    };
    Outcome {
        sample,
        prompt: &task.order.prompt,
        seed,
        draft_cache,
        start_time,
        end_time,
        duration: end_time - start_time,
    }
}
