//! Stopping a generation. No limit ever refuses it.

use super::{authenticate::Caller, read::is_the_callers};
use crate::error::ApiError;
use jobs::{
    Event, JobId, Time,
    aftermath::{after_end, letter_delay, record, send_letter},
    ports::{Accounts, Jobs, Queues},
    scrub::chain,
};

/// Asks for the generation to be stopped: `true` if it was or will be, `false` if it had already ended.
pub(super) async fn cancel(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    caller: &Caller,
    id: &str,
    now: Time,
) -> Result<bool, ApiError> {
    let missing = || ApiError::not_found("generation");
    let id = JobId::parse(id).ok_or_else(missing)?;
    let job = jobs.load(&id).await?.filter(|job| is_the_callers(job, caller, now)).ok_or_else(missing)?;
    if job.has_ended() {
        return Ok(false);
    }
    if job.cancel_asked.is_some() {
        return Ok(true);
    }
    let Some(change) = record(jobs, &job, &Event::CancelAsked, now).await? else { return Ok(false) };
    // It is saved: what is lost from here on, the reconciler does again.
    let followed = if change.job.has_ended() {
        after_end(jobs, accounts, queues, &change.job, now).await
    } else if let Some(delay) = letter_delay(&change.job, None, now) {
        send_letter(queues, &change.job, delay).await
    } else {
        Ok(())
    };
    if let Err(trouble) = followed {
        tracing::warn!(job.id = %id, error = chain(&trouble), "the cancellation is saved, its letter is late");
    }
    Ok(true)
}
