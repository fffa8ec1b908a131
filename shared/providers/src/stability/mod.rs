//! Stability: `POST /v2beta/stable-image/generate/{ultra|core|sd3}` answers with the picture itself, so there is nothing
//! to poll, to stop or to look for.
//!
//! Facts: the vendor's OpenAPI document of 2026, and clients that others published.

mod about;
mod faults;
mod request;
mod wire;

use crate::{About, Adapter, Need, News, Next, Question, Reply, Source, Task, VendorFile, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use jobs::{Event, FaultKind, Job, Kind};
use wire::{FinishReason, Made};

/// The vendor's id.
pub(crate) const VENDOR: &str = "stability";

/// The vendor's usual host.
const USUAL_BASE: &str = "https://api.stability.ai";

/// A picture costs cents, so one repeat of a call whose answer was lost is the smaller harm.
const MOST_REPEATS: u32 = 1;

/// Stable Diffusion and Stable Image.
pub(crate) struct Stability;

impl Adapter for Stability {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn about(&self) -> &'static About {
        &about::ABOUT
    }

    fn needs(&self, job: &Job) -> Vec<Need> {
        request::needs(job)
    }

    fn ask(&self, task: &Task<'_>, question: Question<'_>) -> Next {
        match question {
            Question::Submit => request::submit(task),
            Question::Poll(_) => kit::later(None, "there is no task to ask about: the answer is the picture"),
            Question::Cancel(_) => kit::event(Event::NotCancelable),
            Question::Recover { .. } if task.job.resubmits < MOST_REPEATS => kit::event(Event::SubmitAgain),
            Question::Recover { .. } => {
                kit::lost_for_good("the vendor keeps no picture that was not received")
            }
        }
    }

    fn read(&self, task: &Task<'_>, question: Question<'_>, _note: &str, reply: &Reply<'_>) -> Next {
        match question {
            Question::Submit if reply.status.is_success() => made(task, question, reply),
            Question::Submit => faults::said_no(task, question, reply),
            Question::Poll(_) | Question::Cancel(_) | Question::Recover { .. } => self.ask(task, question),
        }
    }
}

fn made(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let Some(made) = kit::read_message::<Made>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let failed = |fault: jobs::Fault| kit::event(Event::Failed(fault));
    match made.finish_reason {
        FinishReason::ContentFiltered => {
            failed(faults::held_back().with_detail("the vendor blurred the picture"))
        }
        FinishReason::Error => failed(kit::fault(FaultKind::Vendor).with_detail("it ended with an error")),
        FinishReason::Unknown => kit::unsure(question, "it is not known how the making ended"),
        FinishReason::Success => match made.image.and_then(|image| STANDARD.decode(image).ok()) {
            Some(bytes) if !bytes.is_empty() => Next::News(News::Finished(vec![VendorFile {
                kind: Kind::Image,
                source: Source::Bytes(bytes.into()),
            }])),
            _ => kit::unsure(question, "success was reported without a picture"),
        },
    }
}
