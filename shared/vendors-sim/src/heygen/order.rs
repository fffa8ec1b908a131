//! Orders that were read, and the videos that they become.

use crate::tasks;
use crate::works::Work;
use media::PictureFormat;

/// The longest video, in seconds: longer ones would only make tests slow.
const MOST_SECONDS: f64 = 15.0;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    /// Under which a repeat is the same order.
    pub(super) key: Option<String>,
    pub(super) title: Option<String>,
    /// The script, or else what words there are.
    pub(super) prompt: String,
    /// How long the speech is, if it is not the script that says so.
    pub(super) recorded: Option<f64>,
    pub(super) engine: &'static str,
    /// Whether a picture speaks, or an avatar that was made of one.
    pub(super) photo: bool,
    pub(super) resolution: &'static str,
    /// Width to height.
    pub(super) ratio: f64,
    pub(super) format: &'static str,
    pub(super) callback_url: Option<String>,
    pub(super) callback_id: Option<String>,
}

impl Order {
    /// The video's length in seconds.
    pub(super) fn length(&self) -> f64 {
        // 150 words a minute.
        let spoken = self.prompt.split_whitespace().count() as f64 / 2.5;
        self.recorded.unwrap_or(spoken).clamp(1.0, MOST_SECONDS)
    }

    /// What the account pays, in ten-thousandths of a dollar.
    pub(super) fn price(&self) -> u64 {
        let second = match (self.engine, self.photo, self.resolution) {
            ("avatar_iii", _, "4k") => 200.0,
            ("avatar_iii", _, _) => 167.0,
            (_, true, "4k") | (_, false, "720p" | "1080p") => 667.0,
            (_, true, _) => 500.0,
            _ => 833.0,
        };
        (second * self.length()) as u64
    }

    fn size(&self) -> (u32, u32) {
        let short: u32 = match self.resolution {
            "720p" => 720,
            "4k" => 2160,
            _ => 1080,
        };
        let long = (f64::from(short) * self.ratio.max(1.0 / self.ratio) / 2.0).round() as u32 * 2;
        if self.ratio >= 1.0 { (long, short) } else { (short, long) }
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    /// The video, and its cover. A transparent one is no other file here.
    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size();
        let text = self.prompt.clone();
        let cover = Work::Picture {
            text: text.clone(),
            width: width / 4,
            height: height / 4,
            seed: 0,
            format: PictureFormat::Jpeg,
        };
        let milliseconds = (self.length() * 1000.0) as u32;
        vec![Work::Clip { text, width, height, milliseconds, sound: true }, cover]
    }

    fn seconds(&self) -> f64 {
        8.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["heygen_active"]
    }

    fn client_id(&self) -> Option<&str> {
        self.key.as_deref()
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
