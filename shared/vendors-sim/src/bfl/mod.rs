//! Black Forest Labs: `POST /v1/{model}`, then `GET` of the polling address that the answer names.

mod auth;
mod check;
mod models;
mod size;
mod task;
mod wire;

use crate::clock::{self, Span};
use crate::faults::{Ailment, Fault, LIST, POLL};
use crate::ledger::Count;
use crate::links::Link;
use crate::reply;
use crate::shelf::lock;
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use task::{Task, Tasks};
use wire::{FieldFault, Refusal};

/// How many seconds a task takes at speed 1.
const SECONDS: f64 = 2.0;
/// What the account had in the beginning.
const CREDITS: f64 = 10_000.0;

/// The one account.
#[derive(Debug, Default)]
pub(crate) struct Account(Mutex<Tasks>);

impl Account {
    pub(crate) fn forget(&self) {
        *lock(&self.0) = Tasks::default();
    }
}

type Shared = State<Arc<World>>;
type Pairs = Query<HashMap<String, String>>;

pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/v1/credits", get(credits))
        .route("/v1/get_result", get(poll))
        .route("/v1/{model}", post(submit))
        .fallback(async || Refusal::not_found().response())
        .method_not_allowed_fallback(async || {
            reply::json(StatusCode::METHOD_NOT_ALLOWED, json!({ "detail": "Method Not Allowed" }))
        })
}

async fn submit(
    State(world): Shared,
    Path(model): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    world.ledger.received(Vendor::Bfl, &model);
    let mut prompt = None;
    match world.accept_picture(&model, &headers, &body, &mut prompt) {
        Ok(task) if task.ailments.has(Fault::Lost) => reply::hang_up(),
        Ok(task) => {
            task.ailments.hold_answer().await;
            wire::created(&task, &world.base)
        }
        Err(refusal) => {
            world.ledger.refused(Vendor::Bfl, &model, prompt.as_deref(), &refusal.reason());
            refusal.response()
        }
    }
}

impl World {
    /// Makes a task of a submit. The prompt is told even if there is no task.
    fn accept_picture(
        &self,
        model: &str,
        headers: &HeaderMap,
        body: &[u8],
        prompt: &mut Option<String>,
    ) -> Result<Arc<Task>, Refusal> {
        let now = clock::now();
        let model = models::find(model).ok_or_else(Refusal::not_found)?;
        auth::check(headers)?;
        let order = check::order(model, body)?;
        let prompt = prompt.insert(order.prompt.clone());
        let ailments = self.faults.at_submit(Vendor::Bfl, prompt);
        for fault in [Fault::Unauthorized, Fault::NoCredit, Fault::ServerError, Fault::Busy] {
            if let Some(refusal) = Refusal::of(fault).filter(|_| ailments.has(fault)) {
                return Err(refusal);
            }
        }
        let settings = self.settings();
        let milliseconds =
            ailments.slow_seconds().map_or(settings.milliseconds(SECONDS), |seconds| seconds * 1000);
        let span = Span::lasting(now, milliseconds);
        let span = if ailments.has(Fault::Hang) { span.endless() } else { span };
        let mut tasks = lock(&self.bfl.0);
        let kontext_max = model.id == models::KONTEXT_MAX
            && tasks.active_kontext_max.taken(now) >= settings.bfl_kontext_max_active;
        if kontext_max || tasks.active.taken(now) >= settings.bfl_active {
            return Err(Refusal::busy());
        }
        let task = Arc::new(Task::new(order, span, ailments));
        tasks.add(&task);
        self.ledger.paid(Vendor::Bfl, model.id, prompt, &task.id, None);
        Ok(task)
    }

    /// The signed link to the result of a task. Its time begins with the end of the work, not with a look at it.
    fn bfl_address(&self, task: &Task) -> String {
        let path = task.address.get_or_init(|| {
            self.links.open(Link {
                vendor: Vendor::Bfl,
                work: task.order.work(),
                fault: task.ailments.of_file(),
                signed_at: task.span.ends,
            })
        });
        format!("{}{path}", self.base)
    }

    /// What an armed fault answers instead of the vendor.
    async fn bfl_trouble(&self, operation: &str, id: &str) -> Option<Response> {
        let Ailment { fault, number } = self.faults.armed(Vendor::Bfl, operation)?;
        match fault {
            Fault::Garbage => Some(reply::garbage()),
            Fault::Lost => Some(reply::hang_up()),
            Fault::Hang => Some(reply::never().await),
            Fault::PollError => Some(Refusal::internal().response()),
            Fault::Late => Some(wire::unknown(id, StatusCode::OK)),
            Fault::Slow => {
                tokio::time::sleep(Duration::from_secs(number.unwrap_or(30))).await;
                None
            }
            fault => Refusal::of(fault).map(|refusal| refusal.response()),
        }
    }

    fn bfl_refused(&self, operation: &str, refusal: &Refusal) -> Response {
        self.ledger.refused(Vendor::Bfl, operation, None, &refusal.reason());
        refusal.response()
    }
}

async fn poll(State(world): Shared, headers: HeaderMap, Query(query): Pairs) -> Response {
    world.ledger.count(Vendor::Bfl, Count::Polls);
    if let Err(refusal) = auth::check(&headers) {
        return world.bfl_refused(POLL, &refusal);
    }
    let Some(id) = query.get("id") else {
        let fault = FieldFault::new(vec!["query", "id"], "missing", "Field required", &Value::Null);
        return world.bfl_refused(POLL, &Refusal::fields(vec![fault]));
    };
    if let Some(response) = world.bfl_trouble(POLL, id).await {
        return response;
    }
    let Some(task) = lock(&world.bfl.0).find(id) else {
        return wire::unknown(id, StatusCode::NOT_FOUND);
    };
    let polls = task.polls.fetch_add(1, Ordering::Relaxed);
    if polls < task.ailments.times(Fault::Late) {
        return wire::unknown(id, StatusCode::OK);
    }
    if polls < task.ailments.times(Fault::Garbage) {
        return reply::garbage();
    }
    if polls < task.ailments.times(Fault::PollError) {
        return Refusal::internal().response();
    }
    wire::told(&task, clock::now(), |task| world.bfl_address(task))
}

async fn credits(State(world): Shared, headers: HeaderMap) -> Response {
    world.ledger.count(Vendor::Bfl, Count::Lists);
    if let Err(refusal) = auth::check(&headers) {
        return world.bfl_refused(LIST, &refusal);
    }
    if let Some(response) = world.bfl_trouble(LIST, "").await {
        return response;
    }
    let spent = lock(&world.bfl.0).spent;
    reply::json(StatusCode::OK, json!({ "credits": CREDITS - spent }))
}
