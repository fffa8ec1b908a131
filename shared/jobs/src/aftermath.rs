//! What follows a saved change: the next letter, the news, the next in line. Every part of it may be lost in a crash;
//! the job's due time then brings the reconciler, who does it again.

use crate::{
    AccountId, Change, Event, Job, Letter, State, Step, Time, Webhook, advance, cadence,
    life::LONGEST_DELAY,
    next_step,
    ports::{Accounts, Jobs, Queues, Saved, Trouble, address_of},
};
use std::time::Duration;

/// After a job has ended: sends its news on its way and wakes whoever waits for its place.
///
/// # Errors
/// When a port fails. The change itself is saved, so nothing needs to be undone.
pub async fn after_end(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    job: &Job,
    now: Time,
) -> Result<(), Trouble> {
    if matches!(job.webhook, Webhook::Due { .. }) {
        send_letter(queues, job, Duration::ZERO).await?;
    }
    wake_held(jobs, accounts, queues, &job.account, now).await
}

/// Gives the account's free places to its held jobs, oldest first.
///
/// # Errors
/// When a port fails.
pub async fn wake_held(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    account: &AccountId,
    now: Time,
) -> Result<(), Trouble> {
    /// Woken in one go. Each end wakes for one place; more are free only after a change of the tier.
    const MOST_WOKEN: u32 = 10;
    let held = jobs.held(account, MOST_WOKEN).await?;
    if held.is_empty() {
        return Ok(());
    }
    let Some(account) = accounts.account(account).await? else { return Ok(()) };
    for id in held {
        let Some(job) = jobs.load(&id).await? else { continue };
        // The index may lag behind: a job that is no longer held needs no waking.
        if !matches!(job.state, State::Held) {
            continue;
        }
        let Ok(change) = advance(&job, Event::Woken, now) else { continue };
        match jobs.save(&change, account.limits.concurrent).await? {
            Saved::Done => send_letter(queues, &change.job, Duration::ZERO).await?,
            Saved::LostRace => {}
            Saved::NoPlace | Saved::NoSlot => return Ok(()),
        }
    }
    Ok(())
}

/// Sends the letter that carries the job's life on.
///
/// # Errors
/// When the queue fails.
pub async fn send_letter(queues: &impl Queues, job: &Job, delay: Duration) -> Result<(), Trouble> {
    let letter = Letter::about(job);
    queues.send(&address_of(job), &letter, &job.account, delay.min(LONGEST_DELAY)).await
}

/// The shortest pause between two questions for a finished file, where the vendor answers neither yes nor no.
const STORING_PAUSE: Duration = Duration::from_secs(10);

/// How long the next letter of a job is to wait, `patience` being what the vendor asked for; nothing if no letter is
/// to be sent (the job is held, or wholly done, or its next delivery is too far off for a queue).
pub fn letter_delay(job: &Job, patience: Option<Duration>, now: Time) -> Option<Duration> {
    let delay = match &job.state {
        State::Held => return None,
        State::Queued { not_before } => not_before.until(now),
        State::Submitting { lost, .. } => lost.as_ref()?.next.until(now),
        State::Running { .. } if next_step(job, now) == Step::Cancel => Duration::ZERO,
        State::Running { since, .. } => {
            let floor = job.plan.poll_floor.max(patience.unwrap_or_default());
            let pause = cadence::next_poll(now.since(*since), job.plan.median, floor);
            // The deadline is met on time, not at the poll after it. One that has passed is the vendor's, who can't be
            // asked just now.
            job.gives_up_at().filter(|end| *end > now).map_or(pause, |end| end.until(now).min(pause))
        }
        State::Storing { next, .. } if *next > now => {
            let pause = next.until(now);
            job.gives_up_at().map_or(pause, |end| end.until(now).min(pause))
        }
        // The vendor could not be asked, so nothing was written: ask again, but not at once.
        State::Storing { .. } => job.plan.poll_floor.max(patience.unwrap_or_default()).max(STORING_PAUSE),
        State::Completed { .. } | State::Failed { .. } | State::Canceled { .. } => match &job.webhook {
            Webhook::Due { next, .. } => next.until(now),
            Webhook::Quiet | Webhook::Delivered { .. } | Webhook::Failed { .. } => return None,
        },
    };
    let far = job.has_ended() && delay > LONGEST_DELAY;
    (!far).then_some(delay)
}

