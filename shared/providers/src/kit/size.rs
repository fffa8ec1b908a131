//! From an aspect ratio and a number of pixels to width and height.

use jobs::Options;

/// Width to height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape(f64);

impl Shape {
    /// As wide as high.
    pub(crate) const SQUARE: Shape = Shape(1.0);

    /// The usual screen.
    pub(crate) const WIDE: Shape = Shape(16.0 / 9.0);

    /// Reads `16:9`; none when it is no ratio, or one that nobody could look at.
    pub(crate) fn parse(text: &str) -> Option<Shape> {
        let (width, height) = text.trim().split_once([':', '/', 'x'])?;
        let (width, height) = (width.trim().parse::<f64>().ok()?, height.trim().parse::<f64>().ok()?);
        let ratio = width / height;
        (0.1..=10.0).contains(&ratio).then_some(Shape(ratio))
    }

    /// Width and height of about `pixels` pixels and never more, both multiples of `step` from `least` to `most`.
    pub(crate) fn with_pixels(self, pixels: f64, step: u32, least: u32, most: u32) -> (u32, u32) {
        let (width, height) = ((pixels * self.0).sqrt(), (pixels / self.0).sqrt());
        let shrink = (f64::from(most) / width.max(height)).min(1.0);
        let round = |side: f64| {
            // A hair more, so that 767.9999 counts as 768.
            let steps = ((side * shrink + 0.01) / f64::from(step)).floor();
            // The cast saturates, and the clamp bounds it.
            (steps as u32).saturating_mul(step).clamp(least, most)
        };
        (round(width), round(height))
    }

    /// Width and height with so many pixels on the shorter side, both even.
    pub(crate) fn with_short_side(self, short: u32) -> (u32, u32) {
        let long = (f64::from(short) * self.0.max(1.0 / self.0) / 2.0).round() as u32 * 2;
        if self.0 >= 1.0 { (long, short) } else { (short, long) }
    }
}

/// The pixels on the shorter side that a resolution like `1080p` or `4k` speaks of.
pub(crate) fn short_side(resolution: &str) -> Option<u32> {
    match resolution.trim().to_ascii_lowercase().as_str() {
        "2k" => Some(1440),
        "4k" | "uhd" => Some(2160),
        "hd" => Some(720),
        "fhd" => Some(1080),
        lines => lines.strip_suffix('p')?.parse().ok().filter(|lines| (144..=2160).contains(lines)),
    }
}

/// The shape and the number of pixels that a picture's options ask for; none when they ask for nothing of the kind.
/// A size is told as `width` and `height`, as a `resolution` of `1280x720`, `2K`, `1.5MP` or `1080p`, as an
/// `aspectRatio` (then of about one megapixel), or as a resolution and a ratio.
pub(crate) fn picture_wish(options: &Options) -> Option<(Shape, f64)> {
    let resolution = options.text("resolution").map(|text| text.trim().to_ascii_lowercase());
    let exact = match (options.number("width"), options.number("height")) {
        (Some(width), Some(height)) => Some(format!("{width}x{height}")),
        _ => resolution.clone().filter(|text| text.contains('x')),
    };
    if let Some((shape, pixels)) = exact.as_deref().and_then(exactly) {
        return Some((shape, pixels));
    }
    let shape = options.text("aspectRatio").and_then(Shape::parse);
    let pixels = resolution.as_deref().and_then(|text| pixels_of(text, shape.unwrap_or(Shape::SQUARE)));
    (shape.is_some() || pixels.is_some())
        .then(|| (shape.unwrap_or(Shape::SQUARE), pixels.unwrap_or(MEGAPIXEL)))
}

/// A megapixel as vendors count it.
const MEGAPIXEL: f64 = 1024.0 * 1024.0;

/// Most pixels that a picture is asked for.
const MOST_PIXELS: f64 = 64.0 * MEGAPIXEL;

fn exactly(text: &str) -> Option<(Shape, f64)> {
    let shape = Shape::parse(text)?;
    let (width, height) = text.split_once('x')?;
    let pixels = width.trim().parse::<f64>().ok()? * height.trim().parse::<f64>().ok()?;
    (256.0..=MOST_PIXELS).contains(&pixels).then_some((shape, pixels))
}

