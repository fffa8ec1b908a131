//! From an order to a request. The body is the model's input and nothing else.

use super::{
    USUAL_BASE,
    models::{self, Length},
};
use crate::{Next, Question, Task, kit};
use http::HeaderName;
use jobs::Kind;
use serde_json::{Map, Value, json};

/// Tells how long the vendor keeps the files that it makes.
const LIFE_HEADER: HeaderName = HeaderName::from_static("x-fal-object-lifecycle-preference");

/// A day: anybody who has a link may open it, and we copy at once or within an hour.
const LIFE: &str = r#"{"expiration_duration_seconds":86400}"#;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let model = &task.job.plan.vendor_model;
    let path: Vec<&str> = model.split('/').collect();
    let webhook: Vec<(&str, &str)> =
        task.callback.map(|callback| ("fal_webhook", callback)).into_iter().collect();
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &webhook);
    super::with_key(kit::Draft::post("fal submit", url, &body(task)), task)
        .header(LIFE_HEADER, LIFE)
        .paid(task)
        .next(Question::Submit)
}

/// The model's input: what is wished for, and for a known model exactly the fields that it knows.
fn body(task: &Task<'_>) -> Map<String, Value> {
    let model = task.job.plan.vendor_model.as_str();
    let mut wishes = wishes(task);
    let Some(fields) = models::fields(model) else {
        return wishes;
    };
    let mut body: Map<String, Value> = fields
        .iter()
        .filter_map(|(name, usual)| {
            let value = wishes.remove(*name).or_else(|| usual.value())?;
            Some(((*name).to_owned(), value))
        })
        .collect();
    body.extend(wishes.remove_entry("prompt"));
    body
}

/// Everything that the order says, under the names that are common among fal's models.
fn wishes(task: &Task<'_>) -> Map<String, Value> {
    let (plan, kind) = (&task.job.plan, task.job.order.kind);
    let model = plan.vendor_model.as_str();
    let mut wishes = Map::new();
    for (name, value) in &plan.options.0 {
        let value = plain(value);
        let (name, value) = match name.as_str() {
            "duration" => match duration(model, &value) {
                Some(entry) => entry,
                None => continue,
            },
            // They are told as one.
            "width" | "height" => continue,
            "aspectRatio" | "resolution" if sized(task) => continue,
            "count" => ("num_images".to_owned(), value),
            "format" => ("output_format".to_owned(), value),
            "sound" => ("generate_audio".to_owned(), value),
            "guidance" => ("guidance_scale".to_owned(), value),
            other => (snake(other), value),
        };
        wishes.insert(name, value);
    }
    if sized(task)
        && let Some((shape, pixels)) = kit::picture_wish(&plan.options)
    {
        let (width, height) = shape.with_pixels(pixels, 32, 256, MOST_SIDE);
        wishes.insert("image_size".to_owned(), json!({"width": width, "height": height}));
    }
    if let Some(words) = &plan.prompt {
        let name = if kind == Kind::Audio { "text" } else { "prompt" };
        wishes.insert(name.to_owned(), json!(words));
    }
    for (name, value) in material(task) {
        wishes.entry(name).or_insert(value);
    }
    wishes
}

/// The longest side of a picture, in pixels.
const MOST_SIDE: u32 = 4096;

/// Whether the model takes its size as width and height.
fn sized(task: &Task<'_>) -> bool {
    let (plan, options) = (&task.job.plan, &task.job.plan.options);
    match models::fields(&plan.vendor_model) {
        Some(fields) => fields.iter().any(|(name, _)| *name == "image_size"),
        None => options.get("width").is_some() && options.get("height").is_some(),
    }
}

/// The caller's files, as links: fal fetches them.
fn material(task: &Task<'_>) -> Vec<(String, Value)> {
    let (model, input) = (task.job.plan.vendor_model.as_str(), &task.job.order.input);
    let pictures = kit::pictures(task);
    let known =
        |name: &str| models::fields(model).map(|fields| fields.iter().any(|(known, _)| *known == name));
    let several = known("image_urls").unwrap_or(pictures.len() > 1 || model.ends_with("/edit"));
    let mut material = Vec::new();
    match pictures.first() {
        Some(_) if several => material.push(("image_urls", json!(pictures))),
        Some(first) => material.push(("image_url", json!(first))),
        None => {}
    }
    let others = [
        ("end_image_url", &input.last_image),
        ("video_url", &input.video),
        ("audio_url", &input.audio),
        ("voice", &input.voice),
    ];
    let others = others.into_iter().filter_map(|(name, link)| Some((name, json!(link.as_ref()?))));
    material.extend(others);
    material.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The length of a clip in the model's own words.
fn duration(model: &str, seconds: &Value) -> Option<(String, Value)> {
    let named = |value| Some(("duration".to_owned(), value));
    match Length::of(model) {
        Length::Number => named(seconds.clone()),
        Length::Digits => named(json!(seconds.to_string())),
        Length::DigitsAndUnit => named(json!(format!("{seconds}s"))),
        Length::Frames(rate) => {
            let frames = seconds.as_i64()?.checked_mul(rate)?.checked_add(1)?;
            Some(("num_frames".to_owned(), json!(frames)))
        }
    }
}

fn plain(value: &jobs::Value) -> Value {
    match value {
        jobs::Value::Text(text) => json!(text),
        jobs::Value::Whole(number) => json!(number),
        jobs::Value::Decimal(number) => json!(number),
        jobs::Value::Flag(flag) => json!(flag),
    }
}

/// `promptUpsampling` as `prompt_upsampling`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
