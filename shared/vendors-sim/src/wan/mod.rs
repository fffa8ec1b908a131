//! Alibaba's Wan, by DashScope: `POST /api/v1/services/aigc/video-generation/video-synthesis`, then `GET /api/v1/tasks/{id}`;
//! `POST …/cancel` stops a task that waits. Tasks over the limit of the account wait as well.
//!
//! Played is the account of Singapore, with the models up to 2.6: the later ones take orders of another form. What a
//! client reads is that of the vendor's pages and of its own client; nothing is ever called back.

mod auth;
mod bucket;
mod check;
mod list;
mod media;
mod models;
mod order;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST, POLL, UPLOAD};
use crate::random;
use crate::reply;
use crate::tasks::{State as Stage, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bucket::Bucket;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use list::Wish;
use media::Source;
use order::Order;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

/// Seconds for which tasks and links are remembered after the end of the work.
const DAY: f64 = 24.0 * 3600.0;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Wan::VENDOR, limits: &[("wan_active", 2), ("wan_later_active", 5)], routes };

/// The vendor.
#[derive(Debug)]
struct Wan;

impl Protocol for Wan {
    const VENDOR: Vendor = Vendor::named("wan");
    const LINK_SECONDS: Option<f64> = Some(DAY);
    const QUEUES: bool = true;

    type Order = Order;
    type Refusal = Refusal;
    type Account = Bucket;

    fn unknown(id: &str, _late: bool) -> Refusal {
        Refusal::Unknown { id: id.to_owned() }
    }
}

type Shared = State<Arc<Desk<Wan>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let version = [check::USUAL, check::BETWEEN].into_iter().fold(Router::new(), |router, path| {
        let submit = move |desk: Shared, headers: HeaderMap, body: Bytes| submit(desk, path, headers, body);
        router.route(&format!("/services/aigc/{path}/video-synthesis"), post(submit))
    });
    let version = version
        .route("/tasks", get(tasks))
        // As the vendor's older client writes it.
        .route("/tasks/", get(tasks))
        .route("/tasks/{id}", get(poll))
        .route("/tasks/{id}/cancel", post(cancel))
        .route("/uploads", get(policy))
        .route("/uploads/", get(policy));
    Router::new()
        .nest("/api/v1", version)
        .route("/oss", post(upload))
        .fallback(async || Refusal::no_such_path().response())
        .method_not_allowed_fallback(async || Refusal::no_such_path().response())
        .with_state(Desk::open(world))
}

async fn submit(
    State(desk): Shared,
    path: &'static str,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let source = Source { bucket: &desk.account, resolves: auth::resolves_uploads(&headers) };
    let read = async {
        auth::check(&headers)?;
        auth::wants_a_task(&headers)?;
        check::order(path, source, &body).await
    };
    let task = desk.submit(path, read).await?;
    Ok(wire::created(&task))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    let now = clock::now();
    if is_forgotten(&desk, &task, now) {
        return Err(desk.refused(POLL, &Wan::unknown(&id, false)));
    }
    Ok(wire::told(&task, now, |task| desk.links(task)))
}

/// A task is remembered for as long as the link to its clip lives.
fn is_forgotten(desk: &Desk<Wan>, task: &Task<Order>, now: u64) -> bool {
    let seconds = desk.world.settings().link_seconds.unwrap_or(DAY);
    task.span.ends.is_some_and(|ends| now >= ends.saturating_add((seconds * 1000.0) as u64))
}

async fn cancel(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let now = clock::now();
    let waits = |task: &Arc<Task<Order>>| matches!(task.state(now), Stage::Throttled | Stage::Waiting);
    match desk.find(&id).filter(waits).filter(|task| task.cancel(now)) {
        Some(_) => Ok(reply::json(StatusCode::OK, json!({ "request_id": random::uuid() }))),
        None => Err(desk.refused(CANCEL, &Refusal::too_late())),
    }
}

/// The newest first.
async fn tasks(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let now = clock::now();
    let wish = Wish::read(&query, now).map_err(|refusal| desk.refused(LIST, &refusal))?;
    let all = desk.newest(|_| true);
    let known: Vec<_> = all.into_iter().filter(|task| !is_forgotten(&desk, task, now)).collect();
    Ok(reply::json(StatusCode::OK, wish.page(&known, now, &random::uuid())))
}

/// The right to upload files for an order.
async fn policy(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    desk.admit(UPLOAD, auth::check(&headers)).await?;
    if query.get("action").map(String::as_str) != Some("getPolicy") || !query.contains_key("model") {
        return Err(desk.refused(UPLOAD, &Refusal::invalid("action must be getPolicy, for a model")));
    }
    let data = desk.account.policy(&format!("{}/oss", desk.base()));
    Ok(reply::json(StatusCode::OK, json!({ "request_id": random::uuid(), "data": data })))
}

/// The file store, which knows no key of the vendor's.
async fn upload(State(desk): Shared, form: Multipart) -> Response {
    desk.account.take(form).await
}
