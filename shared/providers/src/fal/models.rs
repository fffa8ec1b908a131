//! What single models know. A model's own page may tell other usual values than its sisters', so every setting that
//! matters is sent.
//!
//! A model that is not listed is served all the same: it gets the options that the operator's catalogue gives it.

use serde_json::{Value, json};

/// A field that is always sent, with its value unless an option says otherwise.
#[derive(Clone, Copy)]
pub(super) enum Usual {
    /// Only sent when there is a wish for it.
    Unsaid,
    /// A switch.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A word.
    Word(&'static str),
}

impl Usual {
    /// The value to send; none if there is none.
    pub(super) fn value(self) -> Option<Value> {
        match self {
            Usual::Unsaid => None,
            Usual::Flag(flag) => Some(json!(flag)),
            Usual::Whole(number) => Some(json!(number)),
            Usual::Number(number) => Some(json!(number)),
            Usual::Word(word) => Some(json!(word)),
        }
    }
}

/// A field's name and usual value.
pub(super) type Field = (&'static str, Usual);

use Usual::{Flag, Number, Unsaid, Whole, Word};

/// The models whose fields are known; every one of them takes a `prompt` beside these.
const KNOWN: [(&str, &[Field]); 25] = [
    ("fal-ai/flux/schnell", SCHNELL),
    ("fal-ai/flux/dev", DEV),
    ("fal-ai/flux-pro/v1.1", PRO),
    ("fal-ai/flux-pro/v1.1-ultra", ULTRA),
    ("fal-ai/flux-pro/kontext", KONTEXT_EDIT),
    ("fal-ai/flux-pro/kontext/max", KONTEXT_EDIT),
    ("fal-ai/flux-pro/kontext/text-to-image", KONTEXT),
    ("fal-ai/flux-pro/kontext/max/text-to-image", KONTEXT),
    ("fal-ai/flux-2", FLUX_2),
    ("fal-ai/flux-2/edit", FLUX_2_EDIT),
    ("fal-ai/flux-2-pro", FLUX_2_PRO),
    ("fal-ai/flux-2-max", FLUX_2_PRO),
    ("fal-ai/qwen-image", QWEN),
    ("fal-ai/nano-banana", NANO_BANANA),
    ("fal-ai/nano-banana/edit", NANO_BANANA_EDIT),
    ("fal-ai/bytedance/seedream/v4/text-to-image", SEEDREAM),
    ("fal-ai/bytedance/seedream/v4/edit", SEEDREAM_EDIT),
    ("fal-ai/bytedance/seedance/v1/pro/text-to-video", SEEDANCE),
    ("fal-ai/bytedance/seedance/v1/pro/image-to-video", SEEDANCE_IMAGE),
    ("fal-ai/veo3.1", VEO),
    ("fal-ai/veo3.1/image-to-video", VEO_IMAGE),
    ("fal-ai/wan/v2.2-a14b/text-to-video", WAN),
    ("fal-ai/kling-video/v2.5-turbo/pro/text-to-video", KLING),
    ("fal-ai/minimax/hailuo-02/standard/text-to-video", HAILUO),
    ("fal-ai/sora-2/text-to-video", SORA),
];

/// The fields of a model beside its prompt; none when nothing is known about it.
pub(super) fn fields(model: &str) -> Option<&'static [Field]> {
    KNOWN.iter().find(|(known, _)| *known == model).map(|(_, fields)| *fields)
}

const SIZE: Field = ("image_size", Unsaid);
const RATIO: Field = ("aspect_ratio", Unsaid);
const RESOLUTION: Field = ("resolution", Unsaid);
const DURATION: Field = ("duration", Unsaid);
const NEGATIVE: Field = ("negative_prompt", Unsaid);
const COUNT: Field = ("num_images", Whole(1));
const SEED: Field = ("seed", Unsaid);
const FORMAT: Field = ("output_format", Word("png"));
const CHECKED: Field = ("enable_safety_checker", Flag(true));
const TOLERANCE: Field = ("safety_tolerance", Word("2"));
const PICTURE: Field = ("image_url", Unsaid);
const PICTURES: Field = ("image_urls", Unsaid);
const STEPS: Field = ("num_inference_steps", Whole(28));

const SCHNELL: &[Field] = &[SIZE, COUNT, SEED, FORMAT, CHECKED, ("num_inference_steps", Whole(4))];
const DEV: &[Field] = &[SIZE, COUNT, SEED, FORMAT, CHECKED, STEPS, ("guidance_scale", Number(3.5))];
const PRO: &[Field] = &[SIZE, COUNT, SEED, FORMAT, TOLERANCE];
const ULTRA: &[Field] = &[RATIO, COUNT, SEED, FORMAT, TOLERANCE, ("raw", Flag(false)), PICTURE];
const KONTEXT: &[Field] = &[RATIO, COUNT, SEED, FORMAT, TOLERANCE, ("guidance_scale", Number(3.5))];
const KONTEXT_EDIT: &[Field] =
    &[RATIO, COUNT, SEED, FORMAT, TOLERANCE, ("guidance_scale", Number(3.5)), PICTURE];
const FLUX_2: &[Field] = &[SIZE, COUNT, SEED, FORMAT, CHECKED, STEPS, ("guidance_scale", Number(2.5))];
const FLUX_2_EDIT: &[Field] =
    &[SIZE, COUNT, SEED, FORMAT, CHECKED, STEPS, ("guidance_scale", Number(2.5)), PICTURES];
const FLUX_2_PRO: &[Field] = &[SIZE, SEED, FORMAT, CHECKED, TOLERANCE];
const QWEN: &[Field] = &[
    SIZE,
    COUNT,
    SEED,
    FORMAT,
    CHECKED,
    NEGATIVE,
    ("num_inference_steps", Whole(30)),
    ("guidance_scale", Number(2.5)),
];
const NANO_BANANA: &[Field] = &[RATIO, COUNT, SEED, FORMAT, ("safety_tolerance", Word("4"))];
const NANO_BANANA_EDIT: &[Field] = &[RATIO, COUNT, SEED, FORMAT, ("safety_tolerance", Word("4")), PICTURES];
const SEEDREAM: &[Field] = &[SIZE, COUNT, SEED, CHECKED];
const SEEDREAM_EDIT: &[Field] = &[SIZE, COUNT, SEED, CHECKED, PICTURES];
const SEEDANCE: &[Field] = &[RATIO, RESOLUTION, DURATION, SEED, CHECKED, ("camera_fixed", Flag(false))];
const SEEDANCE_IMAGE: &[Field] = &[
    RATIO,
    RESOLUTION,
    DURATION,
    SEED,
    CHECKED,
    ("camera_fixed", Flag(false)),
    PICTURE,
    ("end_image_url", Unsaid),
];
const VEO: &[Field] = &[
    RATIO,
    RESOLUTION,
    DURATION,
    SEED,
    NEGATIVE,
    ("generate_audio", Flag(true)),
    ("safety_tolerance", Word("4")),
];
const VEO_IMAGE: &[Field] = &[
    RATIO,
    RESOLUTION,
    DURATION,
    SEED,
    NEGATIVE,
    ("generate_audio", Flag(true)),
    ("safety_tolerance", Word("4")),
    PICTURE,
];
const WAN: &[Field] = &[
    RATIO,
    RESOLUTION,
    SEED,
    NEGATIVE,
    ("num_frames", Whole(81)),
    ("frames_per_second", Whole(16)),
    ("num_inference_steps", Whole(27)),
    CHECKED,
];
const KLING: &[Field] = &[RATIO, DURATION, NEGATIVE, ("cfg_scale", Number(0.5))];
const HAILUO: &[Field] = &[DURATION, ("prompt_optimizer", Flag(true))];
const SORA: &[Field] = &[RATIO, DURATION, RESOLUTION];

/// How a model takes the length of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Seconds, as a number.
    Number,
    /// Seconds, as digits in a text.
    Digits,
    /// Seconds, as digits and an `s`.
    DigitsAndUnit,
    /// A number of frames, of which so many are shown in a second; the first one more.
    Frames(i64),
}

impl Length {
    /// How the models of one maker take it.
    pub(super) fn of(model: &str) -> Length {
        const MAKERS: [(&str, Length); 6] = [
            ("fal-ai/bytedance/seedance/", Length::Digits),
            ("fal-ai/kling-video/", Length::Digits),
            ("fal-ai/minimax/", Length::Digits),
            ("fal-ai/sora-2/", Length::Digits),
            ("fal-ai/veo3", Length::DigitsAndUnit),
            ("fal-ai/wan/v2.2-a14b/", Length::Frames(16)),
        ];
        MAKERS
            .iter()
            .find(|(maker, _)| model.starts_with(maker))
            .map_or(Length::Number, |(_, length)| *length)
    }
}
