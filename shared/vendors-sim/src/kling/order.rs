//! Orders that were read, and the clips that they become.

use super::models::Model;
use crate::tasks;
use crate::works::Work;

/// Which endpoint a task belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Text,
    Image,
}

impl Family {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text2video",
            Self::Image => "image2video",
        }
    }
}

/// How much the vendor computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Std,
    Pro,
    FourK,
}

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) family: Family,
    pub(super) model: &'static Model,
    pub(super) mode: Mode,
    pub(super) prompt: String,
    pub(super) seconds: u32,
    /// Width to height.
    pub(super) ratio: f64,
    pub(super) sound: bool,
    pub(super) watermark: bool,
    pub(super) external_id: Option<String>,
    pub(super) video_id: String,
    pub(super) callback_url: Option<String>,
}

impl Order {
    /// How long the clip is: the vendor's clips are a little longer than ordered.
    pub(super) fn milliseconds(&self) -> u32 {
        self.seconds * 1000 + 100
    }

    /// What the account pays.
    pub(super) fn units(&self) -> f64 {
        let [std, pro] = self.model.units;
        let second = match self.mode {
            Mode::Std => std,
            Mode::Pro => pro,
            Mode::FourK => 3.0,
        };
        // Sound adds half, as the list prices do. Rounding keeps a sum of tenths readable.
        let second = if self.sound { second * 1.5 } else { second };
        (second * f64::from(self.seconds) * 100.0).round() / 100.0
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let [std, pro] = self.model.pixels;
        let short = match self.mode {
            Mode::Std => std,
            Mode::Pro => pro,
            Mode::FourK => 2160,
        };
        let even = |pixels: f64| (pixels / 2.0).round() as u32 * 2;
        let (width, height) = if self.ratio >= 1.0 {
            (even(f64::from(short) * self.ratio), short)
        } else {
            (short, even(f64::from(short) / self.ratio))
        };
        vec![Work::Clip {
            text: self.prompt.clone(),
            width,
            height,
            milliseconds: self.milliseconds(),
            sound: self.sound,
        }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["kling_active"]
    }

    fn client_id(&self) -> Option<&str> {
        self.external_id.as_deref()
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
