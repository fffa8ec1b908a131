//! Orders that were read, and the files that they become.

use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: String,
    pub(super) prompt: String,
    pub(super) ordered: Ordered,
}

/// What it becomes.
#[derive(Debug)]
pub(super) enum Ordered {
    /// `inline` is told in the answer itself.
    Clip { size: (u32, u32), seconds: u32, inline: bool },
    /// A picture.
    Picture { size: (u32, u32), seed: u64 },
}

impl Order {
    pub(super) fn is_clip(&self) -> bool {
        matches!(self.ordered, Ordered::Clip { .. })
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let text = self.prompt.clone();
        vec![match self.ordered {
            Ordered::Clip { size: (width, height), seconds, .. } => {
                Work::Clip { text, width, height, milliseconds: seconds * 1000, sound: true }
            }
            Ordered::Picture { size: (width, height), seed } => {
                Work::Picture { text, width, height, seed, format: media::PictureFormat::Png }
            }
        }]
    }

    fn seconds(&self) -> f64 {
        if self.is_clip() { 6.0 } else { 0.7 }
    }

    fn limits(&self) -> &'static [&'static str] {
        if self.is_clip() { &["google_active"] } else { &["google_pictures_active"] }
    }
}
