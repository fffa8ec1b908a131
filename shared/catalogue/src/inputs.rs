//! What an order starts from, and whether a model takes that.

use crate::{
    Problem,
    row::{Field, Media, Need, Row, Shape, ShapeRule, TextUnit},
};
use jobs::Input;

/// The most reference pictures that any order may have; more than any vendor takes.
const MOST_PICTURES: usize = 20;

/// How an order fits a model's inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match<'a> {
    /// What the order starts from, as the model sees it.
    pub(crate) shape: Shape,
    /// The model's terms for that.
    pub(crate) rule: &'a ShapeRule,
    /// How many pictures there are.
    pub(crate) pictures: u32,
    /// Whether there is a clip.
    pub(crate) clip: bool,
    /// Whether the order says so itself; else its one picture was read as a reference or the other way round.
    pub(crate) plain: bool,
}

/// What is said of a text that [`has_control_characters`].
pub(crate) const CONTROL_CHARACTERS: &str = "the text contains control characters";

/// Whether a text holds what no vendor reads and no person writes. Apart from that, each such character takes six bytes
/// in JSON, so a short text would make a large record.
pub(crate) fn has_control_characters(text: &str) -> bool {
    text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
}

/// What is wrong with an input whatever the model.
pub(crate) fn problems(input: &Input) -> Vec<Problem> {
    let mut problems = Vec::new();
    if input.text.as_deref().is_some_and(|text| text.trim().is_empty()) {
        problems.push(Problem::new("input.text", "the text is empty"));
    }
    if input.text.as_deref().is_some_and(has_control_characters) {
        problems.push(Problem::new("input.text", CONTROL_CHARACTERS));
    }
    if input.images.len() > MOST_PICTURES {
        problems.push(Problem::new("input.images", format!("there are more than {MOST_PICTURES} pictures")));
    }
    let media = [
        ("input.image", input.image.as_ref()),
        ("input.lastImage", input.last_image.as_ref()),
        ("input.video", input.video.as_ref()),
        ("input.audio", input.audio.as_ref()),
    ];
    let given = media.iter().filter_map(|(field, url)| url.map(|url| (*field, url)));
    for (field, url) in given.chain(input.images.iter().map(|url| ("input.images", url))) {
        if url.trim().is_empty() {
            problems.push(Problem::new(field, "the address is empty"));
        }
    }
    let nothing =
        media.iter().all(|(_, url)| url.is_none()) && input.images.is_empty() && input.text.is_none();
    if nothing {
        problems.push(Problem::new("input", "there is nothing to start from").allowing(["text", "image"]));
    }
    problems
}

/// Finds the shape of input that the order has and the model takes; else what is missing or too much, compared with
/// the nearest shape that it takes.
pub(crate) fn matched<'a>(row: &'a Row, input: &Input) -> Result<Match<'a>, Vec<Problem>> {
    matched_of(row, Given::of(input))
}

/// The same for an input that gets a text.
pub(crate) fn matched_with_text<'a>(row: &'a Row, input: &Input) -> Result<Match<'a>, Vec<Problem>> {
    matched_of(row, Given { text: true, ..Given::of(input) })
}

fn matched_of(row: &Row, given: Given) -> Result<Match<'_>, Vec<Problem>> {
    let mut best: Option<(usize, Vec<Problem>)> = None;
    for (place, given) in given.readings().enumerate() {
        for (shape, rule) in &row.inputs {
            let Compared { missing, unwanted } = given.compared(row, *shape, rule);
            if missing.is_empty() && unwanted.is_empty() {
                return Ok(Match {
                    shape: *shape,
                    rule,
                    pictures: given.pictures(),
                    clip: given.video,
                    plain: place == 0,
                });
            }
            // What was given was given for a reason: rather ask for more than refuse it.
            let weight = missing.len() + 2 * unwanted.len();
            if best.as_ref().is_none_or(|(least, _)| weight < *least) {
                best = Some((weight, missing.into_iter().chain(unwanted).collect()));
            }
        }
    }
    let best = best.map(|(_, problems)| problems);
    Err(best.unwrap_or_else(|| vec![Problem::new("model", format!("{} is not made any more", row.model))]))
}

/// The length of a text as a model counts it.
pub(crate) fn length(text: &str, unit: TextUnit) -> usize {
    match unit {
        TextUnit::Chars => text.chars().count(),
        TextUnit::Bytes => text.len(),
        TextUnit::Utf16 => text.encode_utf16().count(),
    }
}

/// A text that is longer than the model takes.
pub(crate) fn too_long(row: &Row, length: usize) -> Option<Problem> {
    let unit = match row.text_unit {
        TextUnit::Chars => "characters",
        TextUnit::Bytes => "bytes (UTF-8)",
        TextUnit::Utf16 => "characters (UTF-16)",
    };
    let most = row.text_most as usize;
    (length > most).then(|| {
        Problem::new("input.text", format!("it has {length} {unit}; {} takes {most}", row.model))
            .allowing([format!("at most {most} {unit}")])
    })
}

/// Which parts of the input there are.
#[derive(Clone, Copy, Debug)]
struct Given {
    text: bool,
    image: bool,
    last: bool,
    images: usize,
    video: bool,
    audio: bool,
}

