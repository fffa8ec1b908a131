//! Models of BFL: fields with their ranges, sizes and prices.

use media::PictureFormat;

/// A model; its id is the last part of the path.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    /// Groups of fields.
    pub(super) fields: &'static [&'static [Field]],
    pub(super) sizing: Sizing,
    pub(super) price: Price,
    /// The format if none is asked for.
    pub(super) usual_format: PictureFormat,
}

/// A field of a request.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    Bool,
    Whole {
        least: i64,
        most: i64,
        step: i64,
    },
    Number {
        least: f64,
        most: f64,
    },
    Choice(&'static [&'static str]),
    /// `16:9` and the like, between 21:9 and 9:21.
    Ratio,
    /// Base64 alone.
    Picture,
    /// Base64 or an address.
    PictureOrAddress,
    /// Up to ten pictures that a clip passes, each with its second in front of it or without.
    Keyframes,
    Address,
}

/// How a model decides on the size of its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sizing {
    /// By width and height, 1024x768 if they are missing.
    Asked,
    /// By the aspect ratio, four megapixels.
    Ultra,
    /// By the aspect ratio or the first input, one megapixel.
    Kontext,
    /// By width and height or the first input, up to four megapixels.
    Second,
    /// Like the picture that is worked on.
    Filled,
    /// Like the picture that is worked on, and what is added on its sides.
    Expanded,
    /// A clip: by the aspect ratio and the resolution.
    Clip,
}

/// Credits of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) enum Price {
    Flat(f64),
    /// For the first megapixel, and for each more of output and input.
    Megapixels(f64, f64),
    /// For each second of a clip.
    Seconds(f64),
}

/// The most pixels that FLUX.2 makes.
pub(super) const MOST_PIXELS: i64 = 2048 * 2048;

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

const fn whole(name: &'static str, least: i64, most: i64, step: i64) -> Field {
    field(name, Kind::Whole { least, most, step })
}

const fn number(name: &'static str, least: f64, most: f64) -> Field {
    field(name, Kind::Number { least, most })
}

const FORMATS: Kind = Kind::Choice(&["jpeg", "png", "webp"]);

const COMMON: &[Field] = &[
    whole("seed", i64::MIN, i64::MAX, 1),
    field("output_format", FORMATS),
    field("webhook_url", Kind::Address),
    field("webhook_secret", Kind::Text),
];
const PROMPT: &[Field] = &[field("prompt", Kind::Text)];
const PROMPT_REQUIRED: &[Field] = &[Field { name: "prompt", kind: Kind::Text, required: true }];
const TOLERANCE: &[Field] = &[whole("safety_tolerance", 0, 6, 1)];
const TOLERANCE_SECOND: &[Field] = &[whole("safety_tolerance", 0, 5, 1)];
const UPSAMPLING: &[Field] = &[field("prompt_upsampling", Kind::Bool)];
const SIZE: &[Field] = &[whole("width", 256, 1440, 32), whole("height", 256, 1440, 32)];
const SIZE_SECOND: &[Field] =
    &[whole("width", 64, i64::MAX, 16), whole("height", 64, i64::MAX, 16), field("disable_pup", Kind::Bool)];
const RATIO: &[Field] = &[field("aspect_ratio", Kind::Ratio)];
const IMAGE_PROMPT: &[Field] = &[field("image_prompt", Kind::Picture)];
const DEV: &[Field] = &[whole("steps", 1, 50, 1), number("guidance", 1.5, 5.0)];
const FLEX: &[Field] = &[whole("steps", 1, 50, 1), number("guidance", 1.5, 10.0)];
const ULTRA: &[Field] = &[field("raw", Kind::Bool), number("image_prompt_strength", 0.0, 1.0)];
const FOUR_INPUTS: &[Field] = &[
    field("input_image", Kind::PictureOrAddress),
    field("input_image_2", Kind::PictureOrAddress),
    field("input_image_3", Kind::PictureOrAddress),
    field("input_image_4", Kind::PictureOrAddress),
];
const FOUR_MORE_INPUTS: &[Field] = &[
    field("input_image_5", Kind::PictureOrAddress),
    field("input_image_6", Kind::PictureOrAddress),
    field("input_image_7", Kind::PictureOrAddress),
    field("input_image_8", Kind::PictureOrAddress),
];

const IMAGE: &[Field] = &[Field { name: "image", kind: Kind::Picture, required: true }];
const MASK: &[Field] = &[field("mask", Kind::Picture)];
const MARGINS: &[Field] = &[
    whole("top", 0, 2048, 1),
    whole("bottom", 0, 2048, 1),
    whole("left", 0, 2048, 1),
    whole("right", 0, 2048, 1),
];
const TOOLS: &[Field] = &[whole("steps", 15, 50, 1), number("guidance", 1.5, 100.0)];
const CLIP: &[Field] = &[
    Field { name: "mode", kind: Kind::Choice(&["t2v", "i2v", "v2v", "draft_enhance"]), required: true },
    field("aspect_ratio", Kind::Choice(&["auto", "21:9", "2:1", "16:9", "4:3", "1:1", "3:4", "9:16"])),
    whole("duration", 5, 20, 1),
    field("resolution", Kind::Choice(&["hd", "fhd"])),
    field("generate_audio", Kind::Bool),
    whole("safety_tolerance", 0, 4, 1),
    field("draft", Kind::Bool),
    field("version", Kind::Text),
    field("keyframes", Kind::Keyframes),
    field("start_video", Kind::Text),
    field("draft_cache", Kind::Text),
];

