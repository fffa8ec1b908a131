//! What has to hold, after every step and at the end.

use crate::vendor::{Protocol, Vendor};
use jobs::{AccountId, Credits, Job, JobId, Mode, State, Status, Time, Webhook};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{Memory, Operation, builders::START};

pub(crate) struct Checks {
    memory: Memory,
    vendor: Vendor,
    before: BTreeMap<JobId, Job>,
    /// Percent that a caller could have seen.
    shown: BTreeMap<JobId, u8>,
    /// The order of acceptance.
    places: BTreeMap<JobId, usize>,
    /// Writes seen so far.
    writes: usize,
    /// When everything was looked at last.
    looked: Time,
    promised: BTreeSet<JobId>,
    promised_to_stop: BTreeSet<JobId>,
}

impl Checks {
    pub(crate) fn new(memory: Memory, vendor: Vendor) -> Checks {
        Checks {
            memory,
            vendor,
            before: BTreeMap::new(),
            shown: BTreeMap::new(),
            places: BTreeMap::new(),
            writes: 0,
            looked: START,
            promised: BTreeSet::new(),
            promised_to_stop: BTreeSet::new(),
        }
    }

    /// A caller was told that the order is accepted.
    pub(crate) fn promised(&mut self, id: JobId) {
        self.promised.insert(id);
    }

    /// A caller was told that the job was or will be stopped.
    pub(crate) fn promised_to_stop(&mut self, id: JobId) {
        self.promised_to_stop.insert(id);
    }

    pub(crate) fn after_a_step(&mut self, now: Time) {
        let writes = self.memory.calls(Operation::Save) + self.memory.calls(Operation::Accept);
        if (writes, now) == (self.writes, self.looked) {
            return;
        }
        self.writes = writes;
        let jobs = self.memory.all_jobs();
        self.figures_add_up(&jobs);
        for job in &jobs {
            match self.before.get(&job.id) {
                Some(before) if before == job => {}
                Some(before) => self.changed_well(before, job, &jobs),
                None => {
                    let place = self.places.len();
                    self.places.insert(job.id.clone(), place);
                    let overtakes = jobs.iter().any(|other| other.account == job.account && is_held(other));
                    assert!(is_held(job) || !overtakes, "{} overtook those who wait", job.id);
                }
            }
            let shown = self.shown.entry(job.id.clone()).or_default();
            let shows = job.progress_at(now);
            // A process that was slow to write an end wrote down when it began to: nothing is estimated beyond that.
            let slow = job.ended_at().is_some_and(|ended| ended < self.looked);
            assert!(*shown <= shows || slow, "{} went back from {shown} % to {shows} %", job.id);
            *shown = shows;
            self.paid_once(job);
        }
        self.looked = now;
        self.before = jobs.into_iter().map(|job| (job.id.clone(), job)).collect();
    }

    /// Granted = available + reserved + used, and each figure is what the jobs say.
    fn figures_add_up(&self, jobs: &[Job]) {
        for account in self.memory.all_accounts() {
            assert!(account.balance.adds_up(), "{:?}", account.balance);
            let mine: Vec<&Job> = jobs.iter().filter(|job| job.account == account.id).collect();
            let open = || mine.iter().filter(|job| !job.has_ended());
            let sum =
                |credits: &mut dyn Iterator<Item = Credits>| credits.map(|credits| credits.0).sum::<u64>();
            assert_eq!(account.balance.reserved.0, sum(&mut open().map(|job| job.reserved())));
            assert_eq!(account.balance.used.0, sum(&mut mine.iter().map(|job| job.charged)));
            let waiting = open().filter(|job| is_held(job)).count();
            assert_eq!(
                (account.running as usize, account.waiting as usize),
                (open().count() - waiting, waiting)
            );
            assert!(account.running <= account.limits.concurrent, "{} jobs run at once", account.running);
            assert!(account.waiting <= account.limits.most_waiting(), "{} jobs wait", account.waiting);
        }
    }

    fn changed_well(&self, before: &Job, after: &Job, jobs: &[Job]) {
        let waits = matches!(before.state, State::Held | State::Queued { .. }) && before.state == after.state;
        assert!(after.version > before.version || (waits && after.version == before.version));
        if before.has_ended() {
            assert_eq!(
                (&before.state, before.charged),
                (&after.state, after.charged),
                "an ended job changed"
            );
        }
        if is_held(before) && !is_held(after) && !after.has_ended() {
            let elder = |other: &&Job| {
                let older = (other.created, &other.id) < (after.created, &after.id);
                other.account == after.account
                    && is_held(other)
                    && older
                    && self.place(other) < self.place(after)
            };
            assert_eq!(jobs.iter().find(elder), None, "{} was woken out of turn", after.id);
        }
    }

    fn place(&self, job: &Job) -> Option<usize> {
        self.places.get(&job.id).copied()
    }

    /// A second task only where a second submit was known to be harmless, and then it is the same one.
    fn paid_once(&self, job: &Job) {
        let tasks = self.vendor.tasks(&job.id);
        assert!(tasks <= 1, "{tasks} tasks are paid for {} ({:?})", job.id, self.vendor.protocol(&job.id));
        if self.vendor.protocol(&job.id) == Protocol::Blind {
            assert_eq!(job.resubmits, 0);
        }
        if job.mode == Mode::Live && matches!(job.state, State::Running { .. } | State::Storing { .. }) {
            assert_eq!(tasks, 1, "{} runs nowhere", job.id);
        }
    }

    pub(crate) fn at_the_end(&self, ids: &[JobId]) {
        let stored: BTreeMap<JobId, Job> =
            self.memory.all_jobs().into_iter().map(|job| (job.id.clone(), job)).collect();
        for id in &self.promised {
            assert!(stored.contains_key(id), "{id} was accepted and is lost");
        }
        for id in ids {
            // What was never stored never cost anything.
            assert!(stored.contains_key(id) || self.vendor.tasks(id) == 0);
        }
        for job in stored.values() {
            assert!(job.has_ended(), "{} never ended: {:?}", job.id, job.state);
            assert_eq!(job.due, None);
            assert!(job.attempts.iter().all(|attempt| attempt.ended.is_some() && attempt.outcome.is_some()));
            let charged_rightly = match job.status() {
                Status::Completed => job.charged == job.reserved() && self.vendor.tasks(&job.id) == 1,
                Status::Failed => job.charged == Credits::ZERO,
                _ => job.charged == Credits::ZERO || self.vendor.tasks(&job.id) == 1,
            };
            assert!(charged_rightly, "{} cost {} and is {:?}", job.id, job.charged, job.state);
            let told = self.vendor.told(&job.id) > 0;
            assert_eq!(told, job.order.webhook_url.is_some(), "news of {}: {:?}", job.id, job.webhook);
            assert_eq!(told, matches!(job.webhook, Webhook::Delivered { .. } | Webhook::Failed { .. }));
        }
        for id in &self.promised_to_stop {
            assert_eq!(stored.get(id).map(Job::status), Some(Status::Canceled), "{id} was to be stopped");
        }
        let open: Vec<AccountId> = self
            .memory
            .all_accounts()
            .into_iter()
            .filter(|account| account.running > 0)
            .map(|account| account.id)
            .collect();
        assert_eq!(open, []);
    }
}

fn is_held(job: &Job) -> bool {
    matches!(job.state, State::Held)
}
