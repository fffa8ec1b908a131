//! The only way a job changes.

use super::{
    AccountChange, Attempt, Change, Impossible, Job, Lost, SlotChange, State, erase::erase,
    failover::hand_over, when_due,
};
use crate::{BalanceChange, CancelKind, Credits, Event, Fault, FaultKind, Time, Webhook};
use std::time::Duration;

/// How often an unavailable vendor is asked again before the job fails.
const MOST_UNAVAILABLE: u32 = 4;

/// How often a failed copy is repeated: with doubling pauses, some eight minutes in all.
const MOST_COPIES: u32 = 8;

/// Pause before the lost job is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// What `event` makes of `job`.
///
/// # Errors
/// [`Impossible`] when the event does not fit the state, as after a lost race. Nothing is to be saved then.
pub fn advance(job: &Job, event: Event, now: Time) -> Result<Change, Impossible> {
    let mut next = job.clone();
    next.version += 1;
    let mut account = AccountChange::default();
    match (&job.state, event) {
        // A delivery that was under way when its news was removed has nothing more to note.
        (_, Event::WebhookTried(_) | Event::Redeliver) if job.deleted.is_some() => return Err(Impossible),
        (State::Held, Event::Woken) => {
            next.state = State::Queued { not_before: now };
            next.placed = Some(now);
            account = AccountChange { running: 1, waiting: -1, ..account };
        }
        (State::Held | State::Queued { .. }, Event::CancelAsked) => {
            next.cancel_asked = Some(now);
            account = end(&mut next, State::Canceled { at: now }, Credits::ZERO, now);
        }
        (State::Held | State::Queued { .. }, Event::DeadlinePassed) => {
            let never_begun = || {
                Fault::new(
                    FaultKind::DeadlineBeforeStart,
                    "the deadline passed before a vendor started the generation",
                )
            };
            let fault = if job.started.is_some() { too_late() } else { never_begun() };
            account = fail(&mut next, fault, now);
        }
        (State::Held | State::Queued { .. }, Event::Nudged) => {
            // The version stays: letters that wait in a long queue must remain good.
            next.version = job.version;
        }
        (State::Queued { .. }, Event::Submitting) => {
            next.state = State::Submitting { since: now, lost: None };
            if !matches!(next.attempts.last(), Some(Attempt { ended: None, .. })) {
                next.attempts.push(Attempt {
                    provider: job.plan.provider.clone(),
                    model: job.plan.model.clone(),
                    started: now,
                    ended: None,
                    outcome: None,
                });
            }
        }
        (State::Submitting { since, .. }, Event::Accepted { ticket }) => {
            next.started = job.started.or(Some(*since));
            next.refusals = 0;
            next.state = State::Running { ticket, since: now };
            // It was to be stopped, and now the vendor has it who can't stop it.
            if job.cancel_asked.is_some() && job.plan.cancel == CancelKind::Never {
                account = end(&mut next, State::Canceled { at: now }, job.price(), now);
            }
        }
        // Nothing was made, and whoever wanted to stop it has what they wanted.
        (State::Submitting { .. } | State::Running { .. }, Event::HandedOver { .. })
            if job.cancel_asked.is_some() =>
        {
            account = end(&mut next, State::Canceled { at: now }, Credits::ZERO, now);
        }
        (State::Submitting { .. } | State::Running { .. }, Event::HandedOver { fault, plan }) => {
            hand_over(&mut next, &fault, *plan, now);
        }
        (State::Submitting { .. }, Event::Refused(fault)) => account = refused(&mut next, fault, now),
        (State::Submitting { .. }, Event::SubmitAgain) if job.cancel_asked.is_some() => {
            account = end(&mut next, State::Canceled { at: now }, Credits::ZERO, now);
        }
        (State::Submitting { .. }, Event::SubmitAgain) => {
            next.resubmits += 1;
            // The time that the search took is not taken from the time for the vendor.
            next.placed = Some(now);
            next.state = State::Queued { not_before: now };
        }
        (State::Submitting { since, .. }, Event::SubmitLost) => {
            next.state = State::Submitting { since: *since, lost: Some(first_look(now)) };
        }
        // The caller's deadline holds for the search, too, and for a copy that fails again.
        (State::Submitting { .. }, Event::NotFound | Event::NoAnswer)
            if job.gives_up_at().is_some_and(|end| now >= end) =>
        {
            account = fail(&mut next, too_late(), now);
        }
        (State::Submitting { .. } | State::Storing { .. }, Event::CopyFailed(_))
            if job.gives_up_at().is_some_and(|end| now >= end) =>
        {
            account = fail(&mut next, never_fetched(), now);
        }
        (State::Submitting { since, lost }, found @ (Event::NotFound | Event::NoAnswer)) => {
            let before = lost.unwrap_or_else(|| first_look(now));
            let looked = before.looked + u32::from(found == Event::NotFound);
            let lost = Lost { looked, next: now.plus(LOOK_AGAIN), ..before };
            next.state = State::Submitting { since: *since, lost: Some(lost) };
        }
        (State::Submitting { since, lost }, Event::CopyFailed(fault)) => {
            account = not_copied(&mut next, *since, lost.unwrap_or_else(|| first_look(now)), fault, now);
        }
        (State::Submitting { .. }, Event::CancelAsked) => next.cancel_asked = job.cancel_asked.or(Some(now)),
        (State::Running { ticket, since }, Event::StillRunning { progress, ticket: noted }) => {
            next.progress = progress.unwrap_or(0).min(99).max(job.progress);
            next.state = State::Running { ticket: noted.unwrap_or_else(|| ticket.clone()), since: *since };
        }
        (State::Running { .. }, Event::CancelAsked) => {
            next.cancel_asked = job.cancel_asked.or(Some(now));
            if job.plan.cancel == CancelKind::Never {
                account = end(&mut next, State::Canceled { at: now }, job.price(), now);
            }
        }
        (State::Storing { .. }, Event::CancelAsked) => {
            next.cancel_asked = Some(now);
            account = end(&mut next, State::Canceled { at: now }, job.price(), now);
        }
        (State::Running { .. }, Event::CanceledAtVendor { charged }) => {
            let cost = if charged { job.price() } else { Credits::ZERO };
            account = end(&mut next, State::Canceled { at: now }, cost, now);
        }
        (State::Running { .. }, Event::NotCancelable) => {
            account = end(&mut next, State::Canceled { at: now }, job.price(), now);
        }
        (State::Running { ticket, .. }, Event::CopyFailed(fault)) => {
            next.state =
                State::Storing { ticket: ticket.clone(), since: now, tries: 1, next: pause(now, 1, &fault) };
        }
        (State::Storing { tries, .. }, Event::CopyFailed(fault)) if *tries >= MOST_COPIES => {
            account = fail(&mut next, Fault { kind: FaultKind::Vendor, ..fault }, now);
        }
        (State::Storing { ticket, since, tries, .. }, Event::CopyFailed(fault)) => {
            let tries = tries + 1;
            next.state = State::Storing {
                ticket: ticket.clone(),
                since: *since,
                tries,
                next: pause(now, tries, &fault),
            };
        }
        (State::Storing { ticket, since, tries, .. }, Event::StillRunning { .. }) => {
            let next_try = now.plus(job.plan.poll_floor);
            next.state =
                State::Storing { ticket: ticket.clone(), since: *since, tries: *tries, next: next_try };
        }
        (
            State::Submitting { .. } | State::Running { .. } | State::Storing { .. },
            Event::Stored(outputs),
        ) => {
            next.started = job.started.or(Some(now));
            account = end(&mut next, State::Completed { outputs, at: now }, job.price(), now);
        }
        (State::Submitting { .. } | State::Running { .. } | State::Storing { .. }, Event::Failed(fault)) => {
            account = fail(&mut next, fault, now);
        }
        (State::Storing { .. }, Event::DeadlinePassed) => account = fail(&mut next, never_fetched(), now),
        (State::Submitting { .. } | State::Running { .. }, Event::DeadlinePassed) => {
            account = fail(&mut next, too_late(), now);
        }
        (
            State::Completed { .. } | State::Failed { .. } | State::Canceled { .. },
            Event::WebhookTried(webhook),
        ) if follows(&job.webhook, &webhook) => {
            next.webhook = webhook;
        }
        (State::Completed { .. } | State::Failed { .. } | State::Canceled { .. }, Event::Redeliver)
            if job.order.webhook_url.is_some() =>
        {
            next.webhook = Webhook::Due { tries: 0, next: now };
        }
        (State::Completed { .. } | State::Failed { .. } | State::Canceled { .. }, Event::Deleted)
            if job.deleted.is_none() =>
        {
            erase(&mut next, now);
        }
        (_, Event::Nudged) if job.due.is_some() => {}
        _ => return Err(Impossible),
    }
    if !matches!(next.state, State::Submitting { .. } | State::Running { .. }) {
        next.slot = None;
    }
    let free = job.slot.clone().filter(|_| next.slot.is_none());
    next.due = when_due(&next, now);
    Ok(Change { job: next, expected: job.version, account, slots: SlotChange { take: None, free } })
}

