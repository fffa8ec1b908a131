//! `POST /v1/videos/omni-video`: models that take frames, reference pictures and a clip in lists.

use super::check::{self, WIDE, form, invalid, picture, short_enough};
use super::models::{self, Model, OMNI};
use super::order::{self, Clip, Family, Mode, Order};
use super::parts;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs;

/// Reads an order.
pub(super) fn order(body: Fields<'_>) -> Result<Order, Refusal> {
    let model = model(body)?;
    let mode = check::mode(model, "pro", body)?;
    let sound = check::sound(model, mode, body)?;
    let given = Given::read(model, body)?;
    if sound && given.clip.is_some() {
        return Err(Refusal::parameter("sound on can not be used together with video_list"));
    }
    let seconds = seconds(model, &given, body)?;
    let shots = parts::shots(model, seconds, body)?;
    let prompt = body.text("prompt")?;
    short_enough("prompt", prompt)?;
    let prompt = shots.or_else(|| prompt.map(str::to_owned)).filter(|prompt| !prompt.trim().is_empty());
    let [std, pro] = match (given.clip, sound) {
        (Some(_), _) => [0.9, 1.2],
        (None, true) => [0.8, 1.0],
        (None, false) => model.units,
    };
    let (short, second) = match mode {
        Mode::Std => (720, std),
        Mode::Pro => (1080, pro),
        Mode::FourK => (2160, 3.0),
    };
    Ok(Order {
        family: Family::Omni,
        prompt: prompt.ok_or_else(|| Refusal::parameter("prompt can not be empty"))?,
        clip: Clip { short, ratio: ratio(&given, body)?, milliseconds: check::longer(seconds), sound },
        units: order::units(second, f64::from(seconds)),
        parent: None,
        common: check::common(body)?,
    })
}

fn model(body: Fields<'_>) -> Result<&'static Model, Refusal> {
    let Some(name) = body.text("model_name")? else { return Ok(&OMNI[0]) };
    OMNI.iter().find(|model| model.id == name).ok_or_else(|| match models::find(name) {
        Some(_) => invalid("model_name", name),
        None => Refusal::not_found(format!("model {name} is not found")),
    })
}

/// The material of an order.
struct Given {
    /// The form of the clip, from its first frame.
    first: Option<f64>,
    /// Pictures that are no frames.
    references: usize,
    clip: Option<Refers>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Refers {
    Base,
    Feature,
}

impl Given {
    fn read(model: &Model, body: Fields<'_>) -> Result<Self, Refusal> {
        let clip = clip(body)?;
        let pictures = body.list("image_list")?.unwrap_or_default();
        let most = if clip.is_some() { 4 } else { 7 };
        if pictures.len() > most {
            return Err(Refusal::parameter(format!("image_list takes up to {most} images")));
        }
        let (mut first, mut last, mut references) = (None, false, 0);
        for item in pictures {
            let item = item.as_object().map(Fields);
            let item = item.ok_or_else(|| Refusal::parameter("image_list must hold objects"))?;
            let image = picture("image_url", item)?;
            let image = image.ok_or_else(|| Refusal::parameter("image_list needs image_url"))?;
            match item.text("type")? {
                None => references += 1,
                Some("first_frame") if first.is_none() => first = Some(form(image)),
                Some("end_frame") if !last => last = true,
                Some(other) => return Err(invalid("image_list type", other)),
            }
        }
        if last && first.is_none() {
            return Err(Refusal::parameter("image_list: end_frame needs first_frame"));
        }
        if last && references > 0 && model.id == "kling-video-o1" {
            return Err(Refusal::parameter(
                "image_list: end_frame can not be used together with other images",
            ));
        }
        if clip == Some(Refers::Base) && first.is_some() {
            return Err(Refusal::parameter(
                "image_list: first_frame can not be used together with a base video",
            ));
        }
        Ok(Self { first, references, clip })
    }
}

fn clip(body: Fields<'_>) -> Result<Option<Refers>, Refusal> {
    let clip = match body.list("video_list")?.unwrap_or_default() {
        [] => return Ok(None),
        [clip] => clip.as_object().map(Fields),
        _ => return Err(Refusal::parameter("video_list takes one video")),
    };
    let clip = clip.ok_or_else(|| Refusal::parameter("video_list must hold objects"))?;
    let address = clip.text("video_url")?.unwrap_or_default();
    if !inputs::is_address(address) {
        return Err(invalid("video_url", address));
    }
    match clip.text("keep_original_sound")?.unwrap_or("yes") {
        "yes" | "no" => {}
        other => return Err(invalid("keep_original_sound", other)),
    }
    match clip.text("refer_type")?.unwrap_or("base") {
        "base" => Ok(Some(Refers::Base)),
        "feature" => Ok(Some(Refers::Feature)),
        other => Err(invalid("refer_type", other)),
    }
}

/// O1 makes clips of 3 to 10 seconds, and only of 5 or 10 from text or frames alone.
fn seconds(model: &Model, given: &Given, body: Fields<'_>) -> Result<u32, Refusal> {
    let text = body.text("duration")?.unwrap_or("5");
    let refers = given.references > 0 || given.clip.is_some();
    let fits = |seconds: &u32| {
        seconds.to_string() == text
            && match (model.third, refers) {
                (true, _) => (3..=15).contains(seconds),
                (false, true) => (3..=10).contains(seconds),
                (false, false) => [5, 10].contains(seconds),
            }
    };
    text.parse().ok().filter(fits).ok_or_else(|| invalid("duration", text))
}

fn ratio(given: &Given, body: Fields<'_>) -> Result<f64, Refusal> {
    match given.first {
        Some(first) => Ok(first),
        None if given.clip == Some(Refers::Base) => Ok(WIDE),
        None if body.value("aspect_ratio").is_none() => {
            Err(Refusal::parameter("aspect_ratio can not be empty without a first frame"))
        }
        None => check::aspect_ratio(body),
    }
}
