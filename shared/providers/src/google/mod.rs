//! Google's Gemini API. Clips come from the Interactions API: `POST /v1beta/interactions` starts one in the background,
//! `GET` there tells how it stands, `POST .../cancel` stops it. Pictures come from `:generateContent`, whose answer is
//! the picture itself.
//!
//! There is no list of interactions and no name of ours for one, so a clip whose submit was lost is lost for good; a
//! picture is made a second time. A clip that the content rules forbid is told as completed, with words alone.
//!
//! Veo and Imagen have left this API; what is left of Veo is in [`vertex`](crate::vertex).
//!
//! Facts: the vendor's SDKs (`google-genai` 3.4) and its published examples, autumn 2026.

mod about;
mod clip;
mod clip_wire;
mod faults;
mod inputs;
mod picture;
mod picture_wire;

use crate::{About, Adapter, Need, Next, Question, Reply, Task, kit};
use http::HeaderName;
use jobs::{Event, Job, Kind};
use url::Url;

/// The vendor's id.
pub(crate) const VENDOR: &str = "google";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://generativelanguage.googleapis.com";

/// The only host that may see our key.
const DOMAIN: &str = "generativelanguage.googleapis.com";

/// The version of the protocol that this folder speaks.
const VERSION: &str = "v1beta";

/// Holds the key.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Gemini Omni and the picture models of Gemini.
pub(crate) struct Google;

impl Adapter for Google {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        inputs::needs(job)
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => match inputs::too_large(task) {
                Some(fault) => kit::refused(question, fault),
                None if is_picture(task) => picture::submit(task),
                None => clip::submit(task),
            },
            Question::Recover { .. } if !is_picture(task) => {
                kit::lost_for_good("the vendor has no way to look for an interaction")
            }
            // A second picture costs cents, so it is made once.
            Question::Recover { .. } if task.job.resubmits == 0 => kit::event(Event::SubmitAgain),
            Question::Recover { .. } => kit::lost_for_good("the vendor keeps no pictures to look for"),
            Question::Poll(_) if is_picture(task) => {
                kit::later(None, "there is nothing to ask about: the answer is the picture")
            }
            Question::Cancel(_) if is_picture(task) => kit::event(Event::NotCancelable),
            Question::Poll(ticket) => clip::look(task, question, ticket),
            Question::Cancel(ticket) => clip::stop(task, question, ticket),
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Submit if is_picture(task) => picture::made(task, question, reply),
            Question::Submit => clip::accepted(task, question, reply),
            Question::Poll(ticket) => clip::standing(task, question, ticket, reply),
            Question::Cancel(ticket) => clip::stopped(task, question, ticket, reply),
            Question::Recover { .. } => self.ask(task, question),
        }
    }
}

fn is_picture(task: &Task<'_>) -> bool {
    task.job.order.kind == Kind::Image
}

/// An address of the vendor's.
fn address(task: &Task<'_>, path: &[&str]) -> Result<Url, String> {
    let path: Vec<&str> = [VERSION].iter().chain(path).copied().collect();
    kit::address(kit::base(task.access, USUAL_BASE), &path, &[])
}

/// Adds the key.
fn signed(draft: kit::Draft, task: &Task<'_>) -> kit::Draft {
    draft.secret_header(KEY_HEADER, task.access.api_key.reveal())
}
