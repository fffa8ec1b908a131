//! Somebody who receives webhooks: checks each signature as a caller would, prints it, remembers it for tests,
//! fails on demand, and lends sample files as inputs. It also plays the hosts of published examples.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{Json, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use media::{ClipSpec, VoiceSpec};
use serde::{Deserialize, Serialize};
use signing::{Received, Secret, TOLERANCE_SECONDS};

/// Deliveries kept; the oldest go first.
const MOST_DELIVERIES: usize = 1_000;

/// What the sample clip shows and the sample voice says.
const SAMPLE_TEXT: &str = "Hello from Doitong. This is a sample.";

struct Receiver {
    keys: PathBuf,
    deliveries: Mutex<VecDeque<Delivery>>,
    plans: Mutex<Vec<Plan>>,
}

/// One request as it came, and what became of it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    path: String,
    received_at_milliseconds: u64,
    headers: HashMap<String, String>,
    /// Base64 of the raw body: a signature is over bytes.
    body: String,
    verified: bool,
    answered: u16,
}

/// How to answer verified deliveries to paths that end with `path`, the next `times` times.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Plan {
    path: String,
    status: u16,
    #[serde(default = "once")]
    times: u32,
    #[serde(default)]
    delay_milliseconds: u64,
    #[serde(default)]
    headers: HashMap<String, String>,
}

const fn once() -> u32 {
    1
}

/// The receiver's routes: `POST /webhook` and below, `GET` and `DELETE /deliveries`, `POST /control`, `GET /samples/..`,
/// `GET /health`. `keys` is the file with the accounts' webhook secrets, read anew for each delivery.
pub fn router(keys: &Path) -> Router {
    let receiver = Receiver { keys: keys.to_owned(), deliveries: Mutex::default(), plans: Mutex::default() };
    Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/webhook", post(deliver))
        .route("/webhook/{*name}", post(deliver))
        .route("/deliveries", get(deliveries).delete(forget))
        .route("/control", post(control))
        .route("/samples/{name}", get(sample))
        // Hosts of published examples lead here: any picture, clip or recording of theirs is a sample, any post is news.
        .route("/elsewhere/{*path}", get(sample_of).post(deliver))
        .with_state(Arc::new(receiver))
}

async fn deliver(
    State(receiver): State<Arc<Receiver>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let checked = check(&secrets(&receiver.keys), &headers, &body);
    let plan = if checked.is_ok() { next_plan(&receiver, &path) } else { None };
    let status = match (&checked, &plan) {
        (Err(_), _) => StatusCode::UNAUTHORIZED,
        (Ok(()), Some(plan)) => {
            StatusCode::from_u16(plan.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
        (Ok(()), None) => StatusCode::OK,
    };
    println!("{}", line(&path, &checked, status, &body));
    remember(
        &receiver,
        Delivery {
            path,
            received_at_milliseconds: u64::try_from(now().as_millis()).unwrap_or(u64::MAX),
            headers: text_of(&headers),
            body: STANDARD.encode(&body),
            verified: checked.is_ok(),
            answered: status.as_u16(),
        },
    );
    let mut response = status.into_response();
    if let Some(plan) = plan {
        for (name, value) in plan.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                response.headers_mut().insert(name, value);
            }
        }
        tokio::time::sleep(Duration::from_millis(plan.delay_milliseconds)).await;
    }
    response
}

/// The webhook secrets of the seeded accounts; none before the accounts are made.
fn secrets(keys: &Path) -> Vec<Secret> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Keys {
        webhook_secret: String,
        free_webhook_secret: String,
    }
    let Some(keys) = std::fs::read(keys).ok().and_then(|file| serde_json::from_slice::<Keys>(&file).ok())
    else {
        return Vec::new();
    };
    [keys.webhook_secret, keys.free_webhook_secret]
        .iter()
        .filter_map(|secret| Secret::parse(secret).ok())
        .collect()
}

