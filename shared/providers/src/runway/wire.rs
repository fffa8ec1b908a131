//! What Runway answers with.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A task was accepted.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// The task's id.
    pub(super) id: Option<String>,
}

/// Where a file may be uploaded to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place {
    /// The address of a form.
    pub(super) upload_url: String,
    /// What the form has to hold before the file.
    pub(super) fields: BTreeMap<String, String>,
    /// The handle by which an order names the file.
    pub(super) runway_uri: String,
}

/// How a task stands.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Standing {
    /// The task's id.
    pub(super) id: Option<String>,
    /// The state.
    pub(super) status: Status,
    /// From 0 to 1.
    pub(super) progress: Option<f64>,
    /// Signed links, good for a day.
    pub(super) output: Option<Vec<Option<String>>>,
    /// Why it failed, for people.
    pub(super) failure: Option<String>,
    /// Why it failed, in a word with dots.
    pub(super) failure_code: Option<String>,
    /// What it cost in the end.
    cost: Option<Cost>,
}

impl Standing {
    /// Whether a task that has ended was charged; where nothing is told, it was.
    pub(super) fn was_charged(&self) -> bool {
        self.cost.as_ref().is_none_or(|cost| cost.credits > 0.0)
    }
}

/// A price.
#[derive(Deserialize)]
struct Cost {
    credits: f64,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    /// Waiting.
    Pending,
    /// Waiting for one of our own tasks to end.
    Throttled,
    /// At work.
    Running,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// Stopped.
    Cancelled,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// An error.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// A sentence.
    pub(super) error: String,
    /// Bad fields.
    #[serde(default)]
    pub(super) issues: Vec<Issue>,
}

/// A bad field.
#[derive(Deserialize)]
pub(super) struct Issue {
    /// The way to it: names, and numbers in lists.
    #[serde(default)]
    pub(super) path: Vec<serde_json::Value>,
    /// What is wrong with it.
    #[serde(default)]
    pub(super) message: String,
}
