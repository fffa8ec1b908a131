//! What the outside world has to offer, in our own words. Each port has two lives: the real one in `cloud` and one in
//! memory in `testkit`; one set of tests holds both to the same rules.

use crate::{
    Account, AccountId, Change, Credits, Job, JobId, KeyHash, KeyRecord, Letter, Limits, Place, Stretch,
    Tier, Time, Windows,
    account::Hidden,
    health::{CutOff, Health, Sample, Scope, Speed, Tally},
};
use std::{collections::BTreeMap, fmt, future::Future, time::Duration};

/// A call to the outside world that did not work out.
#[derive(Debug)]
pub struct Trouble {
    /// What was tried: "could not save job".
    pub tried: &'static str,
    /// Why it failed; for the log alone.
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}

impl Trouble {
    /// Trouble with its cause.
    pub fn new(tried: &'static str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Trouble {
        Trouble { tried, cause: cause.into() }
    }

    /// Why it failed, with all causes behind it and without anything secret: for the log.
    pub fn why(&self) -> String {
        crate::scrub::chain(&*self.cause)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.tried)
    }
}

impl std::error::Error for Trouble {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.cause)
    }
}

/// The conditions under which an account takes one more job.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The limits that hold for the account.
    pub limits: Limits,
    /// The windows in which the job counts.
    pub windows: Windows,
    /// Counters of earlier windows that may be swept by the way.
    pub stale_minutes: Vec<i64>,
    /// The same for days.
    pub stale_days: Vec<i64>,
}

/// How an acceptance went.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepted {
    /// The job is stored and its credits are set aside.
    New,
    /// The id is taken: the job that has it, as it is now.
    Exists(Box<Job>),
    /// The account's conditions did not hold: the account as it is now. Nothing was written.
    Refused(Box<Account>),
}

/// How a save went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// Another writer was first; nothing was written.
    LostRace,
    /// A job can't be woken: the account has no free place. Nothing was written.
    NoPlace,
    /// A job can't be handed over: the vendor has no free place. Nothing was written.
    NoSlot,
}

/// Jobs, and what they mean to their accounts.
pub trait Jobs: Send + Sync {
    /// The job as it is stored.
    fn load(&self, id: &JobId) -> impl Future<Output = Result<Option<Job>, Trouble>> + Send;

    /// The job as a caller may see it: a cheaper read that may lag by a moment, but never misses a stored job.
    fn peek(&self, id: &JobId) -> impl Future<Output = Result<Option<Job>, Trouble>> + Send;

    /// Stores a new job if its id is free (or its old record has expired) and the account's conditions hold, in one
    /// transaction with what it means to the account.
    fn accept(
        &self,
        job: &Job,
        admission: &Admission,
    ) -> impl Future<Output = Result<Accepted, Trouble>> + Send;

    /// Saves a change if the expected version is still stored, in one transaction with what it means to the account.
    /// `most_running` bounds the account's places when the change takes one.
    fn save(&self, change: &Change, most_running: u32)
    -> impl Future<Output = Result<Saved, Trouble>> + Send;

    /// Jobs due at `now`, of one shard of the index, earliest first, at most `most`.
    fn due(
        &self,
        shard: u8,
        now: Time,
        most: u32,
    ) -> impl Future<Output = Result<Vec<JobId>, Trouble>> + Send;

    /// The account's held jobs, oldest first, at most `most`.
    fn held(
        &self,
        account: &AccountId,
        most: u32,
    ) -> impl Future<Output = Result<Vec<JobId>, Trouble>> + Send;

    /// The places of the account's jobs, newest first; a place's name is the job's id. A job accepted within the
    /// last moments may be missing.
    fn list(
        &self,
        account: &AccountId,
        stretch: &Stretch,
    ) -> impl Future<Output = Result<Vec<Place>, Trouble>> + Send;

    /// The jobs of these ids in the same order, without those that are not there: a cheaper read that may lag by a
    /// moment.
    fn peek_all(&self, ids: &[JobId]) -> impl Future<Output = Result<Vec<Job>, Trouble>> + Send;
}

