//! What Kling answers with.

use serde::Deserialize;

/// What every answer has, good or bad.
#[derive(Deserialize)]
pub(super) struct Head {
    /// Zero is success.
    pub(super) code: i64,
    /// The vendor's words.
    message: Option<String>,
}

impl Head {
    /// The vendor's words, if any.
    pub(super) fn words(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }
}

/// A good answer.
#[derive(Deserialize)]
pub(super) struct TaskMessage {
    /// The task.
    pub(super) data: Option<TaskState>,
}

/// A task.
#[derive(Deserialize)]
pub(super) struct TaskState {
    /// A long decimal number, as a text.
    pub(super) task_id: Option<String>,
    /// How it stands.
    pub(super) task_status: Option<Status>,
    /// Why it failed, in free text.
    pub(super) task_status_msg: Option<String>,
    /// What came of it.
    pub(super) task_result: Option<TaskResult>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Waiting.
    Submitted,
    /// At work.
    Processing,
    /// Done.
    Succeed,
    /// Given up.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// What came of a task.
#[derive(Deserialize)]
pub(super) struct TaskResult {
    /// One clip, as far as is known.
    pub(super) videos: Option<Vec<Video>>,
}

/// A finished clip.
#[derive(Deserialize)]
pub(super) struct Video {
    /// A signed link, good for thirty days at most.
    pub(super) url: Option<String>,
}