/// A letter that would arrive this close to the end of its chain's lease, or after it, renews the lease first.
const LEASE_MARGIN: Duration = Duration::from_secs(60);

/// Carries on a job about which nothing new is known, `patience` being what the vendor asked for. Nothing is written
/// but the next letter, except where it would arrive when the reconciler believes it lost: then the due time moves.
///
/// # Errors
/// When a port fails.
pub async fn keep_waiting(
    jobs: &impl Jobs,
    queues: &impl Queues,
    job: &Job,
    patience: Option<Duration>,
    now: Time,
) -> Result<(), Trouble> {
    let Some(delay) = letter_delay(job, patience, now) else { return Ok(()) };
    let safe = now.plus(delay.min(LONGEST_DELAY)).plus(LEASE_MARGIN);
    if job.due.is_none_or(|due| due > safe) {
        return send_letter(queues, job, delay).await;
    }
    let renewed = advance(job, Event::StillRunning { progress: None, ticket: None }, now);
    let Ok(mut change) = renewed else { return send_letter(queues, job, delay).await };
    change.job.due = change.job.due.max(Some(safe));
    match jobs.save(&change, u32::MAX).await? {
        Saved::Done => send_letter(queues, &change.job, delay).await,
        // Whoever was quicker has written a letter of their own.
        Saved::LostRace | Saved::NoPlace | Saved::NoSlot => Ok(()),
    }
}

/// Records a fact about a job, however often other writers are quicker: the fact stays true, so the change is worked
/// out anew on what they wrote. `None` when the fact no longer matters: the job has ended, say, or what a vendor said is
/// about a try that is over, while the job may be at another vendor.
///
/// # Errors
/// When a port fails, or the race is lost many times over.
pub async fn record(
    jobs: &impl Jobs,
    job: &Job,
    event: &Event,
    now: Time,
) -> Result<Option<Change>, Trouble> {
    /// More writers than this at one job at one time don't exist: a poller, a caller and the reconciler.
    const MOST_ROUNDS: u32 = 8;
    let mut current = job.clone();
    for _ in 0..MOST_ROUNDS {
        let Ok(change) = advance(&current, event.clone(), now) else { return Ok(None) };
        if jobs.save(&change, u32::MAX).await? == Saved::Done {
            return Ok(Some(change));
        }
        match jobs.load(&job.id).await? {
            // The writer who was quicker is this one: the answer to the first try was lost, and the repeat met it.
            Some(stored) if stored == change.job => return Ok(Some(change)),
            Some(stored) if !is_about(event, job, &stored) => return Ok(None),
            Some(stored) => current = stored,
            None => return Ok(None),
        }
    }
    Err(Trouble::new("could not record what happened to a job", "the race was lost every time"))
}

/// Whether what was heard of a job as it was `then` is about the job as it is `now`.
fn is_about(event: &Event, then: &Job, now: &Job) -> bool {
    let same_vendor = then.plan.vendor == now.plan.vendor && then.plan.model == now.plan.model;
    match event {
        Event::CancelAsked
        | Event::Woken
        | Event::Nudged
        | Event::Redeliver
        | Event::WebhookTried(_)
        | Event::Deleted => true,
        // Of one call that was meant to order it.
        Event::Submitting
        | Event::Refused(_)
        | Event::SubmitLost
        | Event::NotFound
        | Event::NoAnswer
        | Event::SubmitAgain => same_vendor && then.resubmits == now.resubmits,
        // Of the vendor's task.
        Event::Accepted { .. }
        | Event::HandedOver { .. }
        | Event::StillRunning { .. }
        | Event::Failed(_)
        | Event::CopyFailed(_)
        | Event::Stored(_)
        | Event::CanceledAtVendor { .. }
        | Event::NotCancelable
        | Event::DeadlinePassed => same_vendor,
    }
}
