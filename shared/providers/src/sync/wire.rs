//! What Sync.so answers with.

use serde::Deserialize;
use serde_json::Value;

/// A generation, in every answer the same.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Generation {
    /// Its id.
    pub(super) id: Option<String>,
    /// How it stands.
    pub(super) status: Option<Status>,
    /// Where the clip is. Nobody says how long.
    pub(super) output_url: Option<String>,
    /// Why it failed, in words.
    pub(super) error: Option<String>,
    /// The same as a word that stays the same.
    error_code: Option<String>,
    /// The same, as the SDKs and callbacks spell it.
    #[serde(rename = "error_code")]
    older_code: Option<String>,
}

impl Generation {
    /// Why it failed.
    pub(super) fn code(&self) -> &str {
        self.error_code.as_deref().or(self.older_code.as_deref()).unwrap_or_default()
    }
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    /// Waiting.
    Pending,
    /// At work.
    Processing,
    /// Done.
    Completed,
    /// Given up.
    Failed,
    /// Turned away before any work.
    Rejected,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}

/// A refusal.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refusal {
    /// The status once more.
    status_code: Option<f64>,
    /// What counts; older refusals have none.
    error_code: Option<String>,
    /// A sentence, or one for each bad field.
    message: Option<Value>,
    /// What came of an earlier order with the same key, with some refusals of a key.
    pub(super) generation_id: Option<String>,
    /// How long to wait, with some refusals of the busy.
    pub(super) retry_after_seconds: Option<f64>,
}

impl Refusal {
    /// Whether it is the vendor's, and not that of a server between us.
    pub(super) fn is_the_vendors(&self) -> bool {
        self.status_code.is_some() || self.error_code.is_some()
    }

    /// Why, as a word that stays the same.
    pub(super) fn code(&self) -> &str {
        self.error_code.as_deref().unwrap_or_default()
    }

    /// Why, in words.
    pub(super) fn words(&self) -> String {
        match &self.message {
            Some(Value::String(words)) => words.clone(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
            _ => String::new(),
        }
    }
}
