//! The nearest value that a model can do.

use crate::row::{Limits, Scalar, Scale, Wish};
use jobs::Value;

/// What a model makes of a value.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// The value itself, as the model writes it.
    Same(Value),
    /// Another value, and why: what the model does, without the model's name.
    Nearest(Value, String),
    /// It knows no such value, and none is nearer than another.
    Nothing,
}

/// Finds a value among a parameter's limits.
pub(crate) fn nearest(wish: &Wish, limits: &Limits, value: &Value) -> Found {
    if let Some(text) = value.as_text()
        && let Some(meant) = limits.words.get(&text.to_lowercase())
    {
        return Found::Nearest(meant.value(), format!("calls it {meant}"));
    }
    match (&limits.values, value) {
        (Some(values), _) => among(wish.scale, values, value),
        (None, Value::Text(text)) => {
            let most = limits.longest.unwrap_or(u32::MAX) as usize;
            let formed = limits.forms.is_empty() || limits.forms.iter().any(|form| form.fits(text));
            if formed && text.chars().count() <= most { Found::Same(value.clone()) } else { Found::Nothing }
        }
        (None, Value::Flag(_)) => Found::Same(value.clone()),
        (None, Value::Whole(_) | Value::Decimal(_)) => within(limits, value),
    }
}

/// The nearest of several values.
fn among(scale: Scale, values: &[Scalar], value: &Value) -> Found {
    if let Some(same) = values.iter().find(|each| each.is(value)) {
        return Found::Same(same.value());
    }
    let lines = values.iter().any(|each| matches!(each, Scalar::Text(text) if text.ends_with('p')));
    let measure = |value: &Value| match (value, scale) {
        (Value::Text(text), Scale::Resolution) => pixels(text, lines),
        (Value::Text(text), Scale::Ratio) => ratio(text),
        (value, _) => value.as_number(),
    };
    // Sizes and shapes differ by factors, numbers by differences.
    let apart = |one: f64, other: f64| {
        if scale == Scale::None { (one - other).abs() } else { (one / other).ln().abs() }
    };
    let Some(wanted) = measure(value) else { return Found::Nothing };
    // Of equally near shapes the first one listed is the usual one; of sizes and numbers the smaller is the cheaper.
    let rank = |size: f64, place: usize| if scale == Scale::Ratio { place as f64 } else { size };
    let known = values.iter().enumerate().filter_map(|(place, each)| {
        let size = measure(&each.value())?;
        // Rounded, so that 16:9 and 9:16 are equally far from 1:1.
        Some(((apart(wanted, size) * 1e9).round(), rank(size, place), each))
    });
    match known.min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))) {
        None => Found::Nothing,
        Some((apart, _, each)) if apart < 1.0 => Found::Same(each.value()),
        Some((.., each)) => Found::Nearest(each.value(), format!("takes {}", listed(values))),
    }
}

/// Values as a sentence lists them.
pub(crate) fn listed(values: &[Scalar]) -> String {
    match values {
        [] => "nothing of the kind".to_owned(),
        [only] => only.to_string(),
        [before @ .., last] => {
            let before: Vec<String> = before.iter().map(Scalar::to_string).collect();
            format!("{} or {last}", before.join(", "))
        }
    }
}

/// The nearest number between two.
fn within(limits: &Limits, value: &Value) -> Found {
    let Some(number) = value.as_number() else { return Found::Nothing };
    let (min, max) = (limits.min.unwrap_or(f64::MIN), limits.max.unwrap_or(f64::MAX));
    // Nearest would give every large seed the same picture; wrapping around keeps them apart.
    if let (Value::Whole(whole), true) = (value, min == 0.0 && max >= SEEDS)
        && number > max
    {
        let wrapped = whole % (max as i64 + 1);
        return Found::Nearest(
            Value::Whole(wrapped),
            format!("takes 0 to {max}, and larger numbers begin anew"),
        );
    }
    let mut near = number.clamp(min, max);
    if let Some(step) = limits.step {
        near = ((near / step).round() * step).clamp(min, max);
    }
    match Value::number(near) {
        Some(near) if near == *value => Found::Same(near),
        Some(near) => {
            let steps = limits.step.map_or(String::new(), |step| format!(" in steps of {step}"));
            Found::Nearest(near, format!("takes {min} to {max}{steps}"))
        }
        None => Found::Nothing,
    }
}

/// A range that reaches this far is one of seeds.
const SEEDS: f64 = 1_000_000_000.0;

