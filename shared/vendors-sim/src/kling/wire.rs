//! What Kling answers.

use super::lips::Session;
use super::order::Order;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::random;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: u16,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: u16, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn auth(code: u16, message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// A parameter that is missing or wrong.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 1201, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, 1203, message)
    }

    /// More tasks than the account may have at a time.
    pub(super) fn busy() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 1303, "parallel task over resource pack limit")
    }

    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 5000, "Internal error")
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::busy(),
            Fault::ServerError => Self::internal(),
            Fault::Unauthorized => Self::auth(1002, "Authorization is invalid"),
            Fault::NoCredit => Self::new(StatusCode::TOO_MANY_REQUESTS, 1102, "Account balance not enough"),
            Fault::Moderate => Self::new(
                StatusCode::BAD_REQUEST,
                1301,
                "The content you uploaded appears to violate the community guidelines",
            ),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.code)
    }

    fn response(&self) -> Response {
        let envelope = Envelope::<()> {
            code: self.code,
            message: &self.message,
            request_id: random::uuid(),
            data: None,
        };
        reply::json(self.status, envelope)
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        let wanted = match wrong.wanted {
            Wanted::Text => "string",
            Wanted::Whole => "int",
            Wanted::Number => "float",
            Wanted::Bool => "boolean",
            Wanted::Object => "object",
            Wanted::List => "array",
        };
        Self::parameter(format!("{} must be of type {wanted}", wrong.field))
    }
}

#[derive(Serialize)]
struct Envelope<'text, T> {
    code: u16,
    message: &'text str,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

#[derive(Serialize)]
struct Created<'task> {
    task_id: &'task str,
    task_info: TaskInfo<'task>,
    task_status: &'static str,
    created_at: u64,
    updated_at: u64,
}

#[derive(Serialize)]
struct TaskInfo<'task> {
    #[serde(skip_serializing_if = "Option::is_none")]
    external_task_id: Option<&'task str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_video: Option<Parent<'task>>,
}

/// The clip that was given.
#[derive(Serialize)]
struct Parent<'task> {
    url: &'task str,
    duration: String,
}

impl<'task> TaskInfo<'task> {
    fn of(task: &'task Task) -> Self {
        let parent = task.order.parent.as_deref();
        Self {
            external_task_id: task.order.common.external_id.as_deref(),
            parent_video: parent.map(|url| Parent { url, duration: duration(task) }),
        }
    }
}

#[derive(Serialize)]
struct Told<'task> {
    task_id: &'task str,
    task_status: &'static str,
    task_status_msg: &'static str,
    task_info: TaskInfo<'task>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_result: Option<TaskResult<'task>>,
    watermark_info: Watermark,
    #[serde(skip_serializing_if = "Option::is_none")]
    final_unit_deduction: Option<String>,
    created_at: u64,
    updated_at: u64,
}

#[derive(Serialize)]
struct Watermark {
    enabled: bool,
}

#[derive(Serialize)]
struct TaskResult<'task> {
    videos: Vec<Video<'task>>,
}

#[derive(Serialize)]
struct Video<'task> {
    id: &'task str,
    url: String,
    watermark_url: &'static str,
    duration: String,
}

/// A good answer.
pub(super) fn done(data: impl Serialize) -> Response {
    let envelope = Envelope { code: 0, message: "SUCCEED", request_id: random::uuid(), data: Some(data) };
    reply::json(StatusCode::OK, envelope)
}

/// The answer to a submit.
pub(super) fn created(task: &Task) -> Response {
    done(Created {
        task_id: &task.id,
        task_info: TaskInfo::of(task),
        task_status: "submitted",
        created_at: task.span.ordered,
        updated_at: task.span.ordered,
    })
}

/// The answer to a look for faces.
pub(super) fn faces(session: &Session) -> Response {
    done(json!({ "session_id": session.id, "final_unit_deduction": "0.05", "face_data": session.faces }))
}

/// The answer to a look at one task. `links` makes the links to the results.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Response {
    done(tell(task, now, &links))
}

/// The answer to a list.
pub(super) fn list<'task>(
    tasks: impl Iterator<Item = &'task Task>,
    now: u64,
    links: impl Fn(&Task) -> Vec<String>,
) -> Response {
    done(tasks.map(|task| tell(task, now, &links)).collect::<Vec<_>>())
}

/// The body of a callback: without the envelope.
pub(super) fn notice(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> String {
    json!(tell(task, now, links)).to_string()
}

fn tell(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Told<'_> {
    let (status, message) = state(task, now);
    let succeeded = task.state(now) == State::Succeeded;
    Told {
        task_id: &task.id,
        task_status: status,
        task_status_msg: message,
        task_info: TaskInfo::of(task),
        task_result: succeeded.then(|| TaskResult { videos: videos(task, links(task)) }),
        watermark_info: Watermark { enabled: task.order.common.watermark },
        final_unit_deduction: succeeded.then(|| task.order.units.to_string()),
        created_at: task.span.ordered,
        updated_at: task.changed(now),
    }
}

/// The state in the classic API's words, and why a task failed.
pub(super) fn state(task: &Task, now: u64) -> (&'static str, &'static str) {
    match task.state(now) {
        State::Throttled | State::Waiting => ("submitted", ""),
        State::Working(_) => ("processing", ""),
        State::Strange => ("rehearsing", ""),
        State::Succeeded => ("succeed", ""),
        State::Failed | State::Cancelled => ("failed", "Generation failed: an internal step gave no result"),
        State::InputRefused | State::OutputRefused => ("failed", "Failure to pass the risk control system"),
    }
}

fn videos(task: &Task, links: Vec<String>) -> Vec<Video<'_>> {
    let video =
        |url| Video { id: &task.order.common.video_id, url, watermark_url: "", duration: duration(task) };
    links.into_iter().map(video).collect()
}

/// How long the clip is, as the vendor tells it.
pub(super) fn duration(task: &Task) -> String {
    format!("{:.1}", f64::from(task.order.clip.milliseconds) / 1000.0)
}
