//! What `models.toml` says, as types. The build script reads the file into them and checks it; the crate reads them
//! back from JSON.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::{collections::BTreeMap, fmt};

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Book {
    /// Providers by id.
    pub(crate) providers: BTreeMap<String, Provider>,
    /// Every option that the API knows, by name.
    pub(crate) options: BTreeMap<String, Wish>,
    /// The models, in the order of the file.
    pub(crate) rows: Vec<Row>,
    /// Who comes first when we choose.
    pub(crate) preferred: Vec<Preferred>,
}

/// A provider: what a caller names. It is a product, not a vendor.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    /// The name for people.
    pub(crate) name: String,
    /// Who runs it.
    pub(crate) vendor: String,
    /// What it is good for.
    pub(crate) description: String,
    /// Other ids under which callers may ask for it.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// The option that picks the model, where the models are tiers of one thing (`quality`, `mode`). A model says
    /// under [`Row::fixed`] which tier it is.
    #[serde(default)]
    pub(crate) picked_by: Option<String>,
    /// What it can't do, in sentences.
    #[serde(default)]
    pub(crate) limitations: Vec<String>,
}

/// An option of the API, whatever a model makes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: ValueKind,
    /// What it means.
    pub(crate) description: String,
    /// The smallest number that makes sense anywhere.
    #[serde(default)]
    pub(crate) min: Option<f64>,
    /// The largest number that makes sense anywhere.
    #[serde(default)]
    pub(crate) max: Option<f64>,
    /// How it reads in a prompt when a model has no parameter for it, `{}` being the value. Without one the option
    /// is technical: a model that does not know it goes without.
    #[serde(default)]
    pub(crate) prompt: Option<String>,
    /// The value that means "as usual": without a parameter nothing is lost.
    #[serde(default)]
    pub(crate) neutral: Option<Scalar>,
    /// How its values are ordered.
    #[serde(default)]
    pub(crate) scale: Scale,
    /// When two wishes exclude each other, the one of lower importance gives way.
    #[serde(default)]
    pub(crate) importance: u8,
}

/// The type of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ValueKind {
    /// A word or text.
    Text,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// Yes or no.
    Flag,
}

/// What "nearest" means among an option's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scale {
    /// Words have no order.
    #[default]
    None,
    /// `720p`, `4k`, `1024`: by pixels.
    Resolution,
    /// `16:9`: by width to height.
    Ratio,
}

/// A model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// The provider's id.
    pub(crate) provider: String,
    /// Our name of the model.
    pub(crate) model: String,
    /// The adapter that makes it.
    #[serde(default)]
    pub(crate) vendor: String,
    /// The vendor's name of the model; an input shape may have another.
    #[serde(default)]
    pub(crate) vendor_model: String,
    /// What it makes.
    #[serde(rename = "type")]
    pub(crate) kind: Media,
    /// Whether it is offered.
    pub(crate) state: State,
    /// Who answers in its place when it is not.
    #[serde(default)]
    pub(crate) successor: Option<String>,
    /// Other names.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// What a reader should know.
    #[serde(default)]
    pub(crate) description: String,
    /// The inputs for which the provider takes it unless the caller says otherwise.
    #[serde(default)]
    pub(crate) default_for: Vec<Shape>,
    /// An option that selects it, whatever the default.
    #[serde(default)]
    pub(crate) chosen_when: Option<ChosenWhen>,
    /// What it starts from.
    #[serde(default)]
    pub(crate) inputs: BTreeMap<Shape, ShapeRule>,
    /// The longest text.
    #[serde(default)]
    pub(crate) text_most: u32,
    /// What [`Row::text_most`] counts.
    #[serde(default)]
    pub(crate) text_unit: TextUnit,
    /// The parameters that it has.
    #[serde(default)]
    pub(crate) options: BTreeMap<String, Limits>,
    /// What it always does, without a parameter.
    #[serde(default)]
    pub(crate) fixed: BTreeMap<String, Scalar>,
    /// Combinations that it refuses.
    #[serde(default)]
    pub(crate) forbidden: Vec<Forbidden>,
    /// What it costs; nothing for models that are not offered any more.
    #[serde(default)]
    pub(crate) price: Option<Price>,
    /// How good, 1 to 5. Our judgement.
    #[serde(default)]
    pub(crate) quality: u8,
    /// How quick, 1 to 5. Our judgement.
    #[serde(default)]
    pub(crate) speed: u8,
    /// Seconds that it takes at the median; an input shape may have another figure.
    #[serde(default)]
    pub(crate) median: u32,
    /// Seconds after which we give up.
    #[serde(default)]
    pub(crate) deadline: u32,
    /// Seconds between two polls at least.
    #[serde(default)]
    pub(crate) poll_floor: u32,
    /// Seconds that the submitting call may take.
    #[serde(default)]
    pub(crate) submit_timeout: u32,
    /// Whether a running job can be stopped.
    #[serde(default)]
    pub(crate) cancel: Cancel,
}