/// Whether news of a try is the next one: of two postmen with the same letter, the second has nothing to add.
fn follows(before: &Webhook, after: &Webhook) -> bool {
    let Webhook::Due { tries: before, .. } = before else { return false };
    match after {
        Webhook::Due { tries, .. } | Webhook::Delivered { tries, .. } | Webhook::Failed { tries, .. } => {
            tries > before
        }
        Webhook::Quiet => false,
    }
}

/// The vendor refused before making anything: wait for it, or end.
fn refused(job: &mut Job, fault: Fault, now: Time) -> AccountChange {
    let patient = match fault.kind {
        FaultKind::Busy => true,
        FaultKind::Unavailable => job.refusals < MOST_UNAVAILABLE,
        _ => false,
    };
    if job.cancel_asked.is_some() {
        return end(job, State::Canceled { at: now }, Credits::ZERO, now);
    }
    if !patient {
        return fail(job, fault, now);
    }
    job.refusals += 1;
    job.state = State::Queued { not_before: pause(now, job.refusals, &fault) };
    AccountChange::default()
}

fn too_late() -> Fault {
    Fault::new(FaultKind::DeadlineWhileRunning, "the deadline passed while the vendor was still at work")
}

/// The vendor has finished, so it would be wrong to say that it was still at work.
fn never_fetched() -> Fault {
    Fault::new(FaultKind::DeadlineWhileRunning, "the deadline passed before the result could be fetched")
}

