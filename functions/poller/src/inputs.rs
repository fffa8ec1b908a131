//! Fetching a caller's material for vendors that take bytes instead of links.

use bytes::Bytes;
use futures_util::future::try_join_all;
use jobs::{Fault, FaultKind, Kind};
use outbound::{CallError, Door, Limits};
use providers::{Media, Need};
use std::time::Duration;

/// The longest that one file may take; all are fetched side by side.
const LONGEST_FETCH: Duration = Duration::from_secs(30);

/// More bytes than this are fetched for no vendor: ten jobs of a batch may do so at once.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// Fetches what an adapter needs, in its order.
///
/// # Errors
/// A fault that names the field whose file could not be had. Nothing was sent to the vendor.
pub async fn fetch_all(door: &Door, needs: Vec<Need>) -> Result<Vec<Media>, Fault> {
    try_join_all(needs.into_iter().map(|need| fetch(door, need))).await
}

async fn fetch(door: &Door, need: Need) -> Result<Media, Fault> {
    let limits = Limits::failing(LONGEST_FETCH, need.most_bytes.min(MOST_BYTES));
    // The second try is for a connection that broke; reading a file twice changes nothing.
    let reply = match get(door, &need, limits).await {
        Err(error) if may_pass(&error) => get(door, &need, limits).await,
        reply => reply,
    };
    let field = need.field;
    let reply = reply.map_err(|error| {
        let why = match error.kind() {
            outbound::Kind::TooLarge => format!("is larger than {} bytes", limits.most_reply_bytes),
            outbound::Kind::Refused | outbound::Kind::Invalid => "is at an address that is not called".into(),
            _ => "could not be fetched".into(),
        };
        refused(field, &why).with_detail(error.to_string())
    })?;
    if !reply.status.is_success() {
        return Err(refused(
            field,
            &format!("could not be fetched: its server answers {}", reply.status.as_u16()),
        ));
    }
    let format = media::sniff(&reply.body).ok_or_else(|| refused(field, "is of no known format"))?;
    let (expected, name) = match need.kind {
        Kind::Image => (media::Kind::Image, "picture"),
        Kind::Audio => (media::Kind::Audio, "recording"),
        Kind::Video | Kind::Avatar => (media::Kind::Video, "clip"),
    };
    if format.kind() != expected {
        return Err(refused(field, &format!("is no {name}")));
    }
    Ok(Media {
        media_type: format.media_type(),
        extension: format.extension(),
        length: length(format, &reply.body),
        bytes: reply.body,
    })
}

/// How long a clip or a recording is, as far as it can be read.
fn length(format: media::Format, file: &[u8]) -> Option<Duration> {
    let mut probe = media::Probe::new(format);
    probe.feed(file);
    let seconds = probe.finish().duration_seconds?;
    Duration::try_from_secs_f64(seconds).ok()
}

async fn get(door: &Door, need: &Need, limits: Limits) -> Result<outbound::Reply, CallError> {
    // An order's links were checked when it was accepted; the door answers for one that is malformed all the same.
    let mut request = http::Request::new(Bytes::new());
    if let Ok(uri) = http::Uri::try_from(&need.url) {
        *request.uri_mut() = uri;
    }
    door.call(request, limits).await
}

fn may_pass(error: &CallError) -> bool {
    matches!(error.kind(), outbound::Kind::NotSent | outbound::Kind::Unknown | outbound::Kind::Stalled)
}

fn refused(field: &str, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidInput, format!("the file given as {field} {why}"))
}
