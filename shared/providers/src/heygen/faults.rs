//! HeyGen's error table. The codes count for more than the status; of a code that we do not know, the status tells.

use super::wire::{Problem, Video};
use crate::{Next, Question, Reply, Task, kit};
use http::StatusCode;
use jobs::{Fault, FaultKind};
use serde_json::Value;

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 19] = [
    ("remove_background", "background"),
    ("expressiveness", "expressiveness"),
    ("output_format", "format"),
    ("motion_prompt", "gesture"),
    ("audio_asset_id", "audio"),
    ("aspect_ratio", "aspectRatio"),
    ("background", "background"),
    ("resolution", "resolution"),
    ("avatar_id", "avatarId"),
    ("audio_url", "audio"),
    ("voice_id", "voice"),
    ("locale", "language"),
    ("engine", "model"),
    ("script", "text"),
    ("speed", "speed"),
    ("pitch", "pitch"),
    ("voice", "voice"),
    ("image", "image"),
    ("title", "title"),
];

/// A look that is not there, or not for this account.
pub(super) fn no_such_avatar(offer: &str) -> Fault {
    Fault::new(FaultKind::InvalidInput, format!("the provider has no such avatar{offer}"))
}

/// A voice that is not there, or not for this account.
pub(super) fn no_such_voice(offer: &str) -> Fault {
    Fault::new(FaultKind::InvalidInput, format!("the provider has no such voice{offer}"))
}

/// A line for the log.
pub(super) fn for_the_log(task: &Task<'_>, problem: &Problem, reply: &Reply<'_>) -> String {
    let (code, words) = (problem.code.as_deref().unwrap_or("none"), problem.message.as_deref());
    let param = problem.param.as_deref().map(|param| format!(" ({param})")).unwrap_or_default();
    kit::for_the_log(task, reply, code, &format!("{}{param}", words.unwrap_or_default()))
}

/// Whether the vendor says that it does not know the video that was asked about.
pub(super) fn is_unknown_video(problem: &Problem) -> bool {
    matches!(problem.code.as_deref(), Some("video_not_found" | "not_found" | "resource_not_found"))
}

/// A call that was refused: the paid one, or a look at a video.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, problem: &Problem, reply: &Reply<'_>) -> Next {
    let detail = for_the_log(task, problem, reply);
    let code = problem.code.as_deref().unwrap_or_default();
    let status = reply.status.as_u16();
    match of_order(problem).or_else(|| of_account(code)) {
        Some(fault) => refused(task, question, fault.with_detail(detail), reply),
        // The same order is under way already, or something stands in its way: what became of it is to be looked up.
        None if matches!(code, "request_in_progress" | "conflict") => kit::unsure(question, detail),
        // Those that no page lists are about what was asked for.
        None if matches!(status, 400..=499) && !matches!(status, 401..=403 | 407..=409 | 429) => {
            let fault = if kit::speaks_of_rules(code) || speaks_of_rules(code) {
                kit::fault(FaultKind::Moderation)
            } else {
                refused_field(problem)
            };
            kit::refused(question, fault.with_detail(detail))
        }
        None if status == 409 => kit::unsure(question, detail),
        None => kit::by_status(task, question, reply, detail),
    }
}

/// A call that costs nothing was refused. What is wrong with it is not the caller's fault.
pub(super) fn not_told(
    task: &Task<'_>,
    question: Question<'_>,
    problem: &Problem,
    reply: &Reply<'_>,
) -> Next {
    let detail = for_the_log(task, problem, reply);
    match of_account(problem.code.as_deref().unwrap_or_default()) {
        Some(fault) => refused(task, question, fault.with_detail(detail), reply),
        None if tells_of_account(reply.status) => kit::by_status(task, question, reply, detail),
        None => kit::not_ready(question, detail),
    }
}

/// A call that costs nothing brought nothing that can be read.
pub(super) fn not_read(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if tells_of_account(reply.status) {
        return kit::unreadable(task, question, reply);
    }
    let (status, length) = (reply.status.as_u16(), reply.body.len());
    kit::not_ready(question, format!("status {status}, {length} bytes that are not what was asked for"))
}

fn tells_of_account(status: StatusCode) -> bool {
    matches!(status.as_u16(), 401..=403 | 407 | 429)
}

fn refused(task: &Task<'_>, question: Question<'_>, fault: Fault, reply: &Reply<'_>) -> Next {
    kit::refused(question, fault.retry_after(kit::retry_after(reply.headers, task.now)))
}

/// What a code says of an order.
fn of_order(problem: &Problem) -> Option<Fault> {
    let bad_input = |message: &str| Fault::new(FaultKind::InvalidInput, message);
    let fault = match problem.code.as_deref()? {
        "validation_error" | "invalid_parameter" => refused_field(problem),
        "avatar_not_found" | "avatar_group_not_found" => no_such_avatar(""),
        "voice_not_found" => no_such_voice(""),
        "voice_unavailable" => bad_input("this voice of the provider can't be used at the moment"),
        "asset_not_available" | "asset_not_found" => bad_input("the provider can't use a given file"),
        "download_failed" => bad_input("the provider could not fetch a given file"),
        "payload_too_large" => bad_input("what was given is larger than the provider takes"),
        "not_found" | "resource_not_found" => refused_field(problem),
        // An avatar or a voice of another account, or a key without rights.
        "resource_access_denied" if names_a_field(problem) => refused_field(problem),
        _ => return None,
    };
    Some(fault)
}

/// What a code says of our account at the vendor.
fn of_account(code: &str) -> Option<Fault> {
    let kind = match code {
        "unauthorized"
        | "authentication_failed"
        | "forbidden"
        | "resource_access_denied"
        | "insufficient_credit"
        | "resource_limit_reached"
        | "ai_vendor_access_restricted"
        | "unlimited_mode_disabled" => FaultKind::Operator,
        "rate_limit_exceeded" | "rate_limited" | "quota_exceeded" => FaultKind::Busy,
        _ => return None,
    };
    Some(kit::fault(kind))
}

/// Where a field is named, in its own place or among the words.
fn place(problem: &Problem) -> String {
    let parts = [problem.param.as_deref(), problem.message.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn refused_field(problem: &Problem) -> Fault {
    kit::refused_field(&place(problem), &FIELDS)
}

fn names_a_field(problem: &Problem) -> bool {
    let place = place(problem).to_ascii_lowercase();
    ["avatar", "look", "voice", "asset"].iter().any(|word| place.contains(word))
}

/// Whether a text speaks of the rules in words of this vendor's.
fn speaks_of_rules(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["blocked_words", "blocked words", "celebrit", "400105", "nsfw"].iter().any(|word| text.contains(word))
}

/// Why a video failed. The words that are used there are listed nowhere; the numbers are those of older interfaces.
pub(super) fn of_failed_video(task: &Task<'_>, video: &Video, reply: &Reply<'_>) -> Fault {
    let code = match &video.failure_code {
        Some(Value::String(code)) => code.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "none".to_owned(),
    };
    let words = video.failure_message.as_deref().unwrap_or_default();
    let fault = match code.to_ascii_lowercase().as_str() {
        "40039" | "invalid_text_input" => kit::refused_option("text"),
        "400631" | "user_blocked" | "insufficient_credit" => kit::fault(FaultKind::Operator),
        _ if [code.as_str(), words]
            .iter()
            .any(|text| kit::speaks_of_rules(text) || speaks_of_rules(text)) =>
        {
            kit::fault(FaultKind::Moderation)
        }
        _ => kit::fault(FaultKind::Vendor),
    };
    fault.with_detail(kit::for_the_log(task, reply, &code, words))
}
