//! The ports in memory. Every operation is one step under a lock, so it is whole or it is not: exactly what a
//! transaction of the real tables gives.

mod accounts;
mod jobs;
mod queues;
mod vendors;

use ::jobs::{
    Account, AccountId, Job, JobId, KeyHash, KeyRecord, Letter,
    health::{Health, Speed},
    ports::{Address, Grant, Trouble},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// All ports in memory. Clones share what they hold.
#[derive(Clone, Default)]
pub struct Memory {
    held: Arc<Mutex<Held>>,
}

/// The operations of the ports, to let one of them fail or to count its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `Jobs::load`.
    Load,
    /// `Jobs::peek`.
    Peek,
    /// `Jobs::accept`.
    Accept,
    /// `Jobs::save`.
    Save,
    /// `Jobs::due`.
    Due,
    /// `Jobs::held`.
    Held,
    /// `Jobs::list`.
    List,
    /// `Jobs::peek_all`.
    PeekAll,
    /// `Accounts::key`.
    Key,
    /// `Accounts::account`.
    Account,
    /// `Accounts::create`.
    Create,
    /// `Accounts::add_key`.
    AddKey,
    /// `Accounts::keys`.
    Keys,
    /// `Accounts::revoke_key`.
    RevokeKey,
    /// `Accounts::set_tier`.
    SetTier,
    /// `Accounts::rotate_webhook_secret`.
    RotateWebhookSecret,
    /// `Accounts::top_ups`.
    TopUps,
    /// `Accounts::add_credits`.
    AddCredits,
    /// `Queues::send`.
    Send,
    /// `Vendors::count`.
    Count,
    /// `Vendors::set_cut`.
    SetCut,
    /// `Vendors::healths`.
    Healths,
    /// `Vendors::remember`.
    Remember,
    /// `Vendors::speeds`.
    Speeds,
}

/// Where an operation breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing was done.
    BeforeEffect,
    /// It was done, but the caller hears of an error.
    AfterEffect,
}

/// A letter that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Where to.
    pub to: Address,
    /// The letter.
    pub letter: Letter,
    /// Whose group it travels in.
    pub account: AccountId,
    /// How long it is kept back, at most 15 minutes.
    pub delay: Duration,
}

#[derive(Default)]
struct Held {
    jobs: BTreeMap<JobId, Job>,
    accounts: BTreeMap<AccountId, Account>,
    /// In the order of their hashes, as the real table lists them.
    keys: BTreeMap<String, KeyRecord>,
    ledger: Vec<Grant>,
    letters: Vec<Sent>,
    healths: BTreeMap<String, Health>,
    speeds: BTreeMap<String, Speed>,
    in_flight: BTreeMap<String, u32>,
    faults: Vec<(Operation, When, String)>,
    calls: HashMap<Operation, usize>,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Lets the next call of an operation fail. Several for one operation fail one call each, in order.
    pub fn fail_next(&self, operation: Operation, when: When) {
        self.fail_next_because(operation, when, "a test lets it fail");
    }

    /// The same with a cause of the test's choice, to see where its text ends up.
    pub fn fail_next_because(&self, operation: Operation, when: When, cause: &str) {
        self.lock().faults.push((operation, when, cause.to_owned()));
    }

    /// How often an operation was called, failed calls included.
    pub fn calls(&self, operation: Operation) -> usize {
        self.lock().calls.get(&operation).copied().unwrap_or(0)
    }

    /// Every job.
    pub fn all_jobs(&self) -> Vec<Job> {
        self.lock().jobs.values().cloned().collect()
    }

    /// A job.
    pub fn job(&self, id: &JobId) -> Option<Job> {
        self.lock().jobs.get(id).cloned()
    }

    /// Stores a job as it is, in whatever state; its account is not touched.
    pub fn put_job(&self, job: Job) {
        self.lock().jobs.insert(job.id.clone(), job);
    }

    /// A vendor's record, stored as it is.
    pub fn put_health(&self, vendor: &str, health: Health) {
        self.lock().healths.insert(vendor.to_owned(), health);
    }

    /// The durations of a model, stored as they are.
    pub fn put_speed(&self, model: &str, speed: Speed) {
        self.lock().speeds.insert(model.to_owned(), speed);
    }

    /// How many of a vendor's places are taken.
    pub fn in_flight(&self, vendor: &str) -> u32 {
        self.lock().in_flight.get(vendor).copied().unwrap_or(0)
    }

    /// Every account.
    pub fn all_accounts(&self) -> Vec<Account> {
        self.lock().accounts.values().cloned().collect()
    }

    /// An account, without a call of the port being counted.
    pub fn account_of(&self, id: &AccountId) -> Option<Account> {
        self.lock().accounts.get(id).cloned()
    }

    /// Stores an account as it is, counters included.
    pub fn put_account(&self, account: Account) {
        self.lock().accounts.insert(account.id.clone(), account);
    }

    /// Stores a key as it is.
    pub fn put_key(&self, key: KeyRecord) {
        self.lock().keys.insert(key.hash.as_str().to_owned(), key);
    }

    /// Every top-up, oldest first.
    pub fn ledger(&self) -> Vec<Grant> {
        self.lock().ledger.clone()
    }

    /// Every letter sent and not yet taken, oldest first.
    pub fn letters(&self) -> Vec<Sent> {
        self.lock().letters.clone()
    }

    /// Takes every letter, oldest first.
    pub fn take_letters(&self) -> Vec<Sent> {
        std::mem::take(&mut self.lock().letters)
    }

    /// One call of a port: counted, broken off where a test asked for it.
    fn call<T>(
        &self,
        operation: Operation,
        tried: &'static str,
        effect: impl FnOnce(&mut Held) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let mut held = self.lock();
        *held.calls.entry(operation).or_default() += 1;
        let fault = held.faults.iter().position(|(asked, ..)| *asked == operation);
        let Some((_, when, cause)) = fault.map(|index| held.faults.remove(index)) else {
            return effect(&mut held);
        };
        if when == When::AfterEffect {
            effect(&mut held)?;
        }
        Err(Trouble::new(tried, cause))
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // A panic of another test thread is told there; what is held is whole after every operation.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn key(&self, hash: &KeyHash) -> Option<&KeyRecord> {
        self.keys.get(hash.as_str())
    }
}
