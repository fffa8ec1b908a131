//! The models that are simulated, each with its fields as the vendor's type map has them.

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    pub(super) makes: Makes,
    pub(super) fields: &'static [Field],
}

/// What a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    /// Pictures of about so many pixels when they are not told exactly. Those of the FLUX kind tell for each whether
    /// the safety checker blacked it out.
    Pictures {
        pixels: u32,
        checked: bool,
        png: bool,
    },
    /// A clip of so many seconds unless told otherwise.
    Clip {
        seconds: u32,
    },
    Speech,
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Bool,
    Whole {
        least: i64,
        most: i64,
    },
    Number {
        least: f64,
        most: f64,
    },
    Choice(&'static [&'static str]),
    /// A name such as `square_hd`, or width and height.
    Size,
    /// `16:9` in any numbers.
    Ratio,
    /// The address of a picture, or a data URI.
    Picture,
    Pictures,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn pictures(id: &'static str, pixels: u32, png: bool, fields: &'static [Field]) -> Model {
    Model { id, makes: Makes::Pictures { pixels, checked: true, png }, fields }
}

/// Pictures of a model that does not tell whether they were blacked out.
const fn unchecked(id: &'static str, pixels: u32, png: bool, fields: &'static [Field]) -> Model {
    Model { id, makes: Makes::Pictures { pixels, checked: false, png }, fields }
}

const fn clip(id: &'static str, seconds: u32, fields: &'static [Field]) -> Model {
    Model { id, makes: Makes::Clip { seconds }, fields }
}

const MEGAPIXEL: u32 = 1024 * 1024;

/// All models.
pub(super) const MODELS: [Model; 26] = [
    pictures("fal-ai/flux/schnell", MEGAPIXEL, false, SCHNELL),
    pictures("fal-ai/flux/dev", MEGAPIXEL, false, DEV),
    pictures("fal-ai/flux-pro/v1.1", MEGAPIXEL, false, PRO),
    pictures("fal-ai/flux-pro/v1.1-ultra", 4 * MEGAPIXEL, false, ULTRA),
    pictures("fal-ai/flux-pro/kontext", MEGAPIXEL, false, KONTEXT_EDIT),
    pictures("fal-ai/flux-pro/kontext/max", MEGAPIXEL, false, KONTEXT_EDIT),
    pictures("fal-ai/flux-pro/kontext/text-to-image", MEGAPIXEL, false, KONTEXT),
    pictures("fal-ai/flux-pro/kontext/max/text-to-image", MEGAPIXEL, false, KONTEXT),
    pictures("fal-ai/flux-2", MEGAPIXEL, true, FLUX_2),
    pictures("fal-ai/flux-2/edit", MEGAPIXEL, true, FLUX_2_EDIT),
    unchecked("fal-ai/flux-2-pro", MEGAPIXEL, false, FLUX_2_PRO),
    unchecked("fal-ai/flux-2-max", MEGAPIXEL, false, FLUX_2_PRO),
    pictures("fal-ai/qwen-image", MEGAPIXEL, true, QWEN),
    unchecked("fal-ai/nano-banana", MEGAPIXEL, true, NANO_BANANA),
    unchecked("fal-ai/nano-banana/edit", MEGAPIXEL, true, NANO_BANANA_EDIT),
    unchecked("fal-ai/bytedance/seedream/v4/text-to-image", 4 * MEGAPIXEL, true, SEEDREAM),
    unchecked("fal-ai/bytedance/seedream/v4/edit", 4 * MEGAPIXEL, true, SEEDREAM_EDIT),
    clip("fal-ai/bytedance/seedance/v1/pro/text-to-video", 5, SEEDANCE),
    clip("fal-ai/bytedance/seedance/v1/pro/image-to-video", 5, SEEDANCE_IMAGE),
    clip("fal-ai/veo3.1", 8, VEO),
    clip("fal-ai/veo3.1/image-to-video", 8, VEO_IMAGE),
    clip("fal-ai/wan/v2.2-a14b/text-to-video", 5, WAN),
    clip("fal-ai/kling-video/v2.5-turbo/pro/text-to-video", 5, KLING),
    clip("fal-ai/minimax/hailuo-02/standard/text-to-video", 6, HAILUO),
    clip("fal-ai/sora-2/text-to-video", 4, SORA),
    Model { id: "fal-ai/elevenlabs/tts/turbo-v2.5", makes: Makes::Speech, fields: SPEECH },
];

