//! Stability: `POST /v2beta/stable-image/generate/{ultra|core|sd3}` answers with the picture itself.

mod auth;
mod check;
mod form;
mod order;
mod wire;

use crate::desk::{Desk, Protocol, Refuse};
use crate::faults::LIST;
use crate::links;
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::tasks::{Order as _, Task};
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use check::Endpoint;
use form::Form;
use http::{HeaderMap, StatusCode};
use order::Order;
use serde_json::json;
use std::sync::{Arc, Mutex};
use wire::{Accept, Refusal};

/// What the account had in the beginning.
const CREDITS: f64 = 10_000.0;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: Stability::VENDOR, limits: &[("stability_active", 150)], routes };

/// The vendor.
#[derive(Debug)]
struct Stability;

impl Protocol for Stability {
    const VENDOR: Vendor = Vendor::named("stability");

    type Order = Order;
    type Refusal = Refusal;
    /// Credits used up so far.
    type Account = Mutex<f64>;

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::not_found()
    }

    fn new_id(_order: &Order) -> String {
        random::hexadecimal(32)
    }

    fn paid(desk: &Desk<Self>, task: &Task<Order>) {
        *lock(&desk.account) += task.order.credits;
    }
}

type Shared = State<Arc<Desk<Stability>>>;

fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v1/user/balance", get(balance))
        .route("/v2beta/stable-image/generate/{endpoint}", post(generate))
        .fallback(async || Refusal::not_found().response())
        .method_not_allowed_fallback(async || Refusal::wrong_method().response())
        .with_state(Desk::open(world))
}

async fn generate(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Response> {
    let accept = Accept::of(&headers);
    let read = async {
        let endpoint = Endpoint::named(&name).ok_or_else(Refusal::not_found)?;
        auth::check(&headers)?;
        accept.clone()?;
        check::order(endpoint, &Form::read(parts).await?)
    };
    let task = desk.perform(&name, read).await?;
    if accept == Ok(Accept::Bytes) {
        return Ok(wire::with_headers(&task, desk.file(&task, 0).await));
    }
    let mut file = Bytes::new();
    for work in task.order.works() {
        file = links::inside(&desk.world, &work, task.ailments.of_file()).await;
    }
    Ok(wire::in_json(&task, &file))
}

async fn balance(State(desk): Shared, headers: HeaderMap) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    Ok(reply::json(StatusCode::OK, json!({ "credits": CREDITS - *lock(&desk.account) })))
}
