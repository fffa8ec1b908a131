//! Orders that were read, and the clips that they become.

use crate::tasks;
use crate::works::Work;

/// What an address names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) project: String,
    pub(super) region: String,
    pub(super) model: String,
}

impl Place {
    /// The model's whole name.
    pub(super) fn resource(&self) -> String {
        let Self { project, region, model } = self;
        format!("projects/{project}/locations/{region}/publishers/google/models/{model}")
    }
}

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) place: Place,
    pub(super) prompt: String,
    pub(super) size: (u32, u32),
    pub(super) seconds: u32,
    pub(super) sound: bool,
    pub(super) count: usize,
    /// The folder of a bucket that the clips go to, without a slash at the end.
    pub(super) storage: Option<String>,
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        let clip = Work::Clip {
            text: self.prompt.clone(),
            width: self.size.0,
            height: self.size.1,
            milliseconds: self.seconds * 1000,
            sound: self.sound,
        };
        vec![clip; self.count]
    }

    fn seconds(&self) -> f64 {
        8.0
    }

    fn limits(&self) -> &'static [&'static str] {
        &["vertex_active"]
    }
}
