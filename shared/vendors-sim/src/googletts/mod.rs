//! Google Cloud Text-to-Speech: `POST /v1/text:synthesize` answers with the audio in base64; `GET /v1/voices` lists who
//! speaks. Long audio, which needs a bucket, and voices of one's own are not played.

mod check;
mod voices;
mod wire;

use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{Fault, LIST};
use crate::links;
use crate::reply;
use crate::tasks::Order as _;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use check::Order;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

/// The one key.
const KEY: &str = "sim-googletts-key";

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: GoogleTts::VENDOR, limits: &[("googletts_active", 50)], routes };

/// The vendor.
#[derive(Debug)]
struct GoogleTts;

impl Protocol for GoogleTts {
    const VENDOR: Vendor = Vendor::named("googletts");

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::not_found()
    }
}

type Shared = State<Arc<Desk<GoogleTts>>>;
type Named = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v1/text:synthesize", post(synthesize))
        .route("/v1/voices", get(list))
        .fallback(async || Refusal::not_found().response())
        .with_state(Desk::open(world))
}

/// Lets through whoever has the right key, in a header or in the address.
fn admitted(headers: &HeaderMap, query: &HashMap<String, String>) -> Result<(), Refusal> {
    let header = headers.get("x-goog-api-key").map(|key| key.as_bytes());
    match header.or_else(|| query.get("key").map(|key| key.as_bytes())) {
        Some(key) if key == KEY.as_bytes() => Ok(()),
        Some(_) => Err(Refusal::bad_key()),
        None => Err(Refusal::no_key()),
    }
}

async fn synthesize(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        admitted(&headers, &query)?;
        check::order(&body)
    };
    let task = desk.perform("text:synthesize", read).await?;
    let mut audio = Vec::new();
    if !task.ailments.has(Fault::Empty) {
        for work in task.order.works() {
            audio.extend_from_slice(&links::inside(&desk.world, &work, task.ailments.of_file()).await);
        }
    }
    Ok(reply::json(StatusCode::OK, json!({ "audioContent": STANDARD.encode(audio) })))
}

async fn list(State(desk): Shared, headers: HeaderMap, Query(query): Named) -> Result<Response, Response> {
    desk.admit(LIST, admitted(&headers, &query)).await?;
    let language = query.get("languageCode").map_or("", String::as_str);
    Ok(reply::json(StatusCode::OK, voices::told(language)))
}
