//! What the Interactions API refuses in an order of a clip. Fields that it does not know are refused, too.

use super::Google;
use super::order::{Order, Ordered};
use super::wire::Refusal;
use crate::desk::Desk;
use crate::fields::Fields;
use crate::inputs::{self, Input};
use media::Kind;
use serde_json::{Map, Value};

const MODELS: [&str; 2] = ["gemini-omni-1.1-flash", "gemini-omni-1.2-flash"];
const FIELDS: [&str; 14] = [
    "model",
    "input",
    "background",
    "store",
    "stream",
    "response_format",
    "generation_config",
    "previous_interaction_id",
    "webhook_config",
    "labels",
    "service_tier",
    "safety_settings",
    "system_instruction",
    "response_modalities",
];
const FORMAT_FIELDS: [&str; 5] = ["type", "delivery", "aspect_ratio", "resolution", "duration"];
const CONFIG_FIELDS: [&str; 5] = ["seed", "video_config", "temperature", "top_p", "thinking_level"];
const TASKS: [&str; 6] =
    ["text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"];

/// Pictures in an order, at most.
const MOST_PICTURES: usize = 6;
/// Seconds of a clip to be changed, at most, with a little for the last frame.
const MOST_SECONDS: f64 = 10.1;

/// Reads an order.
pub(super) fn order(desk: &Desk<Google>, body: &Map<String, Value>) -> Result<Order, Refusal> {
    known(body, &FIELDS)?;
    let body = Fields(body);
    let model = body.text("model")?.ok_or_else(|| Refusal::word("model is required"))?;
    if !MODELS.contains(&model) {
        return Err(Refusal::gone(format!("models/{model} is not found for API version v1beta")));
    }
    if body.bool("background")? == Some(true) && body.bool("store")? == Some(false) {
        return Err(Refusal::word("background requires store"));
    }
    if body.bool("stream")? == Some(true) {
        return Err(Refusal::word("stream is not supported for this model"));
    }
    one_of("service_tier", body.text("service_tier")?, &["standard", "flex", "priority", "deferred"])?;
    if let Some(labels) = body.object("labels")? {
        let fits = |text: &str| text.chars().count() <= 63 && text.to_lowercase() == text;
        if !labels.0.iter().all(|(name, value)| fits(name) && value.as_str().is_some_and(fits)) {
            return Err(Refusal::word("labels must be short and in lower case"));
        }
    }
    if body.text("previous_interaction_id")?.is_some_and(|id| desk.find(id).is_none()) {
        return Err(Refusal::word("Invalid interaction name"));
    }
    let shown = shown(body)?;
    config(body, &shown)?;
    let format = match body.value("response_format") {
        Some(Value::Object(format)) => Some(format),
        Some(Value::Array(formats)) => {
            formats.first().and_then(Value::as_object).filter(|_| formats.len() == 1)
        }
        _ => None,
    };
    let format = format.ok_or_else(|| Refusal::word("response_format must be one for video"))?;
    let ordered = format_of(Fields(format))?;
    Ok(Order { model: model.to_owned(), prompt: shown.words, ordered })
}

fn known(map: &Map<String, Value>, fields: &[&str]) -> Result<(), Refusal> {
    match map.keys().find(|name| !fields.contains(&name.as_str())) {
        Some(name) => Err(Refusal::word(format!("Unknown parameter '{name}'"))),
        None => Ok(()),
    }
}

fn one_of(field: &str, value: Option<&str>, allowed: &[&str]) -> Result<(), Refusal> {
    match value.filter(|value| !allowed.contains(value)) {
        Some(value) => {
            Err(Refusal::word(format!("Invalid value '{value}' for {field}; one of {}", allowed.join(", "))))
        }
        None => Ok(()),
    }
}

/// What the model is shown.
#[derive(Default)]
struct Shown {
    words: String,
    pictures: usize,
    clips: usize,
}

fn shown(body: Fields<'_>) -> Result<Shown, Refusal> {
    let mut shown = Shown::default();
    match body.value("input") {
        Some(Value::String(words)) => shown.words.clone_from(words),
        Some(Value::Object(part)) => part_of(part, &mut shown)?,
        Some(Value::Array(parts)) => parts_of(parts, &mut shown)?,
        _ => return Err(Refusal::word("input is required")),
    }
    match &shown {
        Shown { words, pictures: 0, clips: 0 } if words.trim().is_empty() => {
            Err(Refusal::word("input must not be empty"))
        }
        Shown { pictures, .. } if *pictures > MOST_PICTURES => {
            Err(Refusal::word(format!("input may have at most {MOST_PICTURES} images")))
        }
        Shown { clips, .. } if *clips > 1 => Err(Refusal::word("input may have at most 1 video")),
        _ => Ok(shown),
    }
}