pub(super) fn find(id: &str) -> Option<&'static Model> {
    static ALL: [Model; MODELS.len()] = MODELS;
    ALL.iter().find(|model| model.id == id)
}

/// The part of a model's id that stands in the addresses of its requests: the owner and the name.
pub(super) fn app(id: &str) -> String {
    id.split('/').take(2).collect::<Vec<_>>().join("/")
}

const PROMPT: Field = required("prompt", Kind::Text);
const SIZE: Field = field("image_size", Kind::Size);
const COUNT: Field = field("num_images", Kind::Whole { least: 1, most: 4 });
const SEED: Field = field("seed", Kind::Whole { least: 0, most: i64::MAX });
const FORMAT: Field = field("output_format", Kind::Choice(&["jpeg", "png"]));
const FORMAT_3: Field = field("output_format", Kind::Choice(&["jpeg", "png", "webp"]));
const CHECKER: Field = field("enable_safety_checker", Kind::Bool);
const SYNC: Field = field("sync_mode", Kind::Bool);
const STEPS: Field = field("num_inference_steps", Kind::Whole { least: 1, most: 50 });
const GUIDANCE: Field = field("guidance_scale", Kind::Number { least: 1.0, most: 20.0 });
const ACCELERATION: Field = field("acceleration", Kind::Choice(&["none", "regular", "high"]));
const TOLERANCE: Field = field("safety_tolerance", Kind::Choice(&["1", "2", "3", "4", "5", "6"]));
const PICTURE: Field = required("image_url", Kind::Picture);
const PICTURES: Field = required("image_urls", Kind::Pictures);
const ENHANCE: Field = field("enhance_prompt", Kind::Bool);
const NEGATIVE: Field = field("negative_prompt", Kind::Text);

const RATIOS: Kind = Kind::Choice(&["21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21"]);

const SCHNELL: &[Field] = &[
    PROMPT,
    SIZE,
    COUNT,
    SEED,
    FORMAT,
    CHECKER,
    SYNC,
    field("num_inference_steps", Kind::Whole { least: 1, most: 12 }),
    GUIDANCE,
    ACCELERATION,
];
const DEV: &[Field] = &[PROMPT, SIZE, COUNT, SEED, FORMAT, CHECKER, SYNC, STEPS, GUIDANCE, ACCELERATION];
const PRO: &[Field] = &[PROMPT, SIZE, COUNT, SEED, FORMAT, TOLERANCE, SYNC, ENHANCE];
const ULTRA: &[Field] = &[
    PROMPT,
    field("aspect_ratio", Kind::Ratio),
    COUNT,
    SEED,
    FORMAT,
    TOLERANCE,
    SYNC,
    ENHANCE,
    field("raw", Kind::Bool),
    field("image_url", Kind::Picture),
    field("image_prompt_strength", Kind::Number { least: 0.0, most: 1.0 }),
];
const KONTEXT: &[Field] =
    &[PROMPT, field("aspect_ratio", RATIOS), COUNT, SEED, FORMAT, TOLERANCE, SYNC, ENHANCE, GUIDANCE];
const KONTEXT_EDIT: &[Field] = &[
    PROMPT,
    PICTURE,
    field("aspect_ratio", RATIOS),
    COUNT,
    SEED,
    FORMAT,
    TOLERANCE,
    SYNC,
    ENHANCE,
    GUIDANCE,
];
const FLUX_2: &[Field] = &[PROMPT, SIZE, COUNT, SEED, FORMAT_3, CHECKER, SYNC, STEPS, GUIDANCE, ACCELERATION];
const FLUX_2_EDIT: &[Field] =
    &[PROMPT, PICTURES, SIZE, COUNT, SEED, FORMAT_3, CHECKER, SYNC, STEPS, GUIDANCE, ACCELERATION];
const FLUX_2_PRO: &[Field] = &[
    PROMPT,
    SIZE,
    SEED,
    FORMAT,
    CHECKER,
    SYNC,
    field("safety_tolerance", Kind::Choice(&["1", "2", "3", "4", "5"])),
];
const QWEN: &[Field] =
    &[PROMPT, NEGATIVE, SIZE, COUNT, SEED, FORMAT, CHECKER, SYNC, STEPS, GUIDANCE, ACCELERATION];
const NANO_RATIOS: &[&str] = &["21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"];
const NANO_BANANA: &[Field] =
    &[PROMPT, field("aspect_ratio", Kind::Choice(NANO_RATIOS)), COUNT, SEED, FORMAT_3, TOLERANCE, SYNC];
