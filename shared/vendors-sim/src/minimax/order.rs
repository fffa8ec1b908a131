//! Orders that were read, and the clips that they become.

use crate::random;
use crate::tasks;
use crate::works::Work;

/// What was ordered in either dialect, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: String,
    pub(super) prompt: String,
    pub(super) seconds: u32,
    /// Width and height of the clip.
    pub(super) size: (u32, u32),
    pub(super) sound: bool,
    pub(super) callback_url: Option<String>,
    /// The first dialect's name of the result.
    pub(super) file_id: u64,
    /// What the second dialect tells again: resolution, ratio, seconds of clips that came in.
    pub(super) told: (String, String, u32),
    pub(super) limits: &'static [&'static str],
}

/// A long number, as the vendor's ids are, but small enough to be read as floating point.
pub(super) fn long_number() -> u64 {
    170_000_000_000_000 + random::number() % 10_000_000_000_000
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        let milliseconds = self.seconds * 1000;
        vec![Work::Clip { text: self.prompt.clone(), width, height, milliseconds, sound: self.sound }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        self.limits
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