/// Parts, or steps that hold them.
fn parts_of(parts: &[Value], shown: &mut Shown) -> Result<(), Refusal> {
    for part in parts {
        let Value::Object(part) = part else { return Err(Refusal::word("input must hold objects")) };
        if part.get("type").and_then(Value::as_str) != Some("user_input") {
            part_of(part, shown)?;
            continue;
        }
        known(part, &["type", "content"])?;
        let content = Fields(part).list("content")?.unwrap_or_default();
        for part in content {
            let Value::Object(part) = part else { return Err(Refusal::word("content must hold objects")) };
            part_of(part, shown)?;
        }
    }
    Ok(())
}

fn part_of(part: &Map<String, Value>, shown: &mut Shown) -> Result<(), Refusal> {
    let fields = Fields(part);
    let kind = fields.text("type")?.unwrap_or_default();
    match kind {
        "text" => {
            known(part, &["type", "text"])?;
            shown.words += fields.text("text")?.ok_or_else(|| Refusal::word("text is required"))?;
        }
        "image" | "video" => {
            known(part, &["type", "data", "uri", "mime_type", "resolution"])?;
            let mime_type = fields.text("mime_type")?.unwrap_or_default();
            if !mime_type.starts_with(kind) {
                return Err(Refusal::word(format!("mime_type '{mime_type}' is not supported for {kind}")));
            }
            let input = match (fields.text("data")?, fields.text("uri")?) {
                (Some(data), None) if !inputs::is_address(data) => inputs::input(data),
                (None, Some(uri)) => inputs::is_address(uri).then_some(Input::Address),
                _ => None,
            };
            let input =
                input.ok_or_else(|| Refusal::word(format!("the {kind} has no usable data or uri")))?;
            let wanted = if kind == "image" { Kind::Image } else { Kind::Video };
            if !input.may_be(wanted) {
                return Err(Refusal::word(format!("the data is no {kind}")));
            }
            if input.seconds().is_some_and(|seconds| kind == "video" && seconds > MOST_SECONDS) {
                return Err(Refusal::word("the video is longer than 10 seconds"));
            }
            if kind == "image" { shown.pictures += 1 } else { shown.clips += 1 }
        }
        _ => return Err(Refusal::word(format!("Invalid value '{kind}' for type"))),
    }
    Ok(())
}

fn config(body: Fields<'_>, shown: &Shown) -> Result<(), Refusal> {
    let Some(config) = body.object("generation_config")? else { return Ok(()) };
    known(config.0, &CONFIG_FIELDS)?;
    if config.whole("seed")?.is_some_and(|seed| i32::try_from(seed).is_err()) {
        return Err(Refusal::word("Invalid value for seed: out of range"));
    }
    let Some(video) = config.object("video_config")? else { return Ok(()) };
    known(video.0, &["task"])?;
    let task = video.text("task")?;
    one_of("task", task, &TASKS)?;
    let fits = match task {
        Some("image_to_video" | "reference_to_video") => shown.pictures > 0,
        Some("edit" | "extend" | "upscale") => {
            shown.clips > 0 || body.value("previous_interaction_id").is_some()
        }
        _ => true,
    };
    if fits { Ok(()) } else { Err(Refusal::word("the input does not fit the task of video_config")) }
}

fn format_of(format: Fields<'_>) -> Result<Ordered, Refusal> {
    known(format.0, &FORMAT_FIELDS)?;
    one_of("type", Some(format.text("type")?.unwrap_or_default()), &["video"])?;
    let (delivery, ratio) = (format.text("delivery")?, format.text("aspect_ratio")?);
    one_of("delivery", delivery, &["inline", "uri"])?;
    one_of("aspect_ratio", ratio, &["16:9", "9:16"])?;
    let resolution = format.text("resolution")?;
    one_of("resolution", resolution, &["360p", "720p", "1080p", "4k"])?;
    let (long, short) = match resolution {
        Some("360p") => (640, 360),
        Some("1080p") => (1920, 1080),
        Some("4k") => (3840, 2160),
        _ => (1280, 720),
    };
    let seconds = match format.text("duration")? {
        // The simulated model likes short clips.
        None => 3,
        Some(text) => text
            .strip_suffix('s')
            .and_then(|seconds| seconds.parse::<u32>().ok())
            .filter(|seconds| (3..=10).contains(seconds))
            .ok_or_else(|| Refusal::word(format!("Invalid value '{text}' for duration: 3s to 10s")))?,
    };
    Ok(Ordered::Clip {
        size: if ratio == Some("9:16") { (short, long) } else { (long, short) },
        seconds,
        inline: delivery != Some("uri"),
    })
}
