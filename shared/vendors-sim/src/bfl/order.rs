//! Orders that were read, and the pictures that they become.

use super::models::{KONTEXT_MAX, Model};
use crate::tasks;
use crate::works::Work;
use media::PictureFormat;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) seed: u64,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) format: PictureFormat,
    pub(super) input_megapixels: f64,
    pub(super) webhook_url: Option<String>,
}

impl Order {
    pub(super) fn credits(&self) -> f64 {
        self.model.price.credits(f64::from(self.width) * f64::from(self.height), self.input_megapixels)
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
        vec![Work::Picture {
            text: self.prompt.clone(),
            width: self.width,
            height: self.height,
            seed: self.seed,
            format: self.format,
        }]
    }

    fn seconds(&self) -> f64 {
        2.0
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
