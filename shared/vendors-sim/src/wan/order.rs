//! Orders that were read, and the clips that they become.

use super::models::{Model, Tier};
use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    /// Told in the answer and in lists.
    pub(super) request_id: String,
    pub(super) model: &'static Model,
    /// As it is worked with: what is too long was cut.
    pub(super) prompt: String,
    pub(super) seconds: i64,
    pub(super) tier: Tier,
    /// Width and height.
    pub(super) size: (u32, u32),
    pub(super) sound: bool,
    /// Whether the prompt is rewritten.
    pub(super) extends: bool,
    /// Seconds of the clips that came with it, as far as they are charged.
    pub(super) input_seconds: i64,
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        let seconds = u32::try_from(self.seconds).unwrap_or(1);
        let text = self.prompt.clone();
        vec![Work::Clip { text, width, height, milliseconds: seconds * 1000, sound: self.sound }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        self.model.limits()
    }
}
