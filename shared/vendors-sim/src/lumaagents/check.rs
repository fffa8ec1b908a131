//! What Luma Agents refuses in an order: a wrong value with 400, a combination that does not go with 422.

use super::order::Order;
use super::wire::Refusal;
use crate::fields::{self, Fields};
use crate::inputs::{self, Input, Visit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::Kind;
use serde_json::Value;
use std::collections::BTreeSet;

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 6000;
/// Pictures along a clip, at most.
const MOST_KEYFRAMES: usize = 64;
const RATIOS: [&str; 6] = ["9:16", "3:4", "1:1", "4:3", "16:9", "21:9"];
/// With the pixels of the shorter side.
const RESOLUTIONS: [(&str, u32); 4] = [("360p", 360), ("540p", 540), ("720p", 720), ("1080p", 1080)];
const DURATIONS: [&str; 2] = ["5s", "10s"];
/// Frames in a second.
const FRAMES: i64 = 24;

/// Reads an order. `is_clip` tells of an earlier task whether it can be gone on with.
pub(super) async fn order(body: &[u8], is_clip: impl Fn(&str) -> bool + Send) -> Result<Order, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::value("the body must be a JSON object"));
    };
    let body = Fields(&body);
    let prompt = prompt(body)?;
    // Without them the service makes pictures, with another model than the one here.
    if one_of(body, "model", &["ray-3.2"])?.is_none() {
        return Err(Refusal::value("model is required for video"));
    }
    if one_of(body, "type", &["video"])?.is_none() {
        return Err(Refusal::combination("model ray-3.2 does not support type image"));
    }
    let ratio = one_of(body, "aspect_ratio", &RATIOS)?.unwrap_or("16:9");
    body.text("user_id")?;
    if body.value("source").is_some() {
        return Err(Refusal::combination("source is only valid for video_edit and video_reframe"));
    }
    let empty = serde_json::Map::new();
    let video = body.object("video")?.unwrap_or(Fields(&empty));
    let resolution = one_of(video, "resolution", &RESOLUTIONS.map(|(name, _)| name))?.unwrap_or("720p");
    let seconds = if one_of(video, "duration", &DURATIONS)? == Some("10s") { 10 } else { 5 };
    combinations(video, resolution, seconds)?;
    for name in ["start_frame", "end_frame"] {
        if let Some(picture) = video.object(name)? {
            reference(name, picture, &is_clip).await?;
        }
    }
    keyframes(video, seconds, &is_clip).await?;
    let (width, height) = size(ratio, resolution);
    Ok(Order { prompt: prompt.to_owned(), seconds, width, height })
}

fn prompt(body: Fields<'_>) -> Result<&str, Refusal> {
    let prompt = body.text("prompt")?.ok_or_else(|| Refusal::value("prompt is required"))?;
    if prompt.trim().is_empty() || prompt.chars().count() > MOST_PROMPT {
        return Err(Refusal::value(format!("prompt must have 1 to {MOST_PROMPT} characters")));
    }
    Ok(prompt)
}

fn one_of(
    fields: Fields<'_>,
    field: &'static str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = fields.text(field)? else { return Ok(None) };
    let known = allowed.iter().find(|value| **value == given);
    known
        .map(|known| Some(*known))
        .ok_or_else(|| Refusal::value(format!("{field} must be one of {}, not {given}", allowed.join(", "))))
}

/// Settings that exclude one another.
fn combinations(video: Fields<'_>, resolution: &str, seconds: u32) -> Result<(), Refusal> {
    let anchored = video.value("start_frame").is_some() || video.value("end_frame").is_some();
    let keyframes = video.value("keyframes").is_some();
    let loops = video.bool("loop")?.unwrap_or(false);
    let hdr = video.bool("hdr")?.unwrap_or(false);
    let exr = video.bool("exr_export")?.unwrap_or(false);
    let refusals = [
        (video.value("edit").is_some(), "video.edit is only valid for type video_edit"),
        (seconds == 10 && anchored, "duration 10s is not supported with start_frame or end_frame"),
        (seconds == 10 && loops, "loop is not supported with duration 10s"),
        (hdr && loops, "loop is not supported with hdr"),
        (hdr && !matches!(resolution, "720p" | "1080p"), "hdr needs a resolution of 720p or 1080p"),
        (exr && !hdr, "exr_export needs hdr"),
        (
            keyframes && (anchored || loops),
            "keyframes can not be used together with start_frame, end_frame or loop",
        ),
    ];
    match refusals.into_iter().find(|(applies, _)| *applies) {
        Some((_, words)) => Err(Refusal::combination(words)),
        None => Ok(()),
    }
}

