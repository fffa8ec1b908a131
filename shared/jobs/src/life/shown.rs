//! What callers are shown of a job: its status, how far it is, how long it will still take.

use super::{Job, State};
use crate::Time;
use std::time::Duration;

/// The published status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waiting.
    Queued,
    /// A vendor has it.
    Processing,
    /// The files are there.
    Completed,
    /// It failed.
    Failed,
    /// It was stopped.
    Canceled,
}

/// Finer than [`Status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for a place under the account's concurrency.
    Held,
    /// Waiting for a poller or a busy vendor.
    Queued,
    /// Being handed to the vendor.
    Submitting,
    /// At the vendor.
    Running,
    /// Being copied to our bucket.
    Storing,
    /// Being stopped.
    Canceling,
    /// Done.
    Completed,
    /// Failed.
    Failed,
    /// Stopped.
    Canceled,
}

impl Job {
    /// The published status.
    pub fn status(&self) -> Status {
        match &self.state {
            // Waiting for the next provider: for the caller it has long begun.
            State::Queued { .. } if self.started.is_some() => Status::Processing,
            State::Held | State::Queued { .. } => Status::Queued,
            State::Submitting { .. } | State::Running { .. } | State::Storing { .. } => Status::Processing,
            State::Completed { .. } => Status::Completed,
            State::Failed { .. } => Status::Failed,
            State::Canceled { .. } => Status::Canceled,
        }
    }

    /// The finer phase.
    pub fn phase(&self) -> Phase {
        match &self.state {
            State::Held => Phase::Held,
            State::Queued { .. } => Phase::Queued,
            State::Submitting { .. } | State::Running { .. } if self.cancel_asked.is_some() => {
                Phase::Canceling
            }
            State::Submitting { .. } => Phase::Submitting,
            State::Running { .. } => Phase::Running,
            State::Storing { .. } => Phase::Storing,
            State::Completed { .. } => Phase::Completed,
            State::Failed { .. } => Phase::Failed,
            State::Canceled { .. } => Phase::Canceled,
        }
    }

    /// Percent done, as shown to callers: what the vendor said, or what the usual time suggests, whichever is more.
    /// It never goes back, and 100 means completed.
    pub fn progress_at(&self, now: Time) -> u8 {
        /// Nobody knows the last stretch, so guessing stops here.
        const MOST_GUESSED: u128 = 95;
        match &self.state {
            State::Completed { .. } => 100,
            State::Running { since, .. } => {
                let usual = self.plan.median.as_millis().max(1);
                let guess = (now.since(*since).as_millis() * 90 / usual).min(MOST_GUESSED);
                self.progress.max(u8::try_from(guess).unwrap_or(0))
            }
            State::Storing { .. } => self.progress.max(96),
            State::Held
            | State::Queued { .. }
            | State::Submitting { .. }
            | State::Failed { .. }
            | State::Canceled { .. } => self.progress,
        }
    }

    /// Seconds that it will probably still take; nothing once it has ended.
    pub fn remaining_at(&self, now: Time) -> Option<Duration> {
        match &self.state {
            State::Running { since, .. } => Some(self.plan.median.saturating_sub(now.since(*since))),
            State::Storing { .. } => Some(Duration::ZERO),
            State::Held | State::Queued { .. } | State::Submitting { .. } => Some(self.plan.median),
            State::Completed { .. } | State::Failed { .. } | State::Canceled { .. } => None,
        }
    }
}

impl Status {
    /// The name in the API and in stored items.
    pub fn name(self) -> &'static str {
        match self {
            Status::Queued => "QUEUED",
            Status::Processing => "PROCESSING",
            Status::Completed => "COMPLETED",
            Status::Failed => "FAILED",
            Status::Canceled => "CANCELED",
        }
    }
}
