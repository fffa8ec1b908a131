//! Stable links to files: a redirect to a fresh signature.

use super::json_reply;
use crate::{App, desk::StableLink, error::ApiError, faults, gateway::Reply};
use jobs::Time;
use serde_json::json;

pub(super) async fn answer(app: &App, parts: [&str; 3], request_id: &str, now: Time) -> Reply {
    let [job, index, token] = parts;
    let (status, error) = match app.desk.file(StableLink { job, index, token }, now).await {
        Ok(Some(url)) => {
            return Reply::empty(302).with("Location", url).with("Cache-Control", "no-store");
        }
        Ok(None) => (404, ApiError::not_found("file")),
        Err(error) => {
            error.log();
            (500, error)
        }
    };
    let mut faults = [faults::of_api_error(&error)];
    faults::complete(app, request_id, &mut faults);
    json_reply(status, json!({ "errors": faults }))
}
