//! What a model refuses in its input. Fields that it does not know are ignored.

use super::models::{Field, Kind, Makes, Model};
use super::order::{Made, Order};
use super::size;
use super::wire::{Refusal, problem};
use crate::fields;
use crate::inputs::{self, Input, Visit};
use crate::random;
use crate::works;
use media::Kind as MediaKind;
use serde_json::{Map, Value, json};

/// Reads an order. What is wrong with its fields is kept in it.
///
/// # Errors
///
/// The body is no object.
pub(super) async fn order(model: &'static Model, body: &[u8]) -> Result<Order, Refusal> {
    let Ok(Value::Object(input)) = serde_json::from_slice(body) else {
        return Err(Refusal::not_json());
    };
    let mut problems = Vec::new();
    for field in model.fields {
        match input.get(field.name).filter(|value| !value.is_null()) {
            Some(value) => problems.extend(wrong(field, value).await),
            None if field.required => {
                problems.push(problem(&[field.name], "missing", "Field required", &json!(input)));
            }
            None => {}
        }
    }
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    Ok(Order {
        model,
        prompt: text("prompt").or(text("text")).unwrap_or_default().to_owned(),
        seed: input.get("seed").and_then(Value::as_u64).unwrap_or_else(|| random::number() >> 32),
        made: made(model, &input),
        webhook: None,
        problems,
    })
}

async fn wrong(field: &Field, value: &Value) -> Option<Value> {
    let told = |kind: &str, message: String| Some(problem(&[field.name], kind, message, value));
    match field.kind {
        Kind::Text => wrong_text(value).and_then(|(kind, message)| told(kind, message.to_owned())),
        Kind::Bool if !value.is_boolean() => told("bool_type", "Input should be a valid boolean".into()),
        Kind::Bool => None,
        Kind::Whole { least, most } => match fields::whole(value) {
            None => told("int_type", "Input should be a valid integer".into()),
            Some(number) => out_of_range(number as f64, least as f64, most as f64)
                .and_then(|(kind, message)| told(kind, message)),
        },
        Kind::Number { least, most } => match value.as_f64() {
            None => told("float_type", "Input should be a valid number".into()),
            Some(number) => out_of_range(number, least, most).and_then(|(kind, message)| told(kind, message)),
        },
        Kind::Choice(choices) if value.as_str().is_some_and(|text| choices.contains(&text)) => None,
        Kind::Choice(choices) => {
            let quoted: Vec<String> = choices.iter().map(|choice| format!("'{choice}'")).collect();
            told("literal_error", format!("Input should be {}", quoted.join(", ")))
        }
        Kind::Size => size::wrong(value).and_then(|(kind, message)| told(kind, message)),
        Kind::Ratio if value.as_str().is_some_and(|text| size::ratio(text).is_some()) => None,
        Kind::Ratio => told("value_error", "Value error, Invalid aspect ratio".into()),
        Kind::Picture => wrong_picture(value).await.and_then(|(kind, message)| told(kind, message)),
        Kind::Pictures => wrong_pictures(field, value).await,
    }
}

/// The kind of a problem and what is said about it.
type Wrong = (&'static str, String);

fn wrong_text(value: &Value) -> Option<(&'static str, &'static str)> {
    match value.as_str() {
        None => Some(("string_type", "Input should be a valid string")),
        Some("") => Some(("string_too_short", "String should have at least 1 character")),
        Some(_) => None,
    }
}

fn out_of_range(number: f64, least: f64, most: f64) -> Option<Wrong> {
    if number < least {
        Some(("greater_than_equal", format!("Input should be greater than or equal to {least}")))
    } else if number > most {
        Some(("less_than_equal", format!("Input should be less than or equal to {most}")))
    } else {
        None
    }
}

async fn wrong_pictures(field: &Field, value: &Value) -> Option<Value> {
    let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
        return Some(problem(&[field.name], "list_type", "Input should be a valid list", value));
    };
    for picture in list {
        if let Some((kind, message)) = wrong_picture(picture).await {
            return Some(problem(&[field.name], kind, message, picture));
        }
    }
    None
}

async fn wrong_picture(value: &Value) -> Option<Wrong> {
    let Some(text) = value.as_str() else {
        return Some(("string_type", "Input should be a valid string".into()));
    };
    let input = match inputs::data_uri(text) {
        Some((_, input)) => Ok(input),
        None if inputs::is_address(text) => inputs::visit(text, Visit::Get).await,
        None => Err(None),
    };
    match input {
        Ok(input) if input.may_be(MediaKind::Image) => None,
        Ok(Input::Address | Input::Bytes { .. }) => {
            Some(("image_load_error", "Failed to load the image. Please ensure the image file is not corrupted and is in a supported format.".into()))
        }
        Err(_) => Some(("file_download_error", "Failed to download the file. Please check if the URL is accessible and try again.".into())),
    }
}

/// What a checked input asks for; of one with problems nothing will be made.
fn made(model: &Model, input: &Map<String, Value>) -> Made {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let whole =
        |name: &str| input.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    match model.makes {
        Makes::Pictures { pixels, png, .. } => {
            let usual = works::picture_format(if png { "png" } else { "jpeg" });
            let (width, height) = size::of_picture(input, pixels);
            Made::Pictures {
                count: whole("num_images").unwrap_or(1).clamp(1, 4),
                width,
                height,
                format: text("output_format").map_or(usual, works::picture_format),
            }
        }
        Makes::Clip { seconds } => {
            let (width, height) = size::of_clip(text("aspect_ratio"), text("resolution"));
            let told = text("duration").and_then(|text| text.trim_end_matches('s').parse::<u32>().ok());
            let frames = whole("num_frames").zip(whole("frames_per_second"));
            let milliseconds = match frames {
                Some((frames, rate)) => frames.saturating_sub(1).saturating_mul(1000) / rate.max(1),
                None => told.unwrap_or(seconds) * 1000,
            };
            let sound = input.get("generate_audio").map_or(model.id.contains("sora"), |sound| sound == true);
            Made::Clip { width, height, milliseconds: milliseconds.min(20_000), sound }
        }
        Makes::Speech => {
            let speed = input.get("speed").and_then(Value::as_f64).unwrap_or(1.0).clamp(0.7, 1.2);
            Made::Speech {
                voice: text("voice").unwrap_or("Rachel").to_owned(),
                speed_percent: (speed * 100.0).round() as u32,
            }
        }
    }
}
