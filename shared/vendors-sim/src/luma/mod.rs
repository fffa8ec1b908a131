//! Luma's Dream Machine: `POST /dream-machine/v1/generations/video` and `/image`, then `GET` by id. What the service has
//! besides (upscaling, sound, modifying, reframing) is unknown here.

mod auth;
mod check;
pub(crate) mod detail;
mod order;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{CANCEL, LIST};
use crate::reply;
use crate::shelf::lock;
use crate::tasks::{State as Stage, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use detail::Detail;
use http::{HeaderMap, StatusCode};
use order::{Order, Product};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// What the account had in the beginning, in US cents.
const CENTS: f64 = 10_000_000.0;
/// Tasks on a page, if the call does not tell, and at most.
const PAGE: usize = 10;
const MOST_ON_A_PAGE: usize = 100;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Luma::VENDOR, limits: &[("luma_active", 10)], routes };

/// The vendor.
#[derive(Debug)]
struct Luma;

impl Protocol for Luma {
    const VENDOR: Vendor = Vendor::named("luma");

    type Order = Order;
    type Refusal = Refusal;
    /// Cents used up so far.
    type Account = Mutex<f64>;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_task()
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account) += task.order.cents();
    }

    /// Told when the work begins and when it has ended.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        let silent = matches!(task.state(now), Stage::Throttled | Stage::Waiting);
        let body = || wire::generation(task, now, |task| desk.links(task)).to_string();
        (!silent).then(|| Notice { headers: Vec::new(), body: body() })
    }
}

type Shared = State<Arc<Desk<Luma>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let version = Router::new()
        .route("/generations", get(list))
        .route("/generations/video", post(clip))
        .route("/generations/image", post(picture))
        .route("/generations/concepts/list", get(concepts))
        .route("/generations/{id}", get(poll).delete(delete))
        .route("/credits", get(credits))
        .route("/ping", get(ping));
    Router::new()
        .nest("/dream-machine/v1", version)
        .fallback(async || Detail::words(StatusCode::NOT_FOUND, "Not Found").response())
        .method_not_allowed_fallback(async || {
            Detail::words(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").response()
        })
        .with_state(Desk::open(world))
}

async fn clip(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    let is_clip = |id: &str| {
        desk.find(id).is_some_and(|task| {
            matches!(task.order.product, Product::Clip { .. }) && task.state(clock::now()) == Stage::Succeeded
        })
    };
    let read = async {
        auth::check(&headers)?;
        check::clip(&body, is_clip).await
    };
    let task = desk.submit("video", read).await?;
    Ok(wire::created(&task))
}

async fn picture(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    let read = async {
        auth::check(&headers)?;
        check::picture(&body)
    };
    let task = desk.submit("image", read).await?;
    Ok(wire::created(&task))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    Ok(reply::json(StatusCode::OK, wire::generation(&task, clock::now(), |task| desk.links(task))))
}

/// Takes a task out of the list. Its work goes on and has been paid.
async fn delete(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Refusal::no_such_task()))?;
    desk.destroy(&task);
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// The newest first.
async fn list(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let number = |name: &'static str, usual: usize, most: usize| match query.get(name) {
        None => Ok(usual),
        Some(text) => text.parse().ok().filter(|number| *number <= most).ok_or_else(|| {
            let words = format!("Input should be a whole number of at most {most}");
            Refusal::from(Detail::field(&[name], "int_parsing", &words, &json!(text)))
        }),
    };
    let pages =
        number("limit", PAGE, MOST_ON_A_PAGE).and_then(|limit| Ok((limit, number("offset", 0, usize::MAX)?)));
    let (limit, offset) = pages.map_err(|refusal| desk.refused(LIST, &refusal))?;
    let (tasks, now) = (desk.newest(|_| true), clock::now());
    let page: Vec<_> = tasks
        .iter()
        .skip(offset)
        .take(limit)
        .map(|task| wire::generation(task, now, |task| desk.links(task)))
        .collect();
    let has_more = tasks.len() > offset.saturating_add(page.len());
    let body = json!({ "count": page.len(), "generations": page, "limit": limit, "offset": offset, "has_more": has_more });
    Ok(reply::json(StatusCode::OK, body))
}

async fn concepts(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, check::CONCEPTS))
}

async fn credits(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, json!({ "credit_balance": CENTS - *lock(&desk.account) })))
}

async fn ping(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, json!({ "message": "pong" })))
}
