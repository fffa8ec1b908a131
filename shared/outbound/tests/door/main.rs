//! The door against tiny servers on this machine: what goes over the wire, and what comes back of it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod answers;
mod failures;
mod guard;
mod server;

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use outbound::{AllowList, CallError, Door, Kind, Limits, Options, Reply, StreamLimits, Streaming};
use server::Server;

/// Far more than any of these tests takes, so that time decides none of them unless it is meant to.
const LONG: Duration = Duration::from_secs(600);

/// So short that it is over soon; no test expects anything to happen within it.
const SHORT: Duration = Duration::from_millis(100);

fn door_to(allow: &str) -> Door {
    Door::new(Options { allow: AllowList::parse(allow).unwrap(), ..Options::default() }).unwrap()
}

fn request(url: &str) -> Request<Bytes> {
    Request::get(url).body(Bytes::new()).unwrap()
}

/// Calls a server, which is allowed.
async fn call(server: &Server, limits: Limits) -> Result<Reply, CallError> {
    door_to(&server.allowed()).call(request(&server.url("/")), limits).await
}

/// Opens a stream from a server, which is allowed.
async fn open(server: &Server, limits: StreamLimits) -> Result<Streaming, CallError> {
    door_to(&server.allowed()).open(request(&server.url("/")), limits).await
}

fn stream_limits(most_bytes: u64) -> StreamLimits {
    StreamLimits { total: LONG, idle: LONG, most_bytes }
}

/// How a call fails that has to fail.
async fn kind_of(door: &Door, url: &str) -> Kind {
    let limits = Limits::failing(LONG, 1_000);
    match door.call(request(url), limits).await {
        Ok(reply) => panic!("{url} was answered with {}", reply.status),
        Err(error) => error.kind(),
    }
}
