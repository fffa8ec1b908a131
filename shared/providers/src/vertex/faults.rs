//! The error table of Google's cloud: statuses of calls, codes of operations, clips that were held back.

use super::wire::Outcome;
use crate::{
    Next, Question, Reply, Task,
    kit::{
        self,
        google::{Problem, Refusal},
    },
};
use jobs::{Fault, FaultKind};

/// The vendor's fields, in small letters, with our names for them.
const FIELDS: [(&str, &str); 11] = [
    ("aspectratio", "aspectRatio"),
    ("durationseconds", "duration"),
    ("duration", "duration"),
    ("resolution", "resolution"),
    ("negativeprompt", "negativePrompt"),
    ("generateaudio", "sound"),
    ("seed", "seed"),
    ("lastframe", "lastImage"),
    ("referenceimages", "images"),
    ("image", "image"),
    ("prompt", "text"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if reply.status.as_u16() == 400
        && let Some(Refusal { error }) = Refusal::read(reply)
    {
        let words = error.message();
        // The right to a model that was never asked for is told like a bad parameter.
        let not_ours = words.to_ascii_lowercase().contains("not allowed to use publisher model");
        let kind = match (forbids(words), not_ours) {
            (true, _) => Some(FaultKind::Moderation),
            (false, true) => Some(FaultKind::Operator),
            (false, false) => None,
        };
        if let Some(kind) = kind {
            return kit::refused(question, kit::fault(kind).with_detail(detail(task, &error, reply)));
        }
    }
    kit::google::said_no(task, question, reply, &FIELDS)
}

/// Why an operation failed.
pub(super) fn of_failed(task: &Task<'_>, problem: &Problem, reply: &Reply<'_>) -> Fault {
    let words = problem.message();
    let fault = match problem.codes().next().as_deref() {
        _ if forbids(words) => kit::fault(FaultKind::Moderation),
        // Bad argument, precondition, range.
        Some("3" | "9" | "11") => kit::refused_field(words, &FIELDS),
        // No right: to the model, or for the model to the bucket.
        Some("7" | "16") => kit::fault(FaultKind::Operator),
        // Exhausted, unavailable.
        Some("8" | "14") => kit::fault(FaultKind::Unavailable),
        _ => kit::fault(FaultKind::Vendor),
    };
    fault.with_detail(detail(task, problem, reply))
}

/// Why there is no clip, though all went well.
pub(super) fn of_filtered(task: &Task<'_>, outcome: &Outcome<'_>, reply: &Reply<'_>) -> Fault {
    let detail = kit::for_the_log(task, reply, "filtered", &outcome.reasons());
    kit::fault(FaultKind::Moderation).with_detail(detail)
}

fn detail(task: &Task<'_>, problem: &Problem, reply: &Reply<'_>) -> String {
    let codes: Vec<String> = problem.codes().collect();
    kit::for_the_log(task, reply, &codes.join(" "), problem.message())
}

/// Whether words say that the content rules forbid it. There is no code for that: it is told as a bad argument, with the
/// number of the rule (`Support codes: 58061214`) behind it.
fn forbids(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    let marks = ["usage guidelines", "responsible ai", "support codes"];
    marks.iter().any(|mark| words.contains(mark)) || kit::google::was_blocked(&words)
}
