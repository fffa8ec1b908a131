//! What Hedra answers with.

use serde::Deserialize;

/// A job was accepted.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// The job's id.
    pub(super) job_id: Option<String>,
}

/// A file was uploaded.
#[derive(Deserialize)]
pub(super) struct Uploaded {
    /// A signed address, which is its handle.
    pub(super) url: Option<String>,
}

/// How a job stands.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The job's id.
    pub(super) job_id: Option<String>,
    /// The state.
    pub(super) status: Option<Status>,
    /// What came of it; empty until it is done.
    pub(super) outputs: Option<Vec<Output>>,
    /// Why it failed.
    pub(super) error: Option<Envelope>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    /// Waiting.
    InQueue,
    /// At work.
    InProgress,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A file that came of a job.
#[derive(Deserialize)]
pub(super) struct Output {
    /// Its own state.
    pub(super) status: Option<OutputStatus>,
    /// Its name in later orders, for a day.
    pub(super) asset_id: Option<String>,
    /// A signed link, good for an hour; each look brings a fresh one.
    pub(super) url: Option<String>,
    /// Why it failed.
    pub(super) error: Option<Envelope>,
}

/// The states of a file.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum OutputStatus {
    /// It is there.
    Completed,
    /// It could not be made.
    Failed,
    /// It was there.
    Expired,
    /// A word that we do not know.
    #[serde(other)]
    Unknown,
}

/// Voices.
#[derive(Deserialize)]
pub(super) struct Voices {
    /// Those of a search with the best first.
    pub(super) data: Vec<Voice>,
}

/// A voice.
#[derive(Deserialize)]
pub(super) struct Voice {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: Option<String>,
}

/// A page of jobs, the newest first.
#[derive(Deserialize)]
pub(super) struct Orders {
    /// The jobs.
    pub(super) data: Vec<Listed>,
    /// There where older ones follow.
    pub(super) next_cursor: Option<String>,
}

/// A job in a list.
#[derive(Deserialize)]
pub(super) struct Listed {
    /// The model.
    pub(super) model: Option<String>,
    /// When it was ordered, RFC 3339.
    pub(super) created_at: Option<String>,
}

/// A refused call.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// What is wrong.
    pub(super) error: Envelope,
}

/// What is wrong.
#[derive(Deserialize)]
pub(super) struct Envelope {
    /// What counts.
    pub(super) code: String,
    /// A sentence.
    #[serde(default)]
    pub(super) message: String,
    /// Whether the same may pass later.
    pub(super) retryable: Option<bool>,
    /// Seconds.
    pub(super) retry_after: Option<u64>,
    /// The field at fault.
    pub(super) param: Option<String>,
    /// All fields at fault.
    pub(super) details: Option<Vec<Detail>>,
}

/// A field at fault.
#[derive(Deserialize)]
pub(super) struct Detail {
    /// The way to it: `input.audio[0]`.
    #[serde(default)]
    pub(super) field: String,
    /// What kind of fault: `required`, `enum`, `expired`.
    pub(super) reason: Option<String>,
}
