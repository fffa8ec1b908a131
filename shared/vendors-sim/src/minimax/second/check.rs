//! What the second dialect refuses in an order and in a question for a list.

use super::super::frames::{self, Limits};
use super::super::order::Order;
use super::super::refusal::Complaint;
use crate::fields::Fields;
use media::Kind;
use serde_json::Value;
use std::ops::RangeInclusive;

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 7000;

const MEGABYTE: usize = 1024 * 1024;
const PICTURES: Limits = Limits { most_bytes: 30 * MEGABYTE, sides: (256, 5760) };

/// Clips and recordings: seconds of each, and of the clips together.
const SECONDS: RangeInclusive<f64> = 2.0..=15.0;

/// Files of an order, at most.
const MOST_FILES: usize = 12;

#[derive(Debug)]
struct Model {
    id: &'static str,
    /// Resolutions with the pixels of the shorter side of 16:9.
    resolutions: [&'static str; 2],
    seconds: RangeInclusive<i64>,
    references: bool,
}

static MODELS: [Model; 2] = [
    Model { id: "MiniMax-H3", resolutions: ["768P", "2K"], seconds: 4..=15, references: true },
    Model { id: "MiniMax-H3-Max", resolutions: ["480P", "768P"], seconds: 5..=15, references: false },
];

/// Ratios with the sizes of 480P, 768P and 2K; the vendor does not publish them, its published clients have these.
const SIZES: [(&str, [(u32, u32); 3]); 6] = [
    ("21:9", [(1120, 480), (1792, 768), (2560, 1080)]),
    ("16:9", [(854, 480), (1366, 768), (2560, 1440)]),
    ("4:3", [(640, 480), (1024, 768), (2048, 1536)]),
    ("1:1", [(480, 480), (768, 768), (2048, 2048)]),
    ("3:4", [(480, 640), (768, 1024), (1536, 2048)]),
    ("9:16", [(480, 854), (768, 1366), (1440, 2560)]),
];

/// Reads an order, but for its callback.
pub(super) fn order(body: Fields<'_>) -> Result<Order, Complaint> {
    let name = body.text("model")?.unwrap_or_default();
    let model = MODELS.iter().find(|model| model.id == name);
    let model = model.ok_or_else(|| Complaint::parameter(format!("model {name} is not known")))?;
    let resolution = body.text("resolution")?.unwrap_or_default();
    if !model.resolutions.contains(&resolution) {
        return Err(Complaint::parameter(format!("resolution '{resolution}' is not supported by {name}")));
    }
    let seconds = body.whole("duration")?.filter(|seconds| model.seconds.contains(seconds));
    let seconds = seconds.ok_or_else(|| Complaint::parameter("duration is missing or out of range"))?;
    extra(model, body)?;
    body.bool("aigc_watermark")?;
    let content = Content::read(model, body.list("content")?.unwrap_or_default())?;
    let ratio = ratio(&content, body)?;
    Ok(Order {
        model: name.to_owned(),
        prompt: content.prompt,
        // Within the model's range: it fits.
        seconds: seconds as u32,
        size: size(resolution, ratio, content.form),
        sound: true,
        callback_url: None,
        file_id: 0,
        told: (resolution.to_owned(), ratio.to_owned(), content.video_seconds as u32),
        limits: &["minimax_h3_active"],
    })
}

fn extra(model: &Model, body: Fields<'_>) -> Result<(), Complaint> {
    let Some(extra) = body.object("extra")? else { return Ok(()) };
    let mode = extra.text("prompt_expansion_mode")?;
    let known = mode.is_none_or(|mode| ["disabled", "balanced", "quality"].contains(&mode));
    let alone = extra.0.keys().all(|key| key == "prompt_expansion_mode");
    if known && alone && model.id == "MiniMax-H3-Max" {
        Ok(())
    } else {
        Err(Complaint::parameter("extra is not supported like that"))
    }
}

/// The parts of an order, put together.
#[derive(Debug, Default)]
struct Content {
    prompt: String,
    frames: Vec<&'static str>,
    pictures: usize,
    videos: usize,
    audios: usize,
    video_seconds: f64,
    /// Width to height of the first picture that was seen.
    form: Option<f64>,
}

impl Content {
    fn read(model: &Model, parts: &[Value]) -> Result<Self, Complaint> {
        let mut content = Self::default();
        for part in parts {
            let part = part.as_object().map(Fields);
            content.add(part.ok_or_else(|| Complaint::parameter("content must hold objects"))?)?;
        }
        content.fits(model)?;
        Ok(content)
    }

    fn add(&mut self, part: Fields<'_>) -> Result<(), Complaint> {
        let role = part.text("role")?;
        match part.text("type")?.unwrap_or_default() {
            "text" => {
                let text = part.text("text")?.unwrap_or_default();
                if text.chars().count() > MOST_PROMPT {
                    return Err(Complaint::parameter("text is too long"));
                }
                self.prompt.push_str(text);
            }
            "image_url" => {
                let input = frames::picture("image_url", address(part, "image_url")?, PICTURES)?;
                self.form = self.form.or(frames::ratio(&input));
                match role {
                    None | Some("first_frame") => self.frames.push("first_frame"),
                    Some("last_frame") => self.frames.push("last_frame"),
                    Some("reference_image") => self.pictures += 1,
                    Some(role) => return Err(Complaint::parameter(format!("role {role} is not known"))),
                }
            }
            "video_url" if role == Some("reference_video") => {
                self.videos += 1;
                self.video_seconds += seconds(part, "video_url", Kind::Video, 50)?;
            }
            "audio_url" if role == Some("reference_audio") => {
                self.audios += 1;
                seconds(part, "audio_url", Kind::Audio, 15)?;
            }
            other => return Err(Complaint::parameter(format!("content of type '{other}' with this role"))),
        }
        Ok(())
    }

