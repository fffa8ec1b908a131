//! How an order will be made: the model that was chosen, what it will be asked for and what that costs.

use crate::{Credits, Options};
use std::{fmt, time::Duration};

/// The vendor id of the built-in simulator, which answers every test key and asks for no credential.
pub const SIMULATOR: &str = "simulator";

/// The outcome of choosing, fixed at acceptance and stored with the job.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The catalogue's provider id, as callers write it.
    pub provider: String,
    /// Our name of the model.
    pub model: String,
    /// The adapter, and thereby the queue and the credential.
    pub vendor: String,
    /// The vendor's own name of the model.
    pub vendor_model: String,
    /// The text that the vendor gets: the caller's, with wishes for which the model has no parameter.
    pub prompt: Option<String>,
    /// Options that this model can honour, all within its limits.
    pub options: Options,
    /// What was changed, and why.
    pub adjustments: Vec<Adjustment>,
    /// The price, fixed for the caller.
    pub cost: Credits,
    /// Who was considered.
    pub candidates: Vec<Candidate>,
    /// How long this model takes at the median.
    pub median: Duration,
    /// The shortest time between two polls.
    pub poll_floor: Duration,
    /// The longest that the vendor may work before we give up.
    pub deadline: Duration,
    /// How long the submitting call may take; for a vendor that answers with the result, the whole making.
    pub submit_timeout: Duration,
    /// What the vendor offers for stopping a running job.
    pub cancel: CancelKind,
}

/// A change to what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// The option's name.
    pub option: String,
    /// What was asked for.
    pub requested: String,
    /// What is used instead; nothing when the wish became part of the prompt or was dropped.
    pub used: Option<String>,
    /// Why, in a sentence.
    pub reason: String,
}

/// A model that was considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The provider id.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Its score, higher is better; none when it was excluded.
    pub score: Option<f64>,
    /// Why it was not even ranked.
    pub excluded_because: Option<String>,
}

/// Whether a running job can be stopped at the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelKind {
    /// There is no such call: it runs to its end and is charged.
    Never,
    /// Only while the vendor has not started it.
    WhileQueued,
    /// At any time.
    Anytime,
}

impl CancelKind {
    /// The name in the catalogue and in stored items.
    pub fn name(self) -> &'static str {
        match self {
            CancelKind::Never => "never",
            CancelKind::WhileQueued => "while-queued",
            CancelKind::Anytime => "anytime",
        }
    }

    /// Reads [`CancelKind::name`].
    pub fn parse(name: &str) -> Option<CancelKind> {
        [CancelKind::Never, CancelKind::WhileQueued, CancelKind::Anytime]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What an adapter needs to find its task again: the vendor's task id and whatever else it noted. Opaque to
/// everyone but the adapter that wrote it, and never shown to callers.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(pub String);

impl fmt::Debug for Ticket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ticket(…)")
    }
}

/// A finished file in our own bucket. Every figure was measured from the file itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The object's key in the outputs bucket.
    pub key: String,
    /// `png`, `mp4`, ...
    pub format: String,
    /// `image/png`, ...
    pub media_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length in seconds.
    pub duration: Option<f64>,
}
