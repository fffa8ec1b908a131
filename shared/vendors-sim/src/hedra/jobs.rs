//! Looks at jobs: one, or a page of them.

use super::wire::{self, Refusal};
use super::{Hedra, Pairs, Shared, auth};
use crate::clock;
use crate::desk::Desk;
use crate::faults::LIST;
use crate::reply;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// Jobs on a page, if the call does not tell, and at most.
const PAGE: usize = 20;
const MOST_ON_A_PAGE: usize = 100;

/// `GET /v3/jobs/{id}`
pub(super) async fn result(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let task = desk.poll(named(&id), auth::check(&headers), |_| true).await?;
    let now = clock::now();
    let mut body = wire::result(&desk, &task, now);
    if let Some(body) = body.as_object_mut() {
        body.insert("cost".into(), wire::dollars(wire::cost(&task, now)));
        body.insert("currency".into(), "USD".into());
    }
    Ok(reply::json(StatusCode::OK, body))
}

/// `GET /v3/jobs/{id}/status`
pub(super) async fn status(
    State(desk): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let task = desk.poll(named(&id), auth::check(&headers), |_| true).await?;
    Ok(reply::json(StatusCode::OK, wire::status(&task, clock::now())))
}

/// The id as it is, or one that nobody has: the client's own key of an order is no name of its job.
fn named(id: &str) -> &str {
    if id.starts_with("job_") { id } else { "" }
}

/// `GET /v3/jobs`: the newest first.
pub(super) async fn list(
    State(desk): Shared,
    headers: HeaderMap,
    Query(query): Pairs,
) -> Result<Response, Response> {
    desk.admit(LIST, auth::check(&headers)).await?;
    let limit = query.get("limit").map_or(Some(PAGE), |limit| limit.parse().ok());
    let limit = limit.filter(|limit| (1..=MOST_ON_A_PAGE).contains(limit));
    let refuse = |field, why| desk.refused(LIST, &Refusal::field(field, "maximum", why));
    let limit = limit.ok_or_else(|| refuse("limit", "Input should be between 1 and 100"))?;
    page(&desk, limit, query.get("cursor").map(String::as_str))
        .map(|body| reply::json(StatusCode::OK, body))
        .ok_or_else(|| refuse("cursor", "the cursor is not valid"))
}

/// So many jobs after the one that the cursor names.
fn page(desk: &Desk<Hedra>, limit: usize, cursor: Option<&str>) -> Option<Value> {
    let jobs = desk.newest(|_| true);
    let skip = match cursor {
        Some(cursor) => jobs.iter().position(|task| hex::encode(&task.id) == cursor)? + 1,
        None => 0,
    };
    let shown: Vec<_> = jobs.iter().skip(skip).take(limit).collect();
    let next = shown.last().filter(|_| skip + shown.len() < jobs.len()).map(|task| hex::encode(&task.id));
    let now = clock::now();
    let data: Vec<Value> = shown.into_iter().map(|task| wire::listed(task, now)).collect();
    Some(json!({ "data": data, "next_cursor": next }))
}
