//! Google's cloud (Agent Platform, once Vertex AI): Veo. `POST /token` gives a token for the signed sentence of a service
//! account; `:predictLongRunning` of a model starts an operation, `:fetchPredictOperation` tells how it stands. Clips come
//! in the answer, or lie in a bucket of the store, `GET /storage/v1/b/{bucket}/o/{name}?alt=media`.
//!
//! Both versions of the API are the same here. Clips to go on with, masks and pictures in buckets are not played; nothing
//! can be stopped, as at the vendor.

mod account;
mod check;
mod order;
mod token;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{DOWNLOAD, LIST, POLL};
use crate::random;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use account::Account;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::HeaderMap;
use order::{Order, Place};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

/// Bytes of a request, at most.
const MOST_BYTES: usize = 64_000_000;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Vertex::VENDOR, limits: &[("vertex_active", 10)], routes };

/// The vendor.
#[derive(Debug)]
struct Vertex;

impl Protocol for Vertex {
    const VENDOR: Vendor = Vendor::named("vertex");

    type Order = Order;
    type Refusal = Refusal;
    type Account = Account;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::missing("The operation does not exist.")
    }

    /// An operation goes by its whole name.
    fn new_id(order: &Order) -> String {
        format!("{}/operations/{}", order.place.resource(), random::uuid())
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        let names = wire::names_in_bucket(task);
        desk.account.lay_down(names.into_iter().map(|name| (name, task.id.clone())));
    }
}

type Shared = State<Arc<Desk<Vertex>>>;

fn routes(world: &Arc<World>) -> Router {
    let version = || {
        Router::new()
            .route("/projects/{project}/locations/{region}/publishers/google/models/{call}", post(call))
    };
    Router::new()
        .route("/token", post(token))
        .nest("/v1", version())
        .nest("/v1beta1", version())
        .route("/storage/v1/b/{bucket}/o/{name}", get(object))
        .fallback(async || Refusal::missing("Requested entity was not found.").response())
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(Desk::open(world))
}

/// Gives a token for a signed sentence.
async fn token(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    desk.admit(LIST, Ok(())).await?;
    let now = clock::now();
    match token::claimed(&headers, &body, now / 1000) {
        Ok(()) => Ok(token::granted(&desk.account.new_token(now))),
        Err(denial) => Err(denial.response()),
    }
}

/// A method of a model.
async fn call(
    State(desk): Shared,
    Path((project, region, call)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let (model, method) = call.split_once(':').unwrap_or((&call, ""));
    let place = Place { project, region, model: model.to_owned() };
    let admitted = || desk.account.admitted(&headers, &place.project, clock::now());
    match method {
        "predictLongRunning" => {
            let read = async {
                admitted()?;
                check::order(place.clone(), &body)
            };
            let task = desk.submit(method, read).await?;
            Ok(wire::begun(&task))
        }
        "fetchPredictOperation" => {
            let name = check::operation(&place, &body).map_err(|refusal| {
                // Whoever may not ask is told that first.
                let refusal = admitted().err().unwrap_or(refusal);
                desk.count(POLL);
                desk.refused(POLL, &refusal)
            })?;
            let task = desk.poll(&name, admitted(), |_| true).await?;
            Ok(wire::told(&desk, &task, clock::now()).await)
        }
        _ => Err(Refusal::missing("Requested entity was not found.").response()),
    }
}

/// A file of the store.
async fn object(
    State(desk): Shared,
    Path((bucket, name)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    desk.admit(DOWNLOAD, desk.account.admitted(&headers, account::PROJECT, clock::now())).await?;
    let missing = || desk.refused(DOWNLOAD, &Refusal::missing(format!("No such object: {bucket}/{name}")));
    let task = desk.account.laid_down(&format!("gs://{bucket}/{name}")).and_then(|id| desk.find(&id));
    let task = task.filter(|task| wire::is_laid_down(task, clock::now())).ok_or_else(missing)?;
    match query.get("alt").map(String::as_str) {
        Some("media") => Ok(desk.file(&task, 0).await),
        _ => Ok(wire::described(&bucket, &name)),
    }
}

/// The body as an object.
fn object_of(body: &[u8]) -> Result<serde_json::Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::invalid("Invalid JSON payload received.")),
    }
}