fn pixels_of(resolution: &str, shape: Shape) -> Option<f64> {
    let number = |unit: &str| resolution.strip_suffix(unit).and_then(|text| text.trim().parse::<f64>().ok());
    let pixels = if let Some(megapixels) = number("mp") {
        megapixels * MEGAPIXEL
    } else if let Some(thousands) = number("k") {
        thousands * thousands * MEGAPIXEL
    } else {
        let short = f64::from(short_side(resolution)?);
        short * short * shape.0.max(1.0 / shape.0)
    };
    (0.01 * MEGAPIXEL..=MOST_PIXELS).contains(&pixels).then_some(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::Value;
    use proptest::prelude::*;

    #[test]
    fn usual_shapes_have_usual_sizes() {
        let megapixel = 1024.0 * 1024.0;
        let size = |ratio: &str, step, least, most| {
            Shape::parse(ratio).unwrap().with_pixels(megapixel, step, least, most)
        };
        assert_eq!(size("1:1", 32, 256, 1440), (1024, 1024));
        assert_eq!(size("16:9", 32, 256, 1440), (1344, 768));
        assert_eq!(size("16:9", 16, 64, 4096), (1360, 768));
        assert_eq!(size("9:16", 16, 64, 4096), (768, 1360));
        assert_eq!(size("21:9", 32, 256, 1440), (1440, 608));
        assert_eq!(Shape::WIDE.with_short_side(1080), (1920, 1080));
        assert_eq!(Shape::parse("9:16").unwrap().with_short_side(720), (720, 1280));
        assert_eq!(Shape::parse("4:3").unwrap().with_short_side(480), (640, 480));
    }

    #[test]
    fn wishes_for_pictures_come_in_many_words() {
        let wish = |entries: &[(&str, Value)]| {
            let mut options = Options::default();
            for (name, value) in entries {
                options.set(*name, value.clone());
            }
            picture_wish(&options).map(|(shape, pixels)| shape.with_pixels(pixels, 2, 16, 8192))
        };
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(wish(&[]), None);
        assert_eq!(wish(&[("width", Value::Whole(800)), ("height", Value::Whole(600))]), Some((800, 600)));
        assert_eq!(wish(&[("resolution", text("1280x720"))]), Some((1280, 720)));
        assert_eq!(wish(&[("resolution", text("2K"))]), Some((2048, 2048)));
        assert_eq!(wish(&[("resolution", text("1080p")), ("aspectRatio", text("16:9"))]), Some((1920, 1080)));
        assert_eq!(wish(&[("resolution", text("4MP")), ("aspectRatio", text("1:4"))]), Some((1024, 4096)));
        assert_eq!(wish(&[("resolution", text("lots"))]), None);
        assert_eq!(wish(&[("resolution", text("0x0"))]), None);
    }

    #[test]
    fn nonsense_is_no_shape() {
        for text in ["", "16", "0:1", "1:0", "a:b", "1000:1", "-1:1", "NaN:1"] {
            assert_eq!(Shape::parse(text), None, "{text}");
        }
        assert_eq!(short_side("720p"), Some(720));
        assert_eq!(short_side("4K"), Some(2160));
        assert_eq!(short_side("9000p"), None);
    }

    proptest! {
        #[test]
        fn sides_are_multiples_within_bounds_and_not_too_many(
            width in 1u32..40, height in 1u32..40, pixels in 262_144.0f64..4_000_000.0,
        ) {
            let Some(shape) = Shape::parse(&format!("{width}:{height}")) else { return Ok(()) };
            let (width, height) = shape.with_pixels(pixels, 32, 256, 1440);
            for side in [width, height] {
                prop_assert!(side % 32 == 0 && (256..=1440).contains(&side), "{}", side);
            }
            let (width, height) = shape.with_pixels(pixels, 16, 64, 8192);
            prop_assert!(f64::from(width) * f64::from(height) <= pixels * 1.001);
        }
    }
}
