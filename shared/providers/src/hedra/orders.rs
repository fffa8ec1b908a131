//! The film of a script is ordered in a poll: when its speech is there.
//!
//! The answer may be lost there as anywhere, or the process may die. Then the next poll finds the same ticket, asks about the
//! speech once more and sends the same order under the same key, and the vendor answers as it did the first time. So every
//! such order may be a repeat, and what refuses it may speak of the repeat alone:
//!
//! | the vendor says | then |
//! |---|---|
//! | what was ordered is bad, or against its rules | the job fails; nobody else gets it |
//! | it has no room, or is out of order | the next poll tries again |
//! | our balance or key is at fault, or the portrait's handle is too old | the job fails if no film is there that could be ours; else it runs |
//! | anything else | nobody knows, and the next poll tries again |

use super::{
    faults, looks, request,
    ticket::Phase,
    wire::{Accepted, Orders},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Event, FaultKind, State, Ticket, Time};
use std::time::Duration;

/// How far the vendor's clock may be behind ours.
const CLOCK_SLACK: Duration = Duration::from_secs(60);

/// How long to wait for an operator to mend what keeps the film from being ordered.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why an order was refused in a way that leaves open whether an earlier one is at work.
const NO_MONEY: &str = "money";
const TOO_OLD: &str = "age";

/// Orders the film, unless nobody waits for it any more.
pub(super) fn film(
    task: &Task<'_>,
    question: Question<'_>,
    portrait: &str,
    speech: &str,
    callback: Option<&str>,
) -> Next {
    if task.job.gives_up_at().is_some_and(|end| task.now >= end) {
        return looks::still_running();
    }
    request::film(task, question, portrait, request::File::Asset { asset_id: speech }, callback)
}

/// Reads the answer to an order that was sent in a poll.
pub(super) fn film_read(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        let Some(fault) = faults::refusal(task, reply) else {
            return faults::said_no(task, question, reply);
        };
        return match fault.kind {
            FaultKind::InvalidInput | FaultKind::Moderation => kit::event(Event::Failed(fault)),
            FaultKind::Operator => request::orders(task, question, NO_MONEY),
            _ if faults::is_too_old(reply) => request::orders(task, question, TOO_OLD),
            _ => kit::later(fault.retry_after, fault.detail),
        };
    }
    let told = kit::read_message::<Accepted>(reply);
    let job = told.as_ref().and_then(|told| kit::name_of(told.job_id.as_deref()));
    // The id of the speech would mean that the vendor mixes up the keys of the two.
    match job.filter(|job| *job != Phase::of(ticket).job()) {
        Some(job) => {
            kit::event(Event::StillRunning { progress: None, ticket: Some(Phase::Film { job }.ticket()) })
        }
        None => kit::later(None, "success was reported without the id of a new job"),
    }
}

/// Reads which jobs there are, after the order was refused: it is over only if none of them could be its film.
pub(super) fn list_read(task: &Task<'_>, question: Question<'_>, why: &str, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    let Some(orders) = kit::read_message::<Orders>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let begun = match task.job.state {
        State::Running { since, .. } => since.minus(CLOCK_SLACK),
        _ => task.job.created,
    };
    let made = |at: Option<&str>| at.and_then(Time::parse);
    let is_later = |at: Option<Time>| at.is_none_or(|at| at >= begun);
    let model = task.job.plan.vendor_model.as_str();
    let could_be_ours = orders
        .data
        .iter()
        .any(|order| order.model.as_deref() == Some(model) && is_later(made(order.created_at.as_deref())));
    // The newest come first; a list that breaks off before it reaches back to the beginning leaves it open.
    let is_whole = orders.next_cursor.is_none()
        || orders.data.last().is_some_and(|oldest| !is_later(made(oldest.created_at.as_deref())));
    if could_be_ours || !is_whole {
        return kit::later(
            Some(PATIENCE),
            format!("the film was refused ({why}), and may have been begun before"),
        );
    }
    let kind = if why == NO_MONEY { FaultKind::Operator } else { FaultKind::Vendor };
    kit::event(Event::Failed(kit::fault(kind).with_detail(format!("the film was refused ({why})"))))
}
