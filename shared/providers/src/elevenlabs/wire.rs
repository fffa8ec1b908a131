//! What ElevenLabs answers with, where it is not a recording.

use serde::Deserialize;

/// Voices that fit a search.
#[derive(Deserialize)]
pub(super) struct VoiceList {
    /// The voices.
    pub(super) voices: Vec<VoiceItem>,
}

/// A voice.
#[derive(Deserialize)]
pub(super) struct VoiceItem {
    /// Its id.
    pub(super) voice_id: String,
    /// Its name, often with a description behind a dash.
    pub(super) name: Option<String>,
    /// `premade` for the vendor's own.
    pub(super) category: Option<String>,
}

/// What was spoken lately.
#[derive(Deserialize)]
pub(super) struct History {
    /// Newest first.
    pub(super) history: Vec<HistoryItem>,
}

/// A recording in the history.
#[derive(Deserialize)]
pub(super) struct HistoryItem {
    /// Its id.
    pub(super) history_item_id: String,
    /// The words.
    pub(super) text: Option<String>,
}

/// An error.
#[derive(Deserialize)]
pub(super) struct Refusal {
    /// What is wrong.
    pub(super) detail: Detail,
}

/// What is wrong, in one of three forms.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Detail {
    /// A list of bad fields.
    Fields(Vec<FieldProblem>),
    /// A sentence.
    Words(String),
    /// With a code; older servers have a status in its place.
    Coded {
        /// The code.
        code: Option<String>,
        /// The older code.
        status: Option<String>,
        /// The vendor's words.
        message: Option<String>,
        /// The field at fault.
        param: Option<String>,
    },
}

/// A bad field.
#[derive(Deserialize)]
pub(super) struct FieldProblem {
    /// The way to it: `body`, then the name.
    pub(super) loc: Vec<serde_json::Value>,
    /// What is wrong with it.
    #[serde(default)]
    pub(super) msg: String,
}
