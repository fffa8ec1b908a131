//! Routes, and what every answer has.

mod callbacks;
mod files;
mod graphiql;
mod graphql;
mod headers;
mod media;
mod params;
mod welcome;

use crate::{
    App,
    error::ApiError,
    faults,
    gateway::{Event, Reply, Request},
};
use futures_util::FutureExt;
use jobs::{AccountId, JobId, Time, ports::Trouble};
use serde_json::{Value, json};
use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

/// When a request came in, and how long its answer may take.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// When it came in.
    pub now: Time,
    /// How long this process may work on it.
    pub time_left: Duration,
}

/// Kept back of the time that is left, for writing the answer and its way to the caller.
const TO_ANSWER: Duration = Duration::from_secs(2);

impl Arrival {
    /// How long the request may be held without putting its answer at risk.
    fn patience(&self) -> Duration {
        self.time_left.saturating_sub(TO_ANSWER)
    }
}

/// Answers a request, whatever it is. `request_id` goes into the answer.
pub async fn answer(app: &App, event: Event, request_id: &str, arrival: Arrival) -> Reply {
    let begun = Instant::now();
    let mut line = LogLine::default();
    let Some(request) = Request::of(event) else {
        tracing::warn!(request.id = request_id, "an event came in that is no request of an HTTP API");
        let why = "this is no request as an HTTP API with payload format 2.0 hands it on";
        return headers::with_common(refuse(app, request_id, 400, why), request_id);
    };
    // Nothing here is known to panic; but should a document make a library do so, its sender gets an answer too.
    let reply =
        match AssertUnwindSafe(route(app, &request, request_id, arrival, &mut line)).catch_unwind().await {
            Ok(reply) => reply,
            Err(_) => failed(app, request_id, 500, &Trouble::new("could not answer", "a panic").into()),
        };
    let reply = headers::with_common(reply, request_id);
    let jobs: Vec<&str> = line.jobs.iter().map(JobId::as_str).collect();
    tracing::info!(
        request.id = request_id,
        operation = line.operation,
        status = reply.status_code,
        milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        account.id = line.account.as_ref().map(AccountId::as_str),
        job.id = (!jobs.is_empty()).then(|| jobs.join(",")),
        "answered {} with {}",
        line.operation,
        reply.status_code
    );
    reply
}

/// What the log tells of a request: never its path, which may hold a token, nor anything of its body.
struct LogLine {
    operation: &'static str,
    account: Option<AccountId>,
    jobs: Vec<JobId>,
}

impl Default for LogLine {
    fn default() -> LogLine {
        LogLine { operation: "nothing", account: None, jobs: Vec::new() }
    }
}

async fn route(
    app: &App,
    request: &Request,
    request_id: &str,
    arrival: Arrival,
    line: &mut LogLine,
) -> Reply {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let (operation, allowed) = match parts.as_slice() {
        [""] => ("welcome", "GET, HEAD, OPTIONS"),
        ["health"] => ("health", "GET, HEAD, OPTIONS"),
        ["graphql"] => ("graphql", "GET, POST, OPTIONS"),
        ["graphql", _] => ("page", "GET, HEAD, OPTIONS"),
        ["files", _, _, _] => ("file", "GET, HEAD, OPTIONS"),
        ["callbacks", _, _, _] => ("callback", "POST, OPTIONS"),
        _ => return nothing_there(app, request_id),
    };
    line.operation = operation;
    if request.method == "OPTIONS" {
        return headers::preflight(allowed);
    }
    // Answers to HEAD lose their body on the way, at the gateway.
    let reads = matches!(request.method.as_str(), "GET" | "HEAD");
    match parts.as_slice() {
        ["graphql"] if graphiql::is_for(request) => {
            line.operation = "page";
            graphiql::page(app)
        }
        ["graphql"] => graphql::answer(app, request, request_id, arrival, line).await,
        ["callbacks", vendor, job, token] if request.method == "POST" => {
            callbacks::answer(app, request, [*vendor, *job, *token], request_id).await
        }
        ["callbacks", ..] => {
            refuse(app, request_id, 405, "this path is for what vendors send").with("Allow", allowed)
        }
        _ if !reads => refuse(app, request_id, 405, "this path is only read").with("Allow", allowed),
        ["health"] => json_reply(200, json!({ "status": "ok" })),
        ["graphql", name] => graphiql::file(app, request, request_id, name),
        ["files", job, index, token] => {
            files::answer(app, [*job, *index, *token], request_id, arrival.now).await
        }
        _ => welcome::page(),
    }
}

/// The answer to a path that leads nowhere.
fn nothing_there(app: &App, request_id: &str) -> Reply {
    failed(app, request_id, 404, &ApiError::not_found("path"))
}

/// An answer that holds nothing but an error about the request itself.
fn refuse(app: &App, request_id: &str, status: u16, message: &str) -> Reply {
    failed(app, request_id, status, &ApiError::bad_request(message))
}

/// An answer that holds nothing but an error.
fn failed(app: &App, request_id: &str, status: u16, error: &ApiError) -> Reply {
    let mut faults = [faults::of_api_error(error)];
    faults::complete(app, request_id, &mut faults);
    json_reply(status, json!({ "errors": faults }))
}

fn json_reply(status: u16, body: Value) -> Reply {
    Reply::text(status, "application/json; charset=utf-8", body.to_string()).with("Cache-Control", "no-store")
}
