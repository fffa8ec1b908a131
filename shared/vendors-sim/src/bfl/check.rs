//! What BFL refuses in an order. Fields that a model does not know are ignored.

use super::models::{Field, Kind, MOST_PIXELS, Model, Sizing};
use super::order::{Made, Order, megapixels};
use super::size::{self, Wish};
use super::wire::{FieldFault, Refusal};
use crate::fields::{self, Fields};
use crate::inputs::{self, Input};
use crate::random;
use crate::works;
use serde_json::{Value, json};

/// Megapixels that an input from elsewhere counts as, since nobody looks at it.
const UNSEEN_MEGAPIXELS: f64 = 1.0;

/// Reads an order.
pub(super) fn order(model: &'static Model, body: &[u8]) -> Result<Order, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|error| {
        Refusal::fields(vec![FieldFault::new(
            vec!["body"],
            "json_invalid",
            format!("JSON decode error: {error}"),
            &json!({}),
        )])
    })?;
    let Some(map) = body.as_object() else {
        let fault = FieldFault::new(
            vec!["body"],
            "model_attributes_type",
            "Input should be a valid dictionary or object to extract fields from",
            &body,
        );
        return Err(Refusal::fields(vec![fault]));
    };
    let body = Fields(map);
    let mut faults: Vec<FieldFault> =
        model.fields.iter().copied().flatten().filter_map(|field| fault(field, body)).collect();
    if faults.is_empty() {
        faults.extend(too_large(model, body).or_else(|| unlike(body)).or_else(|| out_of_mode(model, body)));
    }
    if faults.is_empty() { Ok(read(model, body)) } else { Err(Refusal::fields(faults)) }
}

/// What is wrong with a field, if anything is.
fn fault(field: &Field, body: Fields<'_>) -> Option<FieldFault> {
    let Some(value) = body.value(field.name) else {
        let missing =
            || FieldFault::new(vec!["body", field.name], "missing", "Field required", &json!(body.0));
        return field.required.then(missing);
    };
    let (kind, message) = wrong(field.kind, value)?;
    Some(FieldFault::new(vec!["body", field.name], kind, message, value))
}

