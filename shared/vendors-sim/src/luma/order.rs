//! Orders that were read, and the files that they become.

use crate::tasks;
use crate::works::Work;
use media::PictureFormat;
use serde_json::{Map, Value};

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Clip { seconds: u32 },
    Picture { format: PictureFormat },
}

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) product: Product,
    pub(super) model: &'static str,
    pub(super) prompt: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) callback_url: Option<String>,
    /// The request as it is echoed.
    pub(super) request: Map<String, Value>,
}

impl Order {
    /// What the account pays, in US cents.
    pub(super) fn cents(&self) -> f64 {
        /// Frames in a second.
        const FRAMES: f64 = 24.0;
        /// Cents for a million pixels of a clip.
        const RAY_2: f64 = 0.64;
        const RAY_FLASH_2: f64 = 0.22;
        match self.product {
            Product::Clip { seconds } => {
                let megapixels =
                    f64::from(self.width) * f64::from(self.height) * FRAMES * f64::from(seconds) / 1e6;
                megapixels * if self.model == "ray-2" { RAY_2 } else { RAY_FLASH_2 }
            }
            // What a picture costs is not published with the interface.
            Product::Picture { .. } => 1.0,
        }
    }

    fn still(&self, format: PictureFormat) -> Work {
        Work::Picture { text: self.prompt.clone(), width: self.width, height: self.height, seed: 0, format }
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    /// A clip comes with a still.
    fn works(&self) -> Vec<Work> {
        match self.product {
            Product::Clip { seconds } => {
                let clip = Work::Clip {
                    text: self.prompt.clone(),
                    width: self.width,
                    height: self.height,
                    milliseconds: seconds * 1000,
                    sound: false,
                };
                vec![clip, self.still(PictureFormat::Jpeg)]
            }
            Product::Picture { format } => vec![self.still(format)],
        }
    }

    fn seconds(&self) -> f64 {
        match self.product {
            Product::Clip { .. } => 5.0,
            Product::Picture { .. } => 2.0,
        }
    }

    fn limits(&self) -> &'static [&'static str] {
        &["luma_active"]
    }

    fn callback(&self) -> Option<&str> {
        self.callback_url.as_deref()
    }
}
