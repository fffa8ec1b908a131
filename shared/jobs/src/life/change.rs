//! What a step of a job's life changes, to be saved whole: the job, the account's figures, places at vendors.

use super::Job;
use crate::BalanceChange;
use std::fmt;

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
