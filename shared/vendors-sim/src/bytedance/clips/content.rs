//! The parts of an order of clips.

use super::super::refusal::Complaint;
use super::super::seen::{self, Limits};
use super::models::Model;
use crate::fields::Fields;
use media::Kind;
use serde_json::Value;
use std::ops::RangeInclusive;

const PICTURES: Limits = Limits { most_megabytes: 30, sides: (300, 6000), most_ratio: 2.5 };

/// Seconds of clips that come in.
const SECONDS: RangeInclusive<f64> = 2.0..=15.0;

/// The parts, put together.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) prompt: String,
    frames: Vec<Option<&'static str>>,
    pictures: usize,
    clips: usize,
    recordings: usize,
    /// Width to height of the first picture that was seen.
    pub(super) form: Option<f64>,
}

impl Content {
    pub(super) fn read(model: &Model, parts: &[Value]) -> Result<Self, Complaint> {
        let mut content = Self::default();
        for part in parts {
            let part = part.as_object().map(Fields);
            content.add(part.ok_or_else(|| Complaint::parameter("content", "it must hold objects"))?)?;
        }
        content.fits(model)?;
        Ok(content)
    }

    pub(super) fn has_references(&self) -> bool {
        self.pictures + self.clips + self.recordings > 0
    }

    pub(super) fn is_from_text(&self) -> bool {
        self.frames.is_empty() && !self.has_references()
    }

    fn add(&mut self, part: Fields<'_>) -> Result<(), Complaint> {
        let role = part.text("role")?;
        match (part.text("type")?.unwrap_or_default(), role) {
            ("text", _) => self.prompt.push_str(part.text("text")?.unwrap_or_default()),
            ("image_url", role) => {
                let input = seen::picture("image_url", address(part, "image_url")?, PICTURES)?;
                self.form = self.form.or(seen::ratio(&input));
                match role {
                    None => self.frames.push(None),
                    Some("first_frame") => self.frames.push(Some("first_frame")),
                    Some("last_frame") => self.frames.push(Some("last_frame")),
                    Some("reference_image") => self.pictures += 1,
                    Some(role) => return Err(Complaint::parameter("role", &format!("{role} is not known"))),
                }
            }
            ("video_url", Some("reference_video")) => {
                self.clips += 1;
                let clip = seen::file("video_url", address(part, "video_url")?, Kind::Video, 200)?;
                if clip.seconds().is_some_and(|seconds| !SECONDS.contains(&seconds)) {
                    return Err(Complaint::parameter("video_url", "it is too short or too long"));
                }
            }
            ("audio_url", Some("reference_audio")) => {
                self.recordings += 1;
                seen::file("audio_url", address(part, "audio_url")?, Kind::Audio, 15)?;
            }
            (kind, _) => {
                let problem = format!("a part of the type '{kind}' with this role is not supported");
                return Err(Complaint::parameter("content", &problem));
            }
        }
        Ok(())
    }

    fn fits(&self, model: &Model) -> Result<(), Complaint> {
        let [pictures, clips, recordings] = model.references;
        let problem = if self.prompt.trim().is_empty() && self.is_from_text() {
            return Err(Complaint::missing("content"));
        } else if !self.frames.is_empty() && self.has_references() {
            "frames can not be mixed with references"
        } else if self.pictures > pictures || self.clips > clips || self.recordings > recordings {
            "the model takes fewer references, or none"
        } else {
            match self.frames.as_slice() {
                [] if self.has_references() || model.text => return Ok(()),
                [] => "the model needs a picture",
                [None | Some("first_frame")] if model.first => return Ok(()),
                [Some("first_frame"), Some("last_frame")] if model.last => return Ok(()),
                _ => "the model does not take these frames, or their roles are wrong",
            }
        };
        Err(Complaint::parameter("content", problem))
    }
}

fn address<'body>(part: Fields<'body>, field: &'static str) -> Result<&'body str, Complaint> {
    let address = part.object(field)?.map(|object| object.text("url")).transpose()?.flatten();
    address.ok_or_else(|| Complaint::missing(field))
}
