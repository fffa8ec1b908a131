//! What vendors say by themselves. It only hastens the next question to the vendor, which alone counts.

use crate::error::ApiError;
use jobs::{
    Callback, Called, Job, JobId, Letter, State,
    account::Hidden,
    ports::{Accounts, Address, Jobs, Queues},
};
use std::time::Duration;

/// The parts of a callback's address, as they came.
#[derive(Clone, Copy)]
pub(crate) struct CallbackAddress<'a> {
    /// The vendor.
    pub(crate) vendor: &'a str,
    /// The generation.
    pub(crate) job: &'a str,
    /// What only we can make.
    pub(crate) token: &'a str,
}

/// Letters of a token. Whatever has another length is not even looked up.
const TOKEN_LENGTH: usize = 43;

/// Hands a callback on to the vendor's poller, who checks its signature; `false` if the address is not one of ours.
pub(super) async fn callback(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    queues: &impl Queues,
    address: CallbackAddress<'_>,
    callback: Callback,
) -> Result<bool, ApiError> {
    let CallbackAddress { vendor, job, token } = address;
    let Some(id) = JobId::parse(job).filter(|_| token.len() == TOKEN_LENGTH) else { return Ok(false) };
    let Some(job) = jobs.peek(&id).await? else { return Ok(false) };
    let Some(account) = accounts.account(&job.account).await? else { return Ok(false) };
    let key = account.link_key.reveal().as_bytes();
    if !signing::token_matches(key, &["callback", vendor, id.as_str()], token) {
        return Ok(false);
    }
    // News of a provider that was left, or of a job that has ended, changes nothing.
    let runs = matches!(job.state, State::Submitting { .. } | State::Running { .. } | State::Storing { .. });
    if runs && job.plan.vendor == vendor {
        hasten(queues, &job, Called { token: Hidden::new(token), callback }).await?;
    }
    Ok(true)
}

/// A vendor that is quicker than its own answer is asked a moment later.
async fn hasten(queues: &impl Queues, job: &Job, callback: Called) -> Result<(), ApiError> {
    let begun = matches!(job.state, State::Running { .. } | State::Storing { .. });
    let delay = if begun { Duration::ZERO } else { Duration::from_secs(2) };
    let letter = Letter { callback: Some(callback), ..Letter::about(job) };
    Ok(queues.send(&Address::Vendor(job.plan.vendor.clone()), &letter, &job.account, delay).await?)
}
