//! Hedra: `POST /v3/files` takes files, `POST /v3/models/{model}` begins a job of them, `GET /v3/jobs/{id}` tells its result.
//! Characters speak uploaded recordings, or what `elevenlabs-v3` has spoken before.
//!
//! Of the models that the vendor resells, the one of speech alone is here. Handles of files are good for an hour, or for as
//! long as the settings let links live. The vendor's limit of 60 calls a minute is told and not held:
//! `[hedra:busy]` shows what happens beyond it.

mod auth;
mod check;
mod files;
mod form;
mod jobs;
mod order;
mod voices;
mod webhook;
mod wire;

use crate::callbacks::Notice;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{LIST, UPLOAD};
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use files::Files;
use http::{HeaderMap, StatusCode};
use order::{MODELS, Order};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// What the wallet holds in the beginning, in millionths of a dollar.
const WALLET: u64 = 10_000_000_000;

pub(crate) const SIMULATED: Simulated = Simulated { vendor: Hedra::VENDOR, limits: &[], routes };

/// The vendor.
#[derive(Debug)]
struct Hedra;

/// What the account has besides jobs.
#[derive(Debug, Default)]
struct Account {
    files: Files,
    /// Millionths of a dollar.
    spent: Mutex<u64>,
}

impl Protocol for Hedra {
    const VENDOR: Vendor = Vendor::named("hedra");
    const LINK_SECONDS: Option<f64> = Some(3600.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = Account;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::not_found("Job not found.")
    }

    fn new_id(_order: &Order) -> String {
        format!("job_{}", random::uuid())
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account.spent) += task.order.cost();
    }

    /// Told when the job has ended.
    fn notice(desk: &Desk<Self>, task: &Task<Order>, now: u64) -> Option<Notice> {
        let state = task.state(now);
        state.is_final().then(|| {
            let body = wire::result(desk, task, now).to_string();
            Notice { headers: webhook::headers(&task.id, state, body.as_bytes(), now), body }
        })
    }
}

type Shared = State<Arc<Desk<Hedra>>>;
type Pairs = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let version = Router::new()
        .route("/files", post(upload))
        .route("/models", get(models))
        .route("/models/{model}", get(model).post(submit))
        .route("/models/{model}/estimate", post(estimate))
        .route("/models/{model}/voices", get(list_voices))
        .route("/models/{model}/voices/search", get(search_voices))
        .route("/jobs", get(jobs::list))
        .route("/jobs/{id}", get(jobs::result))
        .route("/jobs/{id}/status", get(jobs::status))
        .route("/balance", get(balance))
        .route("/webhooks/public-key", get(public_key));
    Router::new()
        .nest("/v3", version)
        .fallback(async || Refusal::not_found("Not Found").response())
        .method_not_allowed_fallback(async || Refusal::method().response())
        .with_state(Desk::open(world))
}

async fn submit(
    State(desk): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let replayed = key.as_ref().is_some_and(|key| desk.find(key).is_some());
    let named = order::model(&model).map_or("unknown", |model| model.id);
    let read = async {
        auth::check(&headers)?;
        check::order(&desk, &model, &headers, &body, key)
    };
    let task = desk.submit(named, read).await?;
    Ok(wire::accepted(&task, replayed))
}

async fn estimate(
    State(desk): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let order =
        check::order(&desk, &model, &headers, &body, None).map_err(|refusal| desk.refused(LIST, &refusal))?;
    let body = json!({ "model": order.model.id, "cost": wire::dollars(order.cost()), "currency": "USD" });
    Ok(reply::json(StatusCode::OK, body))
}

async fn upload(State(desk): Shared, headers: HeaderMap, form: Multipart) -> Result<Response, Response> {
    desk.admit(UPLOAD, auth::check(&headers)).await?;
    let kept = desk.account.files.keep(&desk.world, form).await;
    let body = kept.map_err(|refusal| desk.refused(UPLOAD, &refusal))?;
    Ok(reply::json(StatusCode::CREATED, body))
}

/// Everybody may look at models and voices; a key that comes along must be good.
async fn look(desk: &Desk<Hedra>, headers: &HeaderMap) -> Result<(), Response> {
    let credential = if headers.contains_key("authorization") { auth::check(headers) } else { Ok(()) };
    desk.admit(LIST, credential).await
}

async fn models(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    look(&desk, &headers).await?;
    let models: Vec<Value> = MODELS.iter().map(order::Model::told).collect();
    Ok(reply::json(StatusCode::OK, json!({ "data": models, "next_cursor": null })))
}

async fn model(
    State(desk): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    look(&desk, &headers).await?;
    let model = order::model(&id).ok_or_else(|| desk.refused(LIST, &Refusal::no_model(&id)))?;
    Ok(reply::json(StatusCode::OK, model.told()))
}

async fn list_voices(
    State(desk): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    look(&desk, &headers).await?;
    let voices = voices::list(&model).map_err(|refusal| desk.refused(LIST, &refusal))?;
    Ok(reply::json(StatusCode::OK, voices))
}

async fn search_voices(
    State(desk): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    look(&desk, &headers).await?;
    let voices = voices::search(&model, &query).map_err(|refusal| desk.refused(LIST, &refusal))?;
    Ok(reply::json(StatusCode::OK, voices))
}

async fn balance(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let left = WALLET.saturating_sub(*lock(&desk.account.spent));
    let body = json!({ "balance": wire::dollars(left), "spent": null, "currency": "USD" });
    Ok(reply::json(StatusCode::OK, body))
}

async fn public_key(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, json!({ "algorithm": "ed25519", "public_key": webhook::public_key() })))
}
