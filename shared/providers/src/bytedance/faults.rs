//! ModelArk's error table. A code is a word, perhaps with a finer one behind a dot: `InvalidParameter.duration`.

use super::wire::{Complaint, Head};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// Fields that a complaint may name, with our names for them.
const FIELDS: [(&str, &str); 16] = [
    ("image_url", "image"),
    ("video_url", "video"),
    ("audio_url", "audio"),
    ("last_frame", "lastImage"),
    ("first_frame", "image"),
    ("reference_image", "images"),
    ("generate_audio", "sound"),
    ("camera_fixed", "cameraFixed"),
    ("camerafixed", "cameraFixed"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("ratio", "aspectRatio"),
    ("size", "resolution"),
    ("seed", "seed"),
    ("image", "image"),
    ("prompt", "text"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    match kit::read_message::<Head>(reply).and_then(|head| head.error) {
        Some(complaint) => complained(task, question, &complaint, reply),
        None => kit::unreadable(task, question, reply),
    }
}

/// An error in so many words, whatever the status that it came with.
pub(super) fn complained(
    task: &Task<'_>,
    question: Question<'_>,
    complaint: &Complaint,
    reply: &Reply<'_>,
) -> Next {
    let detail = detail(task, complaint, reply);
    match of_code(complaint) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

/// Why a task failed: what the caller can mend is told, all else is the vendor's own trouble.
pub(super) fn of_failed_task(task: &Task<'_>, complaint: Option<&Complaint>, reply: &Reply<'_>) -> Fault {
    let Some(complaint) = complaint else {
        return kit::fault(FaultKind::Vendor).with_detail("no reason told");
    };
    let fault = of_code(complaint)
        .filter(|fault| matches!(fault.kind, FaultKind::InvalidInput | FaultKind::Moderation))
        .unwrap_or_else(|| kit::fault(FaultKind::Vendor));
    fault.with_detail(detail(task, complaint, reply))
}

/// Whether the vendor says that it knows no such task (any more: it remembers them for seven days).
pub(super) fn is_unknown(reply: &Reply<'_>) -> bool {
    let complaint = kit::read_message::<Head>(reply).and_then(|head| head.error);
    let code = complaint.and_then(|complaint| complaint.code).unwrap_or_default();
    // The other codes of this status are about models and endpoints.
    reply.status.as_u16() == 404 && family(&code) == "NotFound"
}

fn detail(task: &Task<'_>, complaint: &Complaint, reply: &Reply<'_>) -> String {
    let code = complaint.code.as_deref().unwrap_or("none");
    kit::for_the_log(task, reply, code, complaint.message.as_deref().unwrap_or_default())
}

fn family(code: &str) -> &str {
    code.split('.').next().unwrap_or_default()
}

/// What a code means; none when it leaves open whether a task was begun (InternalServiceError, and whatever is new).
fn of_code(complaint: &Complaint) -> Option<Fault> {
    let code = complaint.code.as_deref()?;
    let words = complaint.message.as_deref().unwrap_or_default();
    if let Some(fault) = of_content(code) {
        return Some(fault);
    }
    let fault = match family(code) {
        "MissingParameter" | "InvalidParameter" | "InvalidArgumentError" | "OutofContextError" => {
            let place = complaint.param.as_deref().unwrap_or_default();
            kit::refused_field(&format!("{place} {code} {words}"), &FIELDS)
        }
        "InvalidImageURL" => kit::refused_option("image"),
        // The check itself is out of order; a closed endpoint may open again.
        "ContentSecurityDetectionError" => kit::fault(FaultKind::Unavailable),
        "InvalidEndpoint" => kit::fault(FaultKind::Unavailable),
        // The key, the account, its debts and its rights.
        "AuthenticationError" | "InvalidAccountStatus" => kit::fault(FaultKind::Operator),
        "AccountOverdueError" | "OperationDenied" | "AccessDenied" => kit::fault(FaultKind::Operator),
        // A model that does not exist, or was not switched on in the vendor's console.
        "InvalidEndpointOrModel" | "ModelNotOpen" | "UnsupportedModel" => kit::fault(FaultKind::Operator),
        "SetLimitExceeded" => kit::fault(FaultKind::Operator),
        // Of two quotas: the tasks that wait, and what is free to try.
        "QuotaExceeded" if speaks_of_trial(words) => kit::fault(FaultKind::Operator),
        "QuotaExceeded" | "ServerOverloaded" | "RequestBurstTooFast" | "InflightBatchsizeExceeded" => {
            kit::fault(FaultKind::Busy)
        }
        limit if limit.ends_with("RateLimitExceeded") => kit::fault(FaultKind::Busy),
        _ => return None,
    };
    Some(fault)
}

/// The codes of the content rules, for what comes in and for what comes out.
fn of_content(code: &str) -> Option<Fault> {
    let is_of_rules = code.contains("SensitiveContentDetected") || code.contains("RiskDetection");
    if !is_of_rules {
        return None;
    }
    Some(if code.contains("PrivacyInformation") {
        Fault::new(FaultKind::Moderation, "the provider takes no material that shows real people")
    } else if code.starts_with("Output") {
        kit::held_back()
    } else {
        kit::fault(FaultKind::Moderation)
    })
}

fn speaks_of_trial(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("free") || words.contains("trial")
}
