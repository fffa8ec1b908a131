//! The control calls: faults without words, settings, counts.

use crate::config::SettingsChange;
use crate::faults::{Ailment, OPERATIONS, SUBMIT};
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::Arc;

use crate::reply;

/// A fault to arm.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    vendor: Vendor,
    /// `submit` if it is not told.
    operation: Option<String>,
    /// As in a word of a prompt: `busy`, `slow:20`.
    fault: String,
    /// 1 if it is not told.
    times: Option<u64>,
}

/// Which submits to tell of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Question {
    prompt: Option<String>,
    vendor: Option<Vendor>,
}

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/", post(arm))
        .route("/settings", get(settings).post(change_settings))
        .route("/stats", get(stats).post(stats_of_body))
}

async fn arm(State(world): State<Arc<World>>, body: Bytes) -> Response {
    match parse(&body).and_then(|order| world.arm(&order)) {
        Ok(()) => reply::json(StatusCode::OK, json!({ "armed": true })),
        Err(reason) => bad(&reason),
    }
}

impl World {
    fn arm(&self, order: &Order) -> Result<(), String> {
        let wanted = order.operation.as_deref().unwrap_or(SUBMIT);
        let operation = OPERATIONS
            .into_iter()
            .find(|operation| *operation == wanted)
            .ok_or_else(|| format!("no operation {wanted}; there are {}", OPERATIONS.join(", ")))?;
        let ailment = Ailment::parse(&order.fault).ok_or_else(|| format!("no fault {}", order.fault))?;
        self.faults.arm(order.vendor, operation, ailment, order.times.unwrap_or(1));
        Ok(())
    }
}

async fn settings(State(world): State<Arc<World>>) -> Response {
    reply::json(StatusCode::OK, world.settings())
}

async fn change_settings(State(world): State<Arc<World>>, body: Bytes) -> Response {
    match parse::<SettingsChange>(&body).and_then(|change| world.change_settings(&change)) {
        Ok(settings) => reply::json(StatusCode::OK, settings),
        Err(reason) => bad(&reason),
    }
}

async fn stats(State(world): State<Arc<World>>, Query(question): Query<Question>) -> Response {
    tell(&world, question)
}

/// The same with the question as JSON, for prompts that are too long for an address.
async fn stats_of_body(State(world): State<Arc<World>>, body: Bytes) -> Response {
    match parse(&body) {
        Ok(question) => tell(&world, question),
        Err(reason) => bad(&reason),
    }
}

fn tell(world: &World, question: Question) -> Response {
    let stats = match question.prompt {
        Some(prompt) => world.ledger.stats_of(&prompt, question.vendor),
        None => world.ledger.stats(),
    };
    reply::json(StatusCode::OK, stats)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("could not read the control call: {error}"))
}

fn bad(reason: &str) -> Response {
    reply::json(StatusCode::BAD_REQUEST, json!({ "error": reason }))
}
