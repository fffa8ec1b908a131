//! The error table of Black Forest Labs.

use super::wire::{Detail, Refusal};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use std::time::Duration;

/// How long to wait when too many tasks are active and no time is named: about as long as one takes.
const USUAL_WAIT: Duration = Duration::from_secs(8);

/// The vendor's fields with our names for them.
const FIELDS: [(&str, &str); 24] = [
    ("aspect_ratio", "aspectRatio"),
    ("width", "aspectRatio"),
    ("height", "aspectRatio"),
    ("prompt_upsampling", "promptOptimizer"),
    ("input_image", "image"),
    ("image_prompt_strength", "strength"),
    ("image_prompt", "image"),
    ("keyframes", "image"),
    ("mask", "images"),
    ("image", "image"),
    ("duration", "duration"),
    ("resolution", "resolution"),
    ("generate_audio", "sound"),
    ("top", "expandTop"),
    ("bottom", "expandBottom"),
    ("left", "expandLeft"),
    ("right", "expandRight"),
    ("output_format", "format"),
    ("safety_tolerance", "safetyTolerance"),
    ("guidance", "cfgScale"),
    ("prompt", "text"),
    ("steps", "steps"),
    ("seed", "seed"),
    ("raw", "raw"),
];

/// Whether an error is one of the vendor's own, rather than some server's between us.
pub(super) fn is_message(reply: &Reply<'_>) -> bool {
    kit::read_message::<Refusal>(reply).is_some()
}

/// An answer that is no success.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let (place, words) = match kit::read_message::<Refusal>(reply).map(|refusal| refusal.detail) {
        Some(Detail::Words(words)) => (words.clone(), words),
        Some(Detail::Fields(problems)) => (
            problems.iter().flat_map(|problem| &problem.loc).map(|step| format!("{step} ")).collect(),
            problems.iter().map(|problem| format!("{:?} {}; ", problem.loc, problem.msg)).collect(),
        ),
        None => return kit::unreadable(task, question, reply),
    };
    let detail = kit::for_the_log(task, reply, "none", &words);
    match of_status(reply.status.as_u16(), &place) {
        Some(fault) => {
            let wait = kit::retry_after(reply.headers, task.now).or(fault.retry_after);
            kit::refused(question, fault.with_detail(detail).retry_after(wait))
        }
        None => kit::by_status(task, question, reply, detail),
    }
}

fn of_status(status: u16, place: &str) -> Option<Fault> {
    match status {
        400 => Some(kit::refused_field(place, &FIELDS)),
        // A key of the wrong form is complained of like a bad parameter.
        422 if place.to_ascii_lowercase().contains("api key") => Some(kit::fault(FaultKind::Operator)),
        422 => Some(kit::refused_field(place, &FIELDS)),
        // No key, no credits, no such endpoint: ours to mend.
        401..=404 => Some(kit::fault(FaultKind::Operator)),
        429 => Some(kit::fault(FaultKind::Busy).retry_after(Some(USUAL_WAIT))),
        _ => None,
    }
}
