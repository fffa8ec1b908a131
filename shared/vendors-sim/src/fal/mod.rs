//! fal: `POST /{model id}` puts a request into a queue; status, result and cancel are under the model's owner and name
//! alone. The synchronous twin of the queue is under `/run`, the keys that callbacks are signed with under `/.well-known`;
//! the vendor has hosts of their own for both.

mod auth;
mod callback;
mod check;
mod models;
mod order;
mod size;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST, POLL};
use crate::reply;
use crate::tasks::{State as Standing, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{any, get};
use bytes::Bytes;
use callback::Signer;
use http::{HeaderMap, Method, StatusCode};
use order::Order;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Fal::VENDOR, limits: &[("fal_active", 10)], routes };

/// The vendor.
#[derive(Debug)]
struct Fal;

impl Protocol for Fal {
    const VENDOR: Vendor = Vendor::named("fal");
    const QUEUES: bool = true;

    type Order = Order;
    type Refusal = Refusal;
    type Account = Signer;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_request()
    }

    /// Told when it is over; of a request that was taken out of the queue, nothing.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        let state = task.state(now);
        if !state.is_final() || state == Standing::Cancelled {
            return None;
        }
        let body = wire::callback(task, now, desk.links(task)).to_string();
        Some(Notice { headers: desk.account.headers(&task.id, &body, now)?, body })
    }
}

type Shared = Arc<Desk<Fal>>;

fn routes(world: &Arc<World>) -> Router {
    // A model's id may have any number of parts, so one handler takes the address apart.
    Router::new()
        .route("/.well-known/jwks.json", get(keys))
        .route("/{*path}", any(call))
        .with_state(Desk::open(world))
}

async fn keys(State(desk): State<Shared>) -> Result<Response, Response> {
    // Anybody may read them.
    desk.admit(LIST, Ok(())).await?;
    Ok(reply::json(StatusCode::OK, desk.account.published()))
}

async fn call(
    State(desk): State<Shared>,
    method: Method,
    Path(path): Path<String>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Result<Response, Response> {
    let Some((app, request)) = path.split_once("/requests/") else {
        return match (method, path.strip_prefix("run/")) {
            (Method::POST, Some(model)) => run(&desk, model, &headers, &body).await,
            (Method::POST, None) => submit(&desk, &path, &headers, &query, &body).await,
            _ => Err(Refusal::wrong_method().response()),
        };
    };
    let (id, what) = request.split_once('/').unwrap_or((request, ""));
    // What follows a model's name has no requests of its own.
    match (method, what) {
        _ if app != models::app(app) => Err(Refusal::wrong_method().response()),
        (Method::GET, "") => result(&desk, app, id, &headers).await,
        (Method::GET, "status") => status(&desk, app, id, &headers, &query).await,
        (Method::PUT, "cancel") => cancel(&desk, app, id, &headers).await,
        (_, "" | "status" | "cancel") => Err(Refusal::wrong_method().response()),
        _ => Err(Refusal::no_such_request().response()),
    }
}

async fn read(model: &str, headers: &HeaderMap, body: &[u8]) -> Result<Order, Refusal> {
    auth::check(headers)?;
    let model = models::find(model).ok_or_else(|| Refusal::no_such_app(model))?;
    check::order(model, body).await
}

async fn submit(
    desk: &Shared,
    model: &str,
    headers: &HeaderMap,
    query: &HashMap<String, String>,
    body: &[u8],
) -> Result<Response, Response> {
    let webhook = query.get("fal_webhook").cloned();
    let read = async { Ok(Order { webhook, ..read(model, headers, body).await? }) };
    let task = desk.submit(model, read).await?;
    Ok(wire::queued(&task, &desk.base()))
}

async fn run(desk: &Shared, model: &str, headers: &HeaderMap, body: &[u8]) -> Result<Response, Response> {
    let task = desk.perform(model, read(model, headers, body)).await?;
    Ok(wire::outcome(&task, clock::now(), desk.links(&task)))
}

/// Looks at a request. One that was taken out of the queue is not known any more.
async fn look(desk: &Shared, app: &str, id: &str, headers: &HeaderMap) -> Result<Arc<Task<Order>>, Response> {
    let task = desk.poll(id, auth::check(headers), |order| is_of(order, app)).await?;
    if task.state(clock::now()) == Standing::Cancelled {
        return Err(desk.refused(POLL, &Refusal::no_such_request()));
    }
    Ok(task)
}

async fn status(
    desk: &Shared,
    app: &str,
    id: &str,
    headers: &HeaderMap,
    query: &HashMap<String, String>,
) -> Result<Response, Response> {
    let task = look(desk, app, id, headers).await?;
    let now = clock::now();
    let waits = |state| matches!(state, Standing::Throttled | Standing::Waiting);
    let ahead = desk
        .newest(|_| true)
        .iter()
        .filter(|other| other.span.ordered < task.span.ordered && waits(other.state(now)))
        .count();
    let logs = query.get("logs").is_some_and(|logs| matches!(logs.as_str(), "1" | "true"));
    Ok(wire::standing(&task, now, &desk.base(), ahead, logs))
}

async fn result(desk: &Shared, app: &str, id: &str, headers: &HeaderMap) -> Result<Response, Response> {
    let task = look(desk, app, id, headers).await?;
    let now = clock::now();
    if !task.state(now).is_final() {
        return Err(Refusal::in_progress().response());
    }
    Ok(wire::outcome(&task, now, desk.links(&task)))
}

/// A request that waits is taken out of the queue and then unknown. One at work only gets a signal, which the
/// simulated models do not heed.
async fn cancel(desk: &Shared, app: &str, id: &str, headers: &HeaderMap) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(headers)).await?;
    let refused = |refusal: Refusal| desk.refused(CANCEL, &refusal);
    let now = clock::now();
    let task = desk.find(id).filter(|task| is_of(&task.order, app));
    let task = task.filter(|task| task.state(now) != Standing::Cancelled);
    let task = task.ok_or_else(|| refused(Refusal::nothing_to_cancel()))?;
    match task.state(now) {
        Standing::Throttled | Standing::Waiting => {
            task.cancel(now);
            Ok(reply::json(StatusCode::OK, json!({ "status": "OK" })))
        }
        Standing::Working(_) | Standing::Strange => {
            Ok(reply::json(StatusCode::ACCEPTED, json!({ "status": "CANCELLATION_REQUESTED" })))
        }
        _ => Err(refused(Refusal::already_completed())),
    }
}

/// Whether a request is known at this address.
fn is_of(order: &Order, app: &str) -> bool {
    models::app(order.model.id) == app
}
