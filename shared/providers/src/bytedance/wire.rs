//! What ModelArk answers.

use serde::Deserialize;

/// An error, by itself, with a task, or in place of one picture of several.
#[derive(Deserialize)]
pub(super) struct Complaint {
    /// A word, perhaps with a finer one behind a dot.
    pub(super) code: Option<String>,
    /// The vendor's words.
    pub(super) message: Option<String>,
    /// The field that is meant.
    pub(super) param: Option<String>,
}

/// An answer that may hold an error, even with a good status.
#[derive(Deserialize)]
pub(super) struct Head {
    /// What is wrong.
    pub(super) error: Option<Complaint>,
}

/// A task was accepted.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// The task's id.
    pub(super) id: Option<String>,
}

/// How a task stands.
#[derive(Deserialize)]
pub(super) struct TaskState {
    /// The task's id.
    pub(super) id: Option<String>,
    /// The state.
    pub(super) status: Option<Status>,
    /// Why it failed.
    pub(super) error: Option<Complaint>,
    /// What came of it.
    pub(super) content: Option<Content>,
    /// The mark that it was ordered with.
    pub(super) safety_identifier: Option<String>,
}

/// What came of a task.
#[derive(Deserialize)]
pub(super) struct Content {
    /// A signed link, good for a day.
    pub(super) video_url: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Waiting.
    Queued,
    /// At work.
    Running,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// It waited or worked too long.
    Expired,
    /// Stopped.
    Cancelled,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A page of tasks.
#[derive(Deserialize)]
pub(super) struct TaskList {
    /// Those of this page.
    pub(super) items: Option<Vec<TaskState>>,
    /// How many there are in all.
    pub(super) total: Option<u64>,
}

/// Pictures that were made.
#[derive(Deserialize)]
pub(super) struct Pictures {
    /// One, as we order them.
    pub(super) data: Option<Vec<Picture>>,
}

/// A picture, or why there is none.
#[derive(Deserialize)]
pub(super) struct Picture {
    /// A signed link, good for a day.
    pub(super) url: Option<String>,
    /// What went wrong with this one.
    pub(super) error: Option<Complaint>,
}
