//! Orders that were read, and the files that they become.

use super::models::{Makes, Model};
use crate::tasks;
use crate::works::{Shape, Work};
use media::PictureFormat;
use serde_json::Value;

/// What was ordered. The queue takes whatever is JSON: what is wrong with it shows when the model looks at it.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) problems: Vec<Value>,
    pub(super) seed: u64,
    pub(super) made: Made,
    /// Where to say that it is over.
    pub(super) webhook: Option<String>,
}

/// What is made.
#[derive(Debug)]
pub(super) enum Made {
    Pictures { count: u32, width: u32, height: u32, format: PictureFormat },
    Clip { width: u32, height: u32, milliseconds: u32, sound: bool },
    Speech { voice: String, speed_percent: u32 },
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let text = || self.prompt.clone();
        match &self.made {
            Made::Pictures { count, width, height, format } => (0..u64::from(*count))
                .map(|number| Work::Picture {
                    text: text(),
                    width: *width,
                    height: *height,
                    seed: self.seed.wrapping_add(number),
                    format: *format,
                })
                .collect(),
            Made::Clip { width, height, milliseconds, sound } => vec![Work::Clip {
                text: text(),
                width: *width,
                height: *height,
                milliseconds: *milliseconds,
                sound: *sound,
            }],
            Made::Speech { voice, speed_percent } => vec![Work::Voice {
                text: text(),
                voice: voice.clone(),
                speed_percent: *speed_percent,
                shape: Shape::Mp3,
            }],
        }
    }

    fn seconds(&self) -> f64 {
        match self.model.makes {
            Makes::Pictures { .. } | Makes::Speech => 1.5,
            Makes::Clip { .. } => 4.0,
        }
    }

    fn limits(&self) -> &'static [&'static str] {
        &["fal_active"]
    }

    fn callback(&self) -> Option<&str> {
        self.webhook.as_deref()
    }
}
