//! Orders that were read, and the clips that they become.

use super::models::{Family, Model};
use crate::tasks;
use crate::works::Work;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) family: Family,
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) images: Vec<String>,
    pub(super) seconds: i64,
    pub(super) seed: i64,
    pub(super) resolution: &'static str,
    /// As it was ordered; empty where the pictures decide.
    pub(super) aspect_ratio: String,
    /// Width to height.
    pub(super) ratio: f64,
    pub(super) movement: &'static str,
    pub(super) sound: bool,
    pub(super) bgm: bool,
    pub(super) off_peak: bool,
    pub(super) watermark: bool,
    pub(super) recommended: bool,
    pub(super) payload: String,
    pub(super) callback_url: Option<String>,
}

impl Order {
    /// What the account pays.
    pub(super) fn credits(&self) -> i64 {
        let credits = self.model.credits(self.resolution, self.seconds);
        let credits = if self.off_peak { credits / 2 } else { credits };
        credits + if self.recommended { 10 } else { 0 }
    }

    fn size(&self) -> (u32, u32) {
        let short: u32 =
            self.resolution.strip_suffix('p').and_then(|lines| lines.parse().ok()).unwrap_or(720);
        let long = (f64::from(short) * self.ratio.max(1.0 / self.ratio) / 2.0).round() as u32 * 2;
        if self.ratio >= 1.0 { (long, short) } else { (short, long) }
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    /// The clip, and its cover.
    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size();
        let text = self.prompt.clone();
        let seconds = u32::try_from(self.seconds).unwrap_or(1);
        let cover =
            Work::Picture { text: text.clone(), width, height, seed: 0, format: media::PictureFormat::Jpeg };
        vec![Work::Clip { text, width, height, milliseconds: seconds * 1000, sound: self.sound }, cover]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["vidu_active"]
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
