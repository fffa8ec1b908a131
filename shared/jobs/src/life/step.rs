//! What the world should do about a job, and by when it must have heard of it.

use super::{Job, Lost, State};
use crate::{CancelKind, Time, Webhook};
use std::time::Duration;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before this moment.
    Wait(Time),
    /// See whether the account has a free place.
    Wake,
    /// Make the paid call.
    Submit,
    /// Find out what came of a submit whose answer was lost.
    Recover,
    /// Ask the vendor how it stands. `last` means that time is up: if it still runs, it ends here.
    Poll {
        /// Whether this is the last question.
        last: bool,
    },
    /// Ask the vendor to stop it.
    Cancel,
    /// Time is up before anything was sent.
    Expire,
    /// Deliver the news.
    Deliver,
    /// Nothing, ever.
    Rest,
}

/// How long a letter may take through a queue before we believe it lost.
const LETTER_TIME: Duration = Duration::from_secs(120);

/// How much longer than its own time-out the paid call may take until we believe that its process died.
const SUBMIT_SLACK: Duration = Duration::from_secs(15);

/// Shortest and longest lease of a running job's chain of letters.
const RUNNING_LEASE: (Duration, Duration) = (Duration::from_secs(180), Duration::from_secs(1800));

/// How often a held job looks for a free place by itself; usually the end of another one wakes it.
const HELD_LOOKS: Duration = Duration::from_secs(60);

/// How long a vendor that has finished may fail to hand out its file, or to be asked for it.
const LONGEST_STORING: Duration = Duration::from_secs(3600);

/// How long a vendor that can't be asked keeps a job alive beyond the model's deadline: what it was doing when the lights
/// went out is often done when they come back.
pub const LONGEST_DARKNESS: Duration = Duration::from_secs(2 * 3600);

/// The longest delay that a queue takes. A later letter is left to the reconciler.
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// What the world should do about `job` at `now`.
pub fn next_step(job: &Job, now: Time) -> Step {
    let time_is_up = job.gives_up_at().is_some_and(|end| now >= end);
    match &job.state {
        State::Held | State::Queued { .. } if time_is_up => Step::Expire,
        State::Held => Step::Wake,
        State::Queued { not_before } if now < *not_before => Step::Wait(*not_before),
        State::Queued { .. } => Step::Submit,
        State::Submitting { since, lost } => {
            let look = lost_at(job, *since, *lost);
            if now < look { Step::Wait(look) } else { Step::Recover }
        }
        State::Running { .. } if job.cancel_asked.is_some() && job.plan.cancel != CancelKind::Never => {
            Step::Cancel
        }
        State::Running { .. } => Step::Poll { last: time_is_up },
        State::Storing { next, .. } if now < *next && !time_is_up => Step::Wait(*next),
        State::Storing { since, .. } => Step::Poll { last: time_is_up || now >= since.plus(LONGEST_STORING) },
        State::Completed { .. } | State::Failed { .. } | State::Canceled { .. } => match &job.webhook {
            Webhook::Due { next, .. } if now < *next => Step::Wait(*next),
            Webhook::Due { .. } => Step::Deliver,
            Webhook::Quiet | Webhook::Delivered { .. } | Webhook::Failed { .. } => Step::Rest,
        },
    }
}

/// By when the job must have changed, or the reconciler writes its letter anew. Nothing once it is wholly done.
pub fn when_due(job: &Job, now: Time) -> Option<Time> {
    let due = match &job.state {
        State::Held => now.plus(HELD_LOOKS),
        // The wait doubles with the time it has waited: a long queue is no reason to write ever more letters.
        State::Queued { not_before } => {
            (*not_before).max(now).plus(LETTER_TIME.max(now.since(job.queued_since())))
        }
        State::Submitting { since, lost } => match lost_at(job, *since, *lost) {
            // The call is being made, and nobody writes a letter meanwhile.
            look if lost.is_none() && look > now => look,
            look => look.max(now).plus(LETTER_TIME),
        },
        State::Running { .. } => {
            let (shortest, longest) = RUNNING_LEASE;
            now.plus(job.plan.median.mul_f64(1.5).clamp(shortest, longest))
        }
        State::Storing { next, .. } => (*next).max(now).plus(LETTER_TIME),
        State::Completed { .. } | State::Failed { .. } | State::Canceled { .. } => match &job.webhook {
            Webhook::Due { next, .. } if next.until(now) > LONGEST_DELAY => *next,
            Webhook::Due { next, .. } => (*next).max(now).plus(LETTER_TIME),
            Webhook::Quiet | Webhook::Delivered { .. } | Webhook::Failed { .. } => return None,
        },
    };
    let waits = matches!(job.state, State::Held | State::Queued { .. });
    // A waiting job is looked at when its time is up, so that a refund never waits for a letter.
    Some(job.gives_up_at().filter(|end| waits && *end > now).map_or(due, |end| end.min(due)))
}

/// Whether a job whose vendor can't be asked stays alive although the model's time is up. The caller's own deadline holds
/// whatever the vendor does.
pub fn may_outlast(job: &Job, now: Time) -> bool {
    let callers = job.order.deadline.map(|span| job.created.plus(span));
    let begun = match &job.state {
        State::Submitting { since, .. } | State::Running { since, .. } => *since,
        _ => return false,
    };
    callers.is_none_or(|end| now < end) && now < begun.plus(job.plan.deadline).plus(LONGEST_DARKNESS)
}

/// When to look for a submitted job whose answer has not come.
fn lost_at(job: &Job, since: Time, lost: Option<Lost>) -> Time {
    lost.map_or_else(|| since.plus(job.plan.submit_timeout).plus(SUBMIT_SLACK), |lost| lost.next)
}
