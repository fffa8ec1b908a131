//! What the first dialect refuses in an order. Fields that it does not know are ignored.

use super::super::frames::{self, Limits, WIDE};
use super::super::order::{self, Order};
use super::super::refusal::Complaint;
use crate::fields::Fields;
use crate::inputs::{self, Input};

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 2000;

const PICTURES: Limits = Limits { most_bytes: 20 * 1024 * 1024, sides: (301, u32::MAX) };

/// What a model of this dialect can do.
#[derive(Debug)]
struct Model {
    id: &'static str,
    /// The resolutions with their seconds, the default first. None for a model that takes neither field.
    sizes: &'static [(&'static str, &'static [i64])],
    text: bool,
    image: bool,
    last: bool,
    subject: bool,
    fast_pretreatment: bool,
}

const NEWER: &[(&str, &[i64])] = &[("768P", &[6, 10]), ("1080P", &[6])];
const OLDEST: &[(&str, &[i64])] = &[("720P", &[6])];

const PLAIN: Model = Model {
    id: "MiniMax-Hailuo-2.3",
    sizes: NEWER,
    text: true,
    image: true,
    last: false,
    subject: false,
    fast_pretreatment: true,
};
const OLD: Model = Model { sizes: OLDEST, fast_pretreatment: false, ..PLAIN };

static MODELS: [Model; 9] = [
    PLAIN,
    Model { id: "MiniMax-Hailuo-2.3-Fast", text: false, ..PLAIN },
    Model {
        id: "MiniMax-Hailuo-02",
        sizes: &[("768P", &[6, 10]), ("512P", &[6, 10]), ("1080P", &[6])],
        last: true,
        ..PLAIN
    },
    Model { id: "T2V-01", image: false, ..OLD },
    Model { id: "T2V-01-Director", image: false, ..OLD },
    Model { id: "I2V-01", text: false, ..OLD },
    Model { id: "I2V-01-Director", text: false, ..OLD },
    Model { id: "I2V-01-live", text: false, ..OLD },
    Model { id: "S2V-01", sizes: &[], image: false, text: false, subject: true, ..OLD },
];

/// Reads an order, but for its callback.
pub(super) fn order(body: Fields<'_>) -> Result<Order, Complaint> {
    let name = body.text("model")?.unwrap_or_default();
    let model = MODELS.iter().find(|model| model.id == name);
    let model = model.ok_or_else(|| Complaint::parameter(format!("model {name} is not known")))?;
    let prompt = body.text("prompt")?.unwrap_or_default();
    if prompt.chars().count() > MOST_PROMPT {
        return Err(Complaint::parameter(format!("prompt has more than {MOST_PROMPT} characters")));
    }
    let first = picture(body, "first_frame_image")?;
    let last = picture(body, "last_frame_image")?;
    mode(model, prompt, &first, &last)?;
    subject(model, body)?;
    body.bool("prompt_optimizer")?;
    if body.bool("fast_pretreatment")?.is_some() && (!model.fast_pretreatment || last.is_some()) {
        return Err(Complaint::parameter("fast_pretreatment is not supported here"));
    }
    let (lines, seconds) = size(model, body)?;
    if lines == "512P" && (first.is_none() || last.is_some()) {
        return Err(Complaint::parameter("resolution 512P is made from one picture only"));
    }
    let ratio = first.as_ref().and_then(frames::ratio).unwrap_or(WIDE);
    let short = lines.trim_end_matches('P').parse().unwrap_or(720);
    Ok(Order {
        model: model.id.to_owned(),
        prompt: prompt.to_owned(),
        seconds,
        size: frames::size(ratio, short),
        sound: false,
        callback_url: None,
        file_id: order::long_number(),
        told: Default::default(),
        limits: &["minimax_active"],
    })
}

fn picture(body: Fields<'_>, field: &'static str) -> Result<Option<Input>, Complaint> {
    let text = body.text(field)?.filter(|text| !text.is_empty());
    text.map(|text| frames::picture(field, text, PICTURES)).transpose()
}

/// The fields that are there choose the mode, which the model must have.
fn mode(model: &Model, prompt: &str, first: &Option<Input>, last: &Option<Input>) -> Result<(), Complaint> {
    if last.is_some() && !model.last {
        return Err(Complaint::parameter(format!("last_frame_image is not supported by {}", model.id)));
    }
    if first.is_some() && !model.image {
        return Err(Complaint::parameter(format!("first_frame_image is not supported by {}", model.id)));
    }
    let from_text = first.is_none() && last.is_none() && !model.subject;
    if from_text && !model.text {
        return Err(Complaint::parameter("first_frame_image is missing"));
    }
    if from_text && prompt.trim().is_empty() {
        return Err(Complaint::parameter("prompt is missing"));
    }
    Ok(())
}

/// One face, for the one model that takes it.
fn subject(model: &Model, body: Fields<'_>) -> Result<(), Complaint> {
    let subjects = body.list("subject_reference")?.unwrap_or_default();
    if subjects.is_empty() && !model.subject {
        return Ok(());
    }
    if !model.subject {
        return Err(Complaint::parameter(format!("subject_reference is not supported by {}", model.id)));
    }
    let [subject] = subjects else {
        return Err(Complaint::parameter("subject_reference takes one subject"));
    };
    let subject = subject.as_object().map(Fields);
    let subject = subject.ok_or_else(|| Complaint::parameter("subject_reference must hold an object"))?;
    let is_face = subject.text("type")? == Some("character");
    let pictures = subject.list("image")?.unwrap_or_default();
    let has_one = matches!(pictures, [one] if one.as_str().is_some_and(inputs::is_address));
    if is_face && has_one {
        Ok(())
    } else {
        Err(Complaint::parameter("subject_reference needs the type character and one image"))
    }
}

/// Resolution and seconds.
fn size(model: &Model, body: Fields<'_>) -> Result<(&'static str, u32), Complaint> {
    let (lines, seconds) = (body.text("resolution")?, body.whole("duration")?);
    let Some((default, _)) = model.sizes.first() else {
        return match (lines, seconds) {
            (None, None) => Ok(("720P", 6)),
            _ => Err(Complaint::parameter(format!("{} takes no duration and no resolution", model.id))),
        };
    };
    let wanted = lines.unwrap_or(default);
    let (lines, allowed) = model.sizes.iter().find(|(lines, _)| *lines == wanted).ok_or_else(|| {
        Complaint::parameter(format!("resolution {wanted} is not supported by {}", model.id))
    })?;
    let seconds = seconds.unwrap_or(6);
    if !allowed.contains(&seconds) {
        return Err(Complaint::parameter(format!("duration {seconds} is not supported with {lines}")));
    }
    // One of the allowed: it fits.
    Ok((lines, seconds as u32))
}
