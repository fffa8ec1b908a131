//! The life of a job. [`State`] carries exactly the data of each state, [`next_step`] says what the world should do,
//! [`advance`] is the only way it changes.
//!
//! ```text
//! Held -> Queued -> Submitting -> Running -> (Storing) -> Completed
//!   \        \           \           \            \----> Failed, Canceled
//! ```

mod advance;
mod erase;
mod failover;
mod step;
#[cfg(test)]
mod tests;

pub use advance::advance;
pub use failover::{MOST_ATTEMPTS, may_fail_over};
pub use step::{LONGEST_DARKNESS, LONGEST_DELAY, Step, may_outlast, next_step, when_due};

use crate::{
    AccountId, BalanceChange, Credits, Fault, Fingerprint, JobId, Mode, Order, Output, Plan, Ticket, Time,
    Webhook,
};
use std::{fmt, time::Duration};

/// One generation, from acceptance to the end of its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The id.
    pub id: JobId,
    /// Whose it is.
    pub account: AccountId,
    /// Live or test.
    pub mode: Mode,
    /// What was asked for.
    pub order: Order,
    /// What an idempotent replay is compared by.
    pub fingerprint: Fingerprint,
    /// How it is made.
    pub plan: Plan,
    /// What it is doing.
    pub state: State,
    /// Counts the changes; every save is conditional on it.
    pub version: u64,
    /// Percent that callers have been shown for certain, 0 to 100.
    pub progress: u8,
    /// Tries at vendors, oldest first.
    pub attempts: Vec<Attempt>,
    /// How often a vendor asked for patience since the last success.
    pub refusals: u32,
    /// How often the paid call was repeated because a repeat was known to be harmless.
    pub resubmits: u32,
    /// When the caller asked to stop it.
    pub cancel_asked: Option<Time>,
    /// The news to the caller.
    pub webhook: Webhook,
    /// The price that the caller accepted. It stays set aside until the end, whoever makes it: another provider may
    /// cost less, never more.
    pub accepted: Credits,
    /// The vendor of which it takes up one of the places that the operator allows at a time; nothing where no limit is
    /// set, and whenever the vendor does not have it.
    pub slot: Option<String>,
    /// What it cost in the end; nothing before the end.
    pub charged: Credits,
    /// When it was accepted.
    pub created: Time,
    /// When it got its place under the account's concurrency, was handed to another provider, or was found never to have
    /// reached its vendor; nothing while it waits for a place.
    pub placed: Option<Time>,
    /// When a vendor first took it.
    pub started: Option<Time>,
    /// When the record and its files go; until then the idempotency key is remembered.
    pub expires: Time,
    /// When the reconciler should look at it, unless it changes before; nothing once it is wholly done.
    pub due: Option<Time>,
    /// When its content was removed at the caller's wish; what remains is what money and its idempotency key need.
    pub deleted: Option<Time>,
}

/// What a job is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Accepted, waiting for a place under the account's concurrency.
    Held,
    /// Waiting for a poller, and for nothing else once `not_before` has come.
    Queued {
        /// A busy vendor's patience.
        not_before: Time,
    },
    /// The paid call is being made, or was made and its answer is missing.
    Submitting {
        /// When it was begun.
        since: Time,
        /// Set once we know that the answer was lost.
        lost: Option<Lost>,
    },
    /// The vendor has it.
    Running {
        /// How to find it there.
        ticket: Ticket,
        /// When the vendor took it.
        since: Time,
    },
    /// The vendor has finished, but its file could not be copied yet.
    Storing {
        /// How to ask for a fresh link.
        ticket: Ticket,
        /// When the first copy failed.
        since: Time,
        /// Copies that failed.
        tries: u32,
        /// When to try again.
        next: Time,
    },
    /// The files are in our bucket.
    Completed {
        /// The files.
        outputs: Vec<Output>,
        /// When.
        at: Time,
    },
    /// It will not be made.
    Failed {
        /// Why.
        fault: Fault,
        /// When.
        at: Time,
    },
    /// The caller stopped it.
    Canceled {
        /// When.
        at: Time,
    },
}

/// The search for a submitted job whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// How often we looked for it at the vendor in vain.
    pub looked: u32,
    /// When to look next.
    pub next: Time,
}

/// A try at a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The provider id.
    pub provider: String,
    /// The model.
    pub model: String,
    /// When it began.
    pub started: Time,
    /// When it ended.
    pub ended: Option<Time>,
    /// How: `completed`, `canceled` or a fault's name.
    pub outcome: Option<String>,
}

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

/// A change, to be saved whole: the job as it will be, and what it means to the account's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The job after the change.
    pub job: Job,
    /// The version that must still be stored for the change to hold.
    pub expected: u64,
    /// What moves on the account in the same transaction.
    pub account: AccountChange,
    /// What moves at vendors with limited places in the same transaction.
    pub slots: SlotChange,
}

