//! What HeyGen answers with.

use serde::Deserialize;
use serde_json::Value;

/// What every answer about one thing wraps it in.
#[derive(Deserialize)]
pub(super) struct Told<T> {
    /// The thing.
    pub(super) data: T,
}

/// A page of a list. Where it ends is told beside the things, not among them.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    /// The things.
    pub(super) data: Vec<T>,
    /// Whether there are more.
    pub(super) has_more: Option<bool>,
    /// What asks for the next page.
    pub(super) next_token: Option<String>,
}

impl<T> Page<T> {
    /// What asks for the next page, if there is one.
    pub(super) fn next(&self) -> Option<&str> {
        self.next_token.as_deref().filter(|token| self.has_more == Some(true) && !token.is_empty())
    }
}

/// A video was ordered.
#[derive(Deserialize)]
pub(super) struct Accepted {
    /// Its id.
    pub(super) video_id: Option<String>,
}

/// How a video stands.
#[derive(Deserialize)]
pub(super) struct Video {
    /// Its id.
    pub(super) id: Option<String>,
    /// How far it is.
    pub(super) status: Option<Status>,
    /// A signed link, made anew for each look.
    pub(super) video_url: Option<String>,
    /// Why it failed: a word, in older interfaces a number.
    pub(super) failure_code: Option<Value>,
    /// Why it failed, in a sentence.
    pub(super) failure_message: Option<String>,
    /// The name that we gave it.
    pub(super) title: Option<String>,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Accepted.
    Waiting,
    /// Waiting.
    Pending,
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

/// An avatar: a person with one or more looks.
#[derive(Deserialize)]
pub(super) struct Group {
    /// The person's id; no look's.
    pub(super) id: String,
    /// The person's name.
    pub(super) name: Option<String>,
}

/// A look of an avatar: what a video is ordered with.
#[derive(Deserialize)]
pub(super) struct Look {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: Option<String>,
    /// Whether it was filmed or made of a photo.
    pub(super) avatar_type: Option<String>,
    /// The voice that it has unless another is asked for.
    pub(super) default_voice_id: Option<String>,
    /// Whether it is a woman or a man.
    pub(super) gender: Option<String>,
    /// The engines that it goes with; not told, any.
    pub(super) supported_api_engines: Option<Vec<String>>,
    /// Whether its making has come to an end; not told for the vendor's own.
    pub(super) status: Option<String>,
}

/// A voice.
#[derive(Deserialize)]
pub(super) struct Voice {
    /// Its id.
    pub(super) voice_id: String,
    /// Its name.
    pub(super) name: Option<String>,
}

/// Voices that suit a description, the best first.
#[derive(Deserialize)]
pub(super) struct Suiting {
    /// At most three.
    pub(super) voices: Vec<Voice>,
}

/// A file that was uploaded.
#[derive(Deserialize)]
pub(super) struct Uploaded {
    /// Its id.
    pub(super) asset_id: Option<String>,
}

/// An error; seen with a good status as well.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// What is wrong.
    pub(super) error: Problem,
}

/// What is wrong.
#[derive(Deserialize)]
pub(super) struct Problem {
    /// What counts.
    pub(super) code: Option<String>,
    /// The vendor's words.
    pub(super) message: Option<String>,
    /// The field at fault.
    pub(super) param: Option<String>,
}
