//! What a model takes: inputs, parameters, and the combinations that it refuses.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

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
    /// A text has one of these forms; none named, any.
    #[serde(default)]
    pub(crate) forms: Vec<Form>,
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
    /// What a caller should hear who asks for it with one of these inputs, for whether it is heeded is not known before.
    #[serde(default)]
    pub(crate) caveats: BTreeMap<Shape, String>,
    /// What it means to this model, where that is more than the option's own description says.
    #[serde(default)]
    pub(crate) description: Option<String>,
}

/// A form that a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Form {
    /// `#RGB` or `#RRGGBB`.
    Colour,
    /// The address of a picture.
    Picture,
}

impl Form {
    /// Whether a text has this form.
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Form::Colour => text.strip_prefix('#').is_some_and(|digits| {
                matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
            }),
            Form::Picture => {
                text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) && {
                    let host = text.get(8..).and_then(|rest| rest.split(['/', '?', '#']).next());
                    let named = host.is_some_and(|host| !host.is_empty() && !host.contains('@'));
                    named && text.bytes().all(|byte| byte.is_ascii_graphic())
                }
            }
        }
    }

    /// The form in words.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Form::Colour => "a colour such as #1E90FF",
            Form::Picture => "the address of a picture (https)",
        }
    }
}

/// A combination that a model refuses.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forbidden {
    /// Refused when the input has one of these shapes (none named, any) ...
    #[serde(default)]
    pub(crate) shapes: Vec<Shape>,
    /// ... each of these options has one of the named values ...
    pub(crate) when: BTreeMap<String, Vec<Scalar>>,
    /// ... and each of these is there, whatever its value.
    #[serde(default)]
    pub(crate) given: Vec<String>,
    /// Why, in a sentence for callers.
    pub(crate) because: String,
}

impl Forbidden {
    /// The options that take part.
    pub(crate) fn options(&self) -> impl Iterator<Item = &String> {
        self.when.keys().chain(&self.given)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_addresses_are_told_from_names() {
        for (text, colour, picture) in [
            ("#fff", true, false),
            ("#1E90FF", true, false),
            ("#1E90F", false, false),
            ("#zzzzzz", false, false),
            ("white", false, false),
            ("https://example.com/office.png?a=b", false, true),
            ("HTTPS://example.com", false, true),
            ("http://example.com/office.png", false, false),
            ("https:///office.png", false, false),
            ("https://user@example.com/", false, false),
            ("https://example.com/an office.png", false, false),
            ("https://bücher.example/", false, false),
            ("", false, false),
        ] {
            assert_eq!((Form::Colour.fits(text), Form::Picture.fits(text)), (colour, picture), "{text}");
        }
    }
}
