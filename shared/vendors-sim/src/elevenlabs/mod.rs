//! ElevenLabs: `POST /v1/text-to-speech/{voice_id}` answers with the audio itself; voices, models and history.

mod auth;
mod check;
mod history;
mod models;
mod speech;
mod voices;
mod wire;

use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{DOWNLOAD, LIST, POLL};
use crate::links;
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::tasks::Task;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use check::Order;
use history::History;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use wire::Refusal;

/// Units that the account may use up.
const CHARACTER_LIMIT: u64 = 500_000;

pub(crate) const SIMULATED: Simulated = Simulated {
    vendor: Elevenlabs::VENDOR,
    limits: &[("elevenlabs_active", 10), ("elevenlabs_flash_active", 20)],
    routes,
};

/// The vendor.
#[derive(Debug)]
struct Elevenlabs;

impl Protocol for Elevenlabs {
    const VENDOR: Vendor = Vendor::named("elevenlabs");

    type Order = Order;
    type Refusal = Refusal;
    type Account = Mutex<History>;

    fn unknown(id: &str, _late: bool) -> Refusal {
        history::not_found(id)
    }

    /// The id of the item in the history.
    fn new_id(_order: &Order) -> String {
        random::letters(20)
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        lock(&desk.account).add(task);
    }
}

type Shared = State<Arc<Desk<Elevenlabs>>>;
/// A query in which names may come more than once.
type Pairs = Query<Vec<(String, String)>>;

fn routes(world: &Arc<World>) -> Router {
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
        .with_state(Desk::open(world))
}

/// Answers a call that only reads.
async fn answer(
    desk: &Desk<Elevenlabs>,
    operation: &'static str,
    headers: &HeaderMap,
    read: impl FnOnce() -> Result<Value, Refusal>,
) -> Result<Response, Response> {
    desk.admit(operation, auth::check(headers)).await?;
    let body = read().map_err(|refusal| desk.refused(operation, &refusal))?;
    Ok(reply::json(StatusCode::OK, body))
}

async fn search_voices(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    let ids: Vec<String> =
        query.iter().filter(|(name, _)| name == "voice_ids").map(|(_, id)| id.clone()).collect();
    let query: HashMap<String, String> = query.into_iter().collect();
    answer(&desk, LIST, &headers, || voices::search(&query, &ids)).await
}

async fn all_voices(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    let show_legacy = query.iter().any(|(name, value)| name == "show_legacy" && value == "true");
    answer(&desk, LIST, &headers, || Ok(voices::list(show_legacy))).await
}

async fn one_voice(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    answer(&desk, POLL, &headers, || voices::find(&id).map(|voice| voice.told())).await
}

async fn all_models(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    answer(&desk, LIST, &headers, || Ok(models::list())).await
}

async fn all_history(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    let query = query.into_iter().collect();
    answer(&desk, LIST, &headers, || lock(&desk.account).list(&query)).await
}

async fn one_history(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    answer(&desk, POLL, &headers, || lock(&desk.account).item(&id)).await
}

async fn delete_history(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let delete = || lock(&desk.account).remove(&id).map(|()| json!({ "status": "ok" }));
    answer(&desk, POLL, &headers, delete).await
}

async fn history_audio(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(DOWNLOAD, auth::check(&headers)).await?;
    let item = lock(&desk.account).find(&id).map_err(|refusal| desk.refused(DOWNLOAD, &refusal))?;
    Ok(links::file(&desk.world, &item.work, item.fault).await)
}

async fn user(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    answer(&desk, POLL, &headers, || {
        Ok(json!({
            "user_id": "simulated-user",
            "workspace_id": "simulated-workspace",
            "subscription": plan(&desk),
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

async fn subscription(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    answer(&desk, POLL, &headers, || {
        let mut plan = plan(&desk);
        if let Some(plan) = plan.as_object_mut() {
            plan.insert("next_invoice".into(), Value::Null);
            plan.insert("has_open_invoices".into(), false.into());
        }
        Ok(plan)
    })
    .await
}

fn plan(desk: &Desk<Elevenlabs>) -> Value {
    json!({
        "tier": "pro",
        "character_count": lock(&desk.account).spent,
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
