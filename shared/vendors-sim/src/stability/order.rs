//! Orders that were read, and the pictures that they become.

use crate::tasks;
use crate::works::Work;
use media::PictureFormat;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) prompt: String,
    pub(super) seed: u64,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) format: PictureFormat,
    /// Credits, each a cent.
    pub(super) credits: f64,
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
        3.0
    }

    /// The vendor counts calls in a time; here those at work count.
    fn limits(&self) -> &'static [&'static str] {
        &["stability_active"]
    }
}
