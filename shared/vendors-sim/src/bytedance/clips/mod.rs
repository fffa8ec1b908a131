//! Seedance: tasks to order, to look at, to list, to cancel and to delete.

mod check;
mod content;
mod models;
mod order;
mod wire;

use super::refusal::{Complaint, good};
use super::{VENDOR, body, credential};
use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{CANCEL, LIST};
use crate::fields::Fields;
use crate::random;
use crate::tasks::{self, State as TaskState};
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use order::Order;
use serde_json::json;
use std::sync::Arc;
use wire::Refusal;

#[derive(Debug)]
struct Clips;

type Task = tasks::Task<Order>;

impl Protocol for Clips {
    const VENDOR: Vendor = VENDOR;
    const LINK_SECONDS: Option<f64> = Some(86_400.0);
    const QUEUES: bool = true;

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(id: &str, _late: bool) -> Refusal {
        Complaint::task(id).into()
    }

    fn new_id(_order: &Order) -> String {
        format!("cgt-{}-{}", clock::now() / 1000, random::hexadecimal(8))
    }

    /// The same as a poll tells, at every change. Nothing is signed.
    fn notice(desk: &Desk<Self>, task: &Task, now: u64) -> Option<Notice> {
        let body = wire::tell(task, now, desk.links(task)).to_string();
        Some(Notice { headers: Vec::new(), body })
    }
}

type Shared = State<Arc<Desk<Clips>>>;

pub(super) fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/api/v3/contents/generations/tasks", post(submit).get(list))
        .route("/api/v3/contents/generations/tasks/{id}", get(poll).delete(remove))
        .with_state(Desk::open(world))
}

async fn submit(State(desk): Shared, headers: HeaderMap, bytes: Bytes) -> Result<Response, Response> {
    let read = async {
        credential(&headers)?;
        Ok(check::order(Fields(&body(&headers, &bytes)?))?)
    };
    let task = desk.submit("tasks", read).await?;
    Ok(good(json!({ "id": task.id })))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, credential(&headers).map_err(Refusal::from), |_| true).await?;
    Ok(good(wire::tell(&task, clock::now(), desk.links(&task))))
}

async fn list(
    State(desk): Shared,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Response> {
    desk.admit(LIST, credential(&headers).map_err(Refusal::from)).await?;
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = check::listing(&pairs).map_err(|complaint| desk.refused(LIST, &complaint.into()))?;
    let now = clock::now();
    let told: Vec<_> = desk
        .newest(|_| true)
        .iter()
        .map(|task| wire::tell(task, now, desk.links(task)))
        .filter(|told| asked.fits(told))
        .collect();
    let page: Vec<_> = told.iter().skip(asked.skip()).take(asked.size).collect();
    Ok(good(json!({ "items": page, "total": told.len() })))
}

/// Cancels what waits, refuses what is at work, and deletes what has ended, with its result.
async fn remove(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, credential(&headers).map_err(Refusal::from)).await?;
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Clips::unknown(&id, false)))?;
    let now = clock::now();
    match task.state(now) {
        TaskState::Throttled | TaskState::Waiting if task.cancel(now) => {}
        TaskState::Succeeded | TaskState::Failed | TaskState::InputRefused | TaskState::OutputRefused => {
            desk.destroy(&task);
        }
        _ => {
            let message = "The task can not be cancelled or deleted in its state.";
            let complaint = Complaint::new(StatusCode::CONFLICT, "OperationDenied.InvalidState", message);
            return Err(desk.refused(CANCEL, &complaint.into()));
        }
    }
    Ok(good(json!({})))
}
