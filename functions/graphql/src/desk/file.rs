//! Stable links to finished files, as webhooks carry them: they lead to a fresh signature each time.

use super::{LINK_LIFE, Links};
use crate::error::ApiError;
use jobs::{
    JobId, State, Time,
    ports::{Accounts, Jobs},
};

/// The parts of a stable link, as they came.
#[derive(Clone, Copy)]
pub(crate) struct StableLink<'a> {
    /// The generation.
    pub(crate) job: &'a str,
    /// The number of its file, from 0.
    pub(crate) index: &'a str,
    /// What only we can make.
    pub(crate) token: &'a str,
}

/// Letters of a token. Whatever has another length is not even looked up.
const TOKEN_LENGTH: usize = 43;

/// Where the link leads now; nothing if it is not ours, or its file is gone.
pub(super) async fn file(
    jobs: &impl Jobs,
    accounts: &impl Accounts,
    links: &impl Links,
    link: StableLink<'_>,
    now: Time,
) -> Result<Option<String>, ApiError> {
    let StableLink { job, index, token } = link;
    let (Some(id), Ok(number)) = (JobId::parse(job), index.parse::<u8>()) else { return Ok(None) };
    // One file has one link: no leading zeros, no plus sign.
    if token.len() != TOKEN_LENGTH || number.to_string() != index {
        return Ok(None);
    }
    let Some(job) = jobs.peek(&id).await?.filter(|job| job.expires > now) else { return Ok(None) };
    let Some(account) = accounts.account(&job.account).await? else { return Ok(None) };
    let key = account.link_key.reveal().as_bytes();
    if !signing::token_matches(key, &["file", id.as_str(), index], token) {
        return Ok(None);
    }
    let State::Completed { outputs, .. } = &job.state else { return Ok(None) };
    let Some(output) = outputs.get(usize::from(number)) else { return Ok(None) };
    Ok(Some(links.link(&output.key, LINK_LIFE).await?))
}
