//! Orders of clips that were read.

use super::models::Model;
use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    /// Frames were told instead of seconds.
    pub(super) frames: Option<u32>,
    pub(super) seconds: u32,
    pub(super) resolution: String,
    pub(super) ratio: &'static str,
    pub(super) size: (u32, u32),
    pub(super) sound: bool,
    pub(super) seed: i64,
    pub(super) draft: bool,
    pub(super) last_frame: bool,
    pub(super) service_tier: String,
    pub(super) expires: i64,
    pub(super) callback_url: Option<String>,
    pub(super) safety_identifier: Option<String>,
}

impl Order {
    /// What the account pays for.
    pub(super) fn tokens(&self) -> u64 {
        let (width, height) = self.size;
        u64::from(width) * u64::from(height) * u64::from(24 * self.seconds + 1) / 1024
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    /// The clip, and its last frame if it was asked for.
    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        let milliseconds = self.frames.map_or(self.seconds * 1000, |frames| frames * 1000 / 24);
        let clip = Work::Clip { text: self.prompt.clone(), width, height, milliseconds, sound: self.sound };
        let frame = Work::Picture {
            text: self.prompt.clone(),
            width,
            height,
            seed: 0,
            format: media::PictureFormat::Png,
        };
        if self.last_frame { vec![clip, frame] } else { vec![clip] }
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["bytedance_clips"]
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
