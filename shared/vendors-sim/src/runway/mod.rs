//! Runway, its own models: `POST /v1/image_to_video` and `text_to_video`, then `GET /v1/tasks/{id}`; `DELETE` there stops
//! a task, or destroys a finished one. Inputs may be uploaded before.
//!
//! The models of others that the vendor hosts are unknown here, and so is `gen3a_turbo`, which left its API.

mod auth;
mod check;
mod order;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, LIST, UPLOAD};
use crate::reply;
use crate::shelf::lock;
use crate::tasks::{State as Stage, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use order::{Family, Order};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// What the account had in the beginning.
const CREDITS: u64 = 100_000;
/// Generations of a model in a day, at most. Told, not held: `[runway:busy]` shows what happens beyond it.
const MOST_A_DAY: u64 = 1000;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Runway::VENDOR, limits: &[("runway_active", 5)], routes };

/// The vendor.
#[derive(Debug)]
struct Runway;

/// What the account has used up.
#[derive(Debug, Default)]
struct Used {
    credits: u64,
    generations: BTreeMap<&'static str, u64>,
}

impl Protocol for Runway {
    const VENDOR: Vendor = Vendor::named("runway");
    const LINK_SECONDS: Option<f64> = Some(24.0 * 3600.0);
    const QUEUES: bool = true;

    type Order = Order;
    type Refusal = Refusal;
    type Account = Mutex<Used>;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "Task not found")
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        let mut used = lock(&desk.account);
        used.credits += task.order.credits();
        *used.generations.entry(task.order.model.id).or_default() += 1;
    }
}

type Shared = State<Arc<Desk<Runway>>>;

fn routes(world: &Arc<World>) -> Router {
    let family = |family: Family| {
        let submit = move |desk: Shared, headers: HeaderMap, body: Bytes| submit(desk, family, headers, body);
        post(submit)
    };
    Router::new()
        .route("/v1/image_to_video", family(Family::Image))
        .route("/v1/text_to_video", family(Family::Text))
        .route("/v1/tasks/{id}", get(poll).delete(delete))
        .route("/v1/uploads", post(upload))
        .route("/v1/organization", get(organization))
        .fallback(async |uri: Uri| {
            Refusal::new(StatusCode::NOT_FOUND, format!("Cannot find {}", uri.path())).response()
        })
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed").response()
        })
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
        check::order(&desk.world, family, &body).await
    };
    let task = desk.submit(family.name(), read).await?;
    Ok(wire::created(&task))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    Ok(wire::told(&task, clock::now(), |task| desk.links(task)))
}

/// Stops a task that is under way; of one that has ended it destroys the output. Either is gone afterwards.
async fn delete(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers)).await?;
    let now = clock::now();
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Runway::unknown(&id, false)))?;
    let refunded = matches!(task.state(now), Stage::Throttled | Stage::Waiting);
    if task.cancel(now) && refunded {
        lock(&desk.account).credits -= task.order.credits();
    }
    desk.destroy(&task);
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// Names the place for a file, and the handle under which an order may have it.
async fn upload(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    desk.admit(UPLOAD, auth::check(&headers)).await?;
    check::upload(&body).map_err(|refusal| desk.refused(UPLOAD, &refusal))?;
    let upload = desk.world.uploads.expect();
    let body = json!({
        "uploadUrl": format!("{}/uploads/{}", desk.world.base, upload.id),
        "fields": { "key": upload.id, "signature": upload.signature },
        "runwayUri": format!("{}{}", check::UPLOADED, upload.id),
    });
    Ok(reply::json(StatusCode::OK, body))
}

async fn organization(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let used = lock(&desk.account);
    let most = desk.world.limit("runway_active");
    let of_models = |tell: &dyn Fn(&'static str) -> Value| -> Value {
        order::MODELS.iter().map(|model| (model.id.to_owned(), tell(model.id))).collect()
    };
    let body = json!({
        "creditBalance": CREDITS.saturating_sub(used.credits),
        "tier": {
            "maxMonthlyCreditSpend": CREDITS,
            "models": of_models(&|_| json!({ "maxConcurrentGenerations": most, "maxDailyGenerations": MOST_A_DAY })),
        },
        "usage": {
            "models": of_models(&|id| json!({ "dailyGenerations": used.generations.get(id).copied().unwrap_or(0) })),
        },
    });
    Ok(reply::json(StatusCode::OK, body))
}