const NANO_BANANA_EDIT: &[Field] = &[
    PROMPT,
    PICTURES,
    field(
        "aspect_ratio",
        Kind::Choice(&["auto", "21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16"]),
    ),
    COUNT,
    SEED,
    FORMAT_3,
    TOLERANCE,
    SYNC,
];
const SEEDREAM: &[Field] = &[PROMPT, SIZE, COUNT, SEED, CHECKER, SYNC];
const SEEDREAM_EDIT: &[Field] = &[PROMPT, PICTURES, SIZE, COUNT, SEED, CHECKER, SYNC];

const SEEDANCE_DURATION: Field =
    field("duration", Kind::Choice(&["2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]));
const SEEDANCE_RESOLUTION: Field = field("resolution", Kind::Choice(&["480p", "720p", "1080p"]));
const SEEDANCE: &[Field] = &[
    PROMPT,
    field("aspect_ratio", Kind::Choice(&["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "9:21"])),
    SEEDANCE_RESOLUTION,
    SEEDANCE_DURATION,
    SEED,
    CHECKER,
    field("camera_fixed", Kind::Bool),
];
const SEEDANCE_IMAGE: &[Field] = &[
    PROMPT,
    PICTURE,
    field("end_image_url", Kind::Picture),
    field("aspect_ratio", Kind::Choice(&["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "auto"])),
    SEEDANCE_RESOLUTION,
    SEEDANCE_DURATION,
    SEED,
    CHECKER,
    field("camera_fixed", Kind::Bool),
];
const VEO: &[Field] = &[
    PROMPT,
    field("aspect_ratio", Kind::Choice(&["16:9", "9:16"])),
    field("resolution", Kind::Choice(&["720p", "1080p"])),
    field("duration", Kind::Choice(&["4s", "6s", "8s"])),
    field("generate_audio", Kind::Bool),
    field("auto_fix", Kind::Bool),
    NEGATIVE,
    TOLERANCE,
    SEED,
];
const VEO_IMAGE: &[Field] = &[
    PROMPT,
    PICTURE,
    field("aspect_ratio", Kind::Choice(&["auto", "16:9", "9:16"])),
    field("resolution", Kind::Choice(&["720p", "1080p"])),
    field("duration", Kind::Choice(&["4s", "6s", "8s"])),
    field("generate_audio", Kind::Bool),
    field("auto_fix", Kind::Bool),
    NEGATIVE,
    TOLERANCE,
    SEED,
];
const WAN: &[Field] = &[
    PROMPT,
    NEGATIVE,
    field("num_frames", Kind::Whole { least: 17, most: 161 }),
    field("frames_per_second", Kind::Whole { least: 4, most: 60 }),
    field("resolution", Kind::Choice(&["480p", "580p", "720p"])),
    field("aspect_ratio", Kind::Choice(&["16:9", "9:16", "1:1"])),
    field("num_inference_steps", Kind::Whole { least: 2, most: 40 }),
    CHECKER,
    SEED,
];
const KLING: &[Field] = &[
    PROMPT,
    NEGATIVE,
    field("duration", Kind::Choice(&["5", "10"])),
    field("aspect_ratio", Kind::Choice(&["16:9", "9:16", "1:1"])),
    field("cfg_scale", Kind::Number { least: 0.0, most: 1.0 }),
];
const HAILUO: &[Field] =
    &[PROMPT, field("duration", Kind::Choice(&["6", "10"])), field("prompt_optimizer", Kind::Bool)];
const SORA: &[Field] = &[
    PROMPT,
    field("duration", Kind::Choice(&["4", "8", "12", "16", "20"])),
    field("aspect_ratio", Kind::Choice(&["16:9", "9:16"])),
    field("resolution", Kind::Text),
];
const SPEECH: &[Field] = &[
    required("text", Kind::Text),
    field("voice", Kind::Text),
    field("speed", Kind::Number { least: 0.7, most: 1.2 }),
    field("stability", Kind::Number { least: 0.0, most: 1.0 }),
    field("similarity_boost", Kind::Number { least: 0.0, most: 1.0 }),
    field("style", Kind::Number { least: 0.0, most: 1.0 }),
    field("language_code", Kind::Text),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_found_by_owner_and_name() {
        assert_eq!(app("fal-ai/flux-pro/v1.1-ultra"), "fal-ai/flux-pro");
        assert_eq!(app("fal-ai/veo3.1"), "fal-ai/veo3.1");
        assert!(find("fal-ai/flux/dev").is_some() && find("fal-ai/flux").is_none());
    }
}
