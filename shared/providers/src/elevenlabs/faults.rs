//! The error table of ElevenLabs. Its codes count for more than the status: an empty balance may come as 401.

use super::{
    note,
    wire::{Detail, Refusal},
};
use crate::{Next, Question, Reply, Task, kit};
use http::StatusCode;
use jobs::{Fault, FaultKind};

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 9] = [
    ("language_code", "language"),
    ("output_format", "format"),
    ("stability", "stability"),
    ("voice_id", "voice"),
    ("model_id", "model"),
    ("speed", "speed"),
    ("seed", "seed"),
    ("style", "emotion"),
    ("text", "text"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
    if !reply.status.is_client_error() || reply.status == StatusCode::REQUEST_TIMEOUT {
        let detail = format!("status {} to the call for the {note}", reply.status.as_u16());
        // Only after the paid call it matters that nobody knows what was done.
        return if note == note::VOICE {
            kit::not_ready(question, detail)
        } else {
            kit::unsure(question, detail)
        };
    }
    let Some(refusal) = kit::read_message::<Refusal>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let (fault, detail) = match &refusal.detail {
        Detail::Fields(problems) => {
            let place: String =
                problems.iter().flat_map(|problem| &problem.loc).map(|step| format!("{step} ")).collect();
            let words: String =
                problems.iter().map(|problem| format!("{:?} {}; ", problem.loc, problem.msg)).collect();
            (Some(kit::refused_field(&place, &FIELDS)), kit::for_the_log(task, reply, "fields", &words))
        }
        Detail::Words(words) => (None, kit::for_the_log(task, reply, "none", words)),
        Detail::Coded { code, status, message, param } => {
            let codes = [code.as_deref(), status.as_deref()];
            let param = param.as_deref().unwrap_or_default();
            let fault = codes.into_iter().flatten().find_map(|code| of_code(code, param));
            let named = codes.into_iter().flatten().next().unwrap_or("none");
            (fault, kit::for_the_log(task, reply, named, message.as_deref().unwrap_or_default()))
        }
    };
    match fault {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

fn of_code(code: &str, param: &str) -> Option<Fault> {
    let fault = match code {
        "text_too_long" | "max_character_limit_exceeded" | "request_too_large" => {
            Fault::new(FaultKind::InvalidInput, "the text is too long for this model")
        }
        "empty_text" | "invalid_text" => kit::refused_option("text"),
        "voice_not_found" | "invalid_voice_id" | "voice_access_denied" => {
            Fault::new(FaultKind::InvalidInput, "the provider does not offer this voice")
        }
        "model_not_found" | "unsupported_model" => kit::refused_option("model"),
        "invalid_output_format" => kit::refused_option("format"),
        "invalid_ttd_stability" => kit::refused_option("stability"),
        "invalid_parameters" | "missing_required_field" | "invalid_voice_settings" => {
            kit::refused_field(param, &FIELDS)
        }
        "content_against_policy" | "moderated" => kit::fault(FaultKind::Moderation),
        "concurrent_limit_exceeded"
        | "too_many_concurrent_requests"
        | "rate_limit_exceeded"
        | "system_busy" => kit::fault(FaultKind::Busy),
        "conflict" | "too_early" => kit::fault(FaultKind::Unavailable),
        // Our key, our balance, our plan, or our address taken for a free rider's.
        "invalid_api_key"
        | "missing_api_key"
        | "unauthorized"
        | "quota_exceeded"
        | "insufficient_credits"
        | "detected_unusual_activity"
        | "model_access_denied"
        | "feature_not_available"
        | "subscription_required"
        | "only_for_creator+"
        | "forbidden" => kit::fault(FaultKind::Operator),
        _ => return None,
    };
    Some(fault)
}