fn check(secrets: &[Secret], headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let received = Received {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let secrets: Vec<&Secret> = secrets.iter().collect();
    let seconds = i64::try_from(now().as_secs()).unwrap_or(i64::MAX);
    signing::verify(&secrets, received, body, seconds, TOLERANCE_SECONDS).map_err(|why| why.to_string())
}

/// What is printed of a delivery: type, id, url.
fn line(path: &str, checked: &Result<(), String>, status: StatusCode, body: &[u8]) -> String {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Event {
        r#type: String,
        data: Data,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Data {
        id: String,
        url: Option<String>,
    }
    if let Err(why) = checked {
        return format!("webhook REFUSED on {path}: {why}");
    }
    let event: Event = serde_json::from_slice(body).unwrap_or_default();
    let url = event.data.url.unwrap_or_default();
    let answered =
        if status == StatusCode::OK { String::new() } else { format!("  (answered {})", status.as_u16()) };
    format!("webhook {}  {}  {url}{answered}", event.r#type, event.data.id)
}

fn next_plan(receiver: &Receiver, path: &str) -> Option<Plan> {
    let mut plans = lock(&receiver.plans);
    let plan = plans.iter_mut().find(|plan| plan.times > 0 && path.ends_with(&plan.path))?;
    plan.times -= 1;
    let chosen = plan.clone();
    plans.retain(|plan| plan.times > 0);
    Some(chosen)
}

fn remember(receiver: &Receiver, delivery: Delivery) {
    let mut deliveries = lock(&receiver.deliveries);
    if deliveries.len() == MOST_DELIVERIES {
        deliveries.pop_front();
    }
    deliveries.push_back(delivery);
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    path: String,
}

/// All deliveries, or with `?path=` those to paths that end so, oldest first.
async fn deliveries(
    State(receiver): State<Arc<Receiver>>,
    Query(asked): Query<Asked>,
) -> Json<Vec<Delivery>> {
    let deliveries = lock(&receiver.deliveries);
    Json(deliveries.iter().filter(|delivery| delivery.path.ends_with(&asked.path)).cloned().collect())
}

async fn forget(State(receiver): State<Arc<Receiver>>) -> StatusCode {
    lock(&receiver.deliveries).clear();
    lock(&receiver.plans).clear();
    StatusCode::NO_CONTENT
}

async fn control(State(receiver): State<Arc<Receiver>>, Json(plan): Json<Plan>) -> StatusCode {
    lock(&receiver.plans).push(plan);
    StatusCode::NO_CONTENT
}

/// Samples are made when first asked for, and then kept.
async fn sample(extract::Path(name): extract::Path<String>) -> Response {
    lend(&name)
}

/// The sample of the same kind, by the end of the name.
async fn sample_of(extract::Path(path): extract::Path<String>) -> Response {
    lend(match path.rsplit('.').next() {
        Some("jpg" | "jpeg" | "png" | "webp") => "portrait.jpg",
        Some("mp4" | "mov" | "webm") => "clip.mp4",
        Some("mp3" | "wav" | "m4a") => "speech.mp3",
        _ => "",
    })
}

fn lend(name: &str) -> Response {
    static PORTRAIT: OnceLock<Vec<u8>> = OnceLock::new();
    static CLIP: OnceLock<Vec<u8>> = OnceLock::new();
    static SPEECH: OnceLock<Vec<u8>> = OnceLock::new();
    let (media_type, file): (_, &'static [u8]) = match name {
        "portrait.jpg" => ("image/jpeg", PORTRAIT.get_or_init(crate::portrait::portrait)),
        "clip.mp4" => ("video/mp4", CLIP.get_or_init(|| media::clip(&SAMPLE_CLIP))),
        "speech.mp3" => ("audio/mpeg", SPEECH.get_or_init(|| media::voice_mp3(&SAMPLE_VOICE))),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, media_type)], file).into_response()
}

/// Five seconds in a size that every vendor accepts.
const SAMPLE_CLIP: ClipSpec<'_> =
    ClipSpec { text: SAMPLE_TEXT, width: 1280, height: 720, duration_seconds: 5.0, seed: 7, sound: true };

const SAMPLE_VOICE: VoiceSpec<'_> = VoiceSpec { text: SAMPLE_TEXT, voice: "sample", speed: 1.0 };

fn text_of(headers: &HeaderMap) -> HashMap<String, String> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is guarded here can be left half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
