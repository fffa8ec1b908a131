//! What the vendor answers with.

use serde::Deserialize;
use std::borrow::Cow;

/// A recording.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spoken<'a> {
    /// The file, in base64.
    #[serde(borrow)]
    pub(super) audio_content: Cow<'a, str>,
}

/// Voices that speak a language.
#[derive(Deserialize)]
pub(super) struct VoiceList {
    /// The voices; left out where there is none.
    #[serde(default)]
    pub(super) voices: Vec<VoiceItem>,
}

/// A voice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VoiceItem {
    /// Its whole name.
    #[serde(default)]
    pub(super) name: String,
    /// `MALE` or `FEMALE`.
    #[serde(default)]
    pub(super) ssml_gender: String,
}
