//! What Stability refuses in an order.

use super::form::Form;
use super::order::Order;
use super::wire::Refusal;
use crate::inputs::Input;
use crate::random;
use crate::works;
use media::{Format, Kind};

/// The three ways of making pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Ultra,
    Core,
    Sd3,
}

impl Endpoint {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "ultra" => Some(Self::Ultra),
            "core" => Some(Self::Core),
            "sd3" => Some(Self::Sd3),
            _ => None,
        }
    }
}

/// The models of `sd3` with their prices in credits. The older names are served by their successors.
const MODELS: [(&str, f64); 7] = [
    ("sd3.5-large", 6.5),
    ("sd3.5-large-turbo", 4.0),
    ("sd3.5-medium", 3.5),
    ("sd3.5-flash", 2.5),
    ("sd3-large", 6.5),
    ("sd3-large-turbo", 4.0),
    ("sd3-medium", 3.5),
];

const RATIOS: [&str; 9] = ["21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21"];

const STYLES: [&str; 17] = [
    "3d-model",
    "analog-film",
    "anime",
    "cinematic",
    "comic-book",
    "digital-art",
    "enhance",
    "fantasy-art",
    "isometric",
    "line-art",
    "low-poly",
    "modeling-compound",
    "neon-punk",
    "origami",
    "photographic",
    "pixel-art",
    "tile-texture",
];

/// The longest prompt, in characters.
const MOST_PROMPT: usize = 10_000;
/// The shortest side of a picture to start from.
const LEAST_SIDE: u32 = 64;
/// The largest number to start from.
const MOST_SEED: f64 = 4_294_967_294.0;

/// Reads an order.
pub(super) fn order(endpoint: Endpoint, form: &Form) -> Result<Order, Refusal> {
    let prompt = form.text("prompt").ok_or_else(|| Refusal::bad("prompt: is required"))?;
    for name in ["prompt", "negative_prompt"] {
        if form.text(name).is_some_and(|text| text.chars().count() > MOST_PROMPT) {
            return Err(Refusal::bad(&format!("{name}: must be no longer than {MOST_PROMPT} characters")));
        }
    }
    if !is_english(prompt) {
        return Err(Refusal::not_english());
    }
    let seed = form.number("seed", 0.0, MOST_SEED)?.unwrap_or_default() as u64;
    let format = form.choice("output_format", &["png", "jpeg", "webp"])?;
    let ratio = form.choice("aspect_ratio", &RATIOS)?;
    form.choice("style_preset", &STYLES)?;
    let picture = picture(endpoint, form)?;
    if picture.is_some() && ratio.is_some() && endpoint == Endpoint::Sd3 {
        return Err(Refusal::bad("aspect_ratio: is only valid for text-to-image requests"));
    }
    let credits = credits(endpoint, form)?;
    let (width, height) = picture.unwrap_or_else(|| size(ratio.unwrap_or("1:1"), endpoint));
    Ok(Order {
        prompt: prompt.to_owned(),
        seed: if seed == 0 { random::number() >> 33 } else { seed },
        width,
        height,
        format: works::picture_format(format.unwrap_or("png")),
        credits,
    })
}

/// The size of the picture to start from, if there is one.
fn picture(endpoint: Endpoint, form: &Form) -> Result<Option<(u32, u32)>, Refusal> {
    let strength = form.number("strength", 0.0, 1.0)?;
    if endpoint == Endpoint::Sd3 {
        let mode = form.choice("mode", &["text-to-image", "image-to-image"])?.unwrap_or("text-to-image");
        match (mode, form.has("image")) {
            ("image-to-image", false) => return Err(Refusal::bad("image: is required for image-to-image")),
            ("text-to-image", true) => {
                return Err(Refusal::bad("mode: must be image-to-image if an image is given"));
            }
            _ => {}
        }
    }
    let Some(file) = form.file("image").filter(|_| endpoint != Endpoint::Core) else {
        return match form.text("image") {
            Some(_) => Err(Refusal::bad("image: must be a file")),
            None => Ok(None),
        };
    };
    if strength.is_none() {
        return Err(Refusal::bad("strength: is required if an image is given"));
    }
    let seen = Input::seen(file);
    let taken = matches!(seen, Input::Bytes { format: Some(Format::Png | Format::Jpeg | Format::Webp), .. });
    if !taken || !seen.may_be(Kind::Image) {
        return Err(Refusal::bad("image: must be a jpeg, png or webp file"));
    }
    let size = seen.size().unwrap_or((1024, 1024));
    if size.0.min(size.1) < LEAST_SIDE {
        return Err(Refusal::bad(&format!("image: every side must be at least {LEAST_SIDE} pixels")));
    }
    Ok(Some(size))
}

/// What the order costs.
fn credits(endpoint: Endpoint, form: &Form) -> Result<f64, Refusal> {
    match endpoint {
        Endpoint::Ultra => Ok(8.0),
        Endpoint::Core => Ok(3.0),
        Endpoint::Sd3 => {
            form.number("cfg_scale", 1.0, 10.0)?;
            let names = MODELS.map(|(name, _)| name);
            let model = form.choice("model", &names)?.unwrap_or("sd3.5-large");
            let price = MODELS.iter().find(|(name, _)| *name == model);
            Ok(price.map_or(0.0, |(_, credits)| *credits))
        }
    }
}

/// Whether most letters are of the alphabet.
fn is_english(prompt: &str) -> bool {
    let letters = prompt.chars().filter(|letter| letter.is_alphabetic());
    let (plain, other): (Vec<char>, Vec<char>) = letters.partition(|letter| (*letter as u32) < 0x250);
    plain.len() >= other.len()
}

/// Width and height of a ratio, in multiples of 64.
fn size(ratio: &str, endpoint: Endpoint) -> (u32, u32) {
    let pixels: f64 = if endpoint == Endpoint::Core { 1536.0 * 1536.0 } else { 1024.0 * 1024.0 };
    let sides = ratio
        .split_once(':')
        .and_then(|(width, height)| Some((width.parse::<f64>().ok()?, height.parse::<f64>().ok()?)));
    let shape = sides.map_or(1.0, |(width, height)| width / height);
    let side = |exact: f64| ((exact / 64.0).round() as u32 * 64).max(64);
    (side((pixels * shape).sqrt()), side((pixels / shape).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_have_sizes() {
        assert_eq!(size("1:1", Endpoint::Sd3), (1024, 1024));
        assert_eq!(size("1:1", Endpoint::Core), (1536, 1536));
        assert_eq!(size("16:9", Endpoint::Ultra), (1344, 768));
        assert_eq!(size("9:21", Endpoint::Sd3), (640, 1536));
    }

    #[test]
    fn english_is_told_by_its_letters() {
        for (prompt, english) in
            [("a fox", true), ("ein Fuß", true), ("лиса", false), ("狐 a", true), ("42", true)]
        {
            assert_eq!(is_english(prompt), english, "{prompt}");
        }
    }
}
