//! The error table of Text-to-Speech: that of all Google's servers, but that a repeat harms nobody.

use crate::{Next, Question, Reply, Task, kit};
use jobs::FaultKind;
use kit::google::Refusal;

/// The vendor's fields, in small letters, with our names for them.
const FIELDS: [(&str, &str); 12] = [
    ("speaking_rate", "speed"),
    ("speakingrate", "speed"),
    ("pitch", "pitch"),
    ("volume_gain_db", "volume"),
    ("volumegaindb", "volume"),
    ("audio_encoding", "format"),
    ("language", "language"),
    ("language_code", "language"),
    ("voice", "voice"),
    ("ssml", "text"),
    ("text", "text"),
    ("input", "text"),
];

/// An answer that is no success; `free` to a call that costs nothing.
pub(super) fn said_no(task: &Task<'_>, question: Question<'_>, free: bool, reply: &Reply<'_>) -> Next {
    let told = Refusal::read(reply).is_some();
    match reply.status.as_u16() {
        // A voice that is gone.
        404 if told => kit::refused(question, kit::refused_option("voice")),
        // The vendor itself gave up; what it may have spoken is worth less than the wait for certainty.
        499 | 500 | 503 | 504 if told => {
            let wait = kit::retry_after(reply.headers, task.now);
            let detail = format!("status {}", reply.status.as_u16());
            kit::refused(question, kit::fault(FaultKind::Unavailable).with_detail(detail).retry_after(wait))
        }
        500..=599 if free => {
            kit::not_ready(question, format!("status {} to the call for voices", reply.status.as_u16()))
        }
        _ => kit::google::said_no(task, question, reply, &FIELDS),
    }
}
