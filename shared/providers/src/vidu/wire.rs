//! What Vidu answers with.

use serde::Deserialize;
use serde_json::Value;

/// A task was accepted.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// A long decimal number, as a text.
    pub(super) task_id: Option<String>,
}

/// How a task stands. It does not say which task it is about.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The state.
    pub(super) state: Option<State>,
    /// Why it failed: a reason as in [`Refusal`].
    pub(super) err_code: Option<String>,
    /// What came of it.
    pub(super) creations: Option<Vec<Creation>>,
}

/// A finished clip.
#[derive(Deserialize)]
pub(super) struct Creation {
    /// A signed link, good for a day at most.
    pub(super) url: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Waiting.
    Created,
    /// Waiting.
    Queueing,
    /// At work.
    Processing,
    /// Done.
    Success,
    /// Given up, or stopped.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A page of tasks.
#[derive(Deserialize)]
pub(super) struct Page {
    /// The tasks.
    pub(super) tasks: Vec<Listed>,
}

/// A task in a list. Its documentation is thin, so every field may be missing.
#[derive(Deserialize)]
pub(super) struct Listed {
    /// The task's id.
    #[serde(alias = "task_id")]
    pub(super) id: Option<String>,
    /// Our own name for it.
    pub(super) payload: Option<String>,
    /// The model.
    pub(super) model: Option<String>,
    /// The words.
    pub(super) prompt: Option<String>,
    /// Seconds.
    pub(super) duration: Option<f64>,
    /// RFC 3339, or milliseconds since the epoch.
    pub(super) created_at: Option<Value>,
}

/// An error.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// What counts: the status is 400 for an empty account and for forbidden words alike.
    pub(super) reason: String,
    /// The vendor's words.
    pub(super) message: Option<String>,
}
