//! Finding a recording whose answer was lost: in the account's history, by its very words.

use super::{KEY_HEADER, USUAL_BASE, note, request, wire::History};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, State};
use std::time::Duration;

/// How far the vendor's clock may be behind ours.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How often we look in vain before the repeat: a recording is listed only once it is made, which may still be going on.
const FIRST_LOOKS: u32 = 1;

/// How often we look in vain once no repeat is left.
const LAST_LOOKS: u32 = 2;

/// Asks for what was spoken since the paid call.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, voice: &str) -> Next {
    let begun = match task.job.state {
        State::Submitting { since, .. } => since,
        _ => task.job.created,
    };
    let after = begun.minus(CLOCK_SLACK).seconds().to_string();
    let query = [
        ("source", "TTS"),
        ("voice_id", voice),
        ("model_id", task.job.plan.vendor_model.as_str()),
        ("date_after_unix", after.as_str()),
        ("page_size", "100"),
    ];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "history"], &query);
    kit::Draft::get("elevenlabs history", url)
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .note(note::HISTORY)
        .next(question)
}

/// Reads the history: fetches the recording, or decides what its absence means.
pub(super) fn history_read(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(history) = kit::read_message::<History>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let words = request::words(task);
    let found = history.history.iter().find(|item| item.text.as_deref() == Some(words.as_str()));
    match found.map(|item| kit::name_of(Some(&item.history_item_id))) {
        Some(Some(item)) => fetch(task, question, item),
        Some(None) => kit::unsure(question, "the history item has no usable id"),
        None => not_there(task, question),
    }
}

fn fetch(task: &Task<'_>, question: Question<'_>, item: &str) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "history", item, "audio"], &[]);
    kit::Draft::get("elevenlabs history audio", url)
        .secret_header(KEY_HEADER, task.access.api_key.reveal())
        .note(note::AUDIO)
        .brings_file(task)
        .next(question)
}

/// A second recording costs cents, so it is made once; after that only looking is left.
fn not_there(task: &Task<'_>, question: Question<'_>) -> Next {
    let may_repeat = task.job.resubmits == 0;
    let looks = if may_repeat { FIRST_LOOKS } else { LAST_LOOKS };
    match question {
        Question::Recover { looked } if looked < looks => kit::event(Event::NotFound),
        _ if may_repeat => kit::event(Event::SubmitAgain),
        _ => kit::lost_for_good("the recording is not in the vendor's history"),
    }
}