/// What a model makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Media {
    /// A clip.
    Video,
    /// A picture.
    Image,
    /// Speech.
    Audio,
    /// A talking person.
    Avatar,
}

/// Whether a model is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Offered.
    On,
    /// Built, but off until an operator has seen it work.
    Flag,
    /// The vendor closed it.
    Gone,
    /// The name is in use, but there never was such an API.
    None,
}

/// Whether the vendor can stop a running job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cancel {
    /// It can't.
    #[default]
    Never,
    /// Before it has begun.
    WhileQueued,
    /// At any time.
    Anytime,
}

/// An option whose presence selects a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChosenWhen {
    /// This option is given ...
    pub(crate) given: String,
    /// ... and this one is not (or only with the value that means "as usual").
    #[serde(default)]
    pub(crate) without: Option<String>,
}

/// What a caller starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    /// Text alone.
    Text,
    /// A picture to start from.
    Image,
    /// The first and the last picture.
    FirstLast,
    /// Reference pictures.
    References,
    /// A clip to change or to continue.
    Video,
    /// A picture to change.
    Edit,
    /// A script that an avatar of the vendor speaks.
    Script,
    /// A script that the person in a picture speaks.
    ImageScript,
    /// A recording for an avatar of the vendor.
    Audio,
    /// A recording for the person in a picture.
    ImageAudio,
    /// A recording for the person in a clip.
    VideoAudio,
    /// A script for the person in a clip.
    VideoScript,
}

/// A model's terms for one shape of input.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShapeRule {
    /// The most pictures, where several may be given.
    #[serde(default)]
    pub(crate) most: Option<u32>,
    /// Whether there must be a text, where that differs from the shape's usual.
    #[serde(default)]
    pub(crate) text: Option<Need>,
    /// Further material that is welcome.
    #[serde(default)]
    pub(crate) also: Vec<Field>,
    /// The vendor's name of the model for this shape.
    #[serde(default)]
    pub(crate) vendor_model: Option<String>,
    /// Seconds at the median for this shape.
    #[serde(default)]
    pub(crate) median: Option<u32>,
}

/// Whether something must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It must not.
    Refused,
}

/// A field of the input that holds material other than text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Field {
    /// A picture to start from.
    Image,
    /// The picture to end with.
    LastImage,
    /// Reference pictures.
    Images,
    /// A clip.
    Video,
    /// A recording.
    Audio,
}

/// What a text's length is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextUnit {
    /// Characters.
    #[default]
    Chars,
    /// Bytes of UTF-8.
    Bytes,
    /// Code units of UTF-16.
    Utf16,
}

/// What a model accepts for one of its parameters.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// These values alone, ascending where they have an order.
    #[serde(default)]
    pub(crate) values: Option<Vec<Scalar>>,
    /// The smallest number.
    #[serde(default)]
    pub(crate) min: Option<f64>,
    /// The largest number.
    #[serde(default)]
    pub(crate) max: Option<f64>,
    /// Numbers are multiples of this.
    #[serde(default)]
    pub(crate) step: Option<f64>,
    /// The longest text, in characters.
    #[serde(default)]
    pub(crate) longest: Option<u32>,
    /// What is sent when nobody asked.
    #[serde(default)]
    pub(crate) default: Option<Scalar>,
    /// What is sent instead when nobody asked and cost matters most.
    #[serde(default)]
    pub(crate) thrifty: Option<Scalar>,
    /// Must be given.
    #[serde(default)]
    pub(crate) required: bool,
    /// The inputs with which the parameter exists; none named, all of them.
    #[serde(default)]
    pub(crate) shapes: Vec<Shape>,
    /// Not used, nor filled in, beside any of these.
    #[serde(default)]
    pub(crate) unless: Vec<String>,
    /// Takes this option's value when that is given and this one is not.
    #[serde(default)]
    pub(crate) same_as: Option<String>,
    /// Other words for its values.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Scalar>,
    /// Each value's resolution, where the model has no parameter for that itself.
    #[serde(default)]
    pub(crate) resolutions: BTreeMap<String, String>,
    /// What it means to this model, where that is more than the option's own description says.
    #[serde(default)]
    pub(crate) description: Option<String>,
}

