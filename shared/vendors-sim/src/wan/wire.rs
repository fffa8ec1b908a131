//! What DashScope answers.

use super::models::{Tier, Way};
use super::order::Order;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::{Wanted, WrongType};
use crate::random;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::{format_description, offset};

type Task = tasks::Task<Order>;

/// A call that is refused, or a look at a task that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// An error.
    Said {
        /// The status.
        status: StatusCode,
        /// A word, perhaps with a finer one behind a dot.
        code: &'static str,
        /// The words.
        message: String,
    },
    /// Told with a good status.
    Unknown {
        /// The task that was asked about.
        id: String,
    },
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::Said { status, code, message: message.into() }
    }

    pub(super) fn key(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidApiKey", message)
    }

    pub(super) fn synchronous() -> Self {
        let message = "current user api does not support synchronous calls";
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidParameter", message)
    }

    pub(super) fn lacking(field: &str) -> Self {
        Self::invalid(format!("Field required: {field}"))
    }

    pub(super) fn no_model() -> Self {
        let message = "Required parameter \"model\" missing or invalid, please check the request parameters.";
        Self::new(StatusCode::BAD_REQUEST, "BadRequest.EmptyModel", message)
    }

    pub(super) fn no_input() -> Self {
        let message = "Required input parameter missing from request.";
        Self::new(StatusCode::BAD_REQUEST, "BadRequest.EmptyInput", message)
    }

    pub(super) fn no_such_model() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Model.NotExist", "Model not exist.")
    }

    /// The model is not to be had under this address.
    pub(super) fn wrong_path() -> Self {
        Self::invalid("url error, please check url！")
    }

    pub(super) fn not_fetched() -> Self {
        let message = "Unable to download the media resource during the data inspection process.";
        Self::new(StatusCode::BAD_REQUEST, "InvalidParameter.DataInspection", message)
    }

    pub(super) fn too_late() -> Self {
        let message = "Failed to cancel the task, please confirm if the task is in PENDING status.";
        Self::new(StatusCode::BAD_REQUEST, "UnsupportedOperation", message)
    }

    pub(super) fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", "Not found!")
    }
}

impl From<WrongType> for Refusal {
    fn from(WrongType { field, wanted }: WrongType) -> Self {
        let wanted = match wanted {
            Wanted::Text => "string",
            Wanted::Whole => "integer",
            Wanted::Number => "number",
            Wanted::Bool => "boolean",
            Wanted::Object => "object",
            Wanted::List => "array",
        };
        Self::invalid(format!("Input should be a valid {wanted}: {field}"))
    }
}

impl Refuse for Refusal {
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "Throttling.RateQuota",
                "Requests rate limit exceeded, please try again later.",
            ),
            Fault::ServerError => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                "An internal error has occurred, please try again later or contact service support.",
            ),
            Fault::Unauthorized => Self::key("Invalid API-key provided."),
            Fault::NoCredit => Self::new(
                StatusCode::BAD_REQUEST,
                "Arrearage",
                "Access denied, please make sure your account is in good standing.",
            ),
            Fault::Moderate => Self::new(StatusCode::BAD_REQUEST, INSPECTED, INPUT_REFUSED),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        match self {
            Self::Said { status, code, .. } => format!("{} {code}", status.as_u16()),
            Self::Unknown { .. } => "200 UNKNOWN".to_owned(),
        }
    }

    fn response(&self) -> Response {
        match self {
            Self::Said { status, code, message } => {
                let body = json!({ "code": code, "message": message, "request_id": random::uuid() });
                reply::json(*status, body)
            }
            Self::Unknown { id } => {
                let output = json!({ "task_id": id, "task_status": "UNKNOWN" });
                reply::json(StatusCode::OK, json!({ "request_id": random::uuid(), "output": output }))
            }
        }
    }
}

/// What does not pass the content rules, and why.
const INSPECTED: &str = "DataInspectionFailed";
const INPUT_REFUSED: &str = "Input data may contain inappropriate content.";
const OUTPUT_REFUSED: &str = "Output data may contain inappropriate content.";

/// The answer to a submit.
pub(super) fn created(task: &Task) -> Response {
    let output = json!({ "task_status": "PENDING", "task_id": task.id });
    reply::json(StatusCode::OK, json!({ "output": output, "request_id": task.order.request_id }))
}

