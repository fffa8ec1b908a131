//! What Dream Machine answers.

use super::detail::Detail;
use super::order::{Order, Product};
use crate::clock;
use crate::desk::Refuse;
use crate::faults::Fault;
use crate::fields::WrongType;
use crate::reply;
use crate::tasks::{self, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

type Task = tasks::Task<Order>;

/// A call that is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal(Detail);

impl Refusal {
    fn words(status: StatusCode, words: &str) -> Self {
        Self(Detail::words(status, words))
    }

    pub(super) fn not_authenticated() -> Self {
        Self::words(StatusCode::UNAUTHORIZED, "Not authenticated")
    }

    pub(super) fn no_such_task() -> Self {
        Self::words(StatusCode::NOT_FOUND, "Generation not found")
    }
}

impl From<Detail> for Refusal {
    fn from(detail: Detail) -> Self {
        Self(detail)
    }
}

impl From<WrongType> for Refusal {
    fn from(wrong: WrongType) -> Self {
        Self(Detail::wrong_type(wrong))
    }
}

impl Refuse for Refusal {
    /// Words are judged before a task is begun, clips when they are done.
    fn of(fault: Fault) -> Option<Self> {
        Some(match fault {
            Fault::Busy => Self::words(StatusCode::TOO_MANY_REQUESTS, "Too many concurrent generations"),
            Fault::ServerError => Self::words(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Fault::Unauthorized => Self::not_authenticated(),
            Fault::NoCredit => Self::words(StatusCode::BAD_REQUEST, "Insufficient credits"),
            Fault::Moderate => Self::words(
                StatusCode::BAD_REQUEST,
                "400: Prompt not allowed because advanced moderation failed",
            ),
            _ => return None,
        })
    }

    fn reason(&self) -> String {
        self.0.status.as_u16().to_string()
    }

    fn response(&self) -> Response {
        self.0.response()
    }
}

/// The answer to a submit: the task as it was at that moment.
pub(super) fn created(task: &Task) -> Response {
    reply::json(StatusCode::CREATED, generation(task, task.span.ordered, |_| Vec::new()))
}

/// A task, as every answer and callback tells of it. `links` makes the links to the results.
pub(super) fn generation(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> Value {
    let (state, reason) = state(task, now);
    let assets = match (state, task.order.product) {
        ("completed", Product::Clip { .. }) => {
            let links = links(task);
            json!({ "video": links.first(), "image": links.get(1), "progress_video": null })
        }
        ("completed", Product::Picture { .. }) => {
            json!({ "image": links(task).first(), "video": null, "progress_video": null })
        }
        _ => Value::Null,
    };
    json!({
        "id": task.id,
        "generation_type": match task.order.product { Product::Clip { .. } => "video", Product::Picture { .. } => "image" },
        "state": state,
        "failure_reason": reason,
        "created_at": clock::date(task.span.ordered),
        "assets": assets,
        "model": task.order.model,
        "request": task.order.request,
    })
}

fn state(task: &Task, now: u64) -> (&'static str, Option<&'static str>) {
    match task.state(now) {
        State::Throttled | State::Waiting => ("queued", None),
        State::Working(_) => ("dreaming", None),
        State::Strange => ("napping", None),
        State::Succeeded => ("completed", None),
        State::InputRefused | State::OutputRefused => {
            ("failed", Some("Generated content did not pass moderation"))
        }
        State::Failed | State::Cancelled => ("failed", Some("An unexpected error occurred")),
    }
}
