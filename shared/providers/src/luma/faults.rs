//! The errors of Dream Machine: a status and free text.

use super::detail::{complaint, speaks_of_money};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// What the vendor calls `frame1`, in a word of its own: a number at the end tells nothing of a field.
const LAST_FRAME: &str = "last_frame";

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 9] = [
    (LAST_FRAME, "lastImage"),
    ("aspect_ratio", "aspectRatio"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("prompt", "text"),
    ("model", "model"),
    ("loop", "loop"),
    ("frame", "image"),
    ("keyframes", "image"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(complaint) = complaint(reply) else { return kit::unreadable(task, question, reply) };
    let detail = kit::for_the_log(task, reply, "none", &complaint.words);
    let fault = match reply.status.as_u16() {
        400 | 422 => refused_order(&complaint.words, &complaint.place),
        // No key, no credits, no such address: ours to mend.
        401..=404 => kit::fault(FaultKind::Operator),
        _ => return kit::by_status(task, question, reply, detail),
    };
    kit::refused(question, fault.with_detail(detail).retry_after(kit::retry_after(reply.headers, task.now)))
}

/// One status stands for bad fields, for forbidden words and for an empty account alike.
fn refused_order(words: &str, place: &str) -> Fault {
    if speaks_of_money(words) {
        kit::fault(FaultKind::Operator)
    } else if kit::speaks_of_rules(words) {
        kit::fault(FaultKind::Moderation)
    } else {
        kit::refused_field(&place.replace("frame1", LAST_FRAME), &FIELDS)
    }
}

/// Why a task failed: free text, without a code.
pub(super) fn of_failed_task(task: &Task<'_>, words: &str, reply: &Reply<'_>) -> Fault {
    let kind = if kit::speaks_of_rules(words) { FaultKind::Moderation } else { FaultKind::Vendor };
    kit::fault(kind).with_detail(kit::for_the_log(task, reply, "failed", words))
}
