//! Fetching a caller's material for vendors that take bytes instead of links.

use crate::room::{MATERIAL, Share};
use bytes::Bytes;
use futures_util::future::try_join_all;
use jobs::{Fault, FaultKind, Kind};
use outbound::{CallError, Door, Overflow, StreamLimits, Streaming};
use providers::{Media, Need};
use std::time::Duration;

/// The longest that one file may take; all are fetched side by side.
const LONGEST_FETCH: Duration = Duration::from_secs(30);

/// More bytes than this are fetched for no vendor.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// How long a job waits here until those before it have sent their files.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What a caller gave, and the memory that it takes.
#[derive(Default)]
pub struct Material {
    /// In the order asked for.
    pub media: Vec<Media>,
    _room: Option<Share>,
}

/// Why there is no material.
#[derive(Debug)]
pub enum NoMaterial {
    /// Others have all the room; later there will be some.
    NoRoom,
    /// A file could not be had, or is not what it should be. It names the field.
    Refused(Fault),
}

/// Fetches what an adapter needs, in its order.
///
/// # Errors
/// [`NoMaterial`]. Nothing was sent to the vendor.
pub async fn fetch_all(door: &Door, needs: Vec<Need>) -> Result<Material, NoMaterial> {
    if needs.is_empty() {
        return Ok(Material::default());
    }
    let opened = open_all(door, &needs).await?;
    let bytes = opened.iter().zip(&needs).map(|(file, need)| expected_bytes(file, need)).sum();
    let (opened, room) = match MATERIAL.take_now(bytes) {
        Some(room) => (opened, room),
        None => {
            // Nobody's server is kept waiting: it is asked again when there is room.
            drop(opened);
            let room = MATERIAL.take(bytes, LONGEST_WAIT).await.ok_or(NoMaterial::NoRoom)?;
            (open_all(door, &needs).await?, room)
        }
    };
    let read = opened.into_iter().zip(needs).map(|(file, need)| read(door, file, need));
    let media = try_join_all(read).await.map_err(NoMaterial::Refused)?;
    Ok(Material { media, _room: Some(room) })
}

async fn open_all(door: &Door, needs: &[Need]) -> Result<Vec<Streaming>, NoMaterial> {
    try_join_all(needs.iter().map(|need| open(door, need))).await.map_err(NoMaterial::Refused)
}

/// What it says to have; all that it may have where it says nothing.
fn expected_bytes(file: &Streaming, need: &Need) -> u64 {
    if file.status().is_success() { file.announced_bytes().unwrap_or(most_bytes(need)) } else { 0 }
}

fn most_bytes(need: &Need) -> u64 {
    need.most_bytes.min(MOST_BYTES)
}

async fn open(door: &Door, need: &Need) -> Result<Streaming, Fault> {
    // The second try is for a connection that broke; reading a file twice changes nothing.
    let file = match get(door, need).await {
        Err(error) if may_pass(&error) => get(door, need).await,
        file => file,
    };
    file.map_err(|error| not_had(need, &error))
}

async fn read(door: &Door, file: Streaming, need: Need) -> Result<Media, Fault> {
    let most = most_bytes(&need);
    let reply = match file.read(most, Overflow::Fail).await {
        Err(error) if may_pass(&error) => open(door, &need).await?.read(most, Overflow::Fail).await,
        reply => reply,
    };
    let reply = reply.map_err(|error| not_had(&need, &error))?;
    let field = need.field;
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

fn not_had(need: &Need, error: &CallError) -> Fault {
    let why = match error.kind() {
        outbound::Kind::TooLarge => format!("is larger than {} bytes", most_bytes(need)),
        outbound::Kind::Refused | outbound::Kind::Invalid => "is at an address that is not called".into(),
        _ => "could not be fetched".into(),
    };
    refused(need.field, &why).with_detail(error.to_string())
}

async fn get(door: &Door, need: &Need) -> Result<Streaming, CallError> {
    // An order's links were checked when it was accepted; the door answers for one that is malformed all the same.
    let mut request = http::Request::new(Bytes::new());
    if let Ok(uri) = http::Uri::try_from(&need.url) {
        *request.uri_mut() = uri;
    }
    let limits = StreamLimits { total: LONGEST_FETCH, idle: LONGEST_FETCH, most_bytes: most_bytes(need) };
    door.open(request, limits).await
}

fn may_pass(error: &CallError) -> bool {
    matches!(error.kind(), outbound::Kind::NotSent | outbound::Kind::Unknown | outbound::Kind::Stalled)
}

fn refused(field: &str, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidInput, format!("the file given as {field} {why}"))
}
