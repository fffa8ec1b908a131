//! Orders that were read, and the clips that they become.

use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) prompt: String,
    pub(super) seconds: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        vec![Work::Clip {
            text: self.prompt.clone(),
            width: self.width,
            height: self.height,
            milliseconds: self.seconds * 1000,
            sound: false,
        }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["lumaagents_active"]
    }
}
