//! What Black Forest Labs answers with.

use serde::Deserialize;

/// A task was accepted.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// The task's id.
    pub(super) id: Option<String>,
    /// Where to ask for it.
    pub(super) polling_url: Option<String>,
}

/// How a task stands.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The task's id.
    pub(super) id: Option<String>,
    /// The state.
    pub(super) status: Status,
    /// From 0 to 1.
    pub(super) progress: Option<f64>,
    /// Reasons, in whatever form; for the log.
    pub(super) details: Option<serde_json::Value>,
}

/// A finished task.
#[derive(Deserialize)]
pub(super) struct Ready {
    /// What came of it.
    pub(super) result: Sample,
}

/// The picture or the clip.
#[derive(Deserialize)]
pub(super) struct Sample {
    /// A signed link.
    pub(super) sample: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
pub(super) enum Status {
    /// Waiting or at work.
    Pending,
    /// At work.
    Reasoning,
    /// At work.
    Generating,
    /// Done.
    Ready,
    /// The order broke the rules.
    #[serde(rename = "Request Moderated")]
    RequestModerated,
    /// The result broke the rules.
    #[serde(rename = "Content Moderated")]
    ContentModerated,
    /// Given up.
    Error,
    /// Given up.
    Failed,
    /// The queried server does not know it (yet).
    #[serde(rename = "Task not found")]
    TaskNotFound,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// An error.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// What is wrong.
    pub(super) detail: Detail,
}

/// What is wrong, in one of two forms.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Detail {
    /// A sentence.
    Words(String),
    /// A list of bad fields.
    Fields(Vec<FieldProblem>),
}

/// A bad field.
#[derive(Deserialize)]
pub(super) struct FieldProblem {
    /// The way to it: `body`, then the name.
    pub(super) loc: Vec<serde_json::Value>,
    /// What is wrong with it.
    #[serde(default)]
    pub(super) msg: String,
}
