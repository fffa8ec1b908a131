//! Vidu's error table. Refused calls and failed tasks have the same reasons.

use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// There is no such task.
pub(super) const NOT_FOUND: [&str; 3] = ["TaskNotFound", "CreationNotFound", "NotFound"];

/// Somebody of the account stopped the task.
pub(super) const STOPPED: &str = "UserCancelled";

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 12] = [
    ("movement_amplitude", "motionIntensity"),
    ("aspect_ratio", "aspectRatio"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("images", "images"),
    ("videos", "video"),
    ("prompt", "text"),
    ("audio", "sound"),
    ("image", "image"),
    ("model", "model"),
    ("style", "style"),
    ("seed", "seed"),
];

/// What a reason means; none when it leaves open what was done, or is new.
fn of_reason(reason: &str, words: &str) -> Option<Fault> {
    let bad_input = |message: &str| Fault::new(FaultKind::InvalidInput, message);
    let fault = match reason {
        "BadRequest" | "FieldLacking" | "FieldUnwanted" | "FieldInvalid" | "FieldItemCountOutOfRange" => {
            kit::refused_field(words, &FIELDS)
        }
        // In spite of its name it is about pictures.
        "PageSizeOutOfRange" => bad_input("a picture has a size or a shape that the provider does not take"),
        "ImageFormatInvalid" => bad_input("the provider can't read a picture"),
        "ImageDownloadFailure" => bad_input("the provider could not fetch a picture"),
        "ImageCheckBodyJointsFailed" | "ImageCheckFaceFailed" | "ImageObjectsUndetected" => {
            bad_input("the provider does not find in a picture what it looks for")
        }
        "AuditSubmitIllegal" | "TaskPromptPolicyViolation" | "CreationPolicyViolation" => {
            kit::fault(FaultKind::Moderation)
        }
        "OperationInProcess" | "ModelUnavailable" | "Conflict" => kit::fault(FaultKind::Unavailable),
        "QuotaExceeded" | "TooManyRequests" | "SystemThrottling" => kit::fault(FaultKind::Busy),
        // No money, no key, no rights.
        "CreditInsufficient" | "Unauthorized" | "Forbidden" => kit::fault(FaultKind::Operator),
        // To a submit: no such address.
        reason if NOT_FOUND.contains(&reason) => kit::fault(FaultKind::Operator),
        _ => return None,
    };
    Some(fault)
}

/// A call that was refused.
pub(super) fn said_no(
    task: &Task<'_>,
    question: Question<'_>,
    reason: &str,
    words: &str,
    reply: &Reply<'_>,
) -> Next {
    let detail = kit::for_the_log(task, reply, reason, words);
    match of_reason(reason, words) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        // Somebody hung up on the way: the task may have been begun.
        None if reason == "Canceled" => kit::unsure(question, detail),
        None => kit::by_status(task, question, reply, detail),
    }
}

/// Why a task failed.
pub(super) fn of_failed_task(task: &Task<'_>, reason: &str, reply: &Reply<'_>) -> Fault {
    let fault = of_reason(reason, "").unwrap_or_else(|| {
        let rules = kit::speaks_of_rules(reason);
        kit::fault(if rules { FaultKind::Moderation } else { FaultKind::Vendor })
    });
    fault.with_detail(kit::for_the_log(task, reply, "failed", reason))
}
