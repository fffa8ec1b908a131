//! What has to hold, after every step and at the end.

use crate::vendor::{Protocol, VENDORS, Vendor, most_at_once};
use jobs::{
    AccountId, Credits, FaultKind, Job, JobId, Mode, State, Status, Time, Webhook, life::MOST_ATTEMPTS,
};
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
        self.slots_add_up(&jobs);
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
            // A process that was slow to write an end or a hand-over wrote down when it began to: nothing is estimated
            // beyond that.
            let before = self.before.get(&job.id);
            let left =
                job.placed.filter(|_| before.is_some_and(|before| before.plan.vendor != job.plan.vendor));
            let slow = job.ended_at().or(left).is_some_and(|written| written < self.looked);
            assert!(*shown <= shows || slow, "{} went back from {shown} % to {shows} %", job.id);
            *shown = shows;
            self.paid_once(job);
            handed_over_well(job);
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

    /// A vendor's places are taken by exactly the jobs that say so, who are there, and never by too many.
    fn slots_add_up(&self, jobs: &[Job]) {
        for vendor in VENDORS {
            let there = jobs.iter().filter(|job| job.slot.as_deref() == Some(vendor)).count();
            assert_eq!(self.memory.in_flight(vendor) as usize, there, "places of {vendor}");
            assert!(most_at_once(vendor).is_none_or(|most| there <= most as usize), "{there} at {vendor}");
        }
        for job in jobs {
            let there = matches!(job.state, State::Submitting { .. } | State::Running { .. });
            let limited = most_at_once(&job.plan.vendor).is_some();
            let slot = (there && limited).then_some(job.plan.vendor.as_str());
            assert_eq!(job.slot.as_deref(), slot, "{} {:?}", job.id, job.state);
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
        let (tasks, protocol) = (self.vendor.tasks(job), self.vendor.protocol(job));
        let (most, paid) = self.vendor.all_tasks(&job.id);
        assert!(most <= 1, "{most} tasks at one vendor for {} ({protocol:?})", job.id);
        assert!(
            paid <= 1,
            "{paid} tasks are paid for {}, one at {}: {:?}",
            job.id,
            job.plan.vendor,
            job.attempts
        );
        if protocol == Protocol::Blind {
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
            assert!(stored.contains_key(id) || self.vendor.all_tasks(id).0 == 0);
        }
        for job in stored.values() {
            assert!(job.has_ended(), "{} never ended: {:?}", job.id, job.state);
            assert_eq!(job.due, None);
            assert!(job.attempts.iter().all(|attempt| attempt.ended.is_some() && attempt.outcome.is_some()));
            let charged_rightly = match job.status() {
                Status::Completed => job.charged == job.plan.cost && self.vendor.tasks(job) == 1,
                Status::Failed => job.charged == Credits::ZERO,
                _ => job.charged == Credits::ZERO || self.vendor.tasks(job) == 1,
            };
            assert!(job.charged <= job.accepted, "{} cost {} of {}", job.id, job.charged, job.accepted);
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
        for vendor in VENDORS {
            assert_eq!(self.memory.in_flight(vendor), 0, "places of {vendor} at the end");
        }
    }
}

/// Handed over at most twice, to somebody new each time, only where the caller leaves the choice to us, and only after a
/// word that says that nothing was or will be made.
fn handed_over_well(job: &Job) {
    assert!(job.attempts.len() <= MOST_ATTEMPTS, "{:?}", job.attempts);
    let vendors: BTreeSet<&str> = job.attempts.iter().map(|attempt| attempt.provider.as_str()).collect();
    assert_eq!(vendors.len(), job.attempts.len(), "a vendor had it twice: {:?}", job.attempts);
    let waits = matches!(job.state, State::Queued { .. })
        && job.attempts.last().is_some_and(|last| last.ended.is_some());
    let left = job.attempts.len().saturating_sub(usize::from(!waits));
    for attempt in job.attempts.iter().take(left) {
        let outcome = attempt.outcome.as_deref().and_then(FaultKind::parse);
        let leaves = [FaultKind::Busy, FaultKind::Unavailable, FaultKind::Operator, FaultKind::Vendor];
        assert!(outcome.is_some_and(|kind| leaves.contains(&kind)), "left after {outcome:?}");
        assert!(job.order.provider.is_none(), "the caller wanted {:?} and nobody else", job.order.provider);
    }
    assert!(job.plan.cost <= job.accepted);
}

fn is_held(job: &Job) -> bool {
    matches!(job.state, State::Held)
}
