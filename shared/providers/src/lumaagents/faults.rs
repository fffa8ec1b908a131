//! The errors of Luma Agents: a status for a refused call, a code for a failed task.

use super::wire::{FailureCode, Generation};
use crate::{Next, Question, Reply, Task, kit, luma::detail::complaint};
use jobs::{Fault, FaultKind};

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 8] = [
    ("aspect_ratio", "aspectRatio"),
    ("start_frame", "image"),
    ("end_frame", "lastImage"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("prompt", "text"),
    ("model", "model"),
    ("loop", "loop"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(complaint) = complaint(reply) else { return kit::unreadable(task, question, reply) };
    let detail = kit::for_the_log(task, reply, "none", &complaint.words);
    let fault = match reply.status.as_u16() {
        400 | 422 if kit::speaks_of_rules(&complaint.words) => kit::fault(FaultKind::Moderation),
        400 | 422 => kit::refused_field(&complaint.place, &FIELDS),
        413 => too_large(),
        // No key, no money, a suspended account, no such address: ours to mend.
        401..=404 => kit::fault(FaultKind::Operator),
        // A picture could not be fetched, so nothing was begun.
        503 => kit::fault(FaultKind::Unavailable),
        _ => return kit::by_status(task, question, reply, detail),
    };
    kit::refused(question, fault.with_detail(detail).retry_after(kit::retry_after(reply.headers, task.now)))
}

/// Why a task failed.
pub(super) fn of_failed_task(task: &Task<'_>, generation: &Generation, reply: &Reply<'_>) -> Fault {
    let words = generation.failure_reason.as_deref().unwrap_or_default();
    let fault = match generation.failure_code {
        Some(FailureCode::ContentModerated) => kit::fault(FaultKind::Moderation),
        Some(FailureCode::GenerationFailed | FailureCode::OutputNotFound) => kit::fault(FaultKind::Vendor),
        Some(FailureCode::BudgetExhausted) => kit::fault(FaultKind::Operator),
        Some(FailureCode::ImageTooLarge) => too_large(),
        Some(FailureCode::UnsupportedFormat | FailureCode::CorruptInput) => {
            Fault::new(FaultKind::InvalidInput, "the provider can't read a picture")
        }
        Some(FailureCode::InvalidRequest) => kit::fault(FaultKind::InvalidInput),
        Some(FailureCode::RateLimited) => kit::fault(FaultKind::Busy),
        Some(FailureCode::Unknown) | None if kit::speaks_of_rules(words) => kit::fault(FaultKind::Moderation),
        Some(FailureCode::Unknown) | None => kit::fault(FaultKind::Vendor),
    };
    let code = generation.failure_code.map_or_else(|| "none".to_owned(), |code| format!("{code:?}"));
    fault.with_detail(kit::for_the_log(task, reply, &code, words))
}

fn too_large() -> Fault {
    Fault::new(FaultKind::InvalidInput, "a picture is too large for the provider")
}
