//! A fixed address for the API of the local AWS, whose own address has a made-up host name. It decides nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, Version};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// Headers that speak of one connection, not of the message. `expect` is among them: each side waits for its own.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The local AWS closes a connection after five idle seconds; ours are given up before.
const IDLE_CONNECTION: Duration = Duration::from_secs(2);

struct Way {
    client: Client<HttpConnector, Body>,
    authority: Authority,
    host: HeaderValue,
}

/// Passes every request on to 127.0.0.1:`to` under the name `host`, and streams the answer back.
pub fn router(to: u16, host: HeaderValue) -> Router {
    #[expect(clippy::expect_used, reason = "an address with a port is always an authority")]
    let authority = Authority::try_from(format!("127.0.0.1:{to}")).expect("an authority");
    let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(IDLE_CONNECTION).build_http();
    Router::new().fallback(pass_on).with_state(Arc::new(Way { client, authority, host }))
}

async fn pass_on(State(way): State<Arc<Way>>, mut request: Request) -> Response {
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(way.authority.clone());
    parts.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
    let Ok(uri) = Uri::from_parts(parts) else {
        return refused(StatusCode::BAD_REQUEST, "the request has no usable path");
    };
    *request.uri_mut() = uri;
    *request.version_mut() = Version::HTTP_11;
    leave_connection_out(request.headers_mut());
    request.headers_mut().insert(HOST, way.host.clone());
    match way.client.request(request).await {
        Ok(reply) => {
            let mut reply = reply.map(Body::new);
            leave_connection_out(reply.headers_mut());
            reply
        }
        Err(_) => {
            refused(StatusCode::BAD_GATEWAY, "the local AWS does not answer: see .local/logs, or start again")
        }
    }
}

fn leave_connection_out(headers: &mut HeaderMap) {
    for name in OF_THE_CONNECTION {
        headers.remove(name);
    }
}

fn refused(status: StatusCode, why: &str) -> Response {
    let body = serde_json::json!({ "message": why }).to_string();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

#[cfg(test)]
mod tests;
