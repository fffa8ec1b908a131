//! The newer API, whose paths name the model: `POST /text-to-video/{model}`, `POST /image-to-video/{model}`, and
//! `GET /tasks` for the tasks of both APIs. Of its models there is 3.0 Turbo.

use super::check::{self, WIDE, form, invalid, picture_within};
use super::order::{self, Clip, Common, Family, Order};
use super::wire::Refusal;
use crate::fields::Fields;
use std::collections::HashMap;

/// The one model.
const TURBO: &str = "kling-3.0-turbo";
/// Characters of a prompt without a picture, at most.
const MOST_PROMPT: usize = 3072;
/// Characters of a prompt beside a picture, at most.
const MOST_TEXT: usize = 2500;
/// Bytes of a picture, at most.
const MOST_PICTURE_BYTES: usize = 50 * 1024 * 1024;
/// Tasks that may be asked for at a time.
const MOST_IDS: usize = 20;

/// Reads an order.
pub(super) fn order(from_picture: bool, model: &str, body: Fields<'_>) -> Result<Order, Refusal> {
    if model != TURBO {
        return Err(Refusal::not_found(format!("model {model} is not found")));
    }
    let nothing = serde_json::Map::new();
    let settings = body.object("settings")?.unwrap_or(Fields(&nothing));
    // Other models have them; this one always makes sound, and shots as the prompt says.
    if let Some(other) = ["audio", "multi_shot"].into_iter().find(|name| settings.value(name).is_some()) {
        return Err(Refusal::parameter(format!("settings.{other} is not supported by {TURBO}")));
    }
    let (short, second) = match settings.text("resolution")?.unwrap_or("720p") {
        "720p" => (720, 0.8),
        "1080p" => (1080, 1.0),
        other => return Err(invalid("settings.resolution", other)),
    };
    let seconds = settings.whole("duration")?.unwrap_or(5);
    let seconds = u32::try_from(seconds).ok().filter(|seconds| (3..=15).contains(seconds));
    let seconds = seconds.ok_or_else(|| invalid("settings.duration", "out of range"))?;
    let (prompt, ratio) = if from_picture {
        contents(body)?
    } else {
        (text("prompt", body.text("prompt")?, MOST_PROMPT)?, check::aspect_ratio(settings)?)
    };
    let options = body.object("options")?.unwrap_or(Fields(&nothing));
    let callback_url = check::callback_url(options)?;
    Ok(Order {
        family: Family::Newer,
        prompt,
        clip: Clip { short, ratio, milliseconds: check::longer(seconds), sound: true },
        units: order::units(second, f64::from(seconds)),
        parent: None,
        common: Common::new(check::watermark(options)?, options.text("external_task_id")?, callback_url),
    })
}

fn text(field: &str, text: Option<&str>, most: usize) -> Result<String, Refusal> {
    match text {
        Some(text) if text.chars().count() > most => {
            Err(Refusal::parameter(format!("{field} must be no more than {most} characters")))
        }
        Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => Err(Refusal::parameter(format!("{field} can not be empty"))),
    }
}

/// The prompt, if there is one, and the form of the first frame.
fn contents(body: Fields<'_>) -> Result<(String, f64), Refusal> {
    let (mut prompt, mut frame) = (None, None);
    for content in body.list("contents")?.unwrap_or_default() {
        let content = content.as_object().map(Fields);
        let content = content.ok_or_else(|| Refusal::parameter("contents must hold objects"))?;
        match content.text("type")?.unwrap_or_default() {
            "prompt" if prompt.is_none() => {
                prompt = Some(text("contents text", content.text("text")?, MOST_TEXT)?);
            }
            "first_frame" if frame.is_none() => {
                let image = picture_within("url", MOST_PICTURE_BYTES, content)?;
                frame = Some(image.ok_or_else(|| Refusal::parameter("contents first_frame needs url"))?);
            }
            other => return Err(invalid("contents type", other)),
        }
    }
    let frame = frame.ok_or_else(|| Refusal::parameter("contents needs first_frame"))?;
    Ok((prompt.unwrap_or_default(), if frame.size().is_some() { form(frame) } else { WIDE }))
}

/// Which tasks are asked for: by our ids, or by the clients' own.
#[derive(Debug)]
pub(super) enum Wanted {
    Ids(Vec<String>),
    Names(Vec<String>),
}

impl Wanted {
    pub(super) fn read(query: &HashMap<String, String>) -> Result<Self, Refusal> {
        let list = |name: &str| -> Option<Vec<String>> {
            let text = query.get(name).filter(|text| !text.is_empty())?;
            Some(text.split(',').map(str::to_owned).collect())
        };
        let wanted = match (list("task_ids"), list("external_task_ids")) {
            (Some(ids), None) => Self::Ids(ids),
            (None, Some(names)) => Self::Names(names),
            _ => return Err(Refusal::parameter("either task_ids or external_task_ids must be provided")),
        };
        match &wanted {
            Self::Ids(list) | Self::Names(list) if list.len() > MOST_IDS => {
                Err(Refusal::parameter(format!("no more than {MOST_IDS} tasks may be queried")))
            }
            _ => Ok(wanted),
        }
    }
}
