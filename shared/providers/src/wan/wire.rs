//! What DashScope answers with.

use serde::Deserialize;
use serde_json::Value;

/// Any answer about one task, and any error.
#[derive(Deserialize)]
pub(super) struct Answer {
    /// The task.
    pub(super) output: Option<Standing>,
    /// Why there is none.
    pub(super) code: Option<String>,
    /// The vendor's words about it.
    pub(super) message: Option<String>,
}

impl Answer {
    /// The error that it is in place of a task. A task's own error is within the task.
    pub(super) fn error(&self) -> Option<Complaint<'_>> {
        let has_task = self.output.as_ref().is_some_and(|task| task.task_id.is_some());
        Complaint::of(self.code.as_deref(), self.message.as_deref()).filter(|_| !has_task)
    }
}

/// How a task stands.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The task's id.
    pub(super) task_id: Option<String>,
    /// The state.
    pub(super) task_status: Option<Status>,
    /// Why it failed: a code as in an error.
    code: Option<String>,
    /// The vendor's words about it.
    message: Option<String>,
    /// A signed link, good for a day.
    pub(super) video_url: Option<String>,
    /// The words as they were ordered, told once the clip is there.
    pub(super) orig_prompt: Option<String>,
}

impl Standing {
    /// Why it failed.
    pub(super) fn error(&self) -> Option<Complaint<'_>> {
        Complaint::of(self.code.as_deref(), self.message.as_deref())
    }
}

/// What is wrong.
#[derive(Clone, Copy)]
pub(super) struct Complaint<'a> {
    /// A word, perhaps with a finer one behind a dot.
    pub(super) code: &'a str,
    /// The vendor's words.
    pub(super) words: &'a str,
}

impl<'a> Complaint<'a> {
    /// None when there is no code: it may be left empty.
    fn of(code: Option<&'a str>, words: Option<&'a str>) -> Option<Complaint<'a>> {
        let code = code.filter(|code| !code.is_empty())?;
        Some(Complaint { code, words: words.unwrap_or_default() })
    }
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    /// Waiting.
    Pending,
    /// At work.
    Running,
    /// At work, with a break.
    Suspended,
    /// Done.
    Succeeded,
    /// Given up.
    Failed,
    /// Stopped.
    Canceled,
    /// There is no such task: any more (a day is all that it is remembered), or for this account.
    Unknown,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unheard,
}

/// A page of the account's tasks.
#[derive(Deserialize)]
pub(super) struct Page {
    /// The tasks, by the vendor's page.
    data: Option<Vec<Listed>>,
    /// The tasks, by the vendor's own client; of what times they have, it tells nothing.
    tasks: Option<Vec<Listed>>,
    /// How many pages there are.
    pub(super) total_page: Option<u64>,
}

impl Page {
    /// The tasks, whatever they are called.
    pub(super) fn listed(&self) -> Option<&[Listed]> {
        self.data.as_deref().or(self.tasks.as_deref())
    }
}

/// A task in a list, which tells neither its words nor its pictures.
#[derive(Deserialize)]
pub(super) struct Listed {
    /// The task's id.
    pub(super) task_id: Option<String>,
    /// The state.
    pub(super) status: Option<Status>,
    /// The model.
    pub(super) model_name: Option<String>,
    /// When it was ordered, in milliseconds since the epoch.
    pub(super) gmt_create: Option<i64>,
}

/// An answer about a task whose clip is there, read for what the clip is charged by.
#[derive(Deserialize)]
pub(super) struct Used {
    /// It differs from model to model, and numbers may come as anything.
    pub(super) usage: Option<Usage>,
}

/// What a clip is charged by.
#[derive(Default, Deserialize)]
pub(super) struct Usage {
    /// Of the first generations.
    video_duration: Option<Value>,
    /// A size, in spite of its name.
    video_ratio: Option<Value>,
    /// Of the later ones.
    output_video_duration: Option<Value>,
    size: Option<Value>,
}

impl Usage {
    /// How long the clip is.
    pub(super) fn seconds(&self) -> Option<f64> {
        self.output_video_duration.as_ref().or(self.video_duration.as_ref())?.as_f64()
    }

    /// Its width and height, as they are ordered.
    pub(super) fn size(&self) -> Option<&str> {
        let size = self.size.as_ref().or(self.video_ratio.as_ref())?.as_str()?;
        // Elsewhere it is a word.
        size.contains('*').then_some(size)
    }
}
