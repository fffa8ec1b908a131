//! MiniMax's error table, which both dialects share.

use super::wire::Complaint;
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// The prompt or the material broke the rules.
pub(super) const SENSITIVE_INPUT: i64 = 1026;

/// The result broke the rules.
pub(super) const SENSITIVE_OUTPUT: i64 = 1027;

/// Internal errors and time-outs: whether a task was begun nobody can say.
const IN_THE_DARK: [i64; 5] = [1000, 1001, 1013, 1024, 1033];

/// Fields that a complaint may name, with our names for them.
const FIELDS: [(&str, &str); 16] = [
    ("first_frame_image", "image"),
    ("last_frame_image", "lastImage"),
    ("first_frame", "image"),
    ("last_frame", "lastImage"),
    ("reference_image", "images"),
    ("reference_video", "video"),
    ("reference_audio", "audio"),
    ("prompt_optimizer", "promptOptimizer"),
    ("image_url", "image"),
    ("video_url", "video"),
    ("audio_url", "audio"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("ratio", "aspectRatio"),
    ("prompt", "text"),
    ("text", "text"),
];

/// An answer that the vendor itself calls an error.
pub(super) fn said_no(
    task: &Task<'_>,
    question: Question<'_>,
    complaint: &Complaint,
    reply: &Reply<'_>,
) -> Next {
    let detail = detail(task, complaint, reply);
    if complaint.code.is_some_and(|code| IN_THE_DARK.contains(&code)) {
        return kit::unsure(question, detail);
    }
    match of_code(complaint).or_else(|| of_kind(complaint)) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

/// Why a task failed. A code that is not about the rules tells the log something and the caller nothing.
pub(super) fn of_failed_task(task: &Task<'_>, complaint: &Complaint, reply: &Reply<'_>) -> Fault {
    let fault = match complaint.code {
        Some(SENSITIVE_INPUT | SENSITIVE_OUTPUT) => of_code(complaint),
        _ if kit::speaks_of_rules(&complaint.words) => Some(kit::fault(FaultKind::Moderation)),
        _ => None,
    };
    fault.unwrap_or_else(|| kit::fault(FaultKind::Vendor)).with_detail(detail(task, complaint, reply))
}

fn detail(task: &Task<'_>, complaint: &Complaint, reply: &Reply<'_>) -> String {
    let code = complaint.code.map_or_else(|| complaint.kind.clone(), |code| code.to_string());
    kit::for_the_log(task, reply, &code, &complaint.words)
}

fn of_code(complaint: &Complaint) -> Option<Fault> {
    let fault = match complaint.code? {
        // Requests or growth; tokens; connections.
        1002 | 2045 | 1039 | 1041 => kit::fault(FaultKind::Busy),
        // A bad key, or one of the other region; a missing check of the account holder's name.
        1004 | 2049 | 2038 => kit::fault(FaultKind::Operator),
        // No balance; a subscription's share of some hours used up.
        1008 | 2056 => kit::fault(FaultKind::Operator),
        SENSITIVE_INPUT => kit::fault(FaultKind::Moderation),
        SENSITIVE_OUTPUT => {
            Fault::new(FaultKind::Moderation, "the provider's content rules held back the finished clip")
        }
        1042 => Fault::new(
            FaultKind::InvalidInput,
            "the text holds more invisible characters than the provider takes",
        ),
        2013 => kit::refused_field(&complaint.words, &FIELDS),
        _ => return None,
    };
    Some(fault)
}

fn of_kind(complaint: &Complaint) -> Option<Fault> {
    let fault = match complaint.kind.as_str() {
        "rate_limit_error" | "overloaded_error" => kit::fault(FaultKind::Busy),
        "authorized_error" | "insufficient_balance_error" => kit::fault(FaultKind::Operator),
        "unprocessable_entity_error" => kit::fault(FaultKind::Moderation),
        "bad_request_error" => kit::refused_field(&complaint.words, &FIELDS),
        _ => return None,
    };
    Some(fault)
}
