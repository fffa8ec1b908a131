//! DashScope's error table. Refused calls and failed tasks have the same codes: a word, perhaps with a finer one behind a
//! dot, spelled `LimitRequests` here and `limit_requests` there.

use super::wire::Complaint;
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 17] = [
    ("negative_prompt", "negativePrompt"),
    ("prompt_extend", "promptOptimizer"),
    ("reference_urls", "images"),
    ("reference_url", "images"),
    ("audio_url", "audio"),
    ("shot_type", "multiShot"),
    ("img_url", "image"),
    ("resolution", "resolution"),
    ("duration", "duration"),
    ("size", "resolution"),
    ("seed", "seed"),
    ("prompt", "text"),
    ("audio", "sound"),
    ("image", "image"),
    ("images", "images"),
    ("video", "video"),
    ("videos", "video"),
];

/// Only a task that waits can be stopped.
pub(super) fn is_too_late(complaint: Complaint<'_>) -> bool {
    plain(complaint.code) == "unsupportedoperation"
}

/// A call that was refused.
pub(super) fn said_no(
    task: &Task<'_>,
    question: Question<'_>,
    complaint: Complaint<'_>,
    reply: &Reply<'_>,
) -> Next {
    let detail = kit::for_the_log(task, reply, complaint.code, complaint.words);
    match of_complaint(complaint) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

/// Why a task failed.
pub(super) fn of_failed_task(task: &Task<'_>, complaint: Option<Complaint<'_>>, reply: &Reply<'_>) -> Fault {
    let Some(complaint) = complaint else {
        return kit::fault(FaultKind::Vendor).with_detail("no reason told");
    };
    let fault = of_complaint(complaint).unwrap_or_else(|| {
        let rules = kit::speaks_of_rules(complaint.code) || kit::speaks_of_rules(complaint.words);
        kit::fault(if rules { FaultKind::Moderation } else { FaultKind::Vendor })
    });
    fault.with_detail(kit::for_the_log(task, reply, complaint.code, complaint.words))
}

/// The code in the one spelling that the table knows.
fn plain(code: &str) -> String {
    let letters = code.chars().filter(|letter| !matches!(letter, '_' | '-' | ' '));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// What a complaint means; none when it leaves open what was done (InternalError, RequestTimeOut), or is new.
fn of_complaint(complaint: Complaint<'_>) -> Option<Fault> {
    let (code, words) = (plain(complaint.code), complaint.words.to_ascii_lowercase());
    let (family, finer) = code.split_once('.').unwrap_or((&code, ""));
    let fault = match (family, finer) {
        ("datainspectionfailed", _) if words.contains("output") => kit::held_back(),
        ("datainspectionfailed" | "ipinfringementsuspect" | "customroleblocked" | "faqruleblocked", _) => {
            kit::fault(FaultKind::Moderation)
        }
        // In spite of its name it is about a link that the vendor could not follow.
        ("invalidparameter", "datainspection") | ("invalidurl", _) | ("badrequest", "inputdownloadfailed") => {
            Fault::new(FaultKind::InvalidInput, "the provider could not fetch a picture, clip or recording")
        }
        // The model is not made for this path, so it is not the caller's doing.
        ("invalidparameter", _) if words.contains("url error") => kit::fault(FaultKind::Operator),
        ("invalidparameter" | "badrequest", _) => kit::refused_field(complaint.words, &FIELDS),
        ("invalidimage" | "invalidimageresolution" | "invalidimageformat", _) => kit::refused_option("image"),
        ("invalidfile", _) => kit::fault(FaultKind::InvalidInput),
        // What is free to try is used up, and no more was bought.
        ("throttling", "allocationquota") if words.contains("free") => kit::fault(FaultKind::Operator),
        ("throttling" | "limitrequests" | "limitburstrate" | "insufficientquota" | "modelservingerror", _) => {
            kit::fault(FaultKind::Busy)
        }
        ("modelunavailable" | "serviceunavailable", _) => kit::fault(FaultKind::Unavailable),
        // The key, the account, its debts and its rights.
        ("invalidapikey" | "arrearage" | "accessdenied" | "notauthorized" | "allocationquota", _)
        | ("model" | "app" | "workspace" | "endpoint", "accessdenied" | "notexist")
        | ("commoditynotpurchased" | "prepaidbilloverdue" | "postpaidbilloverdue", _)
        // A model that is not to be had in the key's region; an address that is none.
        | ("modelnotfound" | "modelnotsupported" | "workspacenotfound" | "notfound", _) => {
            kit::fault(FaultKind::Operator)
        }
        _ => return None,
    };
    Some(fault)
}