/// The pixels that a resolution speaks of: the lines of a clip, the side of a picture.
fn pixels(text: &str, lines: bool) -> Option<f64> {
    let text = text.to_ascii_lowercase().replace([' ', '-'], "");
    let size = match text.as_str() {
        "sd" => 480.0,
        "hd" => 720.0,
        "fhd" | "fullhd" => 1080.0,
        "qhd" => 1440.0,
        "uhd" | "ultrahd" => 2160.0,
        text => {
            if let Some((width, height)) = text.split_once('x') {
                side(width)?.min(side(height)?)
            } else if let Some(thousands) = text.strip_suffix('k') {
                // Clips are counted in lines: 4k is 2160 of them, 2k 1440.
                match (side(thousands)?, lines) {
                    (count, false) => count * 1024.0,
                    (2.0, true) => 1440.0,
                    (count, true) => count * 540.0,
                }
            } else {
                side(text.strip_suffix('p').unwrap_or(text))?
            }
        }
    };
    Some(size)
}

/// Width to height.
fn ratio(text: &str) -> Option<f64> {
    let text = text.to_ascii_lowercase();
    match text.as_str() {
        "landscape" | "widescreen" | "horizontal" => return Some(16.0 / 9.0),
        "portrait" | "vertical" => return Some(9.0 / 16.0),
        "square" => return Some(1.0),
        _ => {}
    }
    match text.split_once([':', 'x', '/']) {
        Some((width, height)) => Some(side(width)? / side(height)?),
        None => side(&text),
    }
}

/// A length above nothing and below anything absurd.
fn side(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|side| (0.01..=100_000.0).contains(side))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::ValueKind;

    fn wish(scale: Scale) -> Wish {
        Wish {
            kind: ValueKind::Text,
            description: String::new(),
            min: None,
            max: None,
            prompt: None,
            neutral: None,
            scale,
            importance: 1,
        }
    }

    #[test]
    fn words_are_found_by_what_they_measure() {
        let cases: &[(Scale, &[&str], &str, Option<&str>)] = &[
            (Scale::Resolution, &["768p", "1080p"], "1080P", Some("1080p")),
            (Scale::Resolution, &["768p", "1080p"], "720p", Some("768p")),
            (Scale::Resolution, &["768p", "1080p"], "4k", Some("1080p")),
            (Scale::Resolution, &["720p", "1080p", "4k"], "2160p", Some("4k")),
            (Scale::Resolution, &["720p", "1080p"], "full hd", Some("1080p")),
            (Scale::Resolution, &["720p", "1080p"], "1080", Some("1080p")),
            (Scale::Resolution, &["480p", "1080p"], "720p", Some("480p")),
            (Scale::Resolution, &["1k", "2k", "4k"], "1080p", Some("1k")),
            (Scale::Resolution, &["1k", "2k", "4k"], "3840x2160", Some("2k")),
            (Scale::Resolution, &["720p"], "pretty", None),
            (Scale::Ratio, &["16:9", "9:16", "1:1"], "21:9", Some("16:9")),
            (Scale::Ratio, &["16:9", "9:16", "1:1"], "portrait", Some("9:16")),
            (Scale::Ratio, &["16:9", "9:16", "1:1"], "1920x1080", Some("16:9")),
            (Scale::Ratio, &["16:9", "9:16", "1:1"], "0:1", None),
            (Scale::Ratio, &["5:3", "3:5"], "16:9", Some("5:3")),
            (Scale::None, &["std", "pro"], "PRO", Some("pro")),
            (Scale::None, &["std", "pro"], "best", None),
        ];
        for (scale, values, asked, expected) in cases {
            let values = values.iter().map(|text| Scalar::Text((*text).to_owned())).collect();
            let limits = Limits { values: Some(values), ..Limits::default() };
            let found = match nearest(&wish(*scale), &limits, &Value::Text((*asked).to_owned())) {
                Found::Same(value) | Found::Nearest(value, _) => Some(value.to_string()),
                Found::Nothing => None,
            };
            assert_eq!(found.as_deref(), *expected, "{asked}");
        }
    }

    #[test]
    fn numbers_are_found_by_their_difference() {
        let list = Limits { values: Some([6, 10].map(Scalar::Whole).into()), ..Limits::default() };
        let steps = Limits { min: Some(256.0), max: Some(1440.0), step: Some(32.0), ..Limits::default() };
        let seeds = Limits { min: Some(0.0), max: Some(4_294_967_295.0), ..Limits::default() };
        for (limits, asked, expected) in [
            (&list, 10, 10),
            (&list, 7, 6),
            (&list, 8, 6),
            (&list, 30, 10),
            (&steps, 1024, 1024),
            (&steps, 1000, 992),
            (&steps, 9000, 1440),
            (&steps, 1, 256),
            (&seeds, 42, 42),
            (&seeds, 4_294_967_296, 0),
            (&seeds, 4_294_967_338, 42),
        ] {
            let (Found::Same(found) | Found::Nearest(found, _)) =
                nearest(&wish(Scale::None), limits, &Value::Whole(asked))
            else {
                panic!("nothing for {asked}")
            };
            assert_eq!(found, Value::Whole(expected), "{asked}");
        }
    }
}
