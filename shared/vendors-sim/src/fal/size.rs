//! Width and height of what is made.

use serde_json::{Map, Value};

/// The named sizes of pictures.
const NAMED: [(&str, (u32, u32)); 6] = [
    ("square_hd", (1024, 1024)),
    ("square", (512, 512)),
    ("portrait_4_3", (768, 1024)),
    ("portrait_16_9", (576, 1024)),
    ("landscape_4_3", (1024, 768)),
    ("landscape_16_9", (1024, 576)),
];

/// The longest side that is drawn.
const MOST_SIDE: u64 = 4096;

fn named(name: &str) -> Option<(u32, u32)> {
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, size)| *size)
}

fn exact(value: &Value) -> Option<(u32, u32)> {
    let side = |name: &str| value.get(name)?.as_u64().filter(|side| (1..=MOST_SIDE).contains(side));
    Some((u32::try_from(side("width")?).ok()?, u32::try_from(side("height")?).ok()?))
}

/// What is wrong with the size of a picture: the kind of the problem and what is said about it.
pub(super) fn wrong(value: &Value) -> Option<(&'static str, String)> {
    let known = match value {
        Value::String(name) => named(name).is_some(),
        Value::Object(_) => exact(value).is_some(),
        _ => false,
    };
    let names: Vec<String> = NAMED.iter().map(|(name, _)| format!("'{name}'")).collect();
    (!known)
        .then(|| ("literal_error", format!("Input should be {} or a width and a height", names.join(", "))))
}

/// Reads `16:9`.
pub(super) fn ratio(text: &str) -> Option<f64> {
    let (width, height) = text.split_once(':')?;
    let side = |text: &str| text.parse::<u32>().ok().filter(|side| *side > 0).map(f64::from);
    let ratio = side(width)? / side(height)?;
    (0.1..=10.0).contains(&ratio).then_some(ratio)
}

/// The size of a picture: as told, or in the told shape with about so many pixels.
pub(super) fn of_picture(input: &Map<String, Value>, pixels: u32) -> (u32, u32) {
    match (input.get("image_size"), input.get("aspect_ratio").and_then(Value::as_str).and_then(ratio)) {
        (Some(Value::String(name)), _) => named(name).unwrap_or((1024, 768)),
        (Some(size), _) => exact(size).unwrap_or((1024, 768)),
        (None, Some(ratio)) => with_pixels(ratio, f64::from(pixels)),
        // The usual size, also of models that are told a ratio.
        (None, None) => (1024, 768),
    }
}

fn with_pixels(ratio: f64, pixels: f64) -> (u32, u32) {
    let side = |exact: f64| ((exact / 16.0).round() as u32 * 16).clamp(16, MOST_SIDE as u32);
    (side((pixels * ratio).sqrt()), side((pixels / ratio).sqrt()))
}

/// The size of a clip.
pub(super) fn of_clip(shape: Option<&str>, resolution: Option<&str>) -> (u32, u32) {
    let short = resolution.and_then(|text| text.trim_end_matches('p').parse().ok()).unwrap_or(720.0);
    let ratio = shape.and_then(ratio).unwrap_or(16.0 / 9.0);
    let even = |exact: f64| (exact / 2.0).round() as u32 * 2;
    if ratio >= 1.0 { (even(short * ratio), even(short)) } else { (even(short), even(short / ratio)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sizes_are_names_pairs_or_ratios() {
        for (input, size) in [
            (json!({}), (1024, 768)),
            (json!({"image_size": "portrait_16_9"}), (576, 1024)),
            (json!({"image_size": {"width": 1280, "height": 736}}), (1280, 736)),
            (json!({"aspect_ratio": "1:1"}), (1024, 1024)),
        ] {
            assert_eq!(of_picture(input.as_object().unwrap(), 1024 * 1024), size, "{input}");
        }
        for bad in [json!("huge"), json!(5), json!({"width": 5}), json!({"width": 0, "height": 5})] {
            assert!(wrong(&bad).is_some(), "{bad}");
        }
        assert_eq!(of_clip(Some("9:16"), Some("1080p")), (1080, 1920));
        assert_eq!(of_clip(None, None), (1280, 720));
    }
}
