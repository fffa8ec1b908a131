//! Vidu: `POST /ent/v2/text2video` and its three sisters, then `GET /ent/v2/tasks/{id}/creations`; `POST …/cancel` stops a
//! task that waits. Tasks over the limit of the account wait as well.

mod auth;
mod callback;
mod check;
mod list;
mod media;
mod models;
mod order;
mod wire;

use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST};
use crate::random;
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
use http::{HeaderMap, StatusCode};
use list::Wish;
use models::Family;
use order::Order;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// What the account had in the beginning.
const CREDITS: i64 = 1_000_000;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Vidu::VENDOR, limits: &[("vidu_active", 5)], routes };

/// The vendor.
#[derive(Debug)]
struct Vidu;

impl Protocol for Vidu {
    const VENDOR: Vendor = Vendor::named("vidu");
    const LINK_SECONDS: Option<f64> = Some(24.0 * 3600.0);
    const QUEUES: bool = true;

    type Order = Order;
    type Refusal = Refusal;
    /// Credits used up so far.
    type Account = Mutex<i64>;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_task()
    }

    /// Eighteen digits.
    fn new_id(_order: &Order) -> String {
        (900_000_000_000_000_000 + random::number() % 100_000_000_000_000_000).to_string()
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account) += task.order.credits();
    }

    /// Told when the work begins and when it has ended.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        if matches!(task.state(now), Stage::Throttled | Stage::Waiting) {
            return None;
        }
        let address = task.order.callback_url.as_deref()?;
        let body = wire::told(task, now, |task| desk.links(task)).to_string();
        Some(Notice { headers: callback::headers(address, now), body })
    }
}

type Shared = State<Arc<Desk<Vidu>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let families = [Family::Text, Family::Image, Family::StartEnd, Family::Reference];
    let version = families.into_iter().fold(Router::new(), |router, family| {
        let submit = move |desk: Shared, headers: HeaderMap, body: Bytes| submit(desk, family, headers, body);
        router.route(&format!("/{}", family.path()), post(submit))
    });
    let version = version
        .route("/tasks", get(tasks))
        .route("/tasks/{id}/creations", get(poll))
        .route("/tasks/{id}/cancel", post(cancel))
        .route("/credits", get(credits));
    Router::new()
        .nest("/ent/v2", version)
        .fallback(async || Refusal::no_such_path().response())
        .method_not_allowed_fallback(async || Refusal::no_such_path().response())
        .with_state(Desk::open(world))
}

async fn submit(
    State(desk): Shared,
    family: Family,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        auth::check(&headers)?;
        check::order(family, &body).await
    };
    let task = desk.submit(family.path(), read).await?;
    Ok(wire::created(&task))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    Ok(reply::json(StatusCode::OK, wire::told(&task, clock::now(), |task| desk.links(task))))
}

async fn cancel(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let named: Option<Value> = serde_json::from_slice(&body).ok();
    let refuse = |refusal: Refusal| desk.refused(CANCEL, &refusal);
    if named.as_ref().and_then(|body| body.get("id")).and_then(Value::as_str) != Some(&id) {
        return Err(refuse(Refusal::invalid("id", "must be that of the path")));
    }
    let task = desk.find(&id).ok_or_else(|| refuse(Refusal::no_such_task()))?;
    let now = clock::now();
    let waits = matches!(task.state(now), Stage::Throttled | Stage::Waiting);
    if waits && task.cancel(now) {
        *lock(&desk.account) -= task.order.credits();
        return Ok(reply::json(StatusCode::OK, json!({})));
    }
    let state = if task.state(now).is_final() { "finished" } else { "scheduled" };
    Err(refuse(Refusal::bad(&format!("task state is {state}, can not cancel"))))
}

/// The newest first.
async fn tasks(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let now = clock::now();
    let wish = Wish::read(&query, now).map_err(|refusal| desk.refused(LIST, &refusal))?;
    let all = desk.newest(|_| true);
    let page: Vec<Value> = all
        .iter()
        .filter(|task| wish.fits(task, now))
        .skip(wish.skip)
        .take(wish.take)
        .map(|task| wire::listed(task, now, |task| desk.links(task)))
        .collect();
    Ok(reply::json(StatusCode::OK, json!({ "tasks": page, "next_page_token": "" })))
}

async fn credits(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let (active, most) = (desk.active("vidu_active"), desk.world.limit("vidu_active"));
    let remains = json!([{
        "type": "metered",
        "credit_remain": CREDITS - *lock(&desk.account),
        "concurrency_limit": most,
        "current_concurrency": active.min(most),
        "queue_count": active.saturating_sub(most),
    }]);
    Ok(reply::json(StatusCode::OK, json!({ "remains": remains })))
}
