//! ByteDance's ModelArk: clips as tasks under `/api/v3/contents/generations/tasks`, pictures by one long call to
//! `/api/v3/images/generations`. Each has a desk of its own.

mod clips;
mod pictures;
mod refusal;
mod seen;

use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use http::{HeaderMap, header};
use refusal::Complaint;
use serde_json::{Map, Value};
use std::sync::Arc;

const VENDOR: Vendor = Vendor::named("bytedance");

/// The one key.
const KEY: &str = "sim-bytedance-key";

/// What the vendor keeps to itself is guessed: clips over their limit wait, pictures over theirs are refused.
pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: VENDOR, limits: &[("bytedance_clips", 50), ("bytedance_pictures", 50)], routes };

fn routes(world: &Arc<World>) -> Router {
    clips::routes(world).merge(pictures::routes(world))
}

/// Lets through whoever has the right key.
fn credential(headers: &HeaderMap) -> Result<(), Complaint> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.strip_prefix("Bearer ").map(str::trim) {
        Some(KEY) => Ok(()),
        _ => Err(Complaint::key()),
    }
}

/// The order in a body, as JSON.
fn body(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Complaint> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Complaint::parameter("content-type", "it must be application/json"));
    }
    serde_json::from_slice(body).map_err(|_| Complaint::parameter("body", "it is no json object"))
}
