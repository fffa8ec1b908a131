//! Luma Agents, as far as it makes clips from text and pictures: `POST /v1/generations`, then `GET` by id. Pictures,
//! edits of clips and the store of files are unknown here.

mod auth;
mod check;
mod order;
mod wire;

use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::luma::detail::Detail;
use crate::tasks::State as Stage;
use crate::vendor::{Simulated, Vendor};
use crate::world::World;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use order::Order;
use std::sync::Arc;
use wire::Refusal;

pub(crate) const SIMULATED: Simulated =
    Simulated { vendor: LumaAgents::VENDOR, limits: &[("lumaagents_active", 10)], routes };

/// The vendor.
#[derive(Debug)]
struct LumaAgents;

impl Protocol for LumaAgents {
    const VENDOR: Vendor = Vendor::named("lumaagents");
    const LINK_SECONDS: Option<f64> = Some(3600.0);

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::no_such_task()
    }
}

type Shared = State<Arc<Desk<LumaAgents>>>;

fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v1/generations", post(submit))
        .route("/v1/generations/{id}", get(poll))
        .fallback(async || Detail::words(StatusCode::NOT_FOUND, "Not Found").response())
        .method_not_allowed_fallback(async || {
            Detail::words(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed").response()
        })
        .with_state(Desk::open(world))
}

async fn submit(State(desk): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    let is_clip = |id: &str| desk.find(id).is_some_and(|task| task.state(clock::now()) == Stage::Succeeded);
    let read = async {
        auth::check(&headers)?;
        check::order(&body, is_clip).await
    };
    let task = desk.submit("video", read).await?;
    Ok(wire::told(StatusCode::CREATED, &task, task.span.ordered, |_| Vec::new()))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Response> {
    let task = desk.poll(&id, auth::check(&headers), |_| true).await?;
    Ok(wire::told(StatusCode::OK, &task, clock::now(), |task| desk.links(task)))
}
