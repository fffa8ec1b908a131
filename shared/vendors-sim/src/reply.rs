//! Answers that all vendors have in common.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::{StatusCode, header};
use serde::Serialize;
use std::convert::Infallible;

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

/// The page of a proxy in front of a vendor on a bad day.
pub(crate) const PAGE: &str = "<!doctype html><html><head><title>Just a moment</title></head><body><h1>We will be back</h1></body></html>";

/// That page, though with status 200.
pub(crate) fn garbage() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}

/// JSON that begins like an answer and never ends.
pub(crate) fn endless() -> Response {
    const NOISE: &[u8] = &[b'x'; 64 * 1024];
    let noise = stream::once(async { Bytes::from_static(b"{\"id\":\"") })
        .chain(stream::repeat(Bytes::from_static(NOISE)))
        .map(Ok::<_, Infallible>);
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(noise)).into_response()
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
