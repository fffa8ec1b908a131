//! Stable links to files: a redirect to a fresh signature.

use super::failed;
use crate::{App, desk::StableLink, error::ApiError, gateway::Reply};
use jobs::Time;

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
    failed(app, request_id, status, &error)
}
