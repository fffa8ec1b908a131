//! Google's error tables: statuses of calls, states of interactions, reasons for the lack of a picture.

use super::{clip_wire::Interaction, picture_wire::Answer};
use crate::{
    Next, Question, Reply, Task,
    kit::{self, google::Refusal},
};
use jobs::{Fault, FaultKind};

pub(super) use crate::kit::google::Problem;

/// The vendor's fields, in small letters, with our names for them.
const FIELDS: [(&str, &str); 8] = [
    ("aspect_ratio", "aspectRatio"),
    ("aspectratio", "aspectRatio"),
    ("duration", "duration"),
    ("resolution", "resolution"),
    ("image_size", "resolution"),
    ("imagesize", "resolution"),
    ("seed", "seed"),
    ("model", "model"),
];

/// Whether the vendor itself says that it knows no such interaction; it does so with the status for bad requests.
pub(super) fn is_unknown_interaction(reply: &Reply<'_>) -> bool {
    let says = |words: &str| {
        Refusal::read(reply)
            .is_some_and(|refusal| refusal.error.message().to_ascii_lowercase().contains(words))
    };
    match reply.status.as_u16() {
        400 => says("invalid interaction name"),
        404 => says(""),
        _ => false,
    }
}

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    kit::google::said_no(task, question, reply, &FIELDS)
}

/// Why an interaction failed.
pub(super) fn of_failed_interaction(task: &Task<'_>, interaction: &Interaction, reply: &Reply<'_>) -> Fault {
    let problems: Vec<&Problem> =
        interaction.errors.iter().chain(&interaction.error).chain(interaction.step_errors()).collect();
    let words: String = problems.iter().map(|problem| format!("{} ", problem.message())).collect();
    let codes: Vec<String> = problems
        .iter()
        .flat_map(|problem| problem.codes())
        .chain(interaction.finish_reason.iter().map(|reason| reason.to_ascii_uppercase()))
        .collect();
    let any = |names: &[&str]| codes.iter().any(|code| names.contains(&code.as_str()));
    let fault = if codes.iter().any(|code| is_about_rules(code)) || kit::google::was_blocked(&words) {
        kit::fault(FaultKind::Moderation)
    } else if any(&["3", "INVALID_ARGUMENT", "INVALID_REQUEST", "OUT_OF_RANGE"]) {
        kit::refused_field(&words, &FIELDS)
    } else if any(&["8", "14", "RESOURCE_EXHAUSTED", "UNAVAILABLE"]) {
        kit::fault(FaultKind::Unavailable)
    } else {
        kit::fault(FaultKind::Vendor)
    };
    fault.with_detail(kit::for_the_log(task, reply, &codes.join(" "), &words))
}

/// Why a completed interaction brought no clip. That is how the vendor's content rules show; that a clip was made and is
/// not where we look for it would be our mistake.
pub(super) fn of_missing_clip(task: &Task<'_>, interaction: &Interaction, reply: &Reply<'_>) -> Fault {
    if interaction.used_video() == Some(true) {
        let detail =
            kit::for_the_log(task, reply, "completed", "a clip was made, and it is not in the answer");
        return kit::fault(FaultKind::Vendor).with_detail(detail);
    }
    let fault = if task.job.order.input.video.is_some() {
        // The same answer comes where the law forbids to work on people's clips.
        Fault::new(
            FaultKind::Moderation,
            "the provider's content rules, or those of its region, forbid this prompt or clip",
        )
    } else {
        kit::fault(FaultKind::Moderation)
    };
    fault.with_detail(kit::for_the_log(task, reply, "completed", "no clip in the answer"))
}

/// Why there is no picture.
pub(super) fn of_missing_picture(task: &Task<'_>, answer: &Answer<'_>, reply: &Reply<'_>) -> Fault {
    let (reason, kind) = match (answer.block_reason(), answer.finish_reason()) {
        (Some(reason), _) => (reason, FaultKind::Moderation),
        (None, Some(reason)) if is_about_rules(reason) => (reason, FaultKind::Moderation),
        (None, reason) => (reason.unwrap_or("none"), FaultKind::Vendor),
    };
    kit::fault(kind).with_detail(kit::for_the_log(task, reply, reason, "no picture in the answer"))
}

/// Whether a reason speaks of content rules.
fn is_about_rules(reason: &str) -> bool {
    let reason = reason.strip_prefix("IMAGE_").unwrap_or(reason);
    ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION", "JAILBREAK"].contains(&reason)
}
