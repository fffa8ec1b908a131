//! What Luma Agents answers with.

use serde::Deserialize;

/// A task, in every answer the same.
#[derive(Deserialize)]
pub(super) struct Generation {
    /// Its id.
    pub(super) id: Option<String>,
    /// How it stands.
    pub(super) state: Option<State>,
    /// The files of a finished task.
    pub(super) output: Option<Vec<File>>,
    /// Why it failed.
    pub(super) failure_code: Option<FailureCode>,
    /// The same in free text.
    pub(super) failure_reason: Option<String>,
}

/// A finished file.
#[derive(Deserialize)]
pub(super) struct File {
    /// `video` or another kind.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// A signed link, good for an hour; each look makes another.
    pub(super) url: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Waiting.
    Queued,
    /// At work.
    Processing,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// Why a task failed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FailureCode {
    /// The content rules.
    ContentModerated,
    /// It did not work out.
    GenerationFailed,
    /// The account has no money left.
    BudgetExhausted,
    /// The result was lost.
    OutputNotFound,
    /// A picture has too many bytes or pixels.
    ImageTooLarge,
    /// A file of another kind than the vendor takes.
    UnsupportedFormat,
    /// A file that can't be read.
    CorruptInput,
    /// Something else about the order.
    InvalidRequest,
    /// Too many at a time.
    RateLimited,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}
