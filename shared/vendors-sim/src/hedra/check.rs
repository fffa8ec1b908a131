//! What Hedra refuses in an order.

use super::Hedra;
use super::form::Form;
use super::order::{self, Detail, Makes, Model, Order};
use super::voices;
use super::wire::{Issue, Refusal};
use crate::clock;
use crate::desk::Desk;
use crate::random;
use crate::tasks::State;
use http::{HeaderMap, header};
use media::Kind;
use serde_json::{Map, Value};

/// Characters of a script, at most.
const MOST_TEXT: usize = 5000;
/// Bytes of a picture, at most.
const MOST_PICTURE_BYTES: usize = 10_485_760;
/// Bytes of a recording, at most.
const MOST_RECORDING_BYTES: usize = 104_857_600;
/// Seconds of a recording.
const LEAST_SECONDS: f64 = 0.5;
const MOST_SECONDS: f64 = 600.0;
/// Recordings of a film, one for each who speaks.
const MOST_SPEAKERS: usize = 4;
/// Of a recording whose length can't be read.
const USUAL_MILLISECONDS: u32 = 5000;

const FILM: [&str; 8] = [
    "num_outputs",
    "prompt",
    "aspect_ratio",
    "resolution",
    "duration_ms",
    "start_image",
    "audio",
    "bounding_box_target",
];
const SPEECH: [&str; 5] = ["text", "stability", "speed", "language", "voice_id"];
const RATIOS: [&str; 7] = ["1:1", "4:3", "3:4", "16:9", "9:16", "9:21", "21:9"];
const RESOLUTIONS: [&str; 3] = ["540p", "720p", "1080p"];

/// Reads an order.
pub(super) fn order(
    desk: &Desk<Hedra>,
    model: &str,
    headers: &HeaderMap,
    body: &[u8],
    key: Option<String>,
) -> Result<Order, Refusal> {
    let known = order::model(model).ok_or_else(|| Refusal::no_model(model))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body: Option<Map<String, Value>> =
        kind.starts_with("application/json").then(|| serde_json::from_slice(body).ok()).flatten();
    let body = body.ok_or_else(|| Refusal::field("body", "type", "Input should be a valid JSON object"))?;
    let mut form = Form::new(&body, "", &["input", "webhook"]);
    let webhook = form.text("webhook", false, 2048).map(str::to_owned);
    if webhook.as_deref().is_some_and(|url| !crate::inputs::is_address(url)) {
        form.wrong("webhook", "url", "Input should be a valid URL");
    }
    let input = form.value("input", true);
    let Some(input) = input.and_then(Value::as_object) else {
        if input.is_some() {
            form.wrong("input", "type", "Input should be a valid dictionary");
        }
        return Err(Refusal::invalid(form.issues));
    };
    let read = match known.makes {
        Makes::Film => film(desk, known, input),
        Makes::Speech => speech(known, input),
    };
    match (form.end(), read) {
        (Ok(()), Ok(order)) => Ok(Order { webhook, key, ..order }),
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    }
}

fn made(model: &'static Model, prompt: &str, detail: Detail, milliseconds: u32) -> Order {
    Order {
        model,
        prompt: prompt.to_owned(),
        detail,
        milliseconds,
        asset: format!("asset_{}", random::uuid()),
        webhook: None,
        key: None,
    }
}

fn speech(model: &'static Model, input: &Map<String, Value>) -> Result<Order, Refusal> {
    let mut form = Form::new(input, "input.", &SPEECH);
    let text = form.text("text", true, MOST_TEXT);
    form.number("stability", 0.0, 1.0);
    let speed = form.number("speed", 0.7, 1.2).unwrap_or(1.0);
    form.text("language", false, 20);
    let voice = form.text("voice_id", true, 100);
    let found = voice.and_then(voices::find);
    if voice.is_some() && found.is_none() {
        form.wrong(
            "voice_id",
            "unknown_voice",
            "no such voice; list them at GET /v3/models/elevenlabs-v3/voices",
        );
    }
    form.end()?;
    let (text, voice) = (text.unwrap_or_default(), found.map_or("", |voice| voice.name));
    let sound = media::voice(&media::VoiceSpec { text, voice, speed });
    let milliseconds = (sound.duration_seconds() * 1000.0) as u32;
    Ok(made(model, text, Detail::Speech { voice, speed_percent: (speed * 100.0) as u32 }, milliseconds))
}

