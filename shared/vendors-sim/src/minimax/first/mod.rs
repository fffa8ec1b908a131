//! The first dialect: `POST /v1/video_generation`, polling by `task_id`, and the result by its `file_id`.

mod check;
mod wire;

use super::{VENDOR, body, challenge, credential, order};
use crate::callbacks::Notice;
use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::{DOWNLOAD, Fault, LIST, POLL};
use crate::fields::Fields;
use crate::links::{Link, Signature};
use crate::tasks::{self, Order as _};
use crate::vendor::Vendor;
use crate::world::World;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use http::HeaderMap;
use order::Order;
use std::collections::HashMap;
use std::sync::Arc;
use wire::Refusal;

/// How long a link to a file lives from the look-up on.
const LINK_SECONDS: f64 = 3600.0;

#[derive(Debug)]
struct First;

type Task = tasks::Task<Order>;

impl Protocol for First {
    const VENDOR: Vendor = VENDOR;

    type Order = Order;
    type Refusal = Refusal;
    type Account = ();

    fn unknown(_id: &str, _late: bool) -> Refusal {
        Refusal::parameter("task_id is not known")
    }

    fn new_id(_order: &Order) -> String {
        order::long_number().to_string()
    }

    /// The same as a poll tells, with words of its own. Nothing is told while the task waits.
    fn notice(_desk: &Desk<Self>, task: &Task, now: u64) -> Option<Notice> {
        wire::notice(task, now).map(|body| Notice { headers: Vec::new(), body })
    }
}

type Shared = State<Arc<Desk<First>>>;
type Pairs = Query<HashMap<String, String>>;

pub(super) fn routes(world: &Arc<World>) -> Router {
    Router::new()
        .route("/v1/video_generation", post(submit))
        .route("/v1/query/video_generation", get(poll))
        .route("/v1/files/retrieve", get(retrieve))
        .route("/v1/files/retrieve_content", get(content))
        .with_state(Desk::open(world))
}

async fn submit(State(desk): Shared, headers: HeaderMap, bytes: Bytes) -> Result<Response, Response> {
    let read = async {
        credential(&headers)?;
        let body = body(&headers, &bytes)?;
        let mut order = check::order(Fields(&body))?;
        order.callback_url = challenge::callback(Fields(&body)).await?;
        Ok(order)
    };
    let task = desk.submit("video_generation", read).await?;
    Ok(wire::created(&task.id))
}

async fn poll(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    let allowed = credential(&headers).map_err(Refusal::from);
    let Some(id) = query.get("task_id").filter(|id| !id.is_empty()) else {
        desk.admit(POLL, allowed).await?;
        return Err(desk.refused(POLL, &Refusal::parameter("task_id is missing")));
    };
    let task = desk.poll(id, allowed, |_| true).await?;
    Ok(wire::told(&task, clock::now()))
}

/// Where a file is: another link at each look.
async fn retrieve(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    desk.admit(LIST, credential(&headers).map_err(Refusal::from)).await?;
    let now = clock::now();
    let task = find(&desk, &query, now).map_err(|refusal| desk.refused(LIST, &refusal))?;
    let works = task.order.works();
    // There is one work, and the task has ended with it.
    let work = works.into_iter().next().ok_or_else(|| desk.refused(LIST, &wire::no_file()))?;
    let length = desk.world.studio.file(&work).await.len();
    let signature = Some(Signature { begins: now, seconds: LINK_SECONDS });
    let link = Link { vendor: VENDOR, work, fault: task.ailments.of_file(), signature };
    let url = format!("{}{}", desk.world.base, desk.world.links.open(link));
    Ok(wire::file(&task, length, &url))
}

/// The file itself, behind the key.
async fn content(State(desk): Shared, headers: HeaderMap, Query(query): Pairs) -> Result<Response, Response> {
    desk.admit(DOWNLOAD, credential(&headers).map_err(Refusal::from)).await?;
    let task = find(&desk, &query, clock::now()).map_err(|refusal| desk.refused(DOWNLOAD, &refusal))?;
    Ok(desk.file(&task, 0).await)
}

/// The finished task whose result has the asked file id.
fn find(desk: &Desk<First>, query: &HashMap<String, String>, now: u64) -> Result<Arc<Task>, Refusal> {
    let id: u64 = query
        .get("file_id")
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Refusal::parameter("file_id must be an integer"))?;
    let mut found = desk.newest(|order| order.file_id == id).into_iter();
    let is_there =
        |task: &Arc<Task>| task.state(now) == tasks::State::Succeeded && !task.ailments.has(Fault::Empty);
    found.find(is_there).ok_or_else(wire::no_file)
}
