//! Why an order is not accepted.

use jobs::Candidate;
use std::{fmt, time::Duration};

/// An order that can't be planned.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The order must be changed.
    Invalid {
        /// Every problem of it at once.
        problems: Vec<Problem>,
        /// Who was considered and why each can't make it, where there was more than one to consider.
        candidates: Vec<Candidate>,
    },
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

impl Refusal {
    /// An order that nobody had to be considered for.
    pub(crate) fn invalid(problems: Vec<Problem>) -> Refusal {
        Refusal::Invalid { problems, candidates: Vec::new() }
    }
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

    /// Problems as one sentence.
    pub(crate) fn sentence(problems: &[Problem]) -> String {
        let mut told: Vec<&str> = problems.iter().map(|each| each.problem.as_str()).collect();
        told.dedup();
        told.join("; ")
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
            Refusal::Invalid { problems, .. } => {
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
