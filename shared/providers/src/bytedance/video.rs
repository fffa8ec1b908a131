//! Seedance: a task is ordered, looked at, and stopped while it waits.

use super::{
    base, faults, mark, model, note,
    wire::{Accepted, Head, Status, TaskState},
};
use crate::{News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Event, FaultKind, Kind, State, Ticket};
use serde::Serialize;
use std::time::Duration;

/// A task may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// The path of all calls about tasks.
pub(super) const TASKS: [&str; 5] = ["api", "v3", "contents", "generations", "tasks"];

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    kit::Draft::post("bytedance submit", kit::address(base(task), &TASKS, &[]), &Body::of(task))
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .next(Question::Submit)
}

/// A look at a task.
pub(super) fn look(task: &Task<'_>, question: Question<'_>, note: &str, id: &str) -> Next {
    let Some(id) = kit::name_of(Some(id)) else { return kit::later(None, "could not read the ticket") };
    let path: Vec<&str> = TASKS.into_iter().chain([id]).collect();
    kit::Draft::get("bytedance poll", kit::address(base(task), &path, &[]))
        .bearer(task.access.api_key.reveal())
        .note(note)
        .next(question)
}

#[derive(Serialize)]
struct Body<'a> {
    model: String,
    content: Vec<kit::Part<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    camera_fixed: Option<bool>,
    /// Told to models that have sound: it is on otherwise, at twice the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    generate_audio: Option<bool>,
    watermark: bool,
    safety_identifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, can) = (&task.job.plan, Abilities::of(&task.job.plan.vendor_model));
        let options = &plan.options;
        let content = kit::content(
            task,
            plan.prompt.as_deref().map(|prompt| without_commands(prompt).into()),
            can.references,
        );
        let has_references = content.iter().any(kit::Part::is_reference);
        Body {
            model: model(task),
            resolution: options.text("resolution"),
            ratio: options.text("aspectRatio"),
            duration: options.whole("duration"),
            seed: options.whole("seed").filter(|_| can.seed),
            camera_fixed: options.flag("cameraFixed").filter(|_| can.camera && !has_references),
            generate_audio: options.flag("sound").filter(|_| can.sound),
            watermark: false,
            safety_identifier: mark(task),
            callback_url: task.callback,
            content,
        }
    }
}

/// What differs from model to model.
struct Abilities {
    references: bool,
    sound: bool,
    seed: bool,
    camera: bool,
}

impl Abilities {
    fn of(model: &str) -> Abilities {
        let second = model.starts_with("dreamina-seedance-2-");
        Abilities {
            references: second || model.starts_with("seedance-1-0-lite-i2v"),
            sound: second || model.starts_with("seedance-1-5-"),
            seed: !second,
            camera: !second,
        }
    }
}

/// The prompt without what the vendor would take for settings: `--dur 12` in it would win over what was planned and
/// paid. The word goes with its dashes; dashes inside a word become one that no program reads.
fn without_commands(prompt: &str) -> String {
    let mut plain = String::with_capacity(prompt.len());
    let mut rest = prompt;
    while let Some(place) = rest.find("--") {
        let (before, dashes) = rest.split_at(place);
        let after = dashes.trim_start_matches('-');
        plain.push_str(before);
        let ends_word = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
        let word = after.find(ends_word).unwrap_or(after.len());
        let is_alone = plain.is_empty() || plain.ends_with(char::is_whitespace);
        let is_command = after.starts_with(|letter: char| letter.is_ascii_alphabetic());
        rest = match (is_command, is_alone) {
            (true, true) => after.get(word..).unwrap_or_default().trim_start_matches(' '),
            _ => {
                plain.push('–');
                after
            }
        };
    }
    plain.push_str(rest);
    plain
}

/// Reads the answer to a submit.
pub(super) fn accepted(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if let Some(next) = bad(task, question, reply) {
        return next;
    }
    match kit::name_of(kit::read_message::<Accepted>(reply).and_then(|accepted| accepted.id).as_deref()) {
        Some(id) => kit::event(Event::Accepted { ticket: Ticket(id.to_owned()) }),
        None => kit::unsure(question, "success was reported without a task id"),
    }
}

