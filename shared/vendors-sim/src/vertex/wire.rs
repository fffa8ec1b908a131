//! What Google's cloud answers.

use super::Vertex;
use super::order::Order;
use crate::clock;
use crate::desk::{Desk, Refuse};
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::googleapis::Problem;
use crate::reply;
use crate::tasks::{self, Order as _, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal(Problem);

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self(Problem::invalid(message))
    }

    pub(super) fn at(field: &str, message: impl Into<String>) -> Self {
        Self(Problem::at(field, message))
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self(Problem::missing(message))
    }

    fn unauthenticated(message: &str, reason: &str) -> Self {
        Self(Problem::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message).because(reason))
    }

    pub(super) fn no_token() -> Self {
        Self::unauthenticated("Request is missing required authentication credential.", "CREDENTIALS_MISSING")
    }

    pub(super) fn bad_token() -> Self {
        Self::unauthenticated(
            "Request had invalid authentication credentials.",
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        )
    }

    pub(super) fn other_project(project: &str) -> Self {
        let message = format!(
            "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/{project}' (or it may not exist)."
        );
        Self(Problem::denied(message).because("IAM_PERMISSION_DENIED"))
    }
}

impl Refuse for Refusal {
    /// What the rules forbid and what fails is told by the operation.
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self(Problem::exhausted(
                "Quota exceeded for aiplatform.googleapis.com/long_running_online_prediction_requests_per_base_model.",
            )),
            Fault::ServerError => Self(Problem::internal("Internal error encountered.")),
            Fault::Unauthorized => Self::bad_token(),
            Fault::NoCredit => Self(Problem::no_bill()),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.0.reason()
    }

    fn response(&self) -> Response {
        self.0.response()
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        Self(wrong.into())
    }
}

/// The answer to a submit.
pub(super) fn begun(task: &Task) -> Response {
    reply::json(StatusCode::OK, json!({ "name": task.id }))
}

/// The places of the clips, where the order names a bucket: a new folder for each operation.
pub(super) fn names_in_bucket(task: &Task) -> Vec<String> {
    let Some(storage) = &task.order.storage else { return Vec::new() };
    let operation = task.id.rsplit('/').next().unwrap_or_default();
    (0..task.order.count).map(|index| format!("{storage}/{operation}/sample_{index}.mp4")).collect()
}

/// Whether the operation has made its clips.
pub(super) fn is_laid_down(task: &Task, now: u64) -> bool {
    task.state(now) == State::Succeeded && !task.ailments.has(Fault::Empty)
}

/// A file of the store, described.
pub(super) fn described(bucket: &str, name: &str) -> Response {
    let body =
        json!({ "kind": "storage#object", "bucket": bucket, "name": name, "contentType": "video/mp4" });
    reply::json(StatusCode::OK, body)
}

/// The operation as it is now.
pub(super) async fn told(desk: &Desk<Vertex>, task: &Task, now: u64) -> Response {
    let name = &task.id;
    let failed = |code: u8, message: &str| json!({ "name": name, "done": true, "error": { "code": code, "message": message } });
    let done = |mut response: Value| {
        if let Some(response) = response.as_object_mut() {
            let kind = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse";
            response.insert("@type".into(), json!(kind));
        }
        json!({ "name": name, "done": true, "response": response })
    };
    let body = match task.state(now) {
        State::Throttled | State::Waiting | State::Working(_) => json!({ "name": name }),
        // There are no words for states; one may come beside.
        State::Strange => {
            json!({ "name": name, "metadata": { "state": "REHEARSING", "updateTime": clock::date(now) } })
        }
        State::Failed | State::Cancelled => failed(13, "Internal error. Please try again."),
        State::InputRefused => failed(
            3,
            "The prompt could not be submitted. This prompt contains words that violate Vertex AI's usage guidelines. Support codes: 58061214",
        ),
        State::OutputRefused => done(json!({
            "raiMediaFilteredCount": task.order.count,
            "raiMediaFilteredReasons": ["Veo could not generate videos based on the prompt provided. You will not be charged for this request. Support codes: 42237218"],
        })),
        State::Succeeded => done(json!({ "raiMediaFilteredCount": 0, "videos": videos(desk, task).await })),
    };
    reply::json(StatusCode::OK, body)
}

async fn videos(desk: &Desk<Vertex>, task: &Task) -> Vec<Value> {
    let mut videos = Vec::new();
    if task.ailments.has(Fault::Empty) {
        return videos;
    }
    if task.order.storage.is_some() {
        let video = |name: String| json!({ "gcsUri": name, "mimeType": "video/mp4" });
        return names_in_bucket(task).into_iter().map(video).collect();
    }
    for work in task.order.works() {
        let data = STANDARD.encode(desk.world.studio.file(&work).await);
        videos.push(json!({ "bytesBase64Encoded": data, "mimeType": "video/mp4" }));
    }
    videos
}
