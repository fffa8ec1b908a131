//! Speech: the call that makes audio and its two relatives.

use super::check::{self, Order};
use super::history::Ids;
use super::wire::Refusal;
use super::{Account, Pairs, Shared, auth};
use crate::clock;
use crate::faults::{Ailments, Fault};
use crate::links;
use crate::random;
use crate::reply;
use crate::shelf::lock;
use crate::vendor::Vendor;
use crate::works::{Shape, Work};
use crate::world::World;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use media::{Format, Probe};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many seconds a call takes at speed 1.
const SECONDS: f64 = 0.5;

/// A place among the active calls, free again when dropped.
#[derive(Debug)]
struct Place {
    world: Arc<World>,
    flash: bool,
    taken: usize,
    most: usize,
}

impl Place {
    fn take(world: &Arc<World>, flash: bool) -> Result<Self, Refusal> {
        let most = world.settings().elevenlabs_active * if flash { 2 } else { 1 };
        let taken = 1 + counter(&world.elevenlabs, flash).fetch_add(1, Ordering::Relaxed);
        let place = Self { world: Arc::clone(world), flash, taken, most };
        if taken > most { Err(Refusal::busy()) } else { Ok(place) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        counter(&self.world.elevenlabs, self.flash).fetch_sub(1, Ordering::Relaxed);
    }
}

fn counter(account: &Account, flash: bool) -> &AtomicUsize {
    if flash { &account.active_flash } else { &account.active }
}

/// What was spoken.
struct Spoken {
    order: Order,
    ailments: Ailments,
    ids: Ids,
    taken: usize,
    most: usize,
}

/// `POST /v1/text-to-speech/{voice_id}` and `/stream`
pub(super) async fn convert(
    State(world): Shared,
    Path(voice): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let spoken = match speak(&world, &voice, &query.into_iter().collect(), &headers, &body).await {
        Ok(spoken) => spoken,
        Err(response) => return response,
    };
    let work = spoken.order.work();
    let fault = spoken.ailments.of_file().or(Some(Fault::Empty).filter(|fault| spoken.ailments.has(*fault)));
    let response = match fault {
        Some(Fault::Redirect) => reply::to_a_private_address(),
        fault => links::file(&world, &work, fault).await,
    };
    spoken.with_headers(response)
}

/// `POST /v1/text-to-speech/{voice_id}/with-timestamps`
pub(super) async fn with_timestamps(
    State(world): Shared,
    Path(voice): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let spoken = match speak(&world, &voice, &query.into_iter().collect(), &headers, &body).await {
        Ok(spoken) => spoken,
        Err(response) => return response,
    };
    let work = spoken.order.work();
    let audio = world.studio.file(&work).await;
    let alignment = alignment(&spoken.order.text, seconds(&work, &audio));
    let body = json!({
        "audio_base64": STANDARD.encode(&audio),
        "alignment": alignment,
        "normalized_alignment": alignment,
    });
    spoken.with_headers(reply::json(StatusCode::OK, body))
}

/// Speaks. The error is the answer of a call that gives no audio.
async fn speak(
    world: &Arc<World>,
    voice: &str,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Spoken, Response> {
    const OPERATION: &str = "text-to-speech";
    world.ledger.received(Vendor::Elevenlabs, OPERATION);
    let refuse = |prompt: Option<&str>, refusal: Refusal| {
        world.ledger.refused(Vendor::Elevenlabs, OPERATION, prompt, &refusal.reason());
        refusal.response()
    };
    let order = auth::check(headers)
        .and_then(|()| check::order(voice, query, body))
        .map_err(|refusal| refuse(None, refusal))?;
    let ailments = world.faults.at_submit(Vendor::Elevenlabs, &order.text);
    let refusing = [
        Fault::Unauthorized,
        Fault::NoCredit,
        Fault::ServerError,
        Fault::Busy,
        Fault::Moderate,
        Fault::ModerateOutput,
        Fault::Fail,
    ];
    if let Some(refusal) = refusing.into_iter().filter(|fault| ailments.has(*fault)).find_map(Refusal::of) {
        return Err(refuse(Some(&order.text), refusal));
    }
    let place =
        Place::take(world, order.model.flash).map_err(|refusal| refuse(Some(&order.text), refusal))?;
    if ailments.has(Fault::Hang) {
        return Err(reply::never().await);
    }
    // Apart from the connection: whoever hangs up while we speak pays all the same.
    let spoken = tokio::spawn(record(place, order, ailments)).await;
    let spoken = spoken.map_err(|failure| {
        tracing::error!("could not speak: {failure}");
        Refusal::internal().response()
    })?;
    spoken.ailments.hold_answer().await;
    if spoken.ailments.has(Fault::Lost) {
        return Err(reply::hang_up());
    }
    if spoken.ailments.has(Fault::Garbage) {
        return Err(reply::garbage());
    }
    Ok(spoken)
}

async fn record(place: Place, order: Order, ailments: Ailments) -> Spoken {
    let world = &place.world;
    let usual = world.settings().milliseconds(SECONDS);
    let milliseconds = ailments.slow_seconds().map_or(usual, |seconds| seconds * 1000);
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    world.studio.file(&order.work()).await;
    let ids = Ids { request: random::letters(20), item: random::letters(20) };
    lock(&world.elevenlabs.history).add(&order, &ids, clock::now());
    world.ledger.paid(Vendor::Elevenlabs, "text-to-speech", &order.text, &ids.item, None);
    Spoken { order, ailments, ids, taken: place.taken, most: place.most }
}

impl Spoken {
    fn with_headers(&self, mut response: Response) -> Response {
        let headers = [
            ("request-id", self.ids.request.clone()),
            ("x-trace-id", random::hexadecimal(32)),
            ("character-cost", self.order.cost().to_string()),
            ("current-concurrent-requests", self.taken.to_string()),
            ("maximum-concurrent-requests", self.most.to_string()),
        ];
        let item = self.order.logged.then(|| ("history-item-id", self.ids.item.clone()));
        for (name, value) in headers.into_iter().chain(item) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// How long the audio is.
fn seconds(work: &Work, audio: &[u8]) -> f64 {
    let Work::Voice { shape, .. } = work else { return 0.0 };
    let probed = |format| {
        let mut probe = Probe::new(format);
        probe.feed(audio);
        probe.finish().duration_seconds.unwrap_or(0.0)
    };
    match shape {
        Shape::Mp3 => probed(Format::Mp3),
        Shape::Wav { .. } => probed(Format::Wav),
        Shape::Pcm { rate } => audio.len() as f64 / f64::from(*rate) / 2.0,
        Shape::MuLaw | Shape::ALaw => audio.len() as f64 / 8000.0,
    }
}

/// Gives each character the same time.
fn alignment(text: &str, seconds: f64) -> Value {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    let each = seconds / characters.len().max(1) as f64;
    let starts: Vec<f64> = (0..characters.len()).map(|index| index as f64 * each).collect();
    let ends: Vec<f64> = starts.iter().map(|start| start + each).collect();
    json!({
        "characters": characters,
        "character_start_times_seconds": starts,
        "character_end_times_seconds": ends,
    })
}
