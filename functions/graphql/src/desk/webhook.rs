//! What callers do about their webhooks: have news delivered again, try a receiver, change the secret.

use super::{authenticate::Caller, problem, read::is_the_callers};
use crate::error::ApiError;
use jobs::{
    Event, JobId, Mode, Time,
    account::Hidden,
    aftermath::{record, send_letter},
    ports::{Accounts, Jobs, Queues},
    scrub::chain,
};
use news::Answer;
use outbound::{AllowList, Door, Kind, PublicUrl};
use std::time::{Duration, Instant};

/// How long the secret before a rotation still signs.
const ROTATION: Duration = Duration::from_secs(24 * 3600);

/// The longest that a receiver is tried; the caller waits for it.
pub(crate) const LONGEST_PROBE: Duration = Duration::from_secs(10);

/// Has the news of an ended generation delivered again, from the first try on.
pub(super) async fn redeliver(
    jobs: &impl Jobs,
    queues: &impl Queues,
    caller: &Caller,
    id: &str,
    now: Time,
) -> Result<(), ApiError> {
    let missing = || ApiError::not_found("generation");
    let bad = |what: &str| Err(ApiError::invalid_input(vec![problem("id", what)]));
    let id = JobId::parse(id).ok_or_else(missing)?;
    let job = jobs.load(&id).await?.filter(|job| is_the_callers(job, caller, now)).ok_or_else(missing)?;
    if job.order.webhook_url.is_none() {
        return bad("this generation has no webhookUrl");
    }
    if !job.has_ended() {
        return bad("this generation has not ended yet; its news comes when it has");
    }
    // Nothing comes of it where the generation was deleted meanwhile.
    let change = record(jobs, &job, &Event::Redeliver, now).await?.ok_or_else(missing)?;
    if let Err(trouble) = send_letter(queues, &change.job, Duration::ZERO).await {
        tracing::warn!(job.id = %id, error = chain(&trouble), "the redelivery is saved, its letter is late");
    }
    Ok(())
}

/// What a receiver did with a sample event.
pub(crate) struct Probe {
    /// The status of its answer.
    pub(crate) status: Option<u16>,
    /// From the look-up of its name to the end of its answer.
    pub(crate) took: Duration,
    /// Why it does not count as delivered; nothing if it does.
    pub(crate) error: Option<String>,
}

/// Sends a sample event to a receiver, signed as every other.
pub(super) async fn probe(
    accounts: &impl Accounts,
    door: &Door,
    base: &str,
    caller: &Caller,
    url: &str,
    now: Time,
    longest: Duration,
) -> Result<Probe, ApiError> {
    let url = checked(url, door.allow_list())?;
    // The secret may have been changed since this process read the account.
    let account = super::read::account(accounts, caller).await?;
    let sample = news::sample(&account, JobId::from_random(cloud::random()?), base, now)?;
    let begun = Instant::now();
    let answer = news::post(door, url.as_str(), &account, sample, now, longest.min(LONGEST_PROBE)).await?;
    let (status, error) = match answer {
        Answer::Status { status, .. } if status.is_success() => (Some(status.as_u16()), None),
        Answer::Status { status, .. } if status.is_redirection() => {
            (Some(status.as_u16()), Some("the receiver answered with a redirect, which is never followed"))
        }
        Answer::Status { status, .. } => {
            (Some(status.as_u16()), Some("the receiver answered with a status other than 2xx"))
        }
        Answer::NotCalled(_) => (None, Some("the address of the receiver is not public")),
        Answer::None(error) if error.kind() == Kind::NotSent => {
            (None, Some("no connection to the receiver could be made"))
        }
        Answer::None(error) => {
            let status = error.status().map(|status| status.as_u16());
            (status, Some("the receiver did not answer in time, or broke off"))
        }
    };
    Ok(Probe { status, took: begun.elapsed(), error: error.map(str::to_owned) })
}

fn checked(url: &str, allow: &AllowList) -> Result<PublicUrl, ApiError> {
    PublicUrl::parse(url, allow).map_err(|why| ApiError::invalid_input(vec![problem("url", why.to_string())]))
}

/// A new webhook secret, and until when the one before it still signs. A test key is trusted with less than the
/// secret of live news.
pub(super) async fn rotate(
    accounts: &impl Accounts,
    caller: &Caller,
    now: Time,
) -> Result<(signing::Secret, Time), ApiError> {
    if caller.mode == Mode::Test {
        return Err(ApiError::key_may_not("a test key can't change the webhook secret: use a live key"));
    }
    let secret = signing::Secret::from_bytes(cloud::random()?);
    let until = now.plus(ROTATION);
    if !accounts.rotate_webhook_secret(&caller.account.id, &Hidden::new(secret.reveal()), until).await? {
        return Err(ApiError::unauthenticated());
    }
    tracing::info!(account.id = %caller.account.id, "rotated the webhook secret");
    Ok((secret, until))
}
