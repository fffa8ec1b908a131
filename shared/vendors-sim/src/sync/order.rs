//! Orders that were read, and the clips that they become.

use super::media::Visual;
use super::models::Model;
use crate::tasks;
use crate::works::Work;
use serde_json::Value;

/// Seconds of a clip, at most: nobody wants to wait for a longer one.
const MOST_SECONDS: f64 = 30.0;

/// Frames in a second, for the bill.
const FRAMES: f64 = 25.0;

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    /// The script; where there is none, the addresses of the files.
    pub(super) prompt: String,
    pub(super) size: (u32, u32),
    pub(super) seconds: f64,
    pub(super) webhook_url: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) key: Option<String>,
    /// As they were ordered.
    pub(super) input: Value,
    pub(super) options: Value,
    pub(super) segments: Value,
    /// What tells this order from another with the same key.
    pub(super) content: String,
}

impl Order {
    /// Milliseconds of the clip.
    pub(super) fn milliseconds(&self) -> u32 {
        (self.seconds.min(MOST_SECONDS) * 1000.0).round() as u32
    }

    /// Frames that are paid.
    pub(super) fn frames(&self) -> f64 {
        (f64::from(self.milliseconds()) / 1000.0 * FRAMES).ceil()
    }
}

/// Seconds of a clip that is made of a clip or a picture and of so many seconds of speech.
pub(super) fn length(visual: &Visual, spoken: f64, sync_mode: &str) -> f64 {
    let seen = visual.seconds;
    match sync_mode {
        _ if visual.is_picture => spoken,
        "silence" => seen,
        "loop" | "bounce" | "remap" => spoken,
        _ => seen.min(spoken),
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let (width, height) = self.size;
        vec![Work::Clip {
            text: self.prompt.clone(),
            width,
            height,
            milliseconds: self.milliseconds(),
            sound: true,
        }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["sync_active"]
    }

    fn client_id(&self) -> Option<&str> {
        self.key.as_deref()
    }

    fn callback(&self) -> Option<&str> {
        self.webhook_url.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_differ_are_brought_together() {
        for (sync_mode, short_clip, long_clip) in [
            ("cut_off", 2.0, 3.0),
            ("loop", 5.0, 3.0),
            ("bounce", 5.0, 3.0),
            ("remap", 5.0, 3.0),
            ("silence", 2.0, 8.0),
        ] {
            let clip = |seconds| Visual { is_picture: false, seconds, size: (2, 2) };
            assert_eq!(length(&clip(2.0), 5.0, sync_mode), short_clip, "{sync_mode}");
            assert_eq!(length(&clip(8.0), 3.0, sync_mode), long_clip, "{sync_mode}");
            let picture = Visual { is_picture: true, seconds: 0.0, size: (2, 2) };
            assert_eq!(length(&picture, 5.0, sync_mode), 5.0, "{sync_mode}");
        }
    }
}
