//! Sync.so: `POST /v2/generate` with a clip or a picture and a recording or a script, then `GET /v2/generate/{id}`. Nothing
//! stops a generation; a finished one can be deleted. Two orders with the same `Idempotency-Key` are one.
//!
//! By the SDKs (`syncsdk` and `@sync.so/sdk` 0.3.0) and the vendor's guides, autumn 2026. Which status goes with which
//! code is told for some codes alone; the others have the nearest.

mod auth;
mod body;
mod callback;
mod check;
mod media;
mod models;
mod options;
mod order;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST};
use crate::reply;
use crate::tasks::{State as Stage, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode, Uri};
use order::Order;
use serde_json::Value;
use std::sync::Arc;
use wire::{Refusal, Told};

/// As many as the largest plan allows.
pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Sync::VENDOR, limits: &[("sync_active", 15)], routes };

/// The vendor.
#[derive(Debug)]
struct Sync;

impl Protocol for Sync {
    const VENDOR: Vendor = Vendor::named("sync");
    const LINK_SECONDS: Option<f64> = Some(3600.0);
    /// What is not taken is not sent again.
    const CALLBACK_TRIES: u32 = 1;

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_generation()
    }

    fn twin(existing: &Task<Order>, order: &Order) -> Result<(), Refusal> {
        if existing.order.content == order.content { Ok(()) } else { Err(Refusal::other_content()) }
    }

    /// Told at the end alone, and not of what was rejected.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        let state = task.state(now);
        if !state.is_final() || state == Stage::InputRefused {
            return None;
        }
        let body = wire::told(Told::Called, task, now, |task| desk.links(task)).to_string();
        Some(Notice { headers: callback::headers(&body, now), body })
    }
}

type Shared = State<Arc<Desk<Sync>>>;

fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v2/generate", post(submit))
        .route("/v2/generate/{id}", get(poll).delete(remove))
        .route("/v2/generations", get(list))
        .route("/v2/analyze/cost", post(estimate))
        .route("/v2/models", get(models))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_path)
        .with_state(Desk::open(world))
}

async fn no_such_path(method: Method, uri: Uri) -> Response {
    Refusal::no_such_path(method.as_str(), uri.path()).response()
}

/// An order that came before is told as it stands now.
async fn submit(State(desk): Shared, request: Request) -> Result<Response, Response> {
    let now = clock::now();
    let read = async {
        auth::check(request.headers())?;
        let key = auth::order_key(request.headers())?;
        check::order(body::read(request).await?, key).await
    };
    let task = desk.submit("generate", read).await?;
    let is_new = task.span.ordered >= now;
    let how = if is_new { Told::Ordered } else { Told::Asked };
    let told = wire::told(how, &task, clock::now(), |task| desk.links(task));
    Ok(reply::json(StatusCode::CREATED, told))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    Ok(reply::json(StatusCode::OK, told(&desk, &task)))
}

async fn remove(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let refuse = |refusal: Refusal| desk.refused(CANCEL, &refusal);
    let task = desk.find(&id).filter(|task| task.id == id);
    let task = task.ok_or_else(|| refuse(Refusal::no_such_generation()))?;
    if !task.state(clock::now()).is_final() {
        return Err(refuse(Refusal::still_at_work()));
    }
    let last = told(&desk, &task);
    desk.destroy(&task);
    Ok(reply::json(StatusCode::OK, last))
}

/// The newest first, filtered by ids and by statuses.
async fn list(
    State(desk): Shared,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let query = query.unwrap_or_default();
    let words = |name: &str| -> Vec<String> {
        let named = url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
        named.flat_map(|(_, list)| listed(&list)).collect()
    };
    let (ids, statuses) = (words("ids"), words("status"));
    let one_of = |words: &[String], word: &str| words.is_empty() || words.iter().any(|one| one == word);
    let now = clock::now();
    let fits =
        |task: &&Arc<Task<Order>>| one_of(&ids, &task.id) && one_of(&statuses, wire::status(task, now).0);
    let all = desk.newest(|_| true);
    let page: Vec<Value> = all.iter().filter(fits).map(|task| told(&desk, task)).collect();
    Ok(reply::json(StatusCode::OK, page))
}

/// A list with commas, as the vendor's page has it, or in JSON, as one of its SDKs writes it. The other repeats the name.
fn listed(list: &str) -> Vec<String> {
    serde_json::from_str(list).unwrap_or_else(|_| list.split(',').map(str::to_owned).collect())
}

/// What an order would cost; it is checked like one.
async fn estimate(State(desk): Shared, request: Request) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(request.headers())).await?;
    let order = async { check::order(body::read(request).await?, None).await }.await;
    let order = order.map_err(|refusal| desk.refused(LIST, &refusal))?;
    Ok(reply::json(StatusCode::CREATED, wire::cost(&order)))
}

async fn models(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, models::all().map(wire::model).collect::<Vec<_>>()))
}

fn told(desk: &Desk<Sync>, task: &Task<Order>) -> Value {
    wire::told(Told::Asked, task, clock::now(), |task| desk.links(task))
}
