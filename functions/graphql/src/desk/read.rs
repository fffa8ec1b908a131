//! Looking things up for a caller.

use super::authenticate::Caller;
use crate::error::ApiError;
use jobs::{
    Account, Job, JobId, Time,
    ports::{Accounts, Jobs},
};

/// The caller's generation. Unknown, malformed, expired or another account's: the same answer.
pub(super) async fn generation(
    jobs: &impl Jobs,
    caller: &Caller,
    id: &str,
    now: Time,
) -> Result<Job, ApiError> {
    let missing = || ApiError::not_found("generation");
    let id = JobId::parse(id).ok_or_else(missing)?;
    let job = jobs.peek(&id).await?;
    job.filter(|job| is_the_callers(job, caller, now)).ok_or_else(missing)
}

/// Whether the caller may know of this job. An expired record that the table has not cleaned up yet is no record, and
/// a deleted one is none for callers.
pub(super) fn is_the_callers(job: &Job, caller: &Caller, now: Time) -> bool {
    job.account == caller.account.id && job.expires > now && job.deleted.is_none()
}

/// The caller's held jobs, oldest first.
pub(super) async fn waiting(jobs: &impl Jobs, caller: &Caller) -> Result<Vec<JobId>, ApiError> {
    /// Enough for the largest queue of any published tier.
    const MOST_LISTED: u32 = 100;
    Ok(jobs.held(&caller.account.id, MOST_LISTED).await?)
}

/// The account as it is stored now.
pub(super) async fn account(accounts: &impl Accounts, caller: &Caller) -> Result<Account, ApiError> {
    accounts.account(&caller.account.id).await?.ok_or_else(ApiError::unauthenticated)
}
