//! An order for a clip in which the person in a picture speaks a recording. It is as long as the recording.
//!
//! Facts: the vendor's page on avatars, autumn 2026.

use crate::{Task, kit};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    image: Option<&'a str>,
    sound_file: Option<&'a str>,
    /// How the person moves; what is said is in the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    external_task_id: String,
}

impl<'a> Body<'a> {
    pub(super) fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input) = (&task.job.plan, &task.job.order.input);
        Body {
            image: kit::pictures(task).first().copied(),
            sound_file: input.audio.as_deref(),
            prompt: plan.prompt.as_deref(),
            mode: plan.options.text("mode"),
            callback_url: task.callback,
            external_task_id: kit::task_name(task),
        }
    }
}
