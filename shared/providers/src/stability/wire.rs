//! What Stability answers with.

use serde::Deserialize;

/// A picture was made.
#[derive(Deserialize)]
pub(super) struct Made {
    /// The file, in base64.
    pub(super) image: Option<String>,
    /// How it ended.
    pub(super) finish_reason: FinishReason,
}

/// How the making of a picture ended.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum FinishReason {
    /// Well.
    Success,
    /// The picture broke the rules and was blurred.
    ContentFiltered,
    /// Not at all.
    Error,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// An error.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// The code.
    pub(super) name: String,
    /// Sentences that begin with a field's name.
    #[serde(default)]
    pub(super) errors: Vec<String>,
}
