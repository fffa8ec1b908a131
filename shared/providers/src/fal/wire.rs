//! What fal answers with.

use serde::Deserialize;
use serde_json::Value;

/// A request was put into the queue.
#[derive(Deserialize)]
pub(super) struct Submitted {
    /// The request's id.
    pub(super) request_id: Option<String>,
    /// Where its result will be.
    pub(super) response_url: Option<String>,
    /// Where to ask how it stands.
    pub(super) status_url: Option<String>,
    /// Where to stop it.
    pub(super) cancel_url: Option<String>,
}

/// How a request stands.
#[derive(Deserialize)]
pub(super) struct Standing {
    /// The request's id.
    pub(super) request_id: Option<String>,
    /// The state.
    pub(super) status: Status,
    /// Why it brought nothing, although it is over.
    pub(super) error: Option<Value>,
    /// The same, as one word.
    pub(super) error_type: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Status {
    /// Waiting.
    InQueue,
    /// At work.
    InProgress,
    /// Over, well or not.
    Completed,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// What a model made. Which of the fields there are depends on the model.
#[derive(Deserialize)]
pub(super) struct Output {
    images: Option<Vec<Made>>,
    image: Option<Made>,
    videos: Option<Vec<Made>>,
    video: Option<Made>,
    audio: Option<Made>,
    audio_file: Option<Made>,
    has_nsfw_concepts: Option<Value>,
    nsfw_content_detected: Option<Value>,
}

/// A file that was made.
#[derive(Deserialize)]
pub(super) struct Made {
    /// A link that anybody may open.
    pub(super) url: Option<String>,
}

impl Output {
    /// The files of one kind.
    pub(super) fn files(&self, kind: jobs::Kind) -> Vec<&Made> {
        let (several, single, other) = match kind {
            jobs::Kind::Image => (&self.images, &self.image, &None),
            jobs::Kind::Video | jobs::Kind::Avatar => (&self.videos, &self.video, &None),
            jobs::Kind::Audio => (&None, &self.audio, &self.audio_file),
        };
        several.iter().flatten().chain(single).chain(other).collect()
    }

    /// Whether the file at this place was blacked out because it broke the rules.
    pub(super) fn is_blacked_out(&self, place: usize) -> bool {
        [&self.has_nsfw_concepts, &self.nsfw_content_detected].into_iter().flatten().any(
            |found| match found {
                Value::Array(each) => each.get(place) == Some(&Value::Bool(true)),
                single => *single == Value::Bool(true),
            },
        )
    }
}

/// An error, in one of two forms.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Refusal {
    /// Most of them.
    Detailed {
        /// What is wrong.
        detail: Detail,
    },
    /// Those of the gateway.
    Plain {
        /// What is wrong.
        message: String,
    },
}

/// What is wrong, in one of two forms.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Detail {
    /// A sentence.
    Words(String),
    /// A list of problems.
    Problems(Vec<Problem>),
}

/// A problem with the input, or with what came of it.
#[derive(Deserialize)]
pub(super) struct Problem {
    /// The way to the field: `body`, then the name.
    #[serde(default)]
    pub(super) loc: Vec<Value>,
    /// What is wrong with it.
    #[serde(default)]
    pub(super) msg: String,
    /// The same, as one word.
    #[serde(rename = "type", default)]
    pub(super) kind: String,
}

/// What came of the wish to stop a request.
#[derive(Deserialize)]
pub(super) struct Stopped {
    /// One word.
    pub(super) status: String,
}
