//! MiniMax in its two dialects: the Hailuo models under `/v1`, with a verdict in the body of every answer, and the H3
//! models under `/v2`, with true statuses. The vendor counts them apart, and so do their desks.

mod challenge;
mod first;
mod frames;
mod order;
mod refusal;
mod second;

use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use http::{HeaderMap, header};
use refusal::Complaint;
use std::sync::Arc;

const VENDOR: Vendor = Vendor::named("minimax");

/// The one key.
const KEY: &str = "sim-minimax-key";

/// The first limit stands in for the vendor's requests a minute; the second is the vendor's own.
pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: VENDOR, limits: &[("minimax_active", 20), ("minimax_h3_active", 30)], routes };

fn routes(world: &Arc<World>) -> Router {
    first::routes(world).merge(second::routes(world))
}

/// Lets through whoever has the right key.
fn credential(headers: &HeaderMap) -> Result<(), Complaint> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.strip_prefix("Bearer ").map(str::trim) {
        None | Some("") => Err(Complaint::no_key()),
        Some(KEY) => Ok(()),
        Some(_) => Err(Complaint::key()),
    }
}

/// The order in a body, as JSON.
fn body<'body>(
    headers: &HeaderMap,
    body: &'body [u8],
) -> Result<serde_json::Map<String, serde_json::Value>, Complaint> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Complaint::parameter("Content-Type must be application/json"));
    }
    serde_json::from_slice::<'body>(body).map_err(|_| Complaint::parameter("the body is no json object"))
}
