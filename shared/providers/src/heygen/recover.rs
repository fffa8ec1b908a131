//! Finding a video whose order was lost: in the list, by the title that it was ordered with.

use super::{
    accepted, faults, proceed, request,
    trail::Trail,
    wire::{Page, Refusal, Video},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::Event;

/// How often a lost video is looked for in vain before its order is repeated.
const LOOKS: u32 = 2;

/// How often an order is repeated. The vendor's specification says that a repeat under the same key within a day is answered
/// like the first call, so that none of them makes a second video.
const MOST_REPEATS: u32 = 3;

/// Asks for the videos with our title.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, note: String) -> Next {
    let name = kit::task_name(task);
    let query = [("title", name.as_str()), ("limit", "100")];
    let url = request::address(task, &["videos"], &query);
    request::signed(task, kit::Draft::get("heygen look-up", url)).note(note).next(question)
}

/// Reads the list while looking for a lost order.
pub(super) fn recovered(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    match found(task, question, reply) {
        Err(next) => next,
        Ok(Some(id)) => accepted(question, Some(&id)),
        Ok(None) => not_there(task, question),
    }
}

/// Reads the list before an order is repeated.
pub(super) fn sought(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    match found(task, Question::Submit, reply) {
        Err(next) => next,
        Ok(Some(id)) => accepted(Question::Submit, Some(&id)),
        Ok(None) => proceed(task, Trail::default()),
    }
}

/// The id of the video with our title. The vendor tells all whose title holds the text: the name of a first attempt is part
/// of that of a second one.
fn found(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Result<Option<String>, Next> {
    if let Some(refusal) = kit::read_message::<Refusal>(reply) {
        return Err(faults::not_told(task, question, &refusal.error, reply));
    }
    let page = kit::read_message::<Page<Video>>(reply).filter(|_| reply.status.is_success());
    let Some(page) = page else { return Err(faults::not_read(task, question, reply)) };
    let name = kit::task_name(task);
    let video = page.data.into_iter().find(|video| video.title.as_deref() == Some(name.as_str()));
    Ok(video.and_then(|video| video.id))
}

fn not_there(task: &Task<'_>, question: Question<'_>) -> Next {
    match question {
        Question::Recover { looked } if looked < LOOKS => kit::event(Event::NotFound),
        _ if task.job.resubmits < MOST_REPEATS => kit::event(Event::SubmitAgain),
        _ => kit::lost_for_good("the video is not in the vendor's list"),
    }
}
