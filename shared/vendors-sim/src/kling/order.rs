//! Orders that were read, and the clips that they become.

use crate::random;
use crate::tasks;
use crate::works::Work;

/// Which endpoint a task belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Text,
    Image,
    Omni,
    Avatar,
    Lips,
    /// The endpoints of the newer API, whose tasks have one list.
    Newer,
}

impl Family {
    /// Its place in the paths of the classic API.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text2video",
            Self::Image => "image2video",
            Self::Omni => "omni-video",
            Self::Avatar => "avatar/image2video",
            Self::Lips => "advanced-lip-sync",
            Self::Newer => "tasks",
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
    /// The prompt, and the addresses where there may be none: words for faults are looked for in it.
    pub(super) prompt: String,
    pub(super) clip: Clip,
    /// What the account pays.
    pub(super) units: f64,
    /// The clip that was given, for tasks that tell it.
    pub(super) parent: Option<String>,
    pub(super) common: Common,
}

/// The clip that comes of an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clip {
    /// Pixels of the shorter side.
    pub(super) short: u32,
    /// Width to height.
    pub(super) ratio: f64,
    pub(super) milliseconds: u32,
    pub(super) sound: bool,
}

/// What every order may have.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) watermark: bool,
    pub(super) external_id: Option<String>,
    pub(super) callback_url: Option<String>,
    /// The vendor's name of the clip.
    pub(super) video_id: String,
}

impl Common {
    pub(super) fn new(watermark: bool, external_id: Option<&str>, callback_url: Option<String>) -> Self {
        let external_id = external_id.filter(|id| !id.is_empty()).map(str::to_owned);
        Self { watermark, external_id, callback_url, video_id: random::uuid() }
    }
}

/// So many units a second. Rounding keeps a sum of tenths readable.
pub(super) fn units(second: f64, seconds: f64) -> f64 {
    (second * seconds * 100.0).round() / 100.0
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let Clip { short, ratio, milliseconds, sound } = self.clip;
        let even = |pixels: f64| (pixels / 2.0).round() as u32 * 2;
        let (width, height) = if ratio >= 1.0 {
            (even(f64::from(short) * ratio), short)
        } else {
            (short, even(f64::from(short) / ratio))
        };
        vec![Work::Clip { text: self.prompt.clone(), width, height, milliseconds, sound }]
    }

    fn seconds(&self) -> f64 {
        5.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["kling_active"]
    }

    fn client_id(&self) -> Option<&str> {
        self.common.external_id.as_deref()
    }

    fn callback(&self) -> Option<&str> {
        self.common.callback_url.as_deref()
    }
}