fn film(desk: &Desk<Hedra>, model: &'static Model, input: &Map<String, Value>) -> Result<Order, Refusal> {
    let mut form = Form::new(input, "input.", &FILM);
    form.whole("num_outputs", 1, 1);
    let prompt = form.text("prompt", true, usize::MAX);
    let ratio = form.choice("aspect_ratio", &RATIOS);
    let resolution = form.choice("resolution", &RESOLUTIONS);
    let asked = form.whole("duration_ms", 1, 600_000);
    if let Some(picture) = form.value("start_image", true) {
        reference(desk, &mut form, "start_image", picture, Kind::Image);
    }
    let spoken = recordings(desk, &mut form);
    faces(&mut form);
    form.end()?;
    let (width, height) = size(ratio.unwrap_or("16:9"), resolution.unwrap_or("720p"));
    let milliseconds = asked.and_then(|asked| u32::try_from(asked).ok()).unwrap_or(spoken);
    Ok(made(model, prompt.unwrap_or_default(), Detail::Film { width, height }, milliseconds))
}

/// All recordings, and how long they are together, in milliseconds.
fn recordings(desk: &Desk<Hedra>, form: &mut Form<'_>) -> u32 {
    let Some(audio) = form.value("audio", true) else { return 0 };
    match audio.as_array() {
        None => reference(desk, form, "audio", audio, Kind::Audio),
        Some(list) if !(1..=MOST_SPEAKERS).contains(&list.len()) => {
            form.wrong("audio", "max_items", "List should have 1 to 4 items");
            0
        }
        Some(list) => list
            .iter()
            .enumerate()
            .map(|(index, audio)| reference(desk, form, &format!("audio[{index}]"), audio, Kind::Audio))
            .sum(),
    }
}

/// A file that was uploaded, or that came of another job. Returns its length in milliseconds, if it has one.
fn reference(desk: &Desk<Hedra>, form: &mut Form<'_>, name: &str, value: &Value, kind: Kind) -> u32 {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let fields = value.as_object().map_or(0, Map::len);
    let seconds = match (text("source"), text("url"), text("asset_id")) {
        (Some("url"), Some(handle), None) if fields == 2 => {
            let most = if kind == Kind::Image { MOST_PICTURE_BYTES } else { MOST_RECORDING_BYTES };
            let Some(file) = desk.account.files.find(form, name, handle, kind, most) else { return 0 };
            file.seconds()
        }
        (Some("asset"), None, Some(asset)) if fields == 2 => {
            let made = desk.newest(|order| order.asset == asset);
            let made = made.first().filter(|task| task.state(clock::now()) == State::Succeeded);
            let makes = if kind == Kind::Audio { Makes::Speech } else { Makes::Film };
            match made.filter(|task| task.order.model.makes == makes) {
                Some(task) => Some(f64::from(task.order.milliseconds) / 1000.0),
                None => {
                    form.wrong(
                        name,
                        "unknown_asset",
                        "no such asset; see outputs[].asset_id of a completed job",
                    );
                    return 0;
                }
            }
        }
        _ => {
            form.wrong(name, "type", "Input should be {source: url, url} or {source: asset, asset_id}");
            return 0;
        }
    };
    let milliseconds = seconds.map_or(USUAL_MILLISECONDS, |seconds| (seconds * 1000.0) as u32);
    let is_long = seconds.is_some_and(|seconds| !(LEAST_SECONDS..=MOST_SECONDS).contains(&seconds));
    if kind == Kind::Audio && is_long {
        form.wrong(name, "duration", "each recording is from 0.5s to 600s");
    }
    milliseconds
}

/// Where those who speak are in the picture.
fn faces(form: &mut Form<'_>) {
    let Some(targets) = form.value("bounding_box_target", false) else { return };
    let is_point = |point: &Value| {
        let within = |side: &Value| side.as_f64().is_some_and(|side| (0.0..=1.0).contains(&side));
        point.as_array().is_some_and(|sides| sides.len() == 2 && sides.iter().all(within))
    };
    if !targets.as_array().is_some_and(|list| is_point(targets) || list.iter().all(is_point)) {
        form.wrong("bounding_box_target", "type", "Input should be normalized [x, y] coordinates");
    }
}

fn size(ratio: &str, resolution: &str) -> (u32, u32) {
    let short: u32 = resolution.strip_suffix('p').and_then(|lines| lines.parse().ok()).unwrap_or(720);
    let side = |text: &str| text.parse::<f64>().unwrap_or(1.0);
    let (width, height) =
        ratio.split_once(':').map_or((1.0, 1.0), |(width, height)| (side(width), side(height)));
    let long = (f64::from(short) * (width / height).max(height / width) / 2.0).round() as u32 * 2;
    if width >= height { (long, short) } else { (short, long) }
}

impl Refusal {
    /// One field is wrong.
    pub(super) fn field(field: &str, reason: &'static str, why: &str) -> Self {
        Self::invalid(vec![Issue { field: field.to_owned(), message: why.to_owned(), reason, allowed: None }])
    }
}
