//! Links to results, and the files behind them.

use crate::clock;
use crate::faults::{Ailment, DOWNLOAD, Fault, Faults};
use crate::ledger::Count;
use crate::random;
use crate::reply;
use crate::shelf::{Shelf, lock};
use crate::vendor::Vendor;
use crate::works::Work;
use crate::world::World;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use http::{HeaderMap, StatusCode, header};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Links that work, at most; the oldest die early.
const MOST_LINKS: usize = 20_000;

/// Headers that carry credentials. A download by a link needs none.
const CREDENTIALS: [&str; 5] = ["authorization", "x-api-key", "x-goog-api-key", "x-key", "xi-api-key"];

/// A file to be fetched.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) vendor: Vendor,
    pub(crate) work: Work,
    pub(crate) fault: Option<Fault>,
    /// `None` for a link that lasts.
    pub(crate) signature: Option<Signature>,
}

/// How long a signed link lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signature {
    /// When its time begins, in milliseconds since 1970.
    pub(crate) begins: u64,
    /// Seconds of its life, if the settings tell nothing else.
    pub(crate) seconds: f64,
}

/// All links.
#[derive(Debug)]
pub(crate) struct Links(Mutex<Shelf<Signed>>);

#[derive(Debug)]
struct Signed {
    link: Link,
    signature: String,
}

impl Default for Links {
    fn default() -> Self {
        Self(Mutex::new(Shelf::holding(MOST_LINKS)))
    }
}

impl Links {
    /// A new link: the part after the base address.
    pub(crate) fn open(&self, link: Link) -> String {
        let (id, signature) = (random::hexadecimal(32), random::hexadecimal(40));
        let extension = link.work.extension();
        let name = if link.signature.is_some() { "sample" } else { "output" };
        let path = format!("/files/{id}/{name}.{extension}");
        let address = match link.signature {
            Some(Signature { begins, .. }) => format!("{path}?se={begins}&sig={signature}"),
            None => path,
        };
        lock(&self.0).put(id, Arc::new(Signed { link, signature }));
        address
    }

    /// Lets a link die, given as it was told.
    pub(crate) fn close(&self, link: &str) {
        let id = link.split_once("/files/").and_then(|(_, rest)| rest.split('/').next());
        lock(&self.0).remove(id.unwrap_or_default());
    }
}

/// `GET /files/{id}/{name}`
pub(crate) async fn download(
    State(world): State<Arc<World>>,
    Path((id, _)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some(signed) = lock(&world.links.0).get(&id) else {
        return gone(StatusCode::NOT_FOUND, "BlobNotFound");
    };
    let link = &signed.link;
    world.ledger.count(link.vendor, Count::Downloads);
    if CREDENTIALS.iter().any(|name| headers.contains_key(*name)) {
        world.ledger.count(link.vendor, Count::KeyLeaks);
    }
    if let Some(Signature { begins, seconds }) = link.signature {
        let seconds = world.settings().link_seconds.unwrap_or(seconds);
        let dies = begins + (seconds * 1000.0) as u64;
        if clock::now() >= dies || query.get("sig") != Some(&signed.signature) {
            return gone(StatusCode::FORBIDDEN, "AuthenticationFailed");
        }
    }
    if world.faults.expires(link.vendor, link.work.text()) {
        return gone(StatusCode::FORBIDDEN, "AuthenticationFailed");
    }
    let armed = world.faults.armed(link.vendor, DOWNLOAD);
    if let Some(response) = trouble(armed).await {
        return response;
    }
    let fault = armed.map(|ailment| ailment.fault).or(link.fault);
    match fault {
        Some(Fault::BadLink) => gone(StatusCode::NOT_FOUND, "BlobNotFound"),
        Some(Fault::Redirect) => reply::to_a_private_address(),
        fault => file(&world, &link.work, fault).await,
    }
}

/// Armed faults of a download that are not about its file.
async fn trouble(armed: Option<Ailment>) -> Option<Response> {
    let armed = armed?;
    match armed.fault {
        Fault::ServerError => Some(gone(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")),
        Fault::Busy => Some(gone(StatusCode::SERVICE_UNAVAILABLE, "ServerBusy")),
        Fault::Unauthorized => Some(gone(StatusCode::FORBIDDEN, "AuthenticationFailed")),
        Fault::Lost => Some(reply::hang_up()),
        Fault::Hang => Some(reply::never().await),
        Fault::Slow => {
            tokio::time::sleep(Duration::from_secs(armed.number.unwrap_or(30))).await;
            None
        }
        _ => None,
    }
}

/// The file of a work as a response, with the faults that a file can have.
pub(crate) async fn file(world: &World, work: &Work, fault: Option<Fault>) -> Response {
    let kind = [(header::CONTENT_TYPE, work.content_type())];
    match fault {
        Some(Fault::HtmlFile) => reply::garbage(),
        Some(Fault::Empty) => (kind, Bytes::new()).into_response(),
        Some(Fault::Huge) => (kind, endless(world.studio.file(work).await)).into_response(),
        Some(Fault::Stall) => {
            let file = world.studio.file(work).await;
            let length = [(header::CONTENT_LENGTH, file.len().to_string())];
            (kind, length, half(&file)).into_response()
        }
        _ => (kind, inside(world, work, fault).await).into_response(),
    }
}

/// The file of a work as it stands inside a message, with the faults that it can have there.
pub(crate) async fn inside(world: &World, work: &Work, fault: Option<Fault>) -> Bytes {
    match fault {
        Some(Fault::HtmlFile) => Bytes::from_static(reply::PAGE.as_bytes()),
        // Under the type of what was ordered, so that only a look into the file tells.
        Some(Fault::OtherKind) => world.studio.file(&work.of_another_kind()).await,
        _ => larger(world.studio.file(work).await, Faults::more_bytes(work.text())),
    }
}

/// The file with so many zeros at its end.
fn larger(file: Bytes, more: usize) -> Bytes {
    if more == 0 {
        return file;
    }
    let mut all = Vec::with_capacity(file.len() + more);
    all.extend_from_slice(&file);
    all.resize(file.len() + more, 0);
    all.into()
}

/// The file, then noise without end.
fn endless(file: Bytes) -> Body {
    const NOISE: &[u8] = &[0x5a; 64 * 1024];
    let noise = stream::repeat(Bytes::from_static(NOISE));
    Body::from_stream(stream::iter([file]).chain(noise).map(Ok::<_, Infallible>))
}

/// Half of the file, then silence on an open connection.
fn half(file: &Bytes) -> Body {
    let half = file.slice(..file.len() / 2);
    Body::from_stream(stream::iter([half]).chain(stream::pending()).map(Ok::<_, Infallible>))
}

/// What a file store answers for a link that leads nowhere.
fn gone(status: StatusCode, code: &str) -> Response {
    let body = format!(r#"<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code></Error>"#);
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
