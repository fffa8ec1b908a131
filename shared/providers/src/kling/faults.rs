//! Kling's error table, and the reasons of failed tasks.

use super::wire::{Head, TaskState};
use crate::{Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// There is no such model or task.
pub(super) const NOT_FOUND: i64 = 1203;

/// Fields that a complaint may name, with our names for them.
const FIELDS: [(&str, &str); 17] = [
    ("image_tail", "lastImage"),
    ("last_frame", "lastImage"),
    ("end_frame", "lastImage"),
    ("first_frame", "image"),
    ("image_list", "images"),
    ("video_url", "video"),
    ("sound_file", "audio"),
    ("face_id", "face"),
    ("resolution", "resolution"),
    ("negative_prompt", "negativePrompt"),
    ("aspect_ratio", "aspectRatio"),
    ("cfg_scale", "cfgScale"),
    ("duration", "duration"),
    ("sound", "sound"),
    ("mode", "mode"),
    ("prompt", "text"),
    ("image", "image"),
];

/// What a code means; none when it leaves open whether a task was begun. HTTP 429 alone says nothing: it stands for
/// "too many" and for "out of money" alike.
pub(super) fn of_code(head: &Head) -> Option<Fault> {
    let fault = match head.code {
        // Authentication missing or bad; 1003 means that our clock is ahead.
        1000..=1003 => kit::fault(FaultKind::Operator),
        // A token that has expired on its way: the next call brings a fresh one.
        1004 => kit::fault(FaultKind::Unavailable),
        // The account: a problem, in arrears, its pack used up, no permission; 1202 is a wrong method, ours.
        1100..=1103 | 1202 => kit::fault(FaultKind::Operator),
        1200 | 1201 => kit::refused_field(head.words(), &FIELDS),
        NOT_FOUND => {
            Fault::new(FaultKind::InvalidInput, "the provider does not know the model or the material")
        }
        1300 | 1301 => kit::fault(FaultKind::Moderation),
        1302 | 1303 => kit::fault(FaultKind::Busy),
        // The vendor's list of allowed addresses.
        1304 => kit::fault(FaultKind::Operator),
        // 5000 to 5002 (internal, maintenance, time-out), and whatever may be new.
        _ => return None,
    };
    Some(fault)
}

/// Whether a complaint is about our own name for the task being taken.
pub(super) fn is_duplicate(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let taken = ["duplicate", "exist", "unique", "repeat"].iter().any(|word| message.contains(word));
    taken && message.contains("external")
}

/// Why a task failed: free text, without a code.
pub(super) fn of_failed_task(task: &Task<'_>, state: &TaskState, reply: &Reply<'_>) -> Fault {
    let words = state.words.as_deref().unwrap_or_default();
    let kind = if kit::speaks_of_rules(words) { FaultKind::Moderation } else { FaultKind::Vendor };
    kit::fault(kind).with_detail(kit::for_the_log(task, reply, "failed", words))
}
