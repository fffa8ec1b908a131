//! Pictures and clips that come with an order.

use super::models::{Family, Model};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input, Visit};
use media::{Format, Kind};
use serde_json::Value;

/// Bytes of a picture, at most.
const MOST_PICTURE_BYTES: usize = 50 * 1024 * 1024;
/// Pixels of each side of a reference, at least.
const LEAST_SIDE: u32 = 128;
/// How much longer one side of a picture may be.
const MOST_RATIO: f64 = 4.0;
/// References of an order, at most; beside a clip, and of one subject.
const MOST_REFERENCES: usize = 7;
const MOST_BESIDE_A_CLIP: usize = 4;
const MOST_OF_A_SUBJECT: usize = 3;
/// Clips of an order, at most.
const MOST_CLIPS: usize = 2;

/// What was sent, all checked.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// As they were written.
    pub(super) images: Vec<String>,
    /// Width to height of the first picture, if it was seen.
    pub(super) ratio: Option<f64>,
}

/// Checks what a clip is to be made of.
pub(super) async fn sent(family: Family, model: &Model, body: Fields<'_>) -> Result<Sent, Refusal> {
    let images = texts("images", body)?;
    if family != Family::Reference
        && let Some(field) = ["subjects", "videos"].into_iter().find(|field| body.value(field).is_some())
    {
        return Err(Refusal::unwanted(field));
    }
    let counted = |least: usize, most: usize| match images.len() {
        0 if least > 0 => Err(Refusal::lacking("images")),
        count if !(least..=most).contains(&count) => Err(Refusal::count("images")),
        _ => Ok(()),
    };
    match family {
        Family::Text if body.value("images").is_some() => return Err(Refusal::unwanted("images")),
        Family::Text => {}
        Family::Image => counted(1, 1)?,
        Family::StartEnd => counted(2, 2)?,
        Family::Reference => references(model, images.len(), body).await?,
    }
    let mut ratios = Vec::new();
    for image in &images {
        ratios.push(picture(image, family == Family::Reference).await?);
    }
    if let (Family::StartEnd, [Some(first), Some(last)]) = (family, ratios.as_slice())
        && !(0.8..=1.25).contains(&(first / last))
    {
        return Err(Refusal::shape("the two pictures differ too much in their shape"));
    }
    Ok(Sent { images, ratio: ratios.first().copied().flatten() })
}

/// Pictures, subjects or clips: what there is and how much of it.
async fn references(model: &Model, images: usize, body: Fields<'_>) -> Result<(), Refusal> {
    let subjects = body.list("subjects")?.unwrap_or_default();
    let videos = texts("videos", body)?;
    body.bool("auto_subjects")?;
    if !videos.is_empty() && model.id != "viduq2-pro" {
        return Err(Refusal::unwanted("videos"));
    }
    if !subjects.is_empty() && (model.id == "viduq3-mix" || images > 0) {
        return Err(Refusal::unwanted("subjects"));
    }
    if images + subjects.len() + videos.len() == 0 {
        return Err(Refusal::lacking("images"));
    }
    let most = if videos.is_empty() { MOST_REFERENCES } else { MOST_BESIDE_A_CLIP };
    for (field, count, most) in [
        ("images", images, most),
        ("subjects", subjects.len(), MOST_REFERENCES),
        ("videos", videos.len(), MOST_CLIPS),
    ] {
        if count > most {
            return Err(Refusal::count(field));
        }
    }
    for subject in subjects {
        subject_is_good(subject).await?;
    }
    for video in &videos {
        clip(video).await?;
    }
    Ok(())
}

async fn subject_is_good(subject: &Value) -> Result<(), Refusal> {
    let subject = Fields(subject.as_object().ok_or_else(|| Refusal::invalid("subjects", "must be objects"))?);
    // An older form calls it by an id.
    if subject.text("name")?.or(subject.text("id")?).is_none_or(str::is_empty) {
        return Err(Refusal::lacking("name"));
    }
    let images = texts("images", subject)?;
    if !(1..=MOST_OF_A_SUBJECT).contains(&images.len()) {
        return Err(Refusal::count("images"));
    }
    for image in &images {
        picture(image, true).await?;
    }
    Ok(())
}

fn texts(field: &'static str, body: Fields<'_>) -> Result<Vec<String>, Refusal> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let texts: Option<Vec<String>> = body.list(field)?.unwrap_or_default().iter().map(text).collect();
    texts.ok_or_else(|| Refusal::invalid(field, "must be texts"))
}

/// Reads an address or a data link; base64 alone is neither.
async fn file(field: &str, text: &str) -> Result<Input, Refusal> {
    if inputs::is_address(text) {
        return inputs::visit(text, Visit::Get).await.map_err(|_| Refusal::not_fetched());
    }
    let file = inputs::data_uri(text).map(|(_, input)| input);
    file.ok_or_else(|| Refusal::invalid(field, "must be addresses or data links"))
}

/// Checks a picture. Returns width to height, if it was seen.
async fn picture(text: &str, reference: bool) -> Result<Option<f64>, Refusal> {
    let picture = file("images", text).await?;
    if let Input::Bytes { length, format, .. } = picture {
        if !matches!(format, Some(Format::Png | Format::Jpeg | Format::Webp)) {
            return Err(Refusal::format());
        }
        if length > MOST_PICTURE_BYTES {
            return Err(Refusal::shape("a picture has more than 50 MB"));
        }
    }
    let Some((width, height)) = picture.size() else { return Ok(None) };
    let ratio = f64::from(width) / f64::from(height);
    if !(1.0 / MOST_RATIO..=MOST_RATIO).contains(&ratio) {
        return Err(Refusal::shape("a picture is too narrow"));
    }
    if reference && width.min(height) < LEAST_SIDE {
        return Err(Refusal::shape("a picture is too small"));
    }
    Ok(Some(ratio))
}

async fn clip(text: &str) -> Result<(), Refusal> {
    if file("videos", text).await?.may_be(Kind::Video) {
        Ok(())
    } else {
        Err(Refusal::invalid("videos", "no video"))
    }
}
