//! Kling, the classic generation: `POST /v1/videos/text2video` and `image2video`, then polling by id.

mod auth;
mod check;
mod models;
mod parts;
mod task;
mod wire;

use crate::clock::{self, Span};
use crate::faults::{Ailment, Fault, LIST, POLL};
use crate::fields::Fields;
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
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use task::{Family, Order, Task, Tasks};
use wire::Refusal;

/// How many seconds a task takes at speed 1.
const SECONDS: f64 = 5.0;

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
    let family = |family: Family| {
        let submit =
            move |world: Shared, headers: HeaderMap, body: Bytes| submit(world, family, headers, body);
        let list = move |world: Shared, headers: HeaderMap, query: Pairs| list(world, family, headers, query);
        let poll =
            move |world: Shared, headers: HeaderMap, id: Path<String>| poll(world, family, headers, id);
        Router::new()
            .route("/", post(submit).get(list).fallback(wrong_method))
            .route("/{id}", get(poll).fallback(wrong_method))
    };
    Router::new()
        .nest("/v1/videos/text2video", family(Family::Text))
        .nest("/v1/videos/image2video", family(Family::Image))
        .fallback(wrong_path)
}

async fn submit(State(world): Shared, family: Family, headers: HeaderMap, body: Bytes) -> Response {
    world.ledger.received(Vendor::Kling, family.name());
    let mut prompt = None;
    match world.accept(family, &headers, &body, &mut prompt) {
        Ok(task) if task.ailments.has(Fault::Lost) => reply::hang_up(),
        Ok(task) => {
            task.ailments.hold_answer().await;
            wire::created(&task)
        }
        Err(refusal) => {
            world.ledger.refused(Vendor::Kling, family.name(), prompt.as_deref(), &refusal.reason());
            refusal.response()
        }
    }
}

impl World {
    /// Makes a task of a submit. The prompt is told even if there is no task.
    fn accept(
        &self,
        family: Family,
        headers: &HeaderMap,
        body: &[u8],
        prompt: &mut Option<String>,
    ) -> Result<Arc<Task>, Refusal> {
        let now = clock::now();
        auth::check(headers, now)?;
        let order = read(family, headers, body)?;
        let prompt = prompt.insert(order.prompt.clone());
        let ailments = self.faults.at_submit(Vendor::Kling, prompt);
        for fault in [Fault::Unauthorized, Fault::NoCredit, Fault::ServerError, Fault::Busy, Fault::Moderate]
        {
            if let Some(refusal) = Refusal::of(fault).filter(|_| ailments.has(fault)) {
                return Err(refusal);
            }
        }
        let settings = self.settings();
        let milliseconds =
            ailments.slow_seconds().map_or(settings.milliseconds(SECONDS), |seconds| seconds * 1000);
        let span = Span::lasting(now, milliseconds);
        let span = if ailments.has(Fault::Hang) { span.endless() } else { span };
        let mut tasks = lock(&self.kling.0);
        if let Some(id) = order.external_id.as_deref().filter(|id| tasks.has_external(id)) {
            return Err(Refusal::parameter(format!("external_task_id {id} already exists")));
        }
        if tasks.active.taken(now) >= settings.kling_active {
            return Err(Refusal::busy());
        }
        let task = Arc::new(Task::new(order, span, ailments));
        tasks.add(family, &task);
        self.ledger.paid(Vendor::Kling, family.name(), prompt, &task.id, task.external_id.as_deref());
        Ok(task)
    }

    /// The link to the result of a task, the same at every look.
    fn kling_address(&self, task: &Task) -> String {
        let path = task.address.get_or_init(|| {
            let fault = task.ailments.of_file();
            self.links.open(Link { vendor: Vendor::Kling, work: task.order.work(), fault, signed_at: None })
        });
        format!("{}{path}", self.base)
    }

