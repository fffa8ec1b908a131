//! How a job stands. Speech that is there leads on to the film.

use super::{
    faults, orders,
    ticket::Phase,
    wire::{Output, OutputStatus, Standing, Status},
};
use crate::{News, Next, Question, Reply, Source, Task, VendorFile, kit};
use http::HeaderMap;
use jobs::{Event, FaultKind, Kind, State, Ticket};
use std::time::Duration;

/// A job may be unknown to the queried server for a moment after it was accepted.
const GRACE: Duration = Duration::from_secs(60);

/// Reads the answer to a look.
pub(super) fn read(task: &Task<'_>, question: Question<'_>, ticket: &Ticket, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return match faults::is_unknown_job(reply) {
            true => unknown_job(task, reply),
            false => faults::said_no(task, question, reply),
        };
    }
    let Some(standing) = kit::read_message::<Standing>(reply) else {
        return kit::unreadable(task, question, reply);
    };
    let phase = Phase::of(ticket);
    if standing.job_id.as_deref().is_some_and(|id| id != phase.job()) {
        return kit::later(None, "the answer is about another job");
    }
    match standing.status {
        None => kit::later(None, "the job has no status"),
        Some(Status::InQueue | Status::InProgress | Status::Unknown) => still_running(),
        Some(Status::Failed) => {
            kit::event(Event::Failed(faults::of_failed_job(task, standing.error.as_ref(), reply)))
        }
        Some(Status::Completed) => match usable(task, &standing, reply) {
            Ok(output) => completed(task, question, phase, output),
            Err(next) => next,
        },
    }
}

/// Nothing is new. The vendor's figure for progress is its guess from the time alone, which we make as well.
pub(super) fn still_running() -> Next {
    kit::event(Event::StillRunning { progress: None, ticket: None })
}

/// The one output of a finished job, unless it failed by itself or is gone.
fn usable<'a>(task: &Task<'_>, standing: &'a Standing, reply: &Reply<'_>) -> Result<&'a Output, Next> {
    let Some(output) = standing.outputs.as_deref().and_then(<[Output]>::first) else {
        return Err(kit::later(None, "success was reported without an output"));
    };
    match output.status {
        Some(OutputStatus::Failed) => {
            Err(kit::event(Event::Failed(faults::of_failed_job(task, output.error.as_ref(), reply))))
        }
        Some(OutputStatus::Expired) => {
            let fault = kit::fault(FaultKind::Vendor).with_detail("the vendor has removed the output");
            Err(kit::event(Event::Failed(fault)))
        }
        Some(OutputStatus::Completed) | None => Ok(output),
        Some(OutputStatus::Unknown) => Err(kit::later(None, "the output has an unknown status")),
    }
}

fn completed(task: &Task<'_>, question: Question<'_>, phase: Phase<'_>, output: &Output) -> Next {
    match phase {
        Phase::Film { .. } => match kit::link(output.url.as_deref()) {
            Some(url) => Next::News(News::Finished(vec![VendorFile {
                kind: Kind::Video,
                source: Source::Link { url, headers: HeaderMap::new() },
            }])),
            None => kit::no_file(),
        },
        Phase::Speech { portrait, callback, .. } => match kit::name_of(output.asset_id.as_deref()) {
            Some(speech) => orders::film(task, question, portrait, speech, callback),
            None => kit::later(None, "speech was finished without a usable id"),
        },
    }
}

/// The vendor does not know a job that it accepted.
fn unknown_job(task: &Task<'_>, reply: &Reply<'_>) -> Next {
    let detail = kit::for_the_log(task, reply, "unknown job", "");
    match task.job.state {
        State::Running { since, .. } if task.now.since(since) < GRACE => kit::later(None, detail),
        _ => kit::event(Event::Failed(kit::fault(FaultKind::Vendor).with_detail(detail))),
    }
}
