//! What `:generateContent` answers with.

use serde::Deserialize;
use std::borrow::Cow;

/// The answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    candidates: Option<Vec<Candidate<'a>>>,
    prompt_feedback: Option<Feedback>,
}

impl<'a> Answer<'a> {
    /// Whether it is an answer at all, and not some other object.
    pub(super) fn says_something(&self) -> bool {
        self.candidates.as_ref().is_some_and(|candidates| !candidates.is_empty())
            || self.block_reason().is_some()
    }

    /// All that was made.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part<'a>> {
        let candidates = self.candidates.iter().flatten();
        candidates.filter_map(|candidate| candidate.content.as_ref()).flat_map(|content| content.parts.iter())
    }

    /// Why nothing was made of the prompt.
    pub(super) fn block_reason(&self) -> Option<&str> {
        self.prompt_feedback.as_ref()?.block_reason.as_deref()
    }

    /// Why the model stopped.
    pub(super) fn finish_reason(&self) -> Option<&str> {
        self.candidates.iter().flatten().find_map(|candidate| candidate.finish_reason.as_deref())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    finish_reason: Option<String>,
    #[serde(borrow)]
    content: Option<Content<'a>>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    parts: Vec<Part<'a>>,
}

/// Words, or a picture.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    inline_data: Option<InlineData<'a>>,
    thought: Option<bool>,
}

impl Part<'_> {
    /// Whether it is a draft.
    pub(super) fn is_thought(&self) -> bool {
        self.thought == Some(true)
    }

    /// The picture, in base64.
    pub(super) fn picture(&self) -> Option<&str> {
        let data = self.inline_data.as_ref()?;
        data.mime_type.starts_with("image/").then_some(&*data.data)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InlineData<'a> {
    mime_type: String,
    #[serde(borrow)]
    data: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}
