//! Reads an order's options: types, sense and names, whatever the model.

use crate::{
    Problem,
    inputs::{CONTROL_CHARACTERS, has_control_characters},
    names::{did_you_mean, similar},
    row::{Book, Scale, ValueKind, Wish},
};
use jobs::{Order, Value};
use std::collections::BTreeMap;

/// The longest text that any option may have, in characters; far more than any vendor takes.
const LONGEST_TEXT: usize = 5_000;

/// An order's options by name, each of its option's type.
pub(crate) type Wishes = BTreeMap<String, Value>;

/// The options of an order (its voice included, its model not), or everything that is wrong with them.
pub(crate) fn read(book: &Book, order: &Order) -> Result<Wishes, Vec<Problem>> {
    let mut wishes = Wishes::new();
    let mut problems = Vec::new();
    for (name, value) in order.options.0.iter().filter(|(name, _)| *name != "model") {
        let field = format!("options.{name}");
        let Some(wish) = book.options.get(name) else {
            let near = similar(name, book.options.keys().map(String::as_str));
            let problem = format!("there is no such option{}", did_you_mean(&near));
            problems.push(Problem::new(field, problem).allowing(near));
            continue;
        };
        match coerced(name, wish, value) {
            Ok(value) => {
                wishes.insert(name.clone(), value);
            }
            Err(problem) => problems.push(Problem::new(field, problem)),
        }
    }
    if let Some(voice) = order.input.voice.as_deref().map(str::trim) {
        let other = wishes.get("voice").and_then(Value::as_text);
        if voice.is_empty() || voice.chars().count() > LONGEST_TEXT {
            problems.push(Problem::new("input.voice", "the voice's name is empty or too long"));
        } else if has_control_characters(voice) {
            problems.push(Problem::new("input.voice", CONTROL_CHARACTERS));
        } else if other.is_some_and(|other| other != voice) {
            problems.push(Problem::new("input.voice", "it names another voice than options.voice"));
        } else {
            wishes.insert("voice".to_owned(), Value::Text(voice.to_owned()));
        }
    }
    if problems.is_empty() { Ok(wishes) } else { Err(problems) }
}

/// A value in its option's type, or why it makes no sense. Vendor-only options come as texts, so a text that reads as
/// a number or as yes or no is one.
fn coerced(name: &str, wish: &Wish, value: &Value) -> Result<Value, String> {
    match wish.kind {
        ValueKind::Text => text(wish, value),
        ValueKind::Flag => {
            flag(value).map(Value::Flag).ok_or_else(|| format!("{} is neither yes nor no", shown(value)))
        }
        ValueKind::Int | ValueKind::Number => {
            let number = number(name, value).ok_or_else(|| format!("{} is no number", shown(value)))?;
            let low = wish.min.filter(|min| number < *min);
            let high = wish.max.filter(|max| number > *max);
            if let (Some(_), ..) | (_, Some(_)) = (low, high) {
                let (min, max) = (wish.min.unwrap_or(f64::MIN), wish.max.unwrap_or(f64::MAX));
                return Err(format!("{number} is not between {min} and {max}"));
            }
            match Value::number(number) {
                Some(Value::Decimal(_)) if wish.kind == ValueKind::Int => {
                    Err(format!("{number} is no whole number"))
                }
                Some(value) => Ok(value),
                None => Err("it is no finite number".to_owned()),
            }
        }
    }
}

/// A text, trimmed; a number where the text would be one (`1080`, `1.78`).
fn text(wish: &Wish, value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Whole(_) | Value::Decimal(_) if wish.scale != Scale::None || wish.prompt.is_some() => {
            value.to_string()
        }
        _ => return Err(format!("{} is no text", shown(value))),
    };
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if has_control_characters(&text) {
        return Err(CONTROL_CHARACTERS.to_owned());
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(format!("it is longer than {LONGEST_TEXT} characters"));
    }
    Ok(Value::Text(text))
}

/// A number, also as a text; a duration also with its unit (`5s`).
fn number(name: &str, value: &Value) -> Option<f64> {
    match value {
        Value::Text(text) => {
            let text = text.trim();
            let text = if name == "duration" { text.strip_suffix('s').unwrap_or(text) } else { text };
            // Only plain decimals: the reader would also take "inf" and "1e300".
            let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
            text.parse().ok().filter(|_| plain)
        }
        _ => value.as_number().filter(|number| number.is_finite()),
    }
}

/// Yes or no, also in words.
fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Flag(flag) => Some(*flag),
        Value::Whole(1) => Some(true),
        Value::Whole(0) => Some(false),
        Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A value as a message shows it: texts in quotes and cut short.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        _ => value.to_string(),
    }
}
