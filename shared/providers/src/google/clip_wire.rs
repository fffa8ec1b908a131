//! What the Interactions API answers with.

use super::faults::Problem;
use serde::Deserialize;

/// An interaction.
#[derive(Deserialize)]
pub(super) struct Interaction {
    /// Its id.
    pub(super) id: Option<String>,
    /// The state.
    pub(super) status: Status,
    /// What was thought and made.
    #[serde(default)]
    steps: Vec<Step>,
    /// What was used up.
    usage: Option<Usage>,
    /// Why it failed.
    #[serde(default)]
    pub(super) errors: Vec<Problem>,
    /// Why it failed, as older servers told it.
    pub(super) error: Option<Problem>,
    /// Why it ended, in a word.
    pub(super) finish_reason: Option<String>,
}

impl Interaction {
    /// The clip.
    pub(super) fn clip(&self) -> Option<&Clip> {
        let made = self.steps.iter().filter(|step| step.kind == "model_output");
        made.flat_map(|step| step.content.iter().flatten()).find(|content| content.kind == "video")
    }

    /// What went wrong with a step.
    pub(super) fn step_errors(&self) -> impl Iterator<Item = &Problem> {
        self.steps.iter().filter_map(|step| step.error.as_ref())
    }

    /// Whether a clip was made, to judge by what it used up; none if nothing is told.
    pub(super) fn used_video(&self) -> Option<bool> {
        let used = &self.usage.as_ref()?.output_tokens_by_modality;
        Some(used.iter().any(|used| used.modality == "video" && used.tokens > 0.0))
    }

    /// Whether it was charged; where nothing is told, it was.
    pub(super) fn was_charged(&self) -> bool {
        self.used_video().unwrap_or(true)
    }
}

/// A step of an interaction.
#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type", default)]
    kind: String,
    content: Option<Vec<Clip>>,
    error: Option<Problem>,
}

/// A part of an output: of interest is a clip alone.
#[derive(Deserialize)]
pub(super) struct Clip {
    #[serde(rename = "type", default)]
    kind: String,
    /// Where it is.
    pub(super) uri: Option<String>,
    /// The file itself, in base64.
    pub(super) data: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    output_tokens_by_modality: Vec<Used>,
}

#[derive(Deserialize)]
struct Used {
    #[serde(default)]
    modality: String,
    #[serde(default)]
    tokens: f64,
}

/// The vendor's states.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Waiting.
    Queued,
    /// At work.
    InProgress,
    /// Done, or refused without a word of it.
    Completed,
    /// Given up.
    Failed,
    /// Ended before its time.
    Incomplete,
    /// Used up what it may.
    BudgetExceeded,
    /// Waits for us, which no clip should.
    RequiresAction,
    /// Waits to be asked to go on, which no clip should.
    RequiresContinuation,
    /// Stopped.
    Cancelled,
    /// A word that we do not know: it still runs.
    #[serde(other)]
    Unknown,
}
