//! Orders that were read, and the pictures and clips that they become.

use super::models::{KONTEXT_MAX, Model};
use crate::tasks;
use crate::works::Work;
use media::PictureFormat;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) made: Made,
    pub(super) input_megapixels: f64,
    pub(super) webhook_url: Option<String>,
}

/// What it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Picture { seed: u64, format: PictureFormat },
    Clip { seconds: u32, sound: bool },
}

impl Order {
    pub(super) fn credits(&self) -> f64 {
        let seconds = match self.made {
            Made::Picture { .. } => 0,
            Made::Clip { seconds, .. } => seconds,
        };
        let pixels = f64::from(self.width) * f64::from(self.height);
        self.model.price.credits(pixels, self.input_megapixels, seconds)
    }

    /// Millions of pixels, to a hundredth.
    pub(super) fn output_megapixels(&self) -> f64 {
        megapixels(self.width, self.height)
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (text, width, height) = (self.prompt.clone(), self.width, self.height);
        vec![match self.made {
            Made::Picture { seed, format } => Work::Picture { text, width, height, seed, format },
            Made::Clip { seconds, sound } => {
                Work::Clip { text, width, height, milliseconds: seconds * 1000, sound }
            }
        }]
    }

    fn seconds(&self) -> f64 {
        match self.made {
            Made::Picture { .. } => 2.0,
            Made::Clip { .. } => 8.0,
        }
    }

    /// Those of `flux-kontext-max` count twice: there and among all.
    fn limits(&self) -> &'static [&'static str] {
        if self.model.id == KONTEXT_MAX { &["bfl_active", "bfl_kontext_max_active"] } else { &["bfl_active"] }
    }
}

/// Millions of pixels, to a hundredth.
pub(super) fn megapixels(width: u32, height: u32) -> f64 {
    (f64::from(width) * f64::from(height) / 10_000.0).round() / 100.0
}
