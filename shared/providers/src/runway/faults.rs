//! Runway's two error tables: HTTP statuses, and the codes of failed tasks.

use super::wire::{Refusal, Standing};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use std::time::Duration;

/// How long to wait when the day's generations are used up and no time is named: a day rolls, so one may be free soon.
const USUAL_WAIT: Duration = Duration::from_secs(300);

/// The vendor's fields, in small letters, with our names for them.
const FIELDS: [(&str, &str); 5] = [
    ("promptimage", "image"),
    ("prompttext", "text"),
    ("ratio", "aspectRatio"),
    ("duration", "duration"),
    ("seed", "seed"),
];

/// Whether the vendor itself, and not some server between us, says that there is no such task.
pub(super) fn is_unknown_task(reply: &Reply<'_>) -> bool {
    reply.status.as_u16() == 404 && kit::read_message::<Refusal>(reply).is_some()
}

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    match refusal(task, reply) {
        Some(fault) => kit::refused(question, fault),
        None if kit::read_message::<Refusal>(reply).is_none() => kit::unreadable(task, question, reply),
        None => kit::unsure(question, format!("status {}", reply.status.as_u16())),
    }
}

/// What the vendor's message means; none when it leaves open whether a task was begun, or is no message of the vendor.
pub(super) fn refusal(task: &Task<'_>, reply: &Reply<'_>) -> Option<Fault> {
    let refusal = kit::read_message::<Refusal>(reply)?;
    let issues: String =
        refusal.issues.iter().map(|issue| format!("; {:?} {}", issue.path, issue.message)).collect();
    let detail = kit::for_the_log(task, reply, "none", &format!("{}{issues}", refusal.error));
    let fault = match reply.status.as_u16() {
        // Told as a bad request, and yet ours to mend.
        400 if refusal.error.to_ascii_lowercase().contains("enough credits") => {
            kit::fault(FaultKind::Operator)
        }
        400 => {
            let places: String =
                refusal.issues.iter().flat_map(|issue| &issue.path).map(|step| format!("{step} ")).collect();
            kit::refused_field(&places, &FIELDS)
        }
        // The key, the right to a model, the path, the method: ours to mend.
        401 | 403 | 404 | 405 => kit::fault(FaultKind::Operator),
        // Too many at a time are never refused, only held back: this is the day's end, or too many calls.
        429 => kit::fault(FaultKind::Busy).retry_after(Some(USUAL_WAIT)),
        // The vendor sheds load and says so itself. 502 and 504 leave it open what came of the order.
        503 => kit::fault(FaultKind::Unavailable),
        _ => return None,
    };
    let wait = kit::retry_after(reply.headers, task.now).or(fault.retry_after);
    Some(fault.with_detail(detail).retry_after(wait))
}

/// Why a task failed. New codes come under the old beginnings.
pub(super) fn of_failed_task(task: &Task<'_>, standing: &Standing, reply: &Reply<'_>) -> Fault {
    let code = standing.failure_code.as_deref().unwrap_or("none");
    let begins =
        |start: &str| code == start || code.strip_prefix(start).is_some_and(|rest| rest.starts_with('.'));
    let fault = if begins("SAFETY.OUTPUT") {
        Fault::new(
            FaultKind::Moderation,
            "the provider's content rules held back the finished clip; another seed may pass",
        )
    } else if begins("SAFETY") || begins("INPUT_PREPROCESSING.SAFETY") {
        kit::fault(FaultKind::Moderation)
    } else if begins("ASSET") {
        Fault::new(FaultKind::InvalidInput, "the provider can't use the given picture")
    } else if begins("THIRD_PARTY") {
        kit::fault(FaultKind::Unavailable)
    } else {
        kit::fault(FaultKind::Vendor)
    };
    let words = standing.failure.as_deref().unwrap_or_default();
    fault.with_detail(kit::for_the_log(task, reply, code, words))
}
