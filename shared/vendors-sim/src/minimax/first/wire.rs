//! What the first dialect answers: a verdict in every body.

use super::super::refusal::Complaint;
use super::Task;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::random;
use crate::reply;
use crate::tasks::State;
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal(Complaint);

impl Refusal {
    pub(super) fn parameter(message: &str) -> Self {
        Self(Complaint::parameter(message))
    }
}

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
        self.0.reason()
    }

    fn response(&self) -> Response {
        let status = if self.0.by_status { self.0.status } else { StatusCode::OK };
        told_with(status, json!({}), self.0.code, &self.0.message)
    }
}

pub(super) fn no_file() -> Refusal {
    Refusal::parameter("file_id is not known")
}

/// An answer with its verdict and the number by which the vendor finds it in its logs.
fn told_with(status: StatusCode, mut body: Value, code: u16, message: &str) -> Response {
    if let Some(body) = body.as_object_mut() {
        body.insert("base_resp".to_owned(), json!({ "status_code": code, "status_msg": message }));
    }
    let mut response = reply::json(status, body);
    if let Ok(trace) = HeaderValue::from_str(&random::hexadecimal(32)) {
        response.headers_mut().insert("trace-id", trace);
    }
    response
}

fn good(body: Value) -> Response {
    told_with(StatusCode::OK, body, 0, "success")
}

/// The answer to a submit.
pub(super) fn created(id: &str) -> Response {
    good(json!({ "task_id": id }))
}

/// The answer to a look at a task.
pub(super) fn told(task: &Task, now: u64) -> Response {
    let (status, code) = state(task, now);
    let message = match code {
        0 => "success",
        1026 => "the input has sensitive content",
        _ => "the output has sensitive content",
    };
    told_with(StatusCode::OK, standing(task, status), code, message)
}

/// The body of a callback; none while the task waits.
pub(super) fn notice(task: &Task, now: u64) -> Option<String> {
    let (status, code) = state(task, now);
    let word = match status {
        "Processing" => "processing",
        "Success" => "success",
        "Fail" => "failed",
        _ => return None,
    };
    let mut body = standing(task, status);
    if let Some(body) = body.as_object_mut() {
        body.insert("status".to_owned(), json!(word));
        body.insert("base_resp".to_owned(), json!({ "status_code": code, "status_msg": "" }));
    }
    Some(body.to_string())
}

fn standing(task: &Task, status: &str) -> Value {
    let mut body = json!({ "task_id": task.id, "status": status });
    if let (Some(told), "Success") = (body.as_object_mut(), status) {
        let (width, height) = task.order.size;
        let empty = task.ailments.has(Fault::Empty);
        let file = if empty { String::new() } else { task.order.file_id.to_string() };
        told.insert("file_id".to_owned(), json!(file));
        told.insert("video_width".to_owned(), json!(width));
        told.insert("video_height".to_owned(), json!(height));
    }
    body
}

fn state(task: &Task, now: u64) -> (&'static str, u16) {
    match task.state(now) {
        State::Throttled => ("Preparing", 0),
        State::Waiting => ("Queueing", 0),
        State::Working(_) => ("Processing", 0),
        State::Strange => ("Rehearsing", 0),
        State::Succeeded => ("Success", 0),
        // Without a reason, and with a verdict that is about the question alone.
        State::Failed | State::Cancelled => ("Fail", 0),
        State::InputRefused => ("Fail", 1026),
        State::OutputRefused => ("Fail", 1027),
    }
}

/// The answer to a look at a file. Its id is a number here and a text in polls.
pub(super) fn file(task: &Task, length: usize, url: &str) -> Response {
    good(json!({ "file": {
        "file_id": task.order.file_id,
        "bytes": length,
        "created_at": task.span.ends.unwrap_or_default() / 1000,
        "filename": "output.mp4",
        "purpose": "video_generation",
        "download_url": url,
    } }))
}
