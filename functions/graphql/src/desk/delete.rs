//! Removing a generation: its files, and the content of its record.
//!
//! The files go first. Should that break off half way, the record still names them, and the same request again does
//! the rest.

use super::{Links, authenticate::Caller, problem};
use crate::error::ApiError;
use futures_util::future::try_join_all;
use jobs::{Event, JobId, State, Time, aftermath::record, ports::Jobs};

/// Removes an ended generation. One that is already removed is as good as removed now.
pub(super) async fn delete(
    jobs: &impl Jobs,
    links: &impl Links,
    caller: &Caller,
    id: &str,
    now: Time,
) -> Result<(), ApiError> {
    let missing = || ApiError::not_found("generation");
    let id = JobId::parse(id).ok_or_else(missing)?;
    let job = jobs.load(&id).await?;
    let job = job.filter(|job| job.account == caller.account.id && job.expires > now).ok_or_else(missing)?;
    if job.deleted.is_some() {
        return Ok(());
    }
    if !job.has_ended() {
        let problems = vec![problem("id", "this generation has not ended yet: cancel it first")];
        return Err(ApiError::invalid_input(problems));
    }
    if let State::Completed { outputs, .. } = &job.state {
        try_join_all(outputs.iter().map(|output| links.remove(&output.key))).await?;
    }
    // Nothing comes of it where another request removed it meanwhile.
    record(jobs, &job, &Event::Deleted, now).await?;
    Ok(())
}
