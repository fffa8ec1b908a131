//! ByteDance's ModelArk: Seedance makes clips as tasks that are polled, Seedream makes pictures in one long call. The
//! same API stands on two platforms, BytePlus for the world and Volcengine for China, with keys of their own.
//!
//! Facts: the vendor's official SDK (`byteplus-python-sdk-v2`) and its documentation, autumn 2026.

mod about;
mod faults;
mod picture;
mod recover;
mod video;
mod wire;

use crate::{About, Adapter, Next, Question, Reply, Task, kit};
use jobs::{Callback, Event, Kind};
use wire::{Status, TaskState};

/// The vendor's id.
pub(crate) const VENDOR: &str = "bytedance";

/// BytePlus, outside China.
const USUAL_BASE: &str = "https://ark.ap-southeast.bytepluses.com";

/// The domain of Volcengine, whose names of models differ.
const CHINESE_DOMAIN: &str = "volces.com";

/// A picture costs cents, so one repeat of a submit whose answer was lost is the smaller harm.
const MOST_REPEATS: u32 = 1;

/// The calls of a step that has several, as noted on them.
mod note {
    /// Does the task still wait, so that it can be stopped?
    pub(super) const LOOK: &str = "look";
    /// Stop it.
    pub(super) const STOP: &str = "stop";
}

/// Seedance and Seedream.
pub(crate) struct ByteDance;

impl Adapter for ByteDance {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn calls_back(&self) -> bool {
        true
    }

    fn still_runs(&self, callback: &Callback) -> bool {
        let told = kit::read_callback::<TaskState>(callback).and_then(|state| state.status);
        matches!(told, Some(Status::Queued | Status::Running))
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        let is_picture = task.job.order.kind == Kind::Image;
        match question {
            Question::Submit if is_picture => picture::submit(task),
            Question::Submit => video::submit(task),
            Question::Poll(_) if is_picture => {
                kit::later(None, "there is no task to ask about: the answer is the picture")
            }
            Question::Poll(ticket) => video::look(task, question, "", &ticket.0),
            Question::Cancel(_) if is_picture => kit::event(Event::NotCancelable),
            // A blind stop would delete the record of a task that has just ended, so it is looked at first.
            Question::Cancel(ticket) => video::look(task, question, note::LOOK, &ticket.0),
            Question::Recover { .. } if !is_picture => recover::look(task, question, 1),
            Question::Recover { .. } if task.job.resubmits < MOST_REPEATS => kit::event(Event::SubmitAgain),
            Question::Recover { .. } => kit::lost_for_good("the vendor has no way to look for a picture"),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, note: &str, reply: &Reply<'_>) -> Next {
        if task.job.order.kind == Kind::Image {
            return match question {
                Question::Submit => picture::made(task, question, reply),
                Question::Poll(_) | Question::Cancel(_) | Question::Recover { .. } => {
                    self.ask(task, question)
                }
            };
        }
        match question {
            Question::Submit => video::accepted(task, question, reply),
            Question::Poll(ticket) => video::standing(task, question, &ticket.0, reply),
            Question::Cancel(_) if note == note::STOP => video::stopped(reply),
            Question::Cancel(ticket) => video::may_stop(task, question, &ticket.0, reply),
            Question::Recover { looked } => recover::listed(task, question, looked, note, reply),
        }
    }
}

/// Where the API is.
fn base<'a>(task: &Task<'a>) -> &'a str {
    kit::base(task.access, USUAL_BASE)
}

/// Our own name of the task, told where the vendor wants to know for whom a task is: it comes back with the task and in
/// lists, and so a lost one is found again.
fn mark(task: &Task<'_>) -> String {
    kit::task_name(task)
}

/// The model's name on the platform that is used.
fn model(task: &Task<'_>) -> String {
    let name = task.job.plan.vendor_model.as_str();
    let chinese = kit::parse_address(base(task)).is_ok_and(|url| {
        url.host_str()
            .and_then(|host| host.strip_suffix(CHINESE_DOMAIN))
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    if !chinese {
        return name.to_owned();
    }
    match name.strip_prefix("dreamina-").unwrap_or(name) {
        "seedream-5-0-lite-260128" => "doubao-seedream-5-0-260128".to_owned(),
        plain => format!("doubao-{plain}"),
    }
}
