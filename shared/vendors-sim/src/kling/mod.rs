//! Kling, the classic generation: `POST /v1/videos/text2video` and `image2video`, then polling by id.

mod auth;
mod check;
mod models;
mod order;
mod parts;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{CANCEL, LIST};
use crate::fields::Fields;
use crate::random;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use order::{Family, Order};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Kling::VENDOR, limits: &[("kling_active", 20)], routes };

/// The vendor.
#[derive(Debug)]
struct Kling;

impl Protocol for Kling {
    const VENDOR: Vendor = Vendor::named("kling");

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::not_found("task not found")
    }

    /// A decimal number too long for floating point, so that clients have to keep it as text.
    fn new_id(_order: &Order) -> String {
        (830_000_000_000_000_000 + random::number() % 10_000_000_000_000_000).to_string()
    }

    fn twin(_existing: &Task<Order>, order: &Order) -> Result<(), Refusal> {
        let id = order.external_id.as_deref().unwrap_or_default();
        Err(Refusal::parameter(format!("external_task_id {id} already exists")))
    }

    /// The same as a poll tells, at every change.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        Some(Notice { headers: Vec::new(), body: wire::notice(task, now, |task| desk.links(task)) })
    }
}

type Shared = State<Arc<Desk<Kling>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let family = |family: Family| {
        let submit = move |desk: Shared, headers: HeaderMap, body: Bytes| submit(desk, family, headers, body);
        let list = move |desk: Shared, headers: HeaderMap, query: Pairs| list(desk, family, headers, query);
        let poll = move |desk: Shared, headers: HeaderMap, id: Path<String>| poll(desk, family, headers, id);
        Router::new()
            .route("/", post(submit).get(list).fallback(wrong_method))
            .route("/{id}", get(poll).fallback(wrong_method))
    };
    Router::new()
        .nest("/v1/videos/text2video", family(Family::Text))
        .nest("/v1/videos/image2video", family(Family::Image))
        .fallback(wrong_path)
        .with_state(Desk::open(world))
}

async fn submit(
    State(desk): Shared,
    family: Family,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        auth::check(&headers, clock::now())?;
        read(family, &headers, &body)
    };
    let task = desk.submit(family.name(), read).await?;
    Ok(wire::created(&task))
}

fn read(family: Family, headers: &HeaderMap, body: &[u8]) -> Result<Order, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Refusal::parameter("Content-Type must be application/json"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => check::order(family, Fields(&body)),
        _ => Err(Refusal::parameter("the request body is not a JSON object")),
    }
}

async fn poll(
    State(desk): Shared,
    family: Family,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let credential = auth::check(&headers, clock::now());
    let task = desk.poll(&id, credential, |order| order.family == family).await?;
    Ok(wire::told(&task, clock::now(), |task| desk.links(task)))
}

async fn list(
    State(desk): Shared,
    family: Family,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers, clock::now())).await?;
    let page = between(&query, "pageNum", 1, 1000)
        .and_then(|number| Ok((number, between(&query, "pageSize", 30, 500)?)));
    let (number, size) = page.map_err(|refusal| desk.refused(LIST, &refusal))?;
    let tasks = desk.newest(|order| order.family == family);
    let page = tasks.iter().skip((number - 1) * size).take(size);
    Ok(wire::list(page.map(Arc::as_ref), clock::now(), |task| desk.links(task)))
}

/// A number of the query from 1 to `most`.
fn between(
    query: &HashMap<String, String>,
    name: &str,
    default: usize,
    most: usize,
) -> Result<usize, Refusal> {
    let Some(text) = query.get(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| check::invalid(name, text))
}

async fn wrong_method(State(desk): Shared, method: Method) -> Response {
    let operation = if method == Method::DELETE { CANCEL } else { "other" };
    desk.count(operation);
    let message = format!("method {method} is not supported");
    desk.refused(operation, &Refusal::new(StatusCode::NOT_FOUND, 1202, message))
}

/// The gate of the vendor looks at the credential before it looks for the resource.
async fn wrong_path(State(desk): Shared, headers: HeaderMap, uri: Uri) -> Response {
    let refusal = auth::check(&headers, clock::now()).err();
    desk.refused(
        "other",
        &refusal.unwrap_or_else(|| Refusal::not_found(format!("no resource at {}", uri.path()))),
    )
}