/// Parts of the due index. More parts spread the writes of a busy system; the reconciler asks each once a minute.
pub const DUE_SHARDS: u8 = 4;

/// Accounts and their keys.
pub trait Accounts: Send + Sync {
    /// The record of a key.
    fn key(&self, hash: &KeyHash) -> impl Future<Output = Result<Option<KeyRecord>, Trouble>> + Send;

    /// The account as it is stored.
    fn account(&self, id: &AccountId) -> impl Future<Output = Result<Option<Account>, Trouble>> + Send;

    /// Stores a new account; `false` if the id is taken.
    fn create(&self, account: &Account) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// Stores a new key; `false` if its hash is taken.
    fn add_key(&self, key: &KeyRecord) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// The account's keys.
    fn keys(&self, id: &AccountId) -> impl Future<Output = Result<Vec<KeyRecord>, Trouble>> + Send;

    /// Marks a key as revoked; `false` if there is none.
    fn revoke_key(&self, hash: &KeyHash, now: Time) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// Sets tier and limits; `false` if there is no such account.
    fn set_tier(
        &self,
        id: &AccountId,
        tier: Tier,
        limits: Limits,
    ) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// Gives the account another webhook secret; the one until now signs too, until `old_until`, and one before that
    /// no longer. `false` if there is no such account.
    fn rotate_webhook_secret(
        &self,
        id: &AccountId,
        secret: &Hidden,
        old_until: Time,
    ) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// The account's top-ups, newest first. Each stands at the place of its moment and its key.
    fn top_ups(
        &self,
        id: &AccountId,
        stretch: &Stretch,
    ) -> impl Future<Output = Result<Vec<Grant>, Trouble>> + Send;

    /// Adds credits under a name of the caller's that makes a repeat harmless, and writes the ledger entry.
    fn add_credits(&self, grant: &Grant) -> impl Future<Output = Result<Granted, Trouble>> + Send;
}

/// A top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who gets it.
    pub account: AccountId,
    /// How much.
    pub credits: Credits,
    /// The operator's own words for the ledger.
    pub note: String,
    /// Makes a repeat harmless.
    pub key: String,
    /// When.
    pub at: Time,
}

impl Grant {
    /// Where it stands in the account's list of top-ups.
    pub fn place(&self) -> Place {
        Place::of(self.at, &self.key)
    }
}

/// How a top-up went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// The credits are there.
    Done,
    /// They were already there under this key.
    Already,
    /// There is no such account.
    NoAccount,
}

/// Where a letter goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A vendor's poller.
    Vendor(String),
    /// The postman.
    Webhook,
}

/// The queues.
pub trait Queues: Send + Sync {
    /// Sends a letter, to arrive after `delay` (at most 15 minutes). Letters of one account share a group, so that a
    /// busy account does not hold up the others.
    fn send(
        &self,
        to: &Address,
        letter: &Letter,
        account: &AccountId,
        delay: Duration,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;
}

/// Where the letters of a job go: to its vendor while it runs, to the postman once it has ended.
pub fn address_of(job: &Job) -> Address {
    if job.has_ended() { Address::Webhook } else { Address::Vendor(job.plan.vendor.clone()) }
}

/// What all processes know of the vendors.
pub trait Vendors: Send + Sync {
    /// Adds to a vendor's counts of this minute; the record as it is then.
    fn count(
        &self,
        vendor: &str,
        counts: &BTreeMap<Scope, Tally>,
        now: Time,
    ) -> impl Future<Output = Result<Health, Trouble>> + Send;

    /// Changes a cut-off if it is still as it was before; `false` if it is not.
    fn set_cut(
        &self,
        vendor: &str,
        scope: &Scope,
        before: Option<&CutOff>,
        after: &CutOff,
    ) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// Every vendor's record; it may lag by a moment.
    fn healths(&self) -> impl Future<Output = Result<BTreeMap<String, Health>, Trouble>> + Send;

    /// Remembers durations.
    fn remember(&self, samples: &[Sample]) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// Every model's durations; they may lag by a moment.
    fn speeds(&self) -> impl Future<Output = Result<BTreeMap<String, Speed>, Trouble>> + Send;
}
