//! What Kling's newer API answers.

use super::order::Order;
use super::wire::{done, duration, state};
use crate::tasks::{self, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

type Task = tasks::Task<Order>;

#[derive(Serialize)]
struct Created<'task> {
    id: &'task str,
    status: &'static str,
    create_time: u64,
    update_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'task str>,
}

#[derive(Serialize)]
struct Told<'task> {
    #[serde(flatten)]
    task: Created<'task>,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outputs: Option<Vec<Output<'task>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing: Option<[Billing; 1]>,
}

#[derive(Serialize)]
struct Output<'task> {
    r#type: &'static str,
    id: &'task str,
    url: String,
    duration: String,
}

#[derive(Serialize)]
struct Billing {
    charge_type: &'static str,
    amount: String,
    package_type: &'static str,
}

/// The answer to a submit.
pub(super) fn created(task: &Task) -> Response {
    done(head(task, "submitted", task.span.ordered))
}

/// The answer to a look at tasks. `links` makes the links to the results.
pub(super) fn list(tasks: &[impl AsRef<Task>], now: u64, links: impl Fn(&Task) -> Vec<String>) -> Response {
    done(tasks.iter().map(|task| tell(task.as_ref(), now, &links)).collect::<Vec<_>>())
}

/// The body of a callback: without the envelope.
pub(super) fn notice(task: &Task, now: u64, links: impl Fn(&Task) -> Vec<String>) -> String {
    json!(tell(task, now, &links)).to_string()
}

fn tell<'task>(task: &'task Task, now: u64, links: &impl Fn(&Task) -> Vec<String>) -> Told<'task> {
    let (status, message) = state(task, now);
    let succeeded = task.state(now) == State::Succeeded;
    let status = if succeeded { "succeeded" } else { status };
    let output =
        |url| Output { r#type: "video", id: &task.order.common.video_id, url, duration: duration(task) };
    let billing =
        || Billing { charge_type: "unit", amount: task.order.units.to_string(), package_type: "video" };
    Told {
        task: head(task, status, task.changed(now)),
        message,
        outputs: succeeded.then(|| links(task).into_iter().map(output).collect()),
        billing: succeeded.then(|| [billing()]),
    }
}

fn head<'task>(task: &'task Task, status: &'static str, changed: u64) -> Created<'task> {
    Created {
        id: &task.id,
        status,
        create_time: task.span.ordered,
        update_time: changed,
        external_id: task.order.common.external_id.as_deref(),
    }
}
