//! Google's Gemini API: `POST /v1beta/interactions` makes clips in the background, `:generateContent` pictures at once.
//! Both versions of the API are the same here. Files lie behind the key, whose server leads on to another that needs none.
//!
//! Veo and Imagen are gone, as they are at the vendor; uploads and webhooks are not played.

mod auth;
mod clip;
mod order;
mod picture;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::{CANCEL, DOWNLOAD, Fault};
use crate::random;
use crate::reply;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use order::{Order, Ordered};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

/// Bytes of a request, at most.
const MOST_BYTES: usize = 20_000_000;

pub(crate) const SIMULATED: Simulated = Simulated {
    vendor: Google::VENDOR,
    limits: &[("google_active", 10), ("google_pictures_active", 20)],
    routes,
};

/// The vendor.
#[derive(Debug)]
struct Google;

impl Protocol for Google {
    const VENDOR: Vendor = Vendor::named("google");
    const LINK_SECONDS: Option<f64> = Some(3600.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    /// Not told as missing: the vendor takes an id that it does not know for none at all.
    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::word("Invalid interaction name")
    }

    fn new_id(_order: &Order) -> String {
        format!("v1_{}", random::letters(40))
    }
}

type Shared = State<Arc<Desk<Google>>>;
type Named = Query<HashMap<String, String>>;

fn routes(world: &Arc<World>) -> Router {
    let version = || {
        Router::new()
            .route("/interactions", post(submit))
            .route("/interactions/{id}", get(poll).delete(delete))
            .route("/interactions/{id}/cancel", post(cancel))
            .route("/models/{call}", post(generate))
            .route("/files/{file}", get(file))
    };
    Router::new()
        .nest("/v1", version())
        .nest("/v1beta", version())
        .fallback(async || Refusal::gone("Requested entity was not found.").response())
        .layer(DefaultBodyLimit::max(2 * MOST_BYTES))
        .with_state(Desk::open(world))
}

/// The body of an order, if it is of a size that the vendor reads.
fn object(body: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
    if body.len() > MOST_BYTES {
        return Err(Refusal::too_large());
    }
    match serde_json::from_slice(body) {
        Ok(serde_json::Value::Object(body)) => Ok(body),
        _ => Err(Refusal::invalid("Invalid JSON payload received.")),
    }
}

/// Starts an interaction; one that is not for the background is answered at its end.
async fn submit(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    body: Bytes,
) -> Result<Response, Response> {
    let background = object(&body).is_ok_and(|body| body.get("background") == Some(&true.into()));
    let read = async {
        auth::check(&headers, &query)?;
        clip::order(&desk, &object(&body)?)
    };
    // What is done in the background is answered as it stands when it is taken, however soon it is done.
    let (task, now) = if background {
        let task = desk.submit("interaction", read).await?;
        let ordered = task.span.ordered;
        (task, ordered)
    } else {
        (desk.perform("interaction", read).await?, clock::now())
    };
    Ok(wire::told(&desk, &task, now).await)
}

async fn poll(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers, &query), Order::is_clip).await?;
    Ok(wire::told(&desk, &task, clock::now()).await)
}

async fn cancel(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers, &query)).await?;
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Google::unknown(&id, false)))?;
    let now = clock::now();
    if !task.cancel(now) {
        return Err(desk.refused(CANCEL, &Refusal::ended()));
    }
    Ok(wire::told(&desk, &task, now).await)
}

async fn delete(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    desk.admit(CANCEL, auth::check(&headers, &query)).await?;
    let task = desk.find(&id).ok_or_else(|| desk.refused(CANCEL, &Google::unknown(&id, false)))?;
    desk.destroy(&task);
    Ok(reply::json(StatusCode::OK, json!({})))
}

/// `POST /models/{model}:generateContent`
async fn generate(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    Path(call): Path<String>,
    body: Bytes,
) -> Result<Response, Response> {
    let read = async {
        auth::check(&headers, &query)?;
        picture::order(&call, &object(&body)?)
    };
    let task = desk.perform("picture", read).await?;
    // What a picture's rules forbid is told by a good answer without a picture.
    if task.ailments.has(Fault::Fail) {
        return Err(desk.refused("picture", &Refusal::internal()));
    }
    Ok(wire::pictured(&desk, &task).await)
}

/// `GET /files/{id}` describes a file, `GET /files/{id}:download?alt=media` leads to it.
async fn file(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Named,
    Path(file): Path<String>,
) -> Result<Response, Response> {
    desk.admit(DOWNLOAD, auth::check(&headers, &query)).await?;
    let (id, download) = file.strip_suffix(":download").map_or((file.as_str(), false), |id| (id, true));
    let missing = || desk.refused(DOWNLOAD, &Refusal::gone("The file does not exist."));
    let task =
        desk.find(&format!("v1_{id}")).filter(|task| matches!(task.order.ordered, Ordered::Clip { .. }));
    let task = task.ok_or_else(missing)?;
    let link = desk.links(&task).into_iter().next().ok_or_else(missing)?;
    if download && query.get("alt").is_some_and(|alt| alt == "media") {
        return Ok((StatusCode::FOUND, [(header::LOCATION, link)]).into_response());
    }
    let body = json!({ "name": format!("files/{id}"), "mimeType": "video/mp4", "state": "ACTIVE", "source": "GENERATED" });
    Ok(reply::json(StatusCode::OK, body))
}