/// Reads how a task stands.
pub(super) fn standing(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Next {
    if faults::is_unknown(reply) {
        return unknown_task(task, reply);
    }
    let state = match told(task, question, asked, reply) {
        Ok(state) => state,
        Err(next) => return next,
    };
    match state.status {
        Some(Status::Queued | Status::Running | Status::Unknown) => {
            kit::event(Event::StillRunning { progress: None, ticket: None })
        }
        Some(Status::Failed | Status::Expired) => failed(task, &state, reply),
        Some(Status::Cancelled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(Status::Succeeded) => finished(&state),
        None => kit::later(None, "the task has no status"),
    }
}

fn finished(state: &TaskState) -> Next {
    let url = state.content.as_ref().and_then(|content| content.video_url.as_deref());
    match kit::link(url) {
        // The link is signed and must not see our key.
        Some(url) => Next::News(News::Finished(vec![VendorFile {
            kind: Kind::Video,
            source: Source::Link { url, headers: HeaderMap::new() },
        }])),
        None => kit::no_file(),
    }
}

fn failed(task: &Task<'_>, state: &TaskState, reply: &Reply<'_>) -> Next {
    kit::event(Event::Failed(faults::of_failed_task(task, state.error.as_ref(), reply)))
}

/// Reads whether a task can still be stopped: only while it waits. One at work refuses, and of one that has ended the
/// same call would delete the record, and with it the result.
pub(super) fn may_stop(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Next {
    let state = match told(task, question, asked, reply) {
        Ok(state) => state,
        Err(next) => return next,
    };
    match state.status {
        Some(Status::Queued) => {
            let path: Vec<&str> = TASKS.into_iter().chain([asked]).collect();
            kit::Draft::delete("bytedance cancel", kit::address(base(task), &path, &[]))
                .bearer(task.access.api_key.reveal())
                .note(note::STOP)
                .next(question)
        }
        Some(Status::Failed | Status::Expired) => failed(task, &state, reply),
        Some(Status::Cancelled) => kit::event(Event::CanceledAtVendor { charged: false }),
        Some(Status::Running | Status::Succeeded | Status::Unknown) | None => {
            kit::event(Event::NotCancelable)
        }
    }
}

/// Reads what a stop did: a good answer is empty, and the task waited a moment before.
pub(super) fn stopped(reply: &Reply<'_>) -> Next {
    let complaint = kit::read_message::<Head>(reply).and_then(|head| head.error);
    if reply.status.is_success() && complaint.is_none() {
        kit::event(Event::CanceledAtVendor { charged: false })
    } else {
        kit::event(Event::NotCancelable)
    }
}

/// The task of a good answer; else what to make of it. A task's own error is no error of the answer.
fn told(task: &Task<'_>, question: Question<'_>, asked: &str, reply: &Reply<'_>) -> Result<TaskState, Next> {
    if !reply.status.is_success() {
        return Err(faults::said_no(task, question, reply));
    }
    let Some(state) = kit::read_message::<TaskState>(reply) else {
        return Err(kit::unreadable(task, question, reply));
    };
    match (&state.id, &state.error) {
        (Some(id), _) if id != asked => Err(kit::later(None, "the answer is about another task")),
        (None, Some(error)) => Err(faults::complained(task, question, error, reply)),
        _ => Ok(state),
    }
}

/// What to make of an answer that is no success, whatever its status says.
pub(super) fn bad(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Option<Next> {
    if !reply.status.is_success() {
        return Some(faults::said_no(task, question, reply));
    }
    match kit::read_message::<Head>(reply) {
        None => Some(kit::unreadable(task, question, reply)),
        Some(Head { error: Some(complaint) }) => Some(faults::complained(task, question, &complaint, reply)),
        Some(Head { error: None }) => None,
    }
}

/// The vendor does not know a task that it accepted.
fn unknown_task(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "not found", "");
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn settings_are_taken_out_of_prompts() {
        for (prompt, plain) in [
            ("a fox", "a fox"),
            ("a fox --dur 12", "a fox 12"),
            ("--rs 1080p a fox", "1080p a fox"),
            ("a fox\n--wm true --camera-fixed", "a fox\ntrue "),
            ("a fox ---seed 5", "a fox 5"),
            ("wait--what", "wait–what"),
            ("a fox -- in the snow", "a fox – in the snow"),
            ("----", "–"),
            ("a well-known fox - red", "a well-known fox - red"),
            ("--a--b --c", ""),
        ] {
            assert_eq!(without_commands(prompt), plain, "{prompt}");
        }
    }

    proptest! {
        #[test]
        fn no_setting_is_left(prompt in "[-a\u{e9} \n5]{0,24}") {
            prop_assert!(!without_commands(&prompt).contains("--"));
        }
    }
}