    /// What an armed fault answers to a poll or a list instead of the vendor.
    async fn kling_trouble(&self, operation: &str) -> Option<Response> {
        let Ailment { fault, number } = self.faults.armed(Vendor::Kling, operation)?;
        match fault {
            Fault::Garbage => Some(reply::garbage()),
            Fault::Lost => Some(reply::hang_up()),
            Fault::Hang => Some(reply::never().await),
            Fault::PollError => Some(Refusal::internal().response()),
            Fault::Late => Some(unknown_task().response()),
            Fault::Slow => {
                tokio::time::sleep(Duration::from_secs(number.unwrap_or(30))).await;
                None
            }
            fault => Refusal::of(fault).map(|refusal| refusal.response()),
        }
    }

    fn kling_refused(&self, operation: &str, refusal: &Refusal) -> Response {
        self.ledger.refused(Vendor::Kling, operation, None, &refusal.reason());
        refusal.response()
    }
}

fn read(family: Family, headers: &HeaderMap, body: &[u8]) -> Result<Order, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Refusal::parameter("Content-Type must be application/json"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => check::order(family, Fields(&body)),
        _ => Err(Refusal::parameter("the request body is not a JSON object")),
    }
}

async fn poll(State(world): Shared, family: Family, headers: HeaderMap, Path(id): Path<String>) -> Response {
    world.ledger.count(Vendor::Kling, Count::Polls);
    if let Some(response) = world.kling_trouble(POLL).await {
        return response;
    }
    let now = clock::now();
    let found = auth::check(&headers, now)
        .and_then(|()| lock(&world.kling.0).find(family, &id).ok_or_else(unknown_task));
    let task = match found {
        Ok(task) => task,
        Err(refusal) => return world.kling_refused(POLL, &refusal),
    };
    let polls = task.polls.fetch_add(1, Ordering::Relaxed);
    if polls < task.ailments.times(Fault::Late) {
        return unknown_task().response();
    }
    if polls < task.ailments.times(Fault::Garbage) {
        return reply::garbage();
    }
    if polls < task.ailments.times(Fault::PollError) {
        return Refusal::internal().response();
    }
    wire::told(&task, now, |task| world.kling_address(task))
}

fn unknown_task() -> Refusal {
    Refusal::not_found("task not found")
}

async fn list(State(world): Shared, family: Family, headers: HeaderMap, Query(query): Pairs) -> Response {
    world.ledger.count(Vendor::Kling, Count::Lists);
    if let Some(response) = world.kling_trouble(LIST).await {
        return response;
    }
    let now = clock::now();
    let page = auth::check(&headers, now).and_then(|()| {
        let number = between(&query, "pageNum", 1, 1000)?;
        Ok((number, between(&query, "pageSize", 30, 500)?))
    });
    let (number, size) = match page {
        Ok(page) => page,
        Err(refusal) => return world.kling_refused(LIST, &refusal),
    };
    let tasks = lock(&world.kling.0).page(family, (number - 1) * size, size);
    let tasks: Vec<&Task> = tasks.iter().map(Arc::as_ref).collect();
    wire::list(&tasks, now, |task| world.kling_address(task))
}

/// A number of the query from 1 to `most`.
fn between(
    query: &HashMap<String, String>,
    name: &str,
    default: usize,
    most: usize,
) -> Result<usize, Refusal> {
    let Some(text) = query.get(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| check::invalid(name, text))
}

async fn wrong_method(State(world): Shared, method: Method) -> Response {
    if method == Method::DELETE {
        world.ledger.count(Vendor::Kling, Count::Cancels);
    }
    let message = format!("method {method} is not supported");
    world.kling_refused("other", &Refusal::new(StatusCode::NOT_FOUND, 1202, message))
}

/// The gate of the vendor looks at the credential before it looks for the resource.
async fn wrong_path(State(world): Shared, headers: HeaderMap, uri: Uri) -> Response {
    if let Err(refusal) = auth::check(&headers, clock::now()) {
        return world.kling_refused("other", &refusal);
    }
    world.kling_refused("other", &Refusal::not_found(format!("no resource at {}", uri.path())))
}
