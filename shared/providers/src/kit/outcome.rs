//! What a disappointing reply means to each question.
//!
//! | | submit | poll, cancel, recover |
//! |---|---|---|
//! | the vendor says no | refused | later |
//! | nobody can say what happened | lost | later |
//! | not even sent | refused | later |

use super::{faults, retry_after};
use crate::{News, Next, Question, Reply, Task};
use http::StatusCode;
use jobs::{Event, Fault, FaultKind};
use std::time::Duration;

/// News that an event is all about.
pub(crate) fn event(event: Event) -> Next {
    Next::News(News::Event(event))
}

/// Ask again later.
pub(crate) fn later(retry_after: Option<Duration>, detail: impl Into<String>) -> Next {
    Next::News(News::AskLater { retry_after, detail: detail.into() })
}

/// The vendor says that it has finished, and names no file that can be had. Unlike one that can't be asked, it has been
/// heard, so it is asked again for a few minutes and no more.
pub(crate) fn no_file() -> Next {
    Next::News(News::Finished(Vec::new()))
}

/// The vendor said no, in so many words. Only a submit is refused by that; about a job that is already there a
/// refused question says nothing.
pub(crate) fn refused(question: Question<'_>, fault: Fault) -> Next {
    match question {
        Question::Submit => event(Event::Refused(fault)),
        Question::Poll(_) | Question::Cancel(_) | Question::Recover { .. } => {
            later(fault.retry_after, fault.detail)
        }
    }
}

/// Nobody can say what came of the call. After the paid one that means to find out, never to refuse or repeat.
pub(crate) fn unsure(question: Question<'_>, detail: impl Into<String>) -> Next {
    match question {
        Question::Submit => event(Event::SubmitLost),
        Question::Poll(_) | Question::Cancel(_) | Question::Recover { .. } => later(None, detail),
    }
}

/// A call that costs nothing and has to come before the paid one brought nothing usable.
pub(crate) fn not_ready(question: Question<'_>, detail: impl Into<String>) -> Next {
    refused(question, faults::fault(FaultKind::Unavailable).with_detail(detail))
}

/// The call could not even be written: the operator's settings are at fault.
pub(crate) fn misconfigured(question: Question<'_>, problem: &str) -> Next {
    refused(question, faults::fault(FaultKind::Operator).with_detail(problem))
}

/// A reply that is no message of the vendor's: an error page, an empty body.
pub(crate) fn unreadable(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    let detail = format!(
        "status {}, {} bytes that are no message of the vendor",
        reply.status.as_u16(),
        reply.body.len()
    );
    by_status(task, question, reply, detail)
}

/// Where the body says nothing that we know, the status has to do. Statuses that say "not like this" are refusals;
/// everything else leaves it open whether the vendor acted.
pub(crate) fn by_status(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>, detail: String) -> Next {
    match refusal_by_status(reply.status) {
        Some(kind) => {
            let wait = retry_after(reply.headers, task.now);
            refused(question, faults::fault(kind).with_detail(detail).retry_after(wait))
        }
        None => unsure(question, detail),
    }
}

fn refusal_by_status(status: StatusCode) -> Option<FaultKind> {
    match status.as_u16() {
        400 | 413 | 414 | 415 | 422 => Some(FaultKind::InvalidInput),
        401..=407 | 410 => Some(FaultKind::Operator),
        // The server gave up on the request: it may or may not have seen it whole.
        408 => None,
        429 => Some(FaultKind::Busy),
        411..=499 | 409 => Some(FaultKind::Unavailable),
        _ => None,
    }
}

/// It can't be found out what came of the paid call.
pub(crate) fn lost_for_good(detail: impl Into<String>) -> Next {
    event(Event::Failed(faults::fault(FaultKind::OutcomeUnknown).with_detail(detail)))
}