impl Given {
    /// What an input has.
    fn of(input: &Input) -> Given {
        Given {
            text: input.text.is_some(),
            image: input.image.is_some(),
            last: input.last_image.is_some(),
            images: input.images.len(),
            video: input.video.is_some(),
            audio: input.audio.is_some(),
        }
    }

    /// The input as it is; then with its one picture read as a reference, or its one reference as the picture.
    fn readings(self) -> impl Iterator<Item = Given> {
        let plain = self;
        let other = match (plain.image, plain.images) {
            (true, 0) => Some(Given { image: false, images: 1, ..plain }),
            (false, 1) => Some(Given { image: true, images: 0, ..plain }),
            _ => None,
        };
        std::iter::once(plain).chain(other)
    }

    /// All pictures but the last.
    fn pictures(&self) -> u32 {
        u32::from(self.image) + u32::try_from(self.images).unwrap_or(u32::MAX)
    }

    /// What keeps the input from having this shape.
    fn compared(&self, row: &Row, shape: Shape, rule: &ShapeRule) -> Compared {
        let (mut missing, mut unwanted) = (Vec::new(), Vec::new());
        let terms = terms(shape);
        let model = &row.model;
        for (field, there) in [
            (Field::Image, self.image),
            (Field::LastImage, self.last),
            (Field::Images, self.images > 0),
            (Field::Video, self.video),
            (Field::Audio, self.audio),
        ] {
            let needed = terms.fields.contains(&field);
            // To change a picture it is all the same where the picture was given.
            let either = shape == Shape::Edit && matches!(field, Field::Image | Field::Images);
            if either {
                continue;
            }
            if needed && !there {
                missing.push(Problem::new(path(field), format!("{model} needs {}", what(row.kind, field))));
            } else if there && !needed && !rule.also.contains(&field) {
                unwanted.push(Problem::new(path(field), format!("{model} takes no {}", plainly(field))));
            }
        }
        if shape == Shape::Edit && self.pictures() == 0 {
            missing.push(Problem::new("input.image", format!("{model} needs a picture to change")));
        }
        match (rule.text.unwrap_or(terms.text), self.text) {
            (Need::Required, false) => {
                missing.push(Problem::new("input.text", format!("{model} needs a text")))
            }
            (Need::Refused, true) => {
                unwanted
                    .push(Problem::new("input.text", format!("{model} takes no text beside a recording")));
            }
            _ => {}
        }
        let most = rule.most.unwrap_or(1);
        if matches!(shape, Shape::Edit | Shape::References) && self.pictures() > most {
            let problem = Problem::new("input.images", format!("{model} takes {most} at most"));
            unwanted.push(problem.allowing([format!("1 to {most}")]));
        }
        Compared { missing, unwanted }
    }
}

/// How an input differs from a shape.
struct Compared {
    missing: Vec<Problem>,
    unwanted: Vec<Problem>,
}

/// What belongs to a shape.
struct Terms {
    fields: &'static [Field],
    text: Need,
}

/// What belongs to each shape, unless the model's rule says otherwise.
fn terms(shape: Shape) -> Terms {
    let (fields, text): (&[Field], Need) = match shape {
        Shape::Text | Shape::Script => (&[], Need::Required),
        Shape::Image => (&[Field::Image], Need::Optional),
        Shape::FirstLast => (&[Field::Image, Field::LastImage], Need::Optional),
        Shape::References => (&[Field::Images], Need::Required),
        Shape::Video => (&[Field::Video], Need::Required),
        Shape::Edit => (&[Field::Image], Need::Required),
        Shape::ImageScript => (&[Field::Image], Need::Required),
        Shape::Audio => (&[Field::Audio], Need::Refused),
        Shape::ImageAudio => (&[Field::Image, Field::Audio], Need::Refused),
        Shape::VideoAudio => (&[Field::Video, Field::Audio], Need::Refused),
        Shape::VideoScript => (&[Field::Video], Need::Required),
    };
    Terms { fields, text }
}

/// A field as a path in the API.
fn path(field: Field) -> &'static str {
    match field {
        Field::Image => "input.image",
        Field::LastImage => "input.lastImage",
        Field::Images => "input.images",
        Field::Video => "input.video",
        Field::Audio => "input.audio",
    }
}

/// A field that is needed, in words.
fn what(kind: Media, field: Field) -> &'static str {
    match (field, kind) {
        (Field::Image, Media::Avatar) => "a picture of the person who speaks",
        (Field::Image, _) => "a picture to start from",
        (Field::LastImage, _) => "a last picture",
        (Field::Images, _) => "reference pictures",
        (Field::Video, Media::Avatar) => "a clip of the person who speaks",
        (Field::Video, _) => "a clip",
        (Field::Audio, _) => "a recording of the speech",
    }
}

/// A field that is too much, in words.
fn plainly(field: Field) -> &'static str {
    match field {
        Field::Image => "picture to start from here",
        Field::LastImage => "last picture",
        Field::Images => "reference pictures here",
        Field::Video => "clip",
        Field::Audio => "recording",
    }
}
