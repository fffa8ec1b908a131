//! The life of a job. [`State`] carries exactly the data of each state, [`next_step`] says what the world should do,
//! [`advance`] is the only way it changes.
//!
//! ```text
//! Held -> Queued -> Submitting -> Running -> (Storing) -> Completed
//!   \        \           \           \            \----> Failed, Canceled
//! ```

mod advance;
mod change;
mod erase;
mod failover;
mod shown;
mod step;
#[cfg(test)]
mod tests;

pub use advance::advance;
pub use change::{AccountChange, Change, Impossible, SlotChange};
pub use failover::{MOST_ATTEMPTS, may_fail_over};
pub use shown::{Phase, Status};
pub use step::{LONGEST_DARKNESS, LONGEST_DELAY, Step, may_outlast, next_step, when_due};

use crate::{
    AccountId, BalanceChange, Credits, Fault, Fingerprint, JobId, Mode, Order, Output, Plan, Ticket, Time,
    Webhook,
};
use std::time::Duration;

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
    /// How often it was found finished and its file could not be copied.
    pub copies: u32,
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
