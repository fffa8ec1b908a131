//! What Dream Machine answers with.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A task, in every answer the same.
#[derive(Deserialize)]
pub(super) struct Generation {
    /// Its id.
    pub(super) id: Option<String>,
    /// How it stands.
    pub(super) state: Option<State>,
    /// Why it failed, in free text.
    pub(super) failure_reason: Option<String>,
    /// When it was begun.
    pub(super) created_at: Option<String>,
    /// The files, as they become ready.
    pub(super) assets: Option<Assets>,
    /// What was asked for.
    pub(super) request: Option<Map<String, Value>>,
}

/// Files of a task.
#[derive(Deserialize)]
pub(super) struct Assets {
    /// The clip.
    pub(super) video: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Waiting.
    Queued,
    /// At work.
    Dreaming,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A page of tasks.
#[derive(Deserialize)]
pub(super) struct Page {
    /// The newest first.
    pub(super) generations: Vec<Generation>,
    /// Whether older ones follow.
    pub(super) has_more: Option<bool>,
}
