//! The second dialect: `POST /v2/video_generation`, and the task by its id: to look at, to list, to stop.

mod check;
mod wire;

use super::order::{self, Order};
use super::refusal::Complaint;
use super::{VENDOR, body, challenge, credential};
use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{CANCEL, LIST};
use crate::fields::Fields;
use crate::reply;
use crate::tasks::{self, State as TaskState};
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{delete, get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;
use wire::Refusal;

#[derive(Debug)]
struct Second;

type Task = tasks::Task<Order>;

impl Protocol for Second {
    const VENDOR: Vendor = VENDOR;
    /// The vendor does not publish how long its links live.
    const LINK_SECONDS: Option<f64> = Some(3600.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Complaint { message: "invalid task_id".to_owned(), ..Complaint::parameter("") }.into()
    }

    fn new_id(_order: &Order) -> String {
        order::long_number().to_string()
    }

    /// The same as a poll tells.
    fn notice(desk: &Desk<Self>, task: &Task, now: u64) -> Option<Notice> {
        let body = json!({ "task": wire::tell(task, now, desk.links(task)) }).to_string();
        Some(Notice { headers: Vec::new(), body })
    }
}

type Shared = State<Arc<Desk<Second>>>;

pub(super) fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v2/video_generation", post(submit))
        .route("/v2/video_generation/{id}", delete(stop))
        .route("/v2/query/video_generation", get(list))
        .route("/v2/query/video_generation/{id}", get(poll))
        .with_state(Desk::open(world))
}

async fn submit(State(desk): Shared, headers: HeaderMap, bytes: Bytes) -> Result<Response, Response> {
    let read = async {
        credential(&headers)?;
        let body = body(&headers, &bytes)?;
        let mut order = check::order(Fields(&body))?;
        order.callback_url = challenge::callback(Fields(&body)).await?;
        Ok(order)
    };
    let task = desk.submit("video_generation v2", read).await?;
    Ok(reply::json(StatusCode::OK, json!({ "task_id": task.id })))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, credential(&headers).map_err(Refusal::from), |_| true).await?;
    let told = wire::tell(&task, clock::now(), desk.links(&task));
    Ok(reply::json(StatusCode::OK, json!({ "task": told })))
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
    let told = |task: &Arc<Task>| wire::tell(task, now, desk.links(task));
    let fitting: Vec<_> = desk
        .newest(|order| asked.fits_order(order))
        .iter()
        .map(told)
        .filter(|told| asked.fits(told))
        .collect();
    let page: Vec<_> = fitting.iter().skip(asked.skip()).take(asked.size).collect();
    Ok(reply::json(StatusCode::OK, json!({ "items": page, "total": fitting.len() })))
}

/// Stops what waits; of what has ended it deletes the record.
async fn stop(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    desk.admit(CANCEL, credential(&headers).map_err(Refusal::from)).await?;
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Second::unknown(&id, false)))?;
    let now = clock::now();
    let (action, status) = match task.state(now) {
        TaskState::Throttled | TaskState::Waiting if task.cancel(now) => ("cancelled", "cancelled"),
        TaskState::Succeeded => ("deleted", "succeeded"),
        TaskState::Failed | TaskState::InputRefused | TaskState::OutputRefused => ("deleted", "failed"),
        _ => {
            return Err(desk.refused(CANCEL, &Complaint::parameter("the task can not be stopped now").into()));
        }
    };
    if action == "deleted" {
        desk.destroy(&task);
    }
    Ok(reply::json(StatusCode::OK, json!({ "task_id": id, "action": action, "status": status })))
}