/// A combination that a model refuses.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forbidden {
    /// Refused when the input has one of these shapes (none named, any) ...
    #[serde(default)]
    pub(crate) shapes: Vec<Shape>,
    /// ... and each of these options has one of the named values.
    pub(crate) when: BTreeMap<String, Vec<Scalar>>,
    /// Why, in a sentence for callers.
    pub(crate) because: String,
}

/// A price, as a formula over the options.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    /// How sure we are of it.
    pub(crate) sure: Sure,
    /// What the figures are for.
    pub(crate) per: Per,
    /// The first rule that fits holds; the last one fits always.
    pub(crate) rules: Vec<Rule>,
    /// For every input picture beyond the free ones.
    #[serde(default)]
    pub(crate) picture: Option<Micro>,
    /// How many input pictures are free.
    #[serde(default)]
    pub(crate) free_pictures: u32,
    /// An option that becomes a tag within the text and is charged with it.
    #[serde(default)]
    pub(crate) tag: Option<String>,
    /// The least that a generation costs.
    #[serde(default)]
    pub(crate) least: Option<Micro>,
}

/// Where a price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sure {
    /// The vendor's SDK or specification.
    S,
    /// The vendor's own page.
    D,
    /// Others who quote the vendor. Check it in the vendor's console before you charge by it.
    T,
    /// General knowledge. Check it in the vendor's console before you charge by it.
    G,
    /// Nobody knows; the figure is a cautious guess. The model is never chosen unless a caller names it.
    #[serde(rename = "?")]
    Unknown,
}

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Per {
    /// A second of the clip.
    Second,
    /// A second of speech: estimated from the script, or the recording's length as the caller states it.
    SpeechSecond,
    /// A picture.
    Image,
    /// A megapixel or a part of one; the first may have a price of its own.
    Megapixel,
    /// A clip, whatever its length.
    Clip,
    /// A thousand characters of text.
    ThousandChars,
    /// A million tokens, one token being 1,024 pixels of a clip with 24 frames a second.
    MillionTokens,
}

/// A figure and when it holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// With these option values ...
    #[serde(default)]
    pub(crate) when: BTreeMap<String, Vec<Scalar>>,
    /// ... and one of these inputs (none named, any).
    #[serde(default)]
    pub(crate) shapes: Vec<Shape>,
    /// The price of one unit.
    pub(crate) usd: Micro,
    /// The price of each unit after the first, where that differs.
    #[serde(default)]
    pub(crate) further: Option<Micro>,
    /// Pixels of a frame, for prices by token; for prices by megapixel those of the usual picture.
    #[serde(default)]
    pub(crate) pixels: Option<u64>,
}

/// The models that come first when we choose, best first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preferred {
    /// What is to be made.
    #[serde(rename = "type")]
    pub(crate) kind: Media,
    /// From what.
    pub(crate) shape: Shape,
    /// For the best result.
    pub(crate) quality: Vec<String>,
    /// For the quickest.
    pub(crate) speed: Vec<String>,
    /// For the cheapest.
    pub(crate) cost: Vec<String>,
    /// When nothing matters most.
    #[serde(default)]
    pub(crate) balanced: Vec<String>,
}

/// An option's value in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A word.
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Flag(flag) => flag.fmt(out),
            Scalar::Whole(number) => number.fmt(out),
            Scalar::Decimal(number) => number.fmt(out),
            Scalar::Text(text) => out.write_str(text),
        }
    }
}

/// Millionths of a US dollar. In the file a text such as `"0.042"`, so that no figure passes through a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Micro(pub(crate) u64);

impl Micro {
    /// Reads dollars such as `0.042`: digits with at most six after the point.
    pub(crate) fn parse(dollars: &str) -> Option<Micro> {
        let (whole, fraction) = dollars.split_once('.').unwrap_or((dollars, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 6 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let micros = format!("{fraction:0<6}").parse::<u64>().ok()?;
        whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(micros).map(Micro)
    }
}

impl<'de> Deserialize<'de> for Micro {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Micro, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Dollars(String),
            Micros(u64),
        }
        match Written::deserialize(from)? {
            Written::Micros(micros) => Ok(Micro(micros)),
            Written::Dollars(dollars) => Micro::parse(&dollars)
                .ok_or_else(|| D::Error::custom(format!("{dollars:?} is no amount of dollars such as \"0.042\""))),
        }
    }
}
