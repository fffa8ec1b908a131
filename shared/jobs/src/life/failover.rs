//! When another provider takes over, and what a job keeps when one does.
//!
//! Only where nobody pays twice: after a refusal, nothing was made; after a failure in the vendor's own words, nothing
//! will be. A lost answer, a refused repeat of such an order, a deadline and a file that can't be fetched leave that open, so
//! they never hand a job over; nor do bad input and content that the rules forbid, which the next provider would refuse as well.

use super::{Attempt, Job, State};
use crate::{Event, Fault, FaultKind, Mode, Plan, Time};
use std::time::Duration;

/// Providers that are tried for one job, at most.
pub const MOST_ATTEMPTS: usize = 3;

/// A busy vendor who asks for more patience than this, all times together, is left where another may take over.
const MOST_PATIENCE: Duration = Duration::from_secs(30);

/// How often a busy vendor is asked again before it is left.
const MOST_BUSY: u32 = 2;

/// Whether the job should go to another provider because of this event, if there is one who can make it. `cut_off` says
/// that the provider is known to be failing, so that asking it again is no use.
pub fn may_fail_over(job: &Job, event: &Event, cut_off: bool) -> bool {
    let fault = match (&job.state, event) {
        // Where an answer was lost and the order repeated, a refusal speaks of the repeat alone: the first may be at work.
        (State::Submitting { .. }, Event::Refused(fault)) if job.resubmits == 0 => fault,
        (State::Running { .. }, Event::Failed(fault)) => fault,
        _ => return false,
    };
    let leaves = match fault.kind {
        FaultKind::Busy => {
            cut_off
                || job.refusals >= MOST_BUSY
                || fault.retry_after.is_some_and(|patience| patience * (job.refusals + 1) > MOST_PATIENCE)
        }
        // One blip is no reason to change the model that was chosen.
        FaultKind::Unavailable => cut_off || job.refusals >= 1,
        FaultKind::Operator | FaultKind::Vendor => true,
        FaultKind::InvalidInput
        | FaultKind::Moderation
        | FaultKind::DeadlineBeforeStart
        | FaultKind::DeadlineWhileRunning
        | FaultKind::OutcomeUnknown => false,
    };
    let chosen_by_us = job.order.provider.is_none() && job.order.model.is_none();
    let may_change = job.order.fallback.unwrap_or(chosen_by_us) && job.mode == Mode::Live;
    leaves && may_change && job.cancel_asked.is_none() && job.attempts.len() < MOST_ATTEMPTS
}

/// Ends the open attempt with its fault and puts the job in line for the provider of `plan`. What the caller accepted
/// stays set aside; what callers were shown of the progress stays shown.
pub(super) fn hand_over(job: &mut Job, fault: &Fault, plan: Plan, now: Time) {
    job.progress = job.progress_at(now).min(99);
    if let Some(Attempt { ended, outcome, .. }) = job.attempts.last_mut() {
        *ended = Some(now);
        *outcome = Some(fault.kind.name().to_owned());
    }
    job.plan = plan;
    job.refusals = 0;
    job.resubmits = 0;
    job.placed = Some(now);
    job.state = State::Queued { not_before: now };
}
