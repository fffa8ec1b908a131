//! What Kling answers with, in its classic API and in its newer one.

use crate::{Reply, kit};
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

/// A task, as both APIs tell of it.
pub(super) struct TaskState {
    /// A long decimal number, as a text.
    pub(super) id: Option<String>,
    /// Our own name of it, where the vendor repeats that.
    pub(super) name: Option<String>,
    /// How it stands.
    pub(super) status: Option<Status>,
    /// Why it failed, in free text.
    pub(super) words: Option<String>,
    /// The clips that came of it: one, as far as is known. Signed links, good for thirty days at most.
    pub(super) clips: Vec<Option<String>>,
}

impl TaskState {
    /// Reads a task of the classic API.
    pub(super) fn classic(reply: &Reply<'_>) -> Option<TaskState> {
        kit::read_message::<Message<Classic>>(reply)?.data.map(TaskState::from)
    }

    /// Reads the task that the newer API has just begun.
    pub(super) fn begun(reply: &Reply<'_>) -> Option<TaskState> {
        kit::read_message::<Message<Newer>>(reply)?.data.map(TaskState::from)
    }

    /// Reads the tasks that the newer API was asked about, those that it knows.
    pub(super) fn listed(reply: &Reply<'_>) -> Option<Vec<TaskState>> {
        let tasks = kit::read_message::<Message<Vec<Newer>>>(reply)?.data?;
        Some(tasks.into_iter().map(TaskState::from).collect())
    }
}

/// A callback: a task as the API tells of it in which it was ordered.
#[derive(Deserialize)]
pub(super) struct Called {
    #[serde(alias = "task_status")]
    pub(super) status: Option<Status>,
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
    #[serde(alias = "succeeded")]
    Succeed,
    /// Given up.
    Failed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A good answer.
#[derive(Deserialize)]
struct Message<T> {
    data: Option<T>,
}

#[derive(Deserialize)]
struct Classic {
    task_id: Option<String>,
    task_status: Option<Status>,
    task_status_msg: Option<String>,
    task_result: Option<TaskResult>,
}

#[derive(Deserialize)]
struct TaskResult {
    videos: Option<Vec<File>>,
}

#[derive(Deserialize)]
struct Newer {
    id: Option<String>,
    external_id: Option<String>,
    status: Option<Status>,
    message: Option<String>,
    outputs: Option<Vec<File>>,
}

#[derive(Deserialize)]
struct File {
    /// What it is; the classic API does not say.
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
}

impl From<Classic> for TaskState {
    fn from(task: Classic) -> TaskState {
        let videos = task.task_result.and_then(|result| result.videos).unwrap_or_default();
        TaskState {
            id: task.task_id,
            name: None,
            status: task.task_status,
            words: task.task_status_msg,
            clips: videos.into_iter().map(|video| video.url).collect(),
        }
    }
}

impl From<Newer> for TaskState {
    fn from(task: Newer) -> TaskState {
        let clips = task.outputs.into_iter().flatten();
        let clips = clips.filter(|output| output.kind.as_deref().is_none_or(|kind| kind == "video"));
        TaskState {
            id: task.id,
            name: task.external_id,
            status: task.status,
            words: task.message,
            clips: clips.map(|output| output.url).collect(),
        }
    }
}

/// What came of a look for faces.
#[derive(Deserialize)]
pub(super) struct Faces {
    data: Option<Session>,
}

#[derive(Deserialize)]
struct Session {
    session_id: Option<String>,
    face_data: Option<Vec<Face>>,
}

/// A face in a clip. One person who is out of sight for more than a second counts as two.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Face {
    pub(super) face_id: String,
    /// From where it is seen, in milliseconds.
    pub(super) start_time: i64,
    /// Until when, in milliseconds.
    pub(super) end_time: i64,
}

/// Longest name of a session or a face that we believe, in bytes.
const MOST_NAME: usize = 200;

impl Faces {
    /// The session's name, and the faces that were seen; none if there is no session.
    pub(super) fn usable(self) -> Option<(String, Vec<Face>)> {
        let session = self.data?;
        let name = session.session_id.filter(|name| (1..=MOST_NAME).contains(&name.len()))?;
        let mut faces = session.face_data.unwrap_or_default();
        faces.retain(|face| face.face_id.len() <= MOST_NAME);
        Some((name, faces))
    }
}
