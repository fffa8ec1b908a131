//! The first dialect: the Hailuo models. The verdict on a call stands in the body, whatever its status.

use super::{
    Dialect, USUAL_BASE, faults, finished, note, resolution, ticket,
    wire::{Accepted, FileMessage, Head, Id, Standing, State},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::Event;
use serde::Serialize;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let url = kit::address(kit::base(task.access, USUAL_BASE), &["v1", "video_generation"], &[]);
    kit::Draft::post("minimax submit", url, &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, id: &str) -> Next {
    let path = ["v1", "query", "video_generation"];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[("task_id", id)]);
    kit::Draft::get("minimax poll", url).bearer(task.access.api_key.reveal()).next(question)
}

/// One path for all modes: the fields that are there choose.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_optimizer: Option<bool>,
    /// Whole seconds, as a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_frame_image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_frame_image: Option<&'a str>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let plan = &task.job.plan;
        // The oldest models make one length and size, and are not documented to take either field.
        let has_sizes = plan.vendor_model.starts_with("MiniMax-Hailuo");
        Body {
            model: &plan.vendor_model,
            prompt: plan.prompt.as_deref(),
            prompt_optimizer: plan.options.flag("promptOptimizer"),
            duration: plan.options.whole("duration").filter(|_| has_sizes),
            resolution: resolution(task).filter(|_| has_sizes),
            first_frame_image: kit::pictures(task).first().copied(),
            last_frame_image: task.job.order.input.last_image.as_deref(),
        }
    }
}

/// Reads the answer to a submit: only a zero and a task id together are a success.
pub(super) fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Err(next) = good(task, question, reply) {
        return next;
    }
    let id = kit::read_message::<Accepted>(reply).and_then(|accepted| accepted.task_id).map(Id::text);
    match kit::name_of(id.as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: ticket(Dialect::First, id) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

/// Reads how a task stands. A failed one tells its reason where a refused question tells its own, and a zero there
/// means only that the question was answered.
pub(super) fn standing(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Next {
    let Some(standing) = kit::read_message::<Standing>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    if standing.task_id.map(Id::text).is_some_and(|id| !id.is_empty() && id != asked) {
        return kit::later(None, "the answer is about another task");
    }
    let state = State::read(standing.status.as_deref());
    let complaint = kit::read_message::<Head>(reply).and_then(Head::complaint);
    let broke_rules = complaint.as_ref().and_then(|complaint| complaint.code).is_some_and(|code| {
        matches!(code, faults::SENSITIVE_INPUT | faults::SENSITIVE_OUTPUT) && state.is_none()
    });
    if reply.status.is_success() && (state == Some(State::Failed) || broke_rules) {
        let fault = faults::of_failed_task(task, &complaint.unwrap_or_default(), reply);
        return kit::event(Event::Failed(fault));
    }
    if let Err(next) = good(task, question, reply) {
        return next;
    }
    match state {
        Some(State::Done) => match kit::name_of(standing.file_id.map(Id::text).as_deref()) {
            Some(file) => look_up(task, question, file),
            None => kit::no_file(),
        },
        Some(State::Canceled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(State::Waiting | State::Working | State::Failed) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        None => kit::later(None, "the task has no status"),
    }
}

/// The second half of a good poll: where is the file?
fn look_up(task: &Task<'_>, question: Question<'_>, file: &str) -> Next {
    let path = ["v1", "files", "retrieve"];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[("file_id", file)]);
    kit::Draft::get("minimax file look-up", url)
        .bearer(task.access.api_key.reveal())
        .note(note::FILE)
        .next(question)
}

/// Reads where the file is.
pub(super) fn file(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Err(next) = good(task, question, reply) {
        return next;
    }
    let file = kit::read_message::<FileMessage>(reply).and_then(|message| message.file);
    let url = file.and_then(|file| {
        kit::link(file.download_url.as_deref()).or_else(|| kit::link(file.backup_download_url.as_deref()))
    });
    match url {
        Some(url) => finished(url),
        None => kit::no_file(),
    }
}

/// Whether status and verdict both call the answer good; else what to make of it.
fn good(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Result<(), Next> {
    let Some(head) = kit::read_message::<Head>(reply) else {
        return Err(kit::unreadable(task, question, reply));
    };
    let is_good = head.is_good() && reply.status.is_success();
    match head.complaint() {
        Some(complaint) => Err(faults::said_no(task, question, &complaint, reply)),
        None if is_good => Ok(()),
        None => Err(kit::unreadable(task, question, reply)),
    }
}
