//! What a model costs.

use super::{Scalar, Shape};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use std::collections::BTreeMap;

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
    /// For prices by the second: the most seconds of an input clip that are charged like seconds of the result. Nobody
    /// tells us how long the clip is.
    #[serde(default)]
    pub(crate) clip_seconds: u32,
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

impl Sure {
    /// The letter that stands for it, in the file and elsewhere.
    pub(crate) fn letter(self) -> char {
        match self {
            Sure::S => 'S',
            Sure::D => 'D',
            Sure::T => 'T',
            Sure::G => 'G',
            Sure::Unknown => '?',
        }
    }
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
            Written::Dollars(dollars) => Micro::parse(&dollars).ok_or_else(|| {
                D::Error::custom(format!("{dollars:?} is no amount of dollars such as \"0.042\""))
            }),
        }
    }
}
