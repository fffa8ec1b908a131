//! How Google's servers say no: the same for all of its products.

use super::{faults, outcome, retry_after, wire};
use crate::{Next, Question, Reply, Task};
use jobs::{Fault, FaultKind};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Longest pause that we believe to be asked for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// A refusal.
#[derive(Deserialize)]
pub(crate) struct Refusal {
    /// What is wrong.
    pub(crate) error: Problem,
}

impl Refusal {
    /// Reads a refusal, which some servers wrap into a list.
    pub(crate) fn read(reply: &Reply<'_>) -> Option<Refusal> {
        wire::read_message::<Refusal>(reply)
            .or_else(|| wire::read_message::<Vec<Refusal>>(reply)?.into_iter().next())
    }
}

/// What is wrong.
#[derive(Deserialize)]
pub(crate) struct Problem {
    /// A number, a word, or an address that ends in a word.
    code: Option<Value>,
    message: Option<String>,
    status: Option<String>,
    #[serde(default)]
    details: Vec<Value>,
}

impl Problem {
    /// The vendor's words.
    pub(crate) fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    /// Code and status as single words in capitals.
    pub(crate) fn codes(&self) -> impl Iterator<Item = String> {
        let code = self.code.as_ref().map(|code| match code {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let word = |text: String| {
            let last = text.rsplit(['/', '#']).next().unwrap_or_default();
            last.to_ascii_uppercase()
        };
        code.into_iter().chain(self.status.clone()).map(word)
    }

    /// What the details give as the reason: `API_KEY_INVALID`.
    fn reason(&self) -> &str {
        self.details.iter().find_map(|detail| detail.get("reason")?.as_str()).unwrap_or_default()
    }

    /// How long the details ask us to wait: `"12.5s"`.
    fn wait(&self) -> Option<Duration> {
        let text = self.details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
        let seconds = text.strip_suffix('s')?.parse::<f64>().ok()?;
        Duration::try_from_secs_f64(seconds).ok().map(|wait| wait.min(LONGEST_WAIT))
    }

    /// The places that the details blame, for the search for a field.
    fn places(&self) -> String {
        let violations = self.details.iter().filter_map(|detail| detail.get("fieldViolations")?.as_array());
        violations
            .flatten()
            .filter_map(|violation| violation.get("field")?.as_str())
            .map(|field| format!("{field} "))
            .collect()
    }
}

/// Whether words say that content was blocked, and not that something else is wrong with it.
pub(crate) fn was_blocked(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("block") && faults::speaks_of_rules(&words)
}

/// An answer that is no success; `fields` pairs the vendor's names with ours.
pub(crate) fn said_no(
    task: &Task<'_>,
    question: Question<'_>,
    reply: &Reply<'_>,
    fields: &[(&str, &str)],
) -> Next {
    let Some(refusal) = Refusal::read(reply) else {
        return outcome::unreadable(task, question, reply);
    };
    match of_problem(task, &refusal.error, reply, fields) {
        Some(fault) => outcome::refused(question, fault),
        None => outcome::unsure(question, detail(task, &refusal.error, reply)),
    }
}

fn detail(task: &Task<'_>, problem: &Problem, reply: &Reply<'_>) -> String {
    let codes: Vec<String> = problem.codes().collect();
    let words = format!("{} {}", problem.reason(), problem.message());
    faults::for_the_log(task, reply, &codes.join(" "), &words)
}

/// What a refusal means; none when it leaves it open whether the vendor acted.
fn of_problem(
    task: &Task<'_>,
    problem: &Problem,
    reply: &Reply<'_>,
    fields: &[(&str, &str)],
) -> Option<Fault> {
    let words = problem.message().to_ascii_lowercase();
    let fault = match reply.status.as_u16() {
        400 if is_ours(problem.reason(), &words) => faults::fault(FaultKind::Operator),
        400 if was_blocked(&words) => faults::fault(FaultKind::Moderation),
        400 | 413 => {
            let places = format!("{}{words}", problem.places());
            faults::refused_field(&places, fields)
        }
        // The key, the right to a service, a bill, a model that is gone: ours to mend.
        401 | 403 | 404 => faults::fault(FaultKind::Operator),
        429 => faults::fault(FaultKind::Busy),
        _ => return None,
    };
    let wait = retry_after(reply.headers, task.now).or_else(|| problem.wait());
    Some(fault.with_detail(detail(task, problem, reply)).retry_after(wait))
}

/// Told as bad requests, and yet ours to mend: a bad key, no bill for a region without free use.
fn is_ours(reason: &str, words: &str) -> bool {
    reason.starts_with("API_KEY")
        || ["api key", "billing", "user location"].iter().any(|about| words.contains(about))
}