/// It was found, so it is not sent again; and a file that can't be had is not asked for without an end.
fn not_copied(job: &mut Job, since: Time, lost: Lost, fault: Fault, now: Time) -> AccountChange {
    if lost.copies >= MOST_COPIES {
        return fail(job, Fault { kind: FaultKind::Vendor, ..fault }, now);
    }
    let copies = lost.copies + 1;
    let lost = Lost { copies, next: pause(now, copies, &fault), ..lost };
    job.state = State::Submitting { since, lost: Some(lost) };
    AccountChange::default()
}

fn first_look(now: Time) -> Lost {
    Lost { looked: 0, copies: 0, next: now }
}

/// The job fails, and everything set aside for it returns.
fn fail(job: &mut Job, fault: Fault, now: Time) -> AccountChange {
    end(job, State::Failed { fault, at: now }, Credits::ZERO, now)
}

/// The job ends: its place is given back, its credits are settled and its news becomes due.
fn end(job: &mut Job, state: State, charged: Credits, now: Time) -> AccountChange {
    let held = matches!(job.state, State::Held);
    let outcome = match &state {
        State::Completed { .. } => "completed",
        State::Failed { fault, .. } => fault.kind.name(),
        _ => "canceled",
    };
    if let Some(attempt) = job.attempts.last_mut() {
        attempt.ended = Some(now);
        attempt.outcome = Some(outcome.to_owned());
    }
    // Who was told that it will be stopped finds it stopped, whatever became of it meanwhile.
    let state = if job.cancel_asked.is_some() { State::Canceled { at: now } } else { state };
    job.progress = if matches!(state, State::Completed { .. }) { 100 } else { job.progress_at(now).min(99) };
    let balance = BalanceChange::settle(job.reserved(), charged);
    job.charged = charged.min(job.reserved());
    job.state = state;
    if job.order.webhook_url.is_some() {
        job.webhook = Webhook::Due { tries: 0, next: now };
    }
    AccountChange { balance, running: -i32::from(!held), waiting: -i32::from(held) }
}

/// A doubling pause of 2 s to about 8 min, or as long as the vendor asked for.
fn pause(now: Time, count: u32, fault: &Fault) -> Time {
    let doubled = Duration::from_secs(1 << count.min(9));
    now.plus(fault.retry_after.unwrap_or(doubled).clamp(Duration::from_secs(1), Duration::from_secs(900)))
}
