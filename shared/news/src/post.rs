//! One signed post.

use crate::News;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use jobs::{Account, Time, ports::Trouble};
use outbound::{CallError, Door, Kind, Limits};
use signing::Secret;
use std::time::Duration;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// As much of a receiver's answer as we read.
const MOST_ANSWER_BYTES: u64 = 4096;

/// What became of a post.
#[derive(Debug)]
pub enum Answer {
    /// The receiver answered.
    Status {
        /// With this status.
        status: StatusCode,
        /// And this patience, in its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Nothing was sent: the address is none, or none that we call.
    NotCalled(Option<CallError>),
    /// There was no answer.
    None(CallError),
}

/// Signs the news with the account's secrets and posts it to `url`, all within `longest`.
///
/// # Errors
/// When our own side fails: the account's secret is malformed.
pub async fn post(
    door: &Door,
    url: &str,
    account: &Account,
    news: News,
    now: Time,
    longest: Duration,
) -> Result<Answer, Trouble> {
    let secrets = secrets_of(account, now)?;
    let signers: Vec<&Secret> = secrets.iter().collect();
    let headers = signing::sign(&signers, &news.id, now.seconds(), news.body.as_bytes());
    let mut request = Request::post(url).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers.pairs() {
        request = request.header(name, value);
    }
    let Ok(request) = request.body(Bytes::from(news.body)) else { return Ok(Answer::NotCalled(None)) };
    Ok(match door.call(request, Limits::cutting(longest, MOST_ANSWER_BYTES)).await {
        Ok(reply) => Answer::Status { status: reply.status, retry_after: retry_after(&reply.headers, now) },
        Err(error) if error.kind() == Kind::Refused => Answer::NotCalled(Some(error)),
        Err(error) => Answer::None(error),
    })
}

/// The secrets that sign now: the current one first, and the one before it while a rotation lasts.
fn secrets_of(account: &Account, now: Time) -> Result<Vec<Secret>, Trouble> {
    let old = account.old_webhook_secret.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret);
    [Some(&account.webhook_secret), old]
        .into_iter()
        .flatten()
        .map(|secret| Secret::parse(secret.reveal()))
        .collect::<Result<_, _>>()
        .map_err(|_| Trouble::new("could not sign the news", "the account's secret is malformed"))
}

/// How long the receiver asks us to wait: seconds, or an HTTP date.
fn retry_after(headers: &HeaderMap, now: Time) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    Some(Time::from_millis(date.unix_timestamp().saturating_mul(1000)).until(now))
}
