//! An order as a list of parts: words, pictures, clips and recordings, each with its role. More than one vendor of
//! clips has settled on this form.

use super::pictures;
use crate::Task;
use serde::Serialize;
use std::borrow::Cow;

/// One part of an order.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Part<'a> {
    /// The prompt.
    Text {
        /// The words.
        text: Cow<'a, str>,
    },
    /// A picture.
    ImageUrl {
        /// Where it is.
        image_url: Address<'a>,
        /// What it is for.
        role: &'static str,
    },
    /// A clip.
    VideoUrl {
        /// Where it is.
        video_url: Address<'a>,
        /// What it is for.
        role: &'static str,
    },
    /// A recording.
    AudioUrl {
        /// Where it is.
        audio_url: Address<'a>,
        /// What it is for.
        role: &'static str,
    },
}

impl Part<'_> {
    /// Whether it is there to be like, rather than to be shown.
    pub(crate) fn is_reference(&self) -> bool {
        match self {
            Part::Text { .. } => false,
            Part::ImageUrl { role, .. } | Part::VideoUrl { role, .. } | Part::AudioUrl { role, .. } => {
                role.starts_with("reference")
            }
        }
    }
}

/// A link as these vendors wrap it.
#[derive(Debug, Serialize)]
pub(crate) struct Address<'a> {
    url: &'a str,
}

/// The order's parts. Where the model takes references, pictures given as a list are such, and a clip or a recording
/// makes one of a single picture; frames and references exclude each other.
pub(crate) fn content<'a>(
    task: &Task<'a>,
    prompt: Option<Cow<'a, str>>,
    takes_references: bool,
) -> Vec<Part<'a>> {
    let input = &task.job.order.input;
    let has_more = !input.images.is_empty() || input.video.is_some() || input.audio.is_some();
    let references = takes_references && has_more && input.last_image.is_none();
    let mut parts: Vec<Part<'a>> = prompt.map(|text| Part::Text { text }).into_iter().collect();
    let image = |url: &'a str, role| Part::ImageUrl { image_url: Address { url }, role };
    if references {
        parts.extend(pictures(task).into_iter().map(|url| image(url, "reference_image")));
        parts.extend(
            input
                .video
                .as_deref()
                .map(|url| Part::VideoUrl { video_url: Address { url }, role: "reference_video" }),
        );
        parts.extend(
            input
                .audio
                .as_deref()
                .map(|url| Part::AudioUrl { audio_url: Address { url }, role: "reference_audio" }),
        );
    } else {
        parts.extend(pictures(task).first().map(|url| image(url, "first_frame")));
        parts.extend(input.last_image.as_deref().map(|url| image(url, "last_frame")));
    }
    parts
}
