//! Models, orders that were read, and the clips that they become.

use crate::tasks;
use crate::works::Work;

/// Which endpoint an order came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Image,
    Text,
}

impl Family {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Image => "image_to_video",
            Self::Text => "text_to_video",
        }
    }
}

/// A model of the vendor's own.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    /// Credits of a second; a credit is a cent.
    credits: u64,
    /// The newer model makes clips of text, too, has to be told text and duration, and writes other formats.
    pub(super) newer: bool,
}

pub(super) const MODELS: [Model; 2] =
    [Model { id: "gen4.5", credits: 12, newer: true }, Model { id: "gen4_turbo", credits: 5, newer: false }];

/// Width and height of clips that begin with a picture.
pub(super) const RATIOS: [&str; 6] = ["1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672"];
/// Width and height of clips from text alone.
pub(super) const TEXT_RATIOS: [&str; 2] = ["1280:720", "720:1280"];

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) size: (u32, u32),
    pub(super) seconds: u32,
    /// Whether the picture can be used: that it can't is told by the task, not by the submit.
    pub(super) picture_is_good: bool,
}

impl Order {
    pub(super) fn credits(&self) -> u64 {
        self.model.credits * u64::from(self.seconds)
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        let milliseconds = self.seconds * 1000;
        vec![Work::Clip { text: self.prompt.clone(), width, height, milliseconds, sound: false }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["runway_active"]
    }
}
