//! One delivery: load the job, sign the news, post it, note how it went.

use http::StatusCode;
use jobs::{
    Account, Event, Job, Letter, Step, Time,
    aftermath::{letter_delay, record, send_letter},
    letter::{TryOutcome, after_try},
    next_step,
    ports::{Accounts, Jobs, Queues, Trouble},
};
use news::{Answer, News, post};
use outbound::Door;
use std::time::Duration;

/// Everything that a delivery needs.
pub struct Postman<J, A, Q> {
    /// The jobs.
    pub jobs: J,
    /// Their accounts, which hold the secrets.
    pub accounts: A,
    /// The queues.
    pub queues: Q,
    /// The way out, which refuses private addresses.
    pub door: Door,
    /// The API's public address, without a slash at its end.
    pub public_base_url: String,
    /// What time it is.
    pub clock: fn() -> Time,
    /// A random share from 0 to 1.
    pub jitter: fn() -> f64,
}

/// A receiver that takes longer is told again later.
const LONGEST_TRY: Duration = Duration::from_secs(15);

impl<J: Jobs, A: Accounts, Q: Queues> Postman<J, A, Q> {
    /// Delivers the news of one job, if it is due.
    ///
    /// # Errors
    /// When our own side fails. A receiver's failure is no error: it is noted, and tried again later.
    pub async fn deliver(&self, letter: &Letter) -> Result<(), Trouble> {
        let Some(job) = self.jobs.load(&letter.job).await? else {
            tracing::warn!(job.id = %letter.job, "put aside a letter about a job that does not exist");
            return Ok(());
        };
        if job.version != letter.version {
            tracing::debug!(job.id = %job.id, version = job.version, "put aside a letter that is out of date");
            return Ok(());
        }
        match next_step(&job, (self.clock)()) {
            Step::Deliver => {}
            Step::Wait(_) => return self.write_on(&job).await,
            _ => return Ok(()),
        }
        let jobs::Webhook::Due { tries, .. } = job.webhook else { return Ok(()) };
        let Some(account) = self.accounts.account(&job.account).await? else {
            return Err(Trouble::new("could not deliver the news", "the job's account is gone"));
        };
        let outcome = self.post(&job, &account).await?;
        let now = (self.clock)();
        let webhook = after_try(tries, outcome, now, (self.jitter)());
        tracing::info!(job.id = %job.id, account.id = %job.account, tries = tries + 1, outcome = ?outcome, "tried to deliver the news");
        match record(&self.jobs, &job, &Event::WebhookTried(webhook), now).await? {
            Some(change) => self.write_on(&change.job).await,
            None => Ok(()),
        }
    }

    async fn write_on(&self, job: &Job) -> Result<(), Trouble> {
        match letter_delay(job, None, (self.clock)()) {
            Some(delay) => send_letter(&self.queues, job, delay).await,
            None => Ok(()),
        }
    }

    /// One try.
    async fn post(&self, job: &Job, account: &Account) -> Result<TryOutcome, Trouble> {
        const TRIED: &str = "could not write the news";
        let news =
            News::of(job, account, &self.public_base_url).map_err(|cause| Trouble::new(TRIED, cause))?;
        let (Some(news), Some(url)) = (news, job.order.webhook_url.as_deref()) else {
            return Ok(TryOutcome::Gone);
        };
        let now = (self.clock)();
        Ok(match post(&self.door, url, account, news, now, LONGEST_TRY).await? {
            Answer::Status { status, .. } if status.is_success() => TryOutcome::Accepted,
            Answer::Status { status: StatusCode::GONE, .. } => TryOutcome::Gone,
            Answer::Status { retry_after, .. } => TryOutcome::Refused { retry_after },
            Answer::NotCalled(error) => {
                let error = error.map(|error| error.to_string());
                tracing::warn!(job.id = %job.id, error, "the webhook's address is not allowed");
                TryOutcome::Gone
            }
            Answer::None(error) => {
                tracing::info!(job.id = %job.id, error = %error, "the webhook's receiver did not answer");
                TryOutcome::Refused { retry_after: None }
            }
        })
    }
}
