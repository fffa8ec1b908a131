//! Speech: the call that makes audio and its two relatives.

use super::check::{self, Order};
use super::{Elevenlabs, Pairs, Shared, auth};
use crate::desk::Desk;
use crate::random;
use crate::reply;
use crate::tasks::{Order as _, Task};
use crate::works::{Shape, Work};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use media::{Format, Probe};
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /v1/text-to-speech/{voice_id}` and `/stream`
pub(super) async fn convert(
    State(desk): Shared,
    Path(voice): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let spoken = speak(&desk, &voice, query, &headers, &body).await?;
    let response = desk.file(&spoken, 0).await;
    Ok(with_headers(&desk, &spoken, response))
}

/// `POST /v1/text-to-speech/{voice_id}/with-timestamps`
pub(super) async fn with_timestamps(
    State(desk): Shared,
    Path(voice): Path<String>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let spoken = speak(&desk, &voice, query, &headers, &body).await?;
    let work = spoken.order.work();
    let audio = desk.world.studio.file(&work).await;
    let alignment = alignment(&spoken.order.text, seconds(&work, &audio));
    let body = json!({
        "audio_base64": STANDARD.encode(&audio),
        "alignment": alignment,
        "normalized_alignment": alignment,
    });
    Ok(with_headers(&desk, &spoken, reply::json(StatusCode::OK, body)))
}

async fn speak(
    desk: &Arc<Desk<Elevenlabs>>,
    voice: &str,
    query: Vec<(String, String)>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Arc<Task<Order>>, Response> {
    let read = async {
        auth::check(headers)?;
        check::order(voice, &query.into_iter().collect(), body)
    };
    desk.perform("text-to-speech", read).await
}

fn with_headers(desk: &Desk<Elevenlabs>, spoken: &Task<Order>, mut response: Response) -> Response {
    let order = &spoken.order;
    let limit = order.limits().first().copied().unwrap_or_default();
    let headers = [
        ("request-id", order.request_id.clone()),
        ("x-trace-id", random::hexadecimal(32)),
        ("character-cost", order.cost().to_string()),
        // This call has just given its place back.
        ("current-concurrent-requests", (desk.active(limit) + 1).to_string()),
        ("maximum-concurrent-requests", desk.world.limit(limit).to_string()),
    ];
    let item = order.logged.then(|| ("history-item-id", spoken.id.clone()));
    for (name, value) in headers.into_iter().chain(item) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
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
        Shape::Opus => probed(Format::Ogg),
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
