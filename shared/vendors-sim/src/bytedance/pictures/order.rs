//! Orders of pictures that were read.

use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static str,
    pub(super) prompt: String,
    pub(super) size: (u32, u32),
    pub(super) count: u64,
    pub(super) seed: u64,
    pub(super) format: media::PictureFormat,
    /// As base64 instead of by a link.
    pub(super) in_the_answer: bool,
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        let picture = |number| Work::Picture {
            text: self.prompt.clone(),
            width,
            height,
            seed: self.seed.wrapping_add(number),
            format: self.format,
        };
        (0..self.count).map(picture).collect()
    }

    fn seconds(&self) -> f64 {
        2.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["bytedance_pictures"]
    }
}
