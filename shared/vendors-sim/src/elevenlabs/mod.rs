//! ElevenLabs: `POST /v1/text-to-speech/{voice_id}` answers with the audio itself; voices, models and history.

mod auth;
mod check;
mod history;
mod models;
mod speech;
mod voices;
mod wire;

use crate::faults::{Ailment, DOWNLOAD, Fault, LIST, POLL};
use crate::ledger::Count;
use crate::links;
use crate::reply;
use crate::shelf::lock;
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use history::History;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wire::Refusal;

/// Units that the account may use up.
const CHARACTER_LIMIT: u64 = 500_000;

/// The one account.
#[derive(Debug, Default)]
pub(crate) struct Account {
    history: Mutex<History>,
    active: AtomicUsize,
    active_flash: AtomicUsize,
}

impl Account {
    pub(crate) fn forget(&self) {
        *lock(&self.history) = History::default();
    }
}

type Shared = State<Arc<World>>;
/// A query in which names may come more than once.
type Pairs = Query<Vec<(String, String)>>;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/v1/text-to-speech/{voice_id}", post(speech::convert))
        .route("/v1/text-to-speech/{voice_id}/stream", post(speech::convert))
        .route("/v1/text-to-speech/{voice_id}/with-timestamps", post(speech::with_timestamps))
        .route("/v2/voices", get(search_voices))
        .route("/v1/voices", get(all_voices))
        .route("/v1/voices/{id}", get(one_voice))
        .route("/v1/models", get(all_models))
        .route("/v1/history", get(all_history))
        .route("/v1/history/{id}", get(one_history).delete(delete_history))
        .route("/v1/history/{id}/audio", get(history_audio))
        .route("/v1/user", get(user))
        .route("/v1/user/subscription", get(subscription))
        .fallback(async || Refusal::not_found("not_found", "Not Found").response())
        .method_not_allowed_fallback(async || {
            reply::json(StatusCode::METHOD_NOT_ALLOWED, json!({ "detail": "Method Not Allowed" }))
        })
}

/// Answers a call that only reads: counts it, looks for armed faults and at the key, then asks `read`.
async fn answer(
    world: &World,
    operation: &'static str,
    headers: &HeaderMap,
    read: impl FnOnce() -> Result<Value, Refusal>,
) -> Response {
    world.ledger.count(Vendor::Elevenlabs, if operation == POLL { Count::Polls } else { Count::Lists });
    if let Some(response) = trouble(world, operation).await {
        return response;
    }
    match auth::check(headers).and_then(|()| read()) {
        Ok(body) => reply::json(StatusCode::OK, body),
        Err(refusal) => refused(world, operation, &refusal),
    }
}

fn refused(world: &World, operation: &str, refusal: &Refusal) -> Response {
    world.ledger.refused(Vendor::Elevenlabs, operation, None, &refusal.reason());
    refusal.response()
}

/// What an armed fault answers instead of the vendor.
async fn trouble(world: &World, operation: &str) -> Option<Response> {
    let Ailment { fault, number } = world.faults.armed(Vendor::Elevenlabs, operation)?;
    match fault {
        Fault::Garbage | Fault::HtmlFile => Some(reply::garbage()),
        Fault::Lost => Some(reply::hang_up()),
        Fault::Hang => Some(reply::never().await),
        Fault::Slow => {
            tokio::time::sleep(Duration::from_secs(number.unwrap_or(30))).await;
            None
        }
        fault => Refusal::of(fault).map(|refusal| refusal.response()),
    }
}

async fn search_voices(State(world): Shared, headers: HeaderMap, Query(query): Pairs) -> Response {
    let ids: Vec<String> =
        query.iter().filter(|(name, _)| name == "voice_ids").map(|(_, id)| id.clone()).collect();
    let query: HashMap<String, String> = query.into_iter().collect();
    answer(&world, LIST, &headers, || voices::search(&query, &ids)).await
}

async fn all_voices(State(world): Shared, headers: HeaderMap, Query(query): Pairs) -> Response {
    let show_legacy = query.iter().any(|(name, value)| name == "show_legacy" && value == "true");
    answer(&world, LIST, &headers, || Ok(voices::list(show_legacy))).await
}

async fn one_voice(State(world): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&world, POLL, &headers, || voices::find(&id).map(|voice| voice.told())).await
}

async fn all_models(State(world): Shared, headers: HeaderMap) -> Response {
    answer(&world, LIST, &headers, || Ok(models::list())).await
}

async fn all_history(State(world): Shared, headers: HeaderMap, Query(query): Pairs) -> Response {
    let query = query.into_iter().collect();
    answer(&world, LIST, &headers, || lock(&world.elevenlabs.history).list(&query)).await
}

async fn one_history(State(world): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    answer(&world, POLL, &headers, || lock(&world.elevenlabs.history).item(&id)).await
}

async fn delete_history(State(world): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let delete = || lock(&world.elevenlabs.history).remove(&id).map(|()| json!({ "status": "ok" }));
    answer(&world, POLL, &headers, delete).await
}

async fn history_audio(State(world): Shared, headers: HeaderMap, Path(id): Path<String>) -> Response {
    world.ledger.count(Vendor::Elevenlabs, Count::Downloads);
    if let Some(response) = trouble(&world, DOWNLOAD).await {
        return response;
    }
    let item = auth::check(&headers).and_then(|()| lock(&world.elevenlabs.history).find(&id));
    match item {
        Ok(item) => links::file(&world, &item.work, None).await,
        Err(refusal) => refused(&world, DOWNLOAD, &refusal),
    }
}

async fn user(State(world): Shared, headers: HeaderMap) -> Response {
    answer(&world, POLL, &headers, || {
        Ok(json!({
            "user_id": "simulated-user",
            "workspace_id": "simulated-workspace",
            "subscription": plan(&world),
            "is_new_user": false,
            "can_use_delayed_payment_methods": false,
            "is_onboarding_completed": true,
            "is_onboarding_checklist_completed": true,
            "first_name": "Simulated",
            "is_api_key_hashed": true,
            "created_at": 1_700_000_000,
            "seat_type": "workspace_admin",
        }))
    })
    .await
}

async fn subscription(State(world): Shared, headers: HeaderMap) -> Response {
    answer(&world, POLL, &headers, || {
        let mut plan = plan(&world);
        if let Some(plan) = plan.as_object_mut() {
            plan.insert("next_invoice".into(), Value::Null);
            plan.insert("has_open_invoices".into(), false.into());
        }
        Ok(plan)
    })
    .await
}

fn plan(world: &World) -> Value {
    json!({
        "tier": "pro",
        "character_count": lock(&world.elevenlabs.history).spent,
        "character_limit": CHARACTER_LIMIT,
        "max_character_limit_extension": null,
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": false,
        "allowed_to_extend_character_limit": false,
        "next_character_count_reset_unix": null,
        "voice_slots_used": 0,
        "professional_voice_slots_used": 0,
        "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 160,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 1,
        "can_extend_voice_limit": false,
        "can_use_instant_voice_cloning": true,
        "can_use_professional_voice_cloning": true,
        "currency": "usd",
        "current_overage": { "amount": "0", "currency": "usd" },
        "status": "active",
        "billing_period": "monthly_period",
        "character_refresh_period": "monthly_period",
    })
}
