//! Where vendors say that they have finished.

use super::{failed, json_reply, refuse};
use crate::{
    App,
    desk::CallbackAddress,
    error::ApiError,
    gateway::{Reply, Request},
};
use jobs::Callback;
use serde_json::json;

/// The largest body handed on: a queue takes a megabyte, and what vendors send is a few kilobytes of JSON.
const MOST_BODY: usize = 64 * 1024;

/// Bytes of headers handed on, at most.
const MOST_HEADERS: usize = 16 * 1024;

pub(super) async fn answer(app: &App, request: &Request, parts: [&str; 3], request_id: &str) -> Reply {
    let [vendor, job, token] = parts;
    let Some(body) = request.body.clone().filter(|body| body.len() <= MOST_BODY) else {
        return refuse(app, request_id, 413, "the body is too large, or was garbled on the way");
    };
    let mut room = MOST_HEADERS;
    let mut headers = Vec::new();
    for (name, value) in request.headers().filter(|(name, _)| is_handed_on(name)) {
        room = room.saturating_sub(name.len() + value.len());
        if room > 0 {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    match app.desk.callback(CallbackAddress { vendor, job, token }, Callback { headers, body }).await {
        // Some vendors take nothing but 200 for a yes.
        Ok(true) => json_reply(200, json!({})),
        Ok(false) => failed(app, request_id, 404, &ApiError::not_found("path")),
        Err(error) => {
            error.log();
            failed(app, request_id, 500, &error)
        }
    }
}

/// Signatures stand in headers of all sorts of names; what belongs to the way, and keys of callers, do not.
fn is_handed_on(name: &str) -> bool {
    let of_the_way =
        ["host", "cookie", "authorization", "user-agent", "accept", "accept-encoding", "forwarded", "via"];
    !of_the_way.contains(&name) && !name.starts_with("x-forwarded-") && !name.starts_with("x-amzn-")
}