    fn fits(&self, model: &Model) -> Result<(), Complaint> {
        let references = self.pictures + self.videos + self.audios;
        let problem = if self.prompt.trim().is_empty() {
            "content needs a text"
        } else if !self.frames.is_empty() && references > 0 {
            "first_frame and last_frame can not be used with references"
        } else if !matches!(self.frames.as_slice(), [] | ["first_frame"] | ["first_frame", "last_frame"]) {
            "last_frame needs one first_frame before it"
        } else if references > 0 && !model.references {
            "references are not supported by this model"
        } else if self.pictures > 9 || self.videos > 3 || self.audios > 3 || references > MOST_FILES {
            "there are too many references"
        } else if self.video_seconds > *SECONDS.end() {
            "the clips are too long together"
        } else {
            return Ok(());
        };
        Err(Complaint::parameter(problem))
    }
}

fn address<'body>(part: Fields<'body>, field: &'static str) -> Result<&'body str, Complaint> {
    let address = part.object(field)?.map(|object| object.text("url")).transpose()?.flatten();
    address.ok_or_else(|| Complaint::parameter(format!("{field} needs a url")))
}

/// The seconds of a clip or a recording, as far as it can be seen.
fn seconds(part: Fields<'_>, field: &'static str, kind: Kind, megabytes: usize) -> Result<f64, Complaint> {
    let input = frames::file(field, address(part, field)?, kind, megabytes * MEGABYTE)?;
    match input.seconds() {
        Some(seconds) if !SECONDS.contains(&seconds) => {
            Err(Complaint::parameter(format!("{field} lasts {seconds} s")))
        }
        seconds => Ok(seconds.unwrap_or_default()),
    }
}

/// From text alone a ratio has to be told; otherwise the material decides unless one is.
fn ratio<'body>(content: &Content, body: Fields<'body>) -> Result<&'body str, Complaint> {
    let ratio = body.text("ratio")?;
    let known =
        ratio.is_none_or(|ratio| ratio == "adaptive" || SIZES.iter().any(|(known, _)| *known == ratio));
    let from_text = content.frames.is_empty() && content.pictures + content.videos + content.audios == 0;
    match ratio {
        _ if !known => Err(Complaint::parameter("ratio is not known")),
        None | Some("adaptive") if from_text => {
            Err(Complaint::parameter("ratio must be told, and not as adaptive, for a clip from text"))
        }
        Some(ratio) if content.frames.is_empty() => Ok(ratio),
        _ => Ok("adaptive"),
    }
}

fn size(resolution: &str, ratio: &str, form: Option<f64>) -> (u32, u32) {
    let wide = (854, 480);
    let of = |sizes: &[(u32, u32); 3]| match resolution {
        "480P" => sizes[0],
        "768P" => sizes[1],
        _ => sizes[2],
    };
    let told = SIZES.iter().find(|(known, _)| *known == ratio).map(|(_, sizes)| of(sizes));
    told.unwrap_or_else(|| {
        let short = match resolution {
            "480P" => 480,
            "768P" => 768,
            _ => 1440,
        };
        form.map_or_else(
            || SIZES.iter().find(|(known, _)| *known == "16:9").map_or(wide, |(_, sizes)| of(sizes)),
            |form| frames::size(form, short),
        )
    })
}

/// A question for a list.
#[derive(Debug)]
pub(super) struct Listing {
    number: usize,
    pub(super) size: usize,
    status: Option<String>,
    model: Option<String>,
    ids: Vec<String>,
}

impl Listing {
    pub(super) fn skip(&self) -> usize {
        (self.number - 1) * self.size
    }

    pub(super) fn fits_order(&self, order: &Order) -> bool {
        self.model.as_ref().is_none_or(|model| *model == order.model)
    }

    pub(super) fn fits(&self, told: &Value) -> bool {
        self.status.as_ref().is_none_or(|status| told["status"] == **status)
            && (self.ids.is_empty() || self.ids.iter().any(|id| told["id"] == **id))
    }
}

pub(super) fn listing(pairs: &[(String, String)]) -> Result<Listing, Complaint> {
    let mut listing = Listing { number: 1, size: 10, status: None, model: None, ids: Vec::new() };
    for (name, value) in pairs {
        let number = || {
            let number = value.parse().ok().filter(|number| (1..=500).contains(number));
            number.ok_or_else(|| Complaint::parameter(format!("{name} is out of range")))
        };
        match name.as_str() {
            "page_num" => listing.number = number()?,
            "page_size" => listing.size = number()?,
            "filter.status" => listing.status = Some(value.clone()),
            "filter.model" => listing.model = Some(value.clone()),
            "filter.task_ids" => listing.ids.push(value.clone()),
            _ => {}
        }
    }
    Ok(listing)
}