/// Pictures along the clip, each with its place.
async fn keyframes(
    video: Fields<'_>,
    seconds: u32,
    is_clip: &(impl Fn(&str) -> bool + Send),
) -> Result<(), Refusal> {
    let pictures = video.list("keyframes")?.unwrap_or_default();
    let indexes = video.list("keyframe_indexes")?.unwrap_or_default();
    if video.value("keyframes").is_some() && !(1..=MOST_KEYFRAMES).contains(&pictures.len()) {
        return Err(Refusal::value(format!("keyframes must be 1 to {MOST_KEYFRAMES}")));
    }
    if pictures.len() != indexes.len() {
        return Err(Refusal::combination("keyframe_indexes must have the length of keyframes"));
    }
    let last = i64::from(seconds) * FRAMES;
    let places: Option<BTreeSet<i64>> =
        indexes.iter().map(|index| fields::whole(index).filter(|index| (0..=last).contains(index))).collect();
    if places.is_none_or(|places| places.len() != indexes.len()) {
        return Err(Refusal::value(format!("keyframe_indexes must be different, from 0 to {last}")));
    }
    for picture in pictures {
        let picture = picture.as_object().ok_or_else(|| Refusal::value("a keyframe must be an object"))?;
        reference("keyframes", Fields(picture), is_clip).await?;
    }
    Ok(())
}

/// A picture in one of its four forms.
async fn reference(
    name: &str,
    picture: Fields<'_>,
    is_clip: &(impl Fn(&str) -> bool + Send),
) -> Result<(), Refusal> {
    let (url, data) = (picture.text("url")?, picture.text("data")?);
    let (task, file) = (picture.text("generation_id")?, picture.text("file_id")?);
    let input = match (url, data, task, file) {
        (Some(url), None, None, None) if inputs::is_address(url) => {
            inputs::visit(url, Visit::Get).await.map_err(|_| Refusal::unfetched(name))?
        }
        (None, Some(data), None, None) => {
            if picture.text("media_type")?.is_none() {
                return Err(Refusal::value(format!("{name}: media_type is required with data")));
            }
            let bytes = STANDARD.decode(data).ok().filter(|bytes| !bytes.is_empty());
            Input::seen(&bytes.ok_or_else(|| Refusal::value(format!("{name}: data is not base64")))?)
        }
        (None, None, Some(id), None) if is_clip(id) => Input::Address,
        (None, None, Some(_), None) => {
            return Err(Refusal::value(format!("{name}: generation not found")));
        }
        (None, None, None, Some(_)) => return Err(Refusal::value(format!("{name}: file not found"))),
        _ => {
            let words = "exactly one of url, data, generation_id and file_id is required";
            return Err(Refusal::value(format!("{name}: {words}")));
        }
    };
    if input.may_be(Kind::Image) {
        Ok(())
    } else {
        Err(Refusal::combination(format!("{name}: not a supported image")))
    }
}

fn size(ratio: &str, resolution: &str) -> (u32, u32) {
    let short = RESOLUTIONS.iter().find(|(name, _)| *name == resolution).map_or(720, |(_, side)| *side);
    let sides = ratio
        .split_once(':')
        .and_then(|(width, height)| Some((width.parse::<f64>().ok()?, height.parse::<f64>().ok()?)));
    let (width, height) = sides.unwrap_or((16.0, 9.0));
    let long = (f64::from(short) * (width / height).max(height / width) / 2.0).round() as u32 * 2;
    if width >= height { (long, short) } else { (short, long) }
}
