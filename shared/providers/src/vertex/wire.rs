//! What Google's cloud answers with.

use crate::kit::google::Problem;
use serde::Deserialize;
use std::borrow::Cow;

/// An operation.
#[derive(Deserialize)]
pub(super) struct Standing<'a> {
    /// Its name, with the whole way to it.
    pub(super) name: Option<String>,
    /// Whether it has ended. There is no other state.
    pub(super) done: Option<bool>,
    /// Why it failed.
    pub(super) error: Option<Problem>,
    /// What came of it.
    #[serde(borrow)]
    pub(super) response: Option<Outcome<'a>>,
}

/// What came of an operation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome<'a> {
    #[serde(borrow)]
    videos: Option<Vec<Video<'a>>>,
    rai_media_filtered_count: Option<f64>,
    rai_media_filtered_reasons: Option<Vec<String>>,
}

impl<'a> Outcome<'a> {
    /// The clips.
    pub(super) fn videos(&self) -> impl Iterator<Item = &Video<'a>> {
        self.videos.iter().flatten()
    }

    /// Whether the vendor says that it held clips back.
    pub(super) fn was_filtered(&self) -> bool {
        self.rai_media_filtered_count.is_some_and(|count| count > 0.0)
            || self.rai_media_filtered_reasons.as_ref().is_some_and(|reasons| !reasons.is_empty())
    }

    /// Why it did, in its words.
    pub(super) fn reasons(&self) -> String {
        self.rai_media_filtered_reasons.iter().flatten().map(|reason| format!("{reason} ")).collect()
    }
}

/// A clip: itself, or where it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Video<'a> {
    /// The file, in base64.
    #[serde(borrow, rename = "bytesBase64Encoded")]
    pub(super) bytes: Option<Cow<'a, str>>,
    /// Its place in a bucket.
    pub(super) gcs_uri: Option<String>,
}
