//! Kling. Its classic API: `POST /v1/videos/{text2video|image2video|omni-video|avatar/image2video|advanced-lip-sync}`,
//! then polling by id at the same path; [`lips`] has a call before. Its newer API is in [`newer`].

mod auth;
mod avatar;
mod check;
mod lips;
mod models;
mod newer;
mod newer_wire;
mod omni;
mod order;
mod parts;
mod recording;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{CANCEL, LIST, POLL};
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
use lips::Sessions;
use newer::Wanted;
use order::{Family, Order};
use serde_json::{Map, Value};
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
    type Account = Sessions;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::not_found("task not found")
    }

    /// A decimal number too long for floating point, so that clients have to keep it as text.
    fn new_id(_order: &Order) -> String {
        (830_000_000_000_000_000 + random::number() % 10_000_000_000_000_000).to_string()
    }

    fn twin(_existing: &Task<Order>, order: &Order) -> Result<(), Refusal> {
        let id = order.common.external_id.as_deref().unwrap_or_default();
        Err(Refusal::parameter(format!("external_task_id {id} already exists")))
    }

    /// The same as a poll tells, at every change.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        let links = |task: &Task<Order>| desk.links(task);
        let body = match task.order.family {
            Family::Newer => newer_wire::notice(task, now, links),
            _ => wire::notice(task, now, links),
        };
        Some(Notice { headers: Vec::new(), body })
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
    let newer = |from_picture: bool| {
        post(move |desk: Shared, model: Path<String>, headers: HeaderMap, body: Bytes| {
            submit_newer(desk, from_picture, model, headers, body)
        })
    };
    Router::new()
        .nest("/v1/videos/text2video", family(Family::Text))
        .nest("/v1/videos/image2video", family(Family::Image))
        .nest("/v1/videos/omni-video", family(Family::Omni))
        .nest("/v1/videos/avatar/image2video", family(Family::Avatar))
        .nest("/v1/videos/advanced-lip-sync", family(Family::Lips))
        .route("/v1/videos/identify-face", post(identify).fallback(wrong_method))
        .route("/text-to-video/{model}", newer(false).fallback(wrong_method))
        .route("/image-to-video/{model}", newer(true).fallback(wrong_method))
        .route("/tasks", get(look).fallback(wrong_method))
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
        let body = object(&headers, &body)?;
        match family {
            Family::Omni => omni::order(Fields(&body)),
            Family::Avatar => avatar::order(Fields(&body)).await,
            Family::Lips => lips::order(&desk.account, Fields(&body)).await,
            _ => check::order(family, Fields(&body)),
        }
    };
    let task = desk.submit(family.name(), read).await?;
    Ok(wire::created(&task))
}

fn object(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Refusal::parameter("Content-Type must be application/json"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::parameter("the request body is not a JSON object")),
    }
}

async fn identify(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers, clock::now())).await?;
    let clip = |id: &str| {
        let found = desk.newest(|order| order.common.video_id == id).into_iter().next()?;
        Some((desk.links(&found).into_iter().next()?, found.order.clip.milliseconds))
    };
    let found = match object(&headers, &body) {
        Ok(body) => lips::identify(Fields(&body), clip).await,
        Err(refusal) => Err(refusal),
    };
    let session = Arc::new(found.map_err(|refusal| desk.refused(LIST, &refusal))?);
    desk.account.keep(&session);
    Ok(wire::faces(&session))
}

async fn submit_newer(
    State(desk): Shared,
    from_picture: bool,
    Path(model): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        auth::check_key(&headers, clock::now())?;
        newer::order(from_picture, &model, Fields(&object(&headers, &body)?))
    };
    let task = desk.submit(if from_picture { "image-to-video" } else { "text-to-video" }, read).await?;
    Ok(newer_wire::created(&task))
}

/// Tasks that it does not know are left out.
async fn look(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    let credential = auth::check_key(&headers, clock::now());
    let wanted = credential.clone().and_then(|()| Wanted::read(&query));
    let wanted = wanted.map_err(|refusal| desk.refused(POLL, &refusal))?;
    let (list, by_name) = match wanted {
        Wanted::Ids(ids) => (ids, false),
        Wanted::Names(names) => (names, true),
    };
    let mut found = Vec::new();
    for id in &list {
        let is_named = |order: &Order| order.common.external_id.as_deref() == Some(id.as_str());
        match desk.poll(id, credential.clone(), |order| !by_name || is_named(order)).await {
            Ok(task) if by_name || task.id == *id => found.push(task),
            Ok(_) => {}
            Err(answer) if answer.status() == StatusCode::NOT_FOUND => {}
            Err(answer) => return Err(answer),
        }
    }
    Ok(newer_wire::list(&found, clock::now(), |task| desk.links(task)))
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