/// The kind of a fault and what the vendor says about it.
type Wrong = (&'static str, String);

fn wrong(kind: Kind, value: &Value) -> Option<Wrong> {
    match kind {
        Kind::Text => wrong_text(value),
        Kind::Bool => (!value.is_boolean()).then(|| ("bool_type", "Input should be a valid boolean".into())),
        Kind::Whole { least, most, step } => wrong_whole(value, least, most, step),
        Kind::Number { least, most } => wrong_number(value, least, most),
        Kind::Choice(choices) => {
            let known = value.as_str().is_some_and(|text| choices.contains(&text));
            let quoted = || choices.iter().map(|choice| format!("'{choice}'")).collect::<Vec<_>>().join(", ");
            (!known).then(|| ("enum", format!("Input should be {}", quoted())))
        }
        Kind::Ratio => wrong_text(value).or_else(|| {
            let known = value.as_str().is_some_and(|text| ratio(text).is_some());
            (!known).then(|| value_error("aspect ratio must be between 21:9 and 9:21"))
        }),
        Kind::Picture | Kind::PictureOrAddress => wrong_text(value).or_else(|| {
            let known = value.as_str().and_then(picture).is_some_and(|input| match input {
                Input::Bytes { .. } => input.may_be(media::Kind::Image),
                Input::Address => matches!(kind, Kind::PictureOrAddress),
            });
            (!known).then(|| value_error("invalid image: base64 or a URL is expected"))
        }),
        Kind::Keyframes => wrong_keyframes(value),
        Kind::Address => wrong_text(value).or_else(|| {
            let known = value.as_str().is_some_and(|text| text.len() <= 2083 && inputs::is_address(text));
            (!known).then(|| ("url_parsing", "Input should be a valid URL".into()))
        }),
    }
}

/// Pictures without a prefix or by their addresses, each alone or behind its second.
fn wrong_keyframes(value: &Value) -> Option<Wrong> {
    let Some(frames) = value.as_array() else {
        return Some(("list_type", "Input should be a valid list".into()));
    };
    let good = |frame: &Value| {
        let picture = match frame {
            Value::Array(timed) => match timed.as_slice() {
                [seconds, picture] => {
                    seconds.as_f64().filter(|seconds| *seconds >= 0.0).and(picture.as_str())
                }
                _ => None,
            },
            alone => alone.as_str(),
        };
        picture.and_then(inputs::input).is_some_and(|input| input.may_be(media::Kind::Image))
    };
    let fits = (1..=10).contains(&frames.len()) && frames.iter().all(good);
    (!fits).then(|| value_error("keyframes must be 1 to 10 images, each alone or as [seconds, image]"))
}

fn value_error(message: &str) -> Wrong {
    ("value_error", format!("Value error, {message}"))
}

fn wrong_text(value: &Value) -> Option<Wrong> {
    (!value.is_string()).then(|| ("string_type", "Input should be a valid string".into()))
}

fn wrong_whole(value: &Value, least: i64, most: i64, step: i64) -> Option<Wrong> {
    let Some(number) = fields::whole(value) else {
        return Some(("int_type", "Input should be a valid integer".into()));
    };
    if number < least {
        Some(("greater_than_equal", format!("Input should be greater than or equal to {least}")))
    } else if number > most {
        Some(("less_than_equal", format!("Input should be less than or equal to {most}")))
    } else if number % step != 0 {
        Some(("multiple_of", format!("Input should be a multiple of {step}")))
    } else {
        None
    }
}

fn wrong_number(value: &Value, least: f64, most: f64) -> Option<Wrong> {
    let Some(number) = value.as_f64() else {
        return Some(("float_type", "Input should be a valid number".into()));
    };
    if number < least {
        Some(("greater_than_equal", format!("Input should be greater than or equal to {least}")))
    } else if number > most {
        Some(("less_than_equal", format!("Input should be less than or equal to {most}")))
    } else {
        None
    }
}

/// FLUX.2 limits the product of width and height instead of each.
fn too_large(model: &Model, body: Fields<'_>) -> Option<FieldFault> {
    if model.sizing != Sizing::Second {
        return None;
    }
    let side = |name| body.value(name).and_then(fields::whole);
    let pixels = side("width")?.saturating_mul(side("height")?);
    let message = "Value error, width times height must not be more than 4 megapixels";
    (pixels > MOST_PIXELS).then(|| FieldFault::new(vec!["body"], "value_error", message, &json!(body.0)))
}

/// A mask has to have the size of its picture.
fn unlike(body: Fields<'_>) -> Option<FieldFault> {
    let size = |name| body.value(name).and_then(Value::as_str).and_then(picture)?.size();
    let differ = size("image")? != size("mask")?;
    let message = "Value error, image and mask must have the same size";
    differ.then(|| FieldFault::new(vec!["body", "mask"], "value_error", message, &json!(null)))
}

/// Each mode of clips wants its material. Only two of them are played here.
fn out_of_mode(model: &Model, body: Fields<'_>) -> Option<FieldFault> {
    if model.sizing != Sizing::Clip {
        return None;
    }
    let fault =
        |name, message: &str| Some(FieldFault::new(vec!["body", name], "value_error", message, &json!(null)));
    let frames = body.value("keyframes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let untimed = frames.iter().filter(|frame| frame.is_string()).count();
    match body.value("mode").and_then(Value::as_str) {
        Some("t2v") if frames.is_empty() => None,
        Some("t2v") => fault("keyframes", "Value error, keyframes are not used in mode t2v"),
        Some("i2v") if frames.is_empty() => fault("keyframes", "Value error, mode i2v needs keyframes"),
        Some("i2v") if untimed > 2 && body.value("duration").is_none() => {
            fault("duration", "Value error, three or more untimed keyframes need a duration")
        }
        Some("i2v") => None,
        _ => fault("mode", "Value error, this mode is not available"),
    }
}

/// Reads a checked body.
fn read(model: &'static Model, body: Fields<'_>) -> Order {
    let text = |name: &str| body.value(name).and_then(Value::as_str);
    let number = |name: &str| body.value(name).and_then(fields::whole);
    let knows = |name: &str| model.fields.iter().copied().flatten().any(|field| field.name == name);
    let side =
        |name: &str| number(name).filter(|_| knows(name)).and_then(|pixels| u32::try_from(pixels).ok());
    let inputs: Vec<Input> = model
        .fields
        .iter()
        .copied()
        .flatten()
        .filter(|field| matches!(field.kind, Kind::PictureOrAddress))
        .filter_map(|field| picture(text(field.name)?))
        .collect();
    let worked_on = text("image").filter(|_| knows("image")).and_then(picture);
    let added = |one, other| side(one).unwrap_or_default() + side(other).unwrap_or_default();
    let (width, height) = size::decide(
        model.sizing,
        Wish {
            width: side("width"),
            height: side("height"),
            ratio: text("aspect_ratio").and_then(ratio),
            input: inputs.first().or(worked_on.as_ref()).and_then(Input::size),
            added: (added("left", "right"), added("top", "bottom")),
            fine: text("resolution") == Some("fhd"),
        },
    );
    let seed = || number("seed").map_or_else(|| random::number() >> 32, i64::unsigned_abs);
    let made = if model.sizing == Sizing::Clip {
        let sound = body.value("generate_audio").and_then(Value::as_bool).unwrap_or(true);
        // Checked to be few; where it is not told, the simulated model likes short clips.
        Made::Clip { seconds: side("duration").unwrap_or(5), sound }
    } else {
        let format = text("output_format").map_or(model.usual_format, works::picture_format);
        Made::Picture { seed: seed(), format }
    };
    let seen =
        |input: &Input| input.size().map_or(UNSEEN_MEGAPIXELS, |(width, height)| megapixels(width, height));
    Order {
        model,
        prompt: text("prompt").unwrap_or_default().to_owned(),
        width,
        height,
        made,
        input_megapixels: inputs.iter().map(seen).sum(),
        webhook_url: text("webhook_url").map(str::to_owned),
    }
}

/// Base64, also with the prefix that the vendor advises against, or an address.
fn picture(text: &str) -> Option<Input> {
    let bare = match text.strip_prefix("data:image/") {
        Some(rest) => rest.split_once(";base64,")?.1,
        None => text,
    };
    inputs::input(bare)
}

/// Reads `16:9` as a number between 9:21 and 21:9.
fn ratio(text: &str) -> Option<f64> {
    let (width, height) = text.split_once(':')?;
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| *side > 0).map(f64::from);
    let ratio = side(width)? / side(height)?;
    let most = 21.0 / 9.0;
    (1.0 / most - 1e-9..=most + 1e-9).contains(&ratio).then_some(ratio)
}