const KONTEXT: &[&[Field]] = &[COMMON, PROMPT_REQUIRED, TOLERANCE, RATIO, UPSAMPLING, FOUR_INPUTS];
const KLEIN: &[&[Field]] = &[COMMON, PROMPT_REQUIRED, TOLERANCE_SECOND, SIZE_SECOND, FOUR_INPUTS];
const SECOND: &[&[Field]] =
    &[COMMON, PROMPT_REQUIRED, TOLERANCE_SECOND, SIZE_SECOND, FOUR_INPUTS, FOUR_MORE_INPUTS];

/// Its tasks have a limit of their own.
pub(super) const KONTEXT_MAX: &str = "flux-kontext-max";

const fn model(id: &'static str, fields: &'static [&'static [Field]], sizing: Sizing, price: Price) -> Model {
    let usual_format =
        if matches!(sizing, Sizing::Kontext) { PictureFormat::Png } else { PictureFormat::Jpeg };
    Model { id, fields, sizing, price, usual_format }
}

static MODELS: [Model; 13] = [
    model(
        "flux-dev",
        &[COMMON, PROMPT, TOLERANCE, SIZE, DEV, UPSAMPLING, IMAGE_PROMPT],
        Sizing::Asked,
        Price::Flat(2.5),
    ),
    model(
        "flux-pro-1.1",
        &[COMMON, PROMPT, TOLERANCE, SIZE, UPSAMPLING, IMAGE_PROMPT],
        Sizing::Asked,
        Price::Flat(4.0),
    ),
    model(
        "flux-pro-1.1-ultra",
        &[COMMON, PROMPT, TOLERANCE, RATIO, ULTRA, UPSAMPLING, IMAGE_PROMPT],
        Sizing::Ultra,
        Price::Flat(6.0),
    ),
    model("flux-kontext-pro", KONTEXT, Sizing::Kontext, Price::Flat(4.0)),
    model(KONTEXT_MAX, KONTEXT, Sizing::Kontext, Price::Flat(8.0)),
    model("flux-2-klein-4b", KLEIN, Sizing::Second, Price::Megapixels(1.4, 0.1)),
    model("flux-2-klein-9b", KLEIN, Sizing::Second, Price::Megapixels(1.5, 0.2)),
    model("flux-2-pro", SECOND, Sizing::Second, Price::Megapixels(3.0, 1.5)),
    model(
        "flux-2-flex",
        &[
            COMMON,
            PROMPT_REQUIRED,
            TOLERANCE_SECOND,
            SIZE_SECOND,
            FOUR_INPUTS,
            FOUR_MORE_INPUTS,
            FLEX,
            UPSAMPLING,
        ],
        Sizing::Second,
        Price::Megapixels(5.0, 5.0),
    ),
    model("flux-2-max", SECOND, Sizing::Second, Price::Megapixels(7.0, 3.0)),
    model(
        "flux-pro-1.0-fill",
        &[COMMON, PROMPT, TOLERANCE, IMAGE, MASK, TOOLS, UPSAMPLING],
        Sizing::Filled,
        Price::Flat(5.0),
    ),
    model(
        "flux-pro-1.0-expand",
        &[COMMON, PROMPT, TOLERANCE, IMAGE, MARGINS, TOOLS, UPSAMPLING],
        Sizing::Expanded,
        Price::Flat(5.0),
    ),
    // What a clip costs is not published.
    model("flux-3-video", &[PROMPT_REQUIRED, CLIP], Sizing::Clip, Price::Seconds(25.0)),
];

/// The model with this id.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

impl Price {
    /// Credits for so many pixels, or seconds of a clip. A started megapixel counts whole.
    pub(super) fn credits(self, output_pixels: f64, input_megapixels: f64, seconds: u32) -> f64 {
        match self {
            Self::Flat(credits) => credits,
            Self::Seconds(credits) => credits * f64::from(seconds),
            Self::Megapixels(first, more) => {
                let megapixels = (output_pixels / f64::from(1024 * 1024)).ceil().max(1.0);
                let credits = first + (megapixels - 1.0 + input_megapixels) * more;
                (credits * 100.0).round() / 100.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_follow_the_list() {
        let price = find("flux-2-pro").unwrap().price;
        assert_eq!(price.credits(1024.0 * 1024.0, 0.0, 0), 3.0);
        assert_eq!(price.credits(1024.0 * 1024.0, 1.0, 0), 4.5);
        assert_eq!(price.credits(2048.0 * 2048.0, 0.0, 0), 7.5);
        assert_eq!(find("flux-pro-1.1").unwrap().price.credits(1e6, 0.0, 0), 4.0);
        assert!(find("flux-pro").is_none());
    }
}