/// What moves at vendors with limited places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotChange {
    /// A place to take at this vendor, if fewer than so many are taken.
    pub take: Option<(String, u32)>,
    /// A place to give back at this vendor.
    pub free: Option<String>,
}

impl Change {
    /// The same change, under the condition that fewer than `most` jobs are at the job's vendor. Of use to a change that
    /// hands a job over.
    #[must_use]
    pub fn within(mut self, most: u32) -> Change {
        let vendor = self.job.plan.vendor.clone();
        self.job.slot = Some(vendor.clone());
        self.slots.take = Some((vendor, most));
        self
    }

    /// Whether nothing but the job itself changes.
    pub fn is_the_job_alone(&self) -> bool {
        self.account.is_nothing() && self.slots == SlotChange::default()
    }
}

/// What moves on the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Credits.
    pub balance: BalanceChange,
    /// Places in use.
    pub running: i32,
    /// Generations waiting for a place.
    pub waiting: i32,
}

impl AccountChange {
    /// Whether the account is not touched.
    pub fn is_nothing(&self) -> bool {
        *self == AccountChange::default()
    }
}

/// The event does not fit the state: an ordinary outcome of a race (the job has ended meanwhile, say).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible;

impl fmt::Display for Impossible {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the event does not fit the job's state")
    }
}

impl std::error::Error for Impossible {}

/// An order that found its model, ready to be accepted.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The id, derived from the idempotency key or random.
    pub id: JobId,
    /// Whose it is.
    pub account: AccountId,
    /// Live or test.
    pub mode: Mode,
    /// What was asked for.
    pub order: Order,
    /// How it will be made.
    pub plan: Plan,
    /// How long the record and its files are kept after acceptance.
    pub retention: Duration,
}

impl Job {
    /// A job as it is accepted; `held` when the account's places are all taken.
    pub fn accepted(new: NewJob, held: bool, now: Time) -> Job {
        let fingerprint = new.order.fingerprint();
        let state = if held { State::Held } else { State::Queued { not_before: now } };
        let accepted = new.plan.cost;
        let mut job = Job {
            id: new.id,
            account: new.account,
            mode: new.mode,
            order: new.order,
            fingerprint,
            plan: new.plan,
            state,
            version: 1,
            progress: 0,
            attempts: Vec::new(),
            refusals: 0,
            resubmits: 0,
            cancel_asked: None,
            webhook: Webhook::Quiet,
            accepted,
            slot: None,
            charged: Credits::ZERO,
            created: now,
            placed: (!held).then_some(now),
            started: None,
            expires: now.plus(new.retention),
            due: None,
            deleted: None,
        };
        job.due = when_due(&job, now);
        job
    }

    /// What is set aside for it while it is open. A test key spends nothing.
    pub fn reserved(&self) -> Credits {
        match self.mode {
            Mode::Live => self.accepted,
            Mode::Test => Credits::ZERO,
        }
    }

    /// What it costs if it is made as planned now: never more than what was accepted.
    pub fn price(&self) -> Credits {
        self.plan.cost.min(self.reserved())
    }

    /// What moved on the account when it was accepted.
    pub fn acceptance(&self) -> AccountChange {
        let held = matches!(self.state, State::Held);
        AccountChange {
            balance: BalanceChange::reserve(self.reserved()),
            running: i32::from(!held),
            waiting: i32::from(held),
        }
    }

    /// What of the reserved credits went back when it ended; nothing before.
    pub fn refunded(&self) -> Credits {
        if self.has_ended() { self.reserved().less(self.charged) } else { Credits::ZERO }
    }

    /// Whether it has ended for good.
    pub fn has_ended(&self) -> bool {
        self.ended_at().is_some()
    }

    /// When it ended.
    pub fn ended_at(&self) -> Option<Time> {
        match &self.state {
            State::Completed { at, .. } | State::Failed { at, .. } | State::Canceled { at } => Some(*at),
            State::Held
            | State::Queued { .. }
            | State::Submitting { .. }
            | State::Running { .. }
            | State::Storing { .. } => None,
        }
    }

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

    /// Since when nothing but the vendor stands between it and its start.
    pub fn queued_since(&self) -> Time {
        self.placed.unwrap_or(self.created)
    }

    /// The moment at which we give up, as far as it is known: the caller's deadline from acceptance, and the model's
    /// from the moment that the vendor took it.
    pub fn gives_up_at(&self) -> Option<Time> {
        let callers = self.order.deadline.map(|span| self.created.plus(span));
        let models = match &self.state {
            State::Running { since, .. } => Some(since.plus(self.plan.deadline)),
            // Without a caller's deadline a job waits for a busy vendor no longer than it may run. The time that it
            // was held for the account's other jobs is not the vendor's doing and does not count.
            State::Queued { .. } => Some(self.queued_since().plus(self.plan.deadline)),
            _ => None,
        };
        callers.into_iter().chain(models).min()
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
