//! What is wrong with an operator's file.

use std::fmt;

/// The longest account of a fault, in characters: it goes into a log line, and may quote the file.
const LONGEST_PROBLEM: usize = 400;

/// One thing that is wrong with an operator's file; it speaks to the operator alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, where one is to blame.
    pub line: Option<usize>,
    /// The entry, such as `model kling/kling-v3`, where one is to blame.
    pub entry: Option<String>,
    /// What is wrong, in a sentence.
    pub problem: String,
}

impl Fault {
    /// A fault of the file as a whole.
    pub(super) fn whole(problem: impl AsRef<str>) -> Fault {
        Fault { line: None, entry: None, problem: shortened(problem.as_ref()) }
    }

    /// A fault of an entry.
    pub(super) fn of(line: usize, entry: impl AsRef<str>, problem: impl AsRef<str>) -> Fault {
        Fault {
            line: Some(line),
            entry: Some(shortened(entry.as_ref())),
            problem: shortened(problem.as_ref()),
        }
    }
}

/// A text on one line, and not too long for a log.
fn shortened(text: &str) -> String {
    let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.take(LONGEST_PROBLEM).collect()
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if let Some(entry) = &self.entry {
            write!(out, "{entry}: ")?;
        }
        out.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}
