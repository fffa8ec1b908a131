//! Black Forest Labs: `POST /v1/{model}`, then `GET` of the polling address that the answer names.

mod auth;
mod check;
mod models;
mod order;
mod size;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{LIST, POLL};
use crate::reply;
use crate::shelf::lock;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use order::Order;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use wire::{FieldFault, Refusal};

/// What the account had in the beginning.
const CREDITS: f64 = 10_000.0;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Bfl::VENDOR, limits: &[("bfl_active", 24), ("bfl_kontext_max_active", 6)], routes };

/// The vendor.
#[derive(Debug)]
struct Bfl;

impl Protocol for Bfl {
    const VENDOR: Vendor = Vendor::named("bfl");
    /// Counted from the end of the work on, not from a look at it.
    const LINK_SECONDS: Option<f64> = Some(600.0);

    type Order = Order;
    type Refusal = Refusal;
    /// Credits used up so far.
    type Account = Mutex<f64>;

    fn unknown(id: &str, late: bool) -> Refusal {
        wire::unknown(id, late)
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account) += task.order.credits();
    }
}

type Shared = State<Arc<Desk<Bfl>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v1/credits", get(credits))
        .route("/v1/get_result", get(poll))
        .route("/v1/{model}", post(submit))
        .fallback(async || reply::json(StatusCode::NOT_FOUND, json!({ "detail": "Not Found" })))
        .method_not_allowed_fallback(async || {
            reply::json(StatusCode::METHOD_NOT_ALLOWED, json!({ "detail": "Method Not Allowed" }))
        })
        .with_state(Desk::open(world))
}

async fn submit(
    State(desk): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        let model = models::find(&model).ok_or_else(Refusal::not_found)?;
        auth::check(&headers)?;
        check::order(model, &body)
    };
    let task = desk.submit(&model, read).await?;
    Ok(wire::created(&task, &desk.base()))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    let id = query.get("id").ok_or_else(|| {
        let fault = FieldFault::new(vec!["query", "id"], "missing", "Field required", &Value::Null);
        let refusal = auth::check(&headers).err().unwrap_or_else(|| Refusal::fields(vec![fault]));
        desk.count(POLL);
        desk.refused(POLL, &refusal)
    })?;
    let task = desk.poll(id, auth::check(&headers), |_| true).await?;
    Ok(wire::told(&task, clock::now(), |task| desk.links(task)))
}

async fn credits(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, json!({ "credits": CREDITS - *lock(&desk.account) })))
}
