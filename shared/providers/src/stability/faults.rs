//! The error table of Stability: the status, and behind it the code.

use super::wire::Refusal;
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use std::time::Duration;

/// Who asked too often is shut out for about so long.
const USUAL_WAIT: Duration = Duration::from_secs(60);

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 10] = [
    ("negative_prompt", "negativePrompt"),
    ("output_format", "format"),
    ("aspect_ratio", "aspectRatio"),
    ("style_preset", "style"),
    ("cfg_scale", "cfgScale"),
    ("strength", "strength"),
    ("prompt", "text"),
    ("image", "image"),
    ("model", "model"),
    ("seed", "seed"),
];

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(refusal) = kit::read_message::<Refusal>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let words = refusal.errors.join("; ");
    let detail = kit::for_the_log(task, reply, &refusal.name, &words);
    match of_status(reply.status.as_u16(), &refusal.name, &words) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now).or(fault.retry_after);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

fn of_status(status: u16, name: &str, words: &str) -> Option<Fault> {
    let fault = match (status, name) {
        (400..=499, "content_moderation") => kit::fault(FaultKind::Moderation),
        (400..=499, "invalid_language") => {
            Fault::new(FaultKind::InvalidInput, "the provider takes prompts in English only")
        }
        (400 | 422, _) => kit::refused_field(words, &FIELDS),
        // The key, the balance, a permission, a path: ours to mend.
        (401..=404, _) => kit::fault(FaultKind::Operator),
        (413, _) => Fault::new(FaultKind::InvalidInput, "the given picture is too large for the provider"),
        (429, _) => kit::fault(FaultKind::Busy).retry_after(Some(USUAL_WAIT)),
        // The vendor's own word that it made nothing; such calls are not charged. A gateway has no such word.
        (500, "internal_error") => kit::fault(FaultKind::Unavailable),
        _ => return None,
    };
    Some(fault)
}

/// The picture was made, and the vendor blurred it.
pub(super) fn held_back() -> Fault {
    Fault::new(
        FaultKind::Moderation,
        "the provider's content rules held back the result; another seed may pass",
    )
}
