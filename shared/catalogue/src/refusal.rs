//! Why an order is not accepted.

use std::{fmt, time::Duration};

/// An order that can't be planned.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The order must be changed; every problem of it at once.
    Invalid(Vec<Problem>),
    /// The order is good, but who should make it can't be used now.
    Unavailable {
        /// The provider asked for; nothing when the choice was ours.
        provider: Option<String>,
        /// Providers that could make it, best first.
        alternatives: Vec<String>,
        /// When to try again, if anybody knows.
        retry_after: Option<Duration>,
    },
}

/// One thing that is wrong with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path in the API: `options.duration`, `input.text`, `provider`.
    pub field: String,
    /// What, in a sentence for the caller.
    pub problem: String,
    /// What would be right, where that can be listed.
    pub allowed: Vec<String>,
}

impl Problem {
    /// A problem without a list of what would be right.
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Problem {
        Problem { field: field.into(), problem: problem.into(), allowed: Vec::new() }
    }

    /// Adds what would be right.
    pub(crate) fn allowing<T: ToString>(mut self, allowed: impl IntoIterator<Item = T>) -> Problem {
        self.allowed = allowed.into_iter().map(|each| each.to_string()).collect();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.field, self.problem)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Invalid(problems) => {
                for (place, problem) in problems.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "; " };
                    write!(out, "{comma}{problem}")?;
                }
                Ok(())
            }
            Refusal::Unavailable { provider: Some(provider), .. } => {
                write!(out, "{provider} can't be used now")
            }
            Refusal::Unavailable { provider: None, .. } => {
                out.write_str("nobody who could make this can be used now")
            }
        }
    }
}

impl std::error::Error for Refusal {}
