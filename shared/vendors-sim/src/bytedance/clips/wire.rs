//! What the vendor answers about clips.

use super::super::refusal::Complaint;
use super::Task;
use super::models::Generation;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::tasks::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

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
        self.0.reason()
    }

    fn response(&self) -> Response {
        self.0.response()
    }
}

/// A task as polls, lists and callbacks tell it; times in seconds.
pub(super) fn tell(task: &Task, now: u64, links: Vec<String>) -> Value {
    let order = &task.order;
    let (status, error) = match task.state(now) {
        State::Throttled | State::Waiting => ("queued", None),
        State::Working(_) => ("running", None),
        State::Strange => ("rehearsing", None),
        State::Succeeded => ("succeeded", None),
        State::Failed => ("failed", Some(("InternalServiceError", "The service met an internal error."))),
        State::InputRefused => {
            ("failed", Some(("InputTextSensitiveContentDetected", "The input text is sensitive.")))
        }
        State::OutputRefused => {
            ("failed", Some(("OutputVideoSensitiveContentDetected", "The output video is sensitive.")))
        }
        State::Cancelled => ("cancelled", None),
    };
    let mut told = Map::new();
    let mut add = |name: &str, value: Value| {
        told.insert(name.to_owned(), value);
    };
    add("id", json!(task.id));
    add("model", json!(order.model.id));
    add("status", json!(status));
    add("created_at", json!(task.span.ordered / 1000));
    add("updated_at", json!(task.changed(now) / 1000));
    add("service_tier", json!(order.service_tier));
    add("execution_expires_after", json!(order.expires));
    if let Some(identifier) = &order.safety_identifier {
        add("safety_identifier", json!(identifier));
    }
    if let Some((code, message)) = error {
        add("error", json!({ "code": code, "message": message }));
    }
    if status == "succeeded" {
        let mut content = Map::new();
        for (name, link) in ["video_url", "last_frame_url"].into_iter().zip(links) {
            content.insert(name.to_owned(), json!(link));
        }
        add("error", Value::Null);
        add("content", Value::Object(content));
        add("usage", json!({ "completion_tokens": order.tokens(), "total_tokens": order.tokens() }));
        add("seed", json!(order.seed));
        add("resolution", json!(order.resolution));
        add("ratio", json!(order.ratio));
        match order.frames {
            Some(frames) => add("frames", json!(frames)),
            None => add("duration", json!(order.seconds)),
        }
        add("framespersecond", json!(24));
        if order.model.generation > Generation::First {
            add("generate_audio", json!(order.sound));
            add("draft", json!(order.draft));
        }
    }
    Value::Object(told)
}
