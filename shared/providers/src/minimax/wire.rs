//! What MiniMax answers with.

use serde::Deserialize;

/// The first dialect's verdict, in every answer; the second's in those that are no success.
#[derive(Deserialize)]
pub(super) struct Head {
    base_resp: Option<Verdict>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Verdict {
    status_code: i64,
    status_msg: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
}

/// What the vendor complains of.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Complaint {
    /// The code of the vendor's error table.
    pub(super) code: Option<i64>,
    /// The second dialect's word for the kind of error.
    pub(super) kind: String,
    /// The vendor's words.
    pub(super) words: String,
}

impl Head {
    /// Whether the first dialect calls it a success.
    pub(super) fn is_good(&self) -> bool {
        self.base_resp.as_ref().is_some_and(|verdict| verdict.status_code == 0)
    }

    /// What is wrong, if the vendor says that something is.
    pub(super) fn complaint(self) -> Option<Complaint> {
        let verdict = self.base_resp.filter(|verdict| verdict.status_code != 0).map(|verdict| Complaint {
            code: Some(verdict.status_code),
            words: verdict.status_msg.unwrap_or_default(),
            ..Complaint::default()
        });
        verdict.or_else(|| {
            self.error.map(|refusal| {
                let words = refusal.message.unwrap_or_default();
                Complaint { code: code_at_the_end(&words), kind: refusal.kind.unwrap_or_default(), words }
            })
        })
    }
}

/// The code in brackets with which the second dialect ends its messages.
fn code_at_the_end(words: &str) -> Option<i64> {
    let (_, code) = words.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    code.parse().ok()
}

/// An id: a text so far, but some of the vendor's ids are numbers in other answers.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    /// As text.
    Text(String),
    /// As a number.
    Number(u64),
}

impl Id {
    /// The id as a text.
    pub(super) fn text(self) -> String {
        match self {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        }
    }
}

/// A task was accepted, in both dialects.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// The task's id.
    pub(super) task_id: Option<Id>,
}

/// How a task stands, in the first dialect.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The task's id.
    pub(super) task_id: Option<Id>,
    /// The state.
    pub(super) status: Option<String>,
    /// What to look the result up by.
    pub(super) file_id: Option<Id>,
}

/// Where a file is.
#[derive(Deserialize)]
pub(super) struct FileMessage {
    /// The file.
    pub(super) file: Option<File>,
}

/// A file.
#[derive(Deserialize)]
pub(super) struct File {
    /// A signed link, good for an hour.
    pub(super) download_url: Option<String>,
    /// Sometimes there: the same file from elsewhere.
    pub(super) backup_download_url: Option<String>,
}

/// How a task stands, in the second dialect.
#[derive(Deserialize)]
pub(super) struct TaskMessage {
    /// The task.
    pub(super) task: Option<TaskState>,
}

/// A task of the second dialect.
#[derive(Deserialize)]
pub(super) struct TaskState {
    /// The task's id.
    pub(super) id: Option<Id>,
    /// The state.
    pub(super) status: Option<String>,
    /// Why it failed.
    pub(super) error: Option<TaskError>,
    /// What came of it.
    pub(super) content: Option<Content>,
}

/// Why a task failed.
#[derive(Deserialize)]
pub(super) struct TaskError {
    /// The code of the vendor's error table.
    pub(super) code: Option<Id>,
    /// The vendor's words.
    pub(super) message: Option<String>,
}

/// What came of a task.
#[derive(Deserialize)]
pub(super) struct Content {
    /// A link that dies after a while.
    pub(super) url: Option<String>,
}

/// What a stop did.
#[derive(Deserialize)]
pub(super) struct Stopped {
    /// `cancelled`, or `deleted` for a task that had ended.
    pub(super) action: Option<String>,
}

/// The vendor's states, in both dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not begun.
    Waiting,
    /// At work, or a word that we do not know: it still runs.
    Working,
    /// Done.
    Done,
    /// Given up.
    Failed,
    /// Stopped.
    Canceled,
}

impl State {
    /// Reads a state; none when nothing is said. Letters come in both sizes.
    pub(super) fn read(word: Option<&str>) -> Option<State> {
        match word?.to_ascii_lowercase().as_str() {
            "" => None,
            "preparing" | "queueing" | "queued" => Some(State::Waiting),
            "success" | "succeeded" => Some(State::Done),
            "fail" | "failed" | "expired" => Some(State::Failed),
            "cancelled" => Some(State::Canceled),
            _ => Some(State::Working),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_in_brackets_at_the_end() {
        for (words, code) in [
            ("invalid params, ratio (2013)", Some(2013)),
            ("balance (see the console) is low (1008) ", Some(1008)),
            ("(1026)", Some(1026)),
            ("no code (yet)", None),
            ("2013", None),
            ("", None),
        ] {
            assert_eq!(code_at_the_end(words), code, "{words}");
        }
    }
}
