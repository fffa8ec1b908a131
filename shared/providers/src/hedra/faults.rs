//! Hedra's error table. Refused calls and failed jobs have the same envelope; its code counts.

use super::wire::{Envelope, Refusal};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use std::time::Duration;

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 11] = [
    ("aspect_ratio", "aspectRatio"),
    ("resolution", "resolution"),
    ("duration_ms", "duration"),
    ("start_image", "image"),
    ("audio", "audio"),
    ("voice_id", "voice"),
    ("stability", "stability"),
    ("speed", "speed"),
    ("language", "language"),
    ("prompt", "text"),
    ("text", "text"),
];

/// The longest that a body may ask us to wait, as for the header.
const LONGEST_WAIT: u64 = 3600;

/// Why a field is refused that holds a handle whose hour is over.
const EXPIRED: &str = "expired";

/// An order of this key is there, or just being taken. Which one is told by none of them.
const THERE_ALREADY: [&str; 2] = ["ALREADY_EXISTS", "ALREADY_IN_PROGRESS"];

/// Whether the vendor itself, and not some server between us, says that there is no such job.
pub(super) fn is_unknown_job(reply: &Reply<'_>) -> bool {
    reply.status.as_u16() == 404
        && kit::read_message::<Refusal>(reply).is_some_and(|refusal| refusal.error.code == "NOT_FOUND")
}

/// Whether an order was refused because of a handle whose hour is over.
pub(super) fn is_too_old(reply: &Reply<'_>) -> bool {
    kit::read_message::<Refusal>(reply).is_some_and(|refusal| refusal.error.is_too_old())
}

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    match refusal(task, reply) {
        Some(fault) => kit::refused(question, fault),
        None => match kit::read_message::<Refusal>(reply).map(|refusal| refusal.error) {
            Some(error) if THERE_ALREADY.contains(&error.code.as_str()) => {
                kit::unsure(question, error.told(task, reply))
            }
            Some(error) => kit::by_status(task, question, reply, error.told(task, reply)),
            None => kit::unreadable(task, question, reply),
        },
    }
}

/// What the vendor's message means; none when it leaves open what was done, or is no message of the vendor.
pub(super) fn refusal(task: &Task<'_>, reply: &Reply<'_>) -> Option<Fault> {
    let error = kit::read_message::<Refusal>(reply)?.error;
    let fault = match error.code.as_str() {
        // It is uploaded anew by the next try.
        "INVALID_ARGUMENT" if error.is_too_old() => kit::fault(FaultKind::Unavailable),
        // There is no money, no key, no right, no such model any more.
        "UNAUTHORIZED" | "PERMISSION_DENIED" | "INSUFFICIENT_BALANCE" | "GONE" => {
            kit::fault(FaultKind::Operator)
        }
        // Of all that an order names, a caller chooses the voice alone.
        "NOT_FOUND" if error.names("voice") => kit::refused_option("voice"),
        "NOT_FOUND" => kit::fault(FaultKind::Operator),
        "RESOURCE_EXHAUSTED" => kit::fault(FaultKind::Busy),
        // Said by the vendor itself before it took the order. Other codes of a server at fault leave that open.
        "UNAVAILABLE" if reply.status.as_u16() == 503 => kit::fault(FaultKind::Unavailable),
        code => of_content(code, &error)?,
    };
    let told = error.retry_after.map(|seconds| Duration::from_secs(seconds.min(LONGEST_WAIT)));
    let wait = kit::retry_after(reply.headers, task.now).or(told);
    Some(fault.with_detail(error.told(task, reply)).retry_after(wait))
}

/// Why a job failed.
pub(super) fn of_failed_job(task: &Task<'_>, error: Option<&Envelope>, reply: &Reply<'_>) -> Fault {
    let Some(error) = error else {
        return kit::fault(FaultKind::Vendor).with_detail("failed without a reason");
    };
    let fault = match error.code.as_str() {
        "INSUFFICIENT_BALANCE" => kit::fault(FaultKind::Operator),
        code => of_content(code, error).unwrap_or_else(|| {
            kit::fault(match error.retryable {
                _ if kit::speaks_of_rules(code) => FaultKind::Moderation,
                Some(true) => FaultKind::Unavailable,
                _ => FaultKind::Vendor,
            })
        }),
    };
    fault.with_detail(error.told(task, reply))
}

/// What is wrong with the order itself.
fn of_content(code: &str, error: &Envelope) -> Option<Fault> {
    match code {
        "INVALID_ARGUMENT" | "FAILED_PRECONDITION" => Some(kit::refused_field(&error.places(), &FIELDS)),
        "MODERATION_FAILED" => Some(kit::fault(FaultKind::Moderation)),
        _ => None,
    }
}

impl Envelope {
    fn is_too_old(&self) -> bool {
        self.details.iter().flatten().any(|detail| detail.reason.as_deref() == Some(EXPIRED))
    }

    /// The fields that it is about.
    fn places(&self) -> String {
        let fields = self.details.iter().flatten().map(|detail| detail.field.as_str());
        self.param.as_deref().into_iter().chain(fields).collect::<Vec<_>>().join(" ")
    }

    fn names(&self, word: &str) -> bool {
        [self.places(), self.message.to_ascii_lowercase()].iter().any(|text| text.contains(word))
    }

    /// A line for the log.
    fn told(&self, task: &Task<'_>, reply: &Reply<'_>) -> String {
        kit::for_the_log(task, reply, &self.code, &format!("{} {}", self.places(), self.message))
    }
}