/// The answer to a look at a task. `links` makes the links to the result.
pub(super) fn told(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Response {
    let state = task.state(now);
    let mut output = standing(task, now);
    let mut tell = |name: &str, value: Value| output.insert(name.to_owned(), value);
    if let Some((code, message)) = reason(state) {
        tell("code", code.into());
        tell("message", message.into());
    }
    let succeeded = state == State::Succeeded;
    if succeeded {
        let order = &task.order;
        if !order.prompt.is_empty() {
            tell("orig_prompt", order.prompt.as_str().into());
        }
        if order.extends && !order.model.is_of("wan2.6") {
            tell("actual_prompt", format!("{}, in soft light", order.prompt).into());
        }
        if let Some(link) = links(task).first() {
            tell("video_url", link.as_str().into());
        }
    }
    let mut body = json!({ "request_id": random::uuid(), "output": output });
    if let Some(body) = body.as_object_mut().filter(|_| succeeded) {
        body.insert("usage".to_owned(), usage(&task.order));
    }
    reply::json(StatusCode::OK, body)
}

/// A task with its state and its times.
pub(super) fn standing(task: &Task, now: u64) -> Map<String, Value> {
    let mut output = Map::new();
    let mut tell = |name: &str, value: Value| output.insert(name.to_owned(), value);
    tell("task_id", task.id.as_str().into());
    tell("task_status", status(task, now).into());
    tell("submit_time", moment(task.span.ordered).into());
    if has_begun(task, now) {
        tell("scheduled_time", moment(task.span.begins).into());
    }
    if task.state(now).is_final() {
        tell("end_time", moment(task.changed(now)).into());
    }
    output
}

/// A task in a list, where nothing is told of what was ordered. Times are in milliseconds.
pub(super) fn listed(task: &Task, now: u64) -> Value {
    let order = &task.order;
    let mut body = json!({
        "api_key_id": "1000",
        "caller_parent_id": "1",
        "caller_uid": "1",
        "gmt_create": task.span.ordered,
        "model_name": order.model.id,
        "region": REGION,
        "request_id": order.request_id,
        "status": status(task, now),
        "task_id": task.id,
        "user_api_unique_key":
            format!("apikey:v1:aigc:{}:video-synthesis:{}", order.model.way.kind(), order.model.id),
    });
    if let Some(body) = body.as_object_mut() {
        if has_begun(task, now) {
            body.insert("start_time".to_owned(), task.span.begins.into());
        }
        if task.state(now).is_final() {
            body.insert("end_time".to_owned(), task.changed(now).into());
        }
    }
    body
}

/// Where this account is.
pub(super) const REGION: &str = "ap-southeast-1";

/// The word for a task's state.
pub(super) fn status(task: &Task, now: u64) -> &'static str {
    match task.state(now) {
        State::Throttled | State::Waiting => "PENDING",
        State::Working(_) => "RUNNING",
        State::Strange => "REHEARSING",
        State::Succeeded => "SUCCEEDED",
        State::Failed | State::InputRefused | State::OutputRefused => "FAILED",
        State::Cancelled => "CANCELED",
    }
}

/// Why a task failed.
fn reason(state: State) -> Option<(&'static str, &'static str)> {
    match state {
        State::Failed => {
            Some(("InternalError.Algo", "An internal error has occurred during algorithm execution."))
        }
        State::InputRefused => Some((INSPECTED, INPUT_REFUSED)),
        State::OutputRefused => Some((INSPECTED, OUTPUT_REFUSED)),
        _ => None,
    }
}

fn has_begun(task: &Task, now: u64) -> bool {
    !matches!(task.state(now), State::Throttled | State::Waiting | State::Cancelled)
}

/// What is charged. Each generation has words of its own for it.
fn usage(order: &Order) -> Value {
    let (width, height) = order.size;
    let size = format!("{width}*{height}");
    let lines = Tier::lines(order.tier);
    if order.model.is_of("wan2.6") {
        let mut usage = json!({
            "duration": (order.seconds + order.input_seconds) as f64,
            "input_video_duration": order.input_seconds,
            "output_video_duration": order.seconds,
            "video_count": 1,
            "SR": lines,
        });
        if let Some(usage) = usage.as_object_mut().filter(|_| order.model.way != Way::Image) {
            usage.insert("size".to_owned(), size.into());
        }
        return usage;
    }
    match order.model.way {
        Way::Text => json!({ "video_duration": order.seconds, "video_ratio": size, "video_count": 1 }),
        _ if order.model.is_of("wan2.1") => {
            json!({ "video_duration": order.seconds, "video_ratio": "standard", "video_count": 1 })
        }
        _ => json!({ "video_duration": order.seconds, "SR": lines, "video_count": 1 }),
    }
}

/// A moment as the vendor's clock in China has it, without a word about that. `at` is in milliseconds since 1970.
fn moment(at: u64) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000).ok();
    at.and_then(|at| at.to_offset(offset!(+8)).format(form).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_eight_hours_ahead() {
        assert_eq!(moment(1_795_255_200_007), "2026-11-21 18:00:00.007");
    }
}
