//! Answers that all vendors have in common.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Serialize;

/// Marks a response that is not sent: the server ends the connection instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

/// Ends the connection without an answer.
pub(crate) fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// JSON with a status.
pub(crate) fn json(status: StatusCode, body: impl Serialize) -> Response {
    (status, Json(body)).into_response()
}

/// A status alone.
pub(crate) fn empty(status: StatusCode) -> Response {
    status.into_response()
}

/// What a proxy in front of a vendor answers on a bad day, though with status 200.
pub(crate) fn garbage() -> Response {
    let page = "<!doctype html><html><head><title>Just a moment</title></head><body><h1>We will be back</h1></body></html>";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// An answer that never comes.
pub(crate) async fn never() -> Response {
    std::future::pending().await
}

/// A redirect to where cloud machines keep their credentials.
pub(crate) fn to_a_private_address() -> Response {
    let location = [(header::LOCATION, "http://169.254.169.254/latest/meta-data/")];
    (StatusCode::FOUND, location).into_response()
}
