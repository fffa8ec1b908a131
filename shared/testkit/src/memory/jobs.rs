//! Jobs, and what they mean to their accounts, under the conditions of the real table.

use super::{Held, Memory, Operation};
use jobs::{
    Account, AccountId, Change, Job, JobId, Place, State, Stretch, Time,
    life::AccountChange,
    ports::{Accepted, Admission, DUE_SHARDS, Jobs, Saved, Trouble},
};

impl Jobs for Memory {
    async fn load(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        self.call(Operation::Load, "could not read job", |held| Ok(held.jobs.get(id).cloned()))
    }

    async fn peek(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        self.call(Operation::Peek, "could not read job", |held| Ok(held.jobs.get(id).cloned()))
    }

    async fn accept(&self, job: &Job, admission: &Admission) -> Result<Accepted, Trouble> {
        const TRIED: &str = "could not accept job";
        self.call(Operation::Accept, TRIED, |held| {
            // A taken id comes first: a replay succeeds whatever the account's figures say now.
            let lives = |old: &&Job| old.due.is_some() || old.expires.seconds() > job.created.seconds();
            let taken = held.jobs.get(&job.id).filter(lives);
            if let Some(existing) = taken {
                return Ok(Accepted::Exists(Box::new(existing.clone())));
            }
            let account = held.accounts.get_mut(&job.account);
            let account = account.ok_or_else(|| Trouble::new(TRIED, "there is no such account"))?;
            if !admits(account, job, admission) {
                return Ok(Accepted::Refused(Box::new(account.clone())));
            }
            change_figures(account, &job.acceptance(), TRIED)?;
            count(&mut account.minutes, admission.windows.minute, &admission.stale_minutes);
            count(&mut account.days, admission.windows.day, &admission.stale_days);
            held.store(job);
            Ok(Accepted::New)
        })
    }

    async fn save(&self, change: &Change, most_running: u32) -> Result<Saved, Trouble> {
        const TRIED: &str = "could not save job";
        self.call(Operation::Save, TRIED, |held| {
            if held.jobs.get(&change.job.id).is_none_or(|stored| stored.version != change.expected) {
                return Ok(Saved::LostRace);
            }
            if let Some((vendor, most)) = &change.slots.take
                && held.in_flight.get(vendor).is_some_and(|taken| taken >= most)
            {
                return Ok(Saved::NoSlot);
            }
            if !change.account.is_nothing() {
                let takes_a_place = change.account.running > 0;
                match held.accounts.get_mut(&change.job.account) {
                    Some(account) if takes_a_place && account.running >= most_running => {
                        return Ok(Saved::NoPlace);
                    }
                    Some(account) => change_figures(account, &change.account, TRIED)?,
                    None if takes_a_place => return Ok(Saved::NoPlace),
                    None => return Err(Trouble::new(TRIED, "the account is missing")),
                }
            }
            if let Some((vendor, _)) = &change.slots.take {
                *held.in_flight.entry(vendor.clone()).or_default() += 1;
            }
            if let Some(vendor) = &change.slots.free {
                let taken = held.in_flight.get_mut(vendor).filter(|taken| **taken > 0);
                *taken.ok_or_else(|| Trouble::new(TRIED, "a place was given back that nobody took"))? -= 1;
            }
            held.store(&change.job);
            Ok(Saved::Done)
        })
    }

    async fn due(&self, shard: u8, now: Time, most: u32) -> Result<Vec<JobId>, Trouble> {
        self.call(Operation::Due, "could not list due jobs", |held| {
            let of_shard = held.jobs.values().filter(|job| job.id.shard(DUE_SHARDS) == shard);
            let mut due: Vec<(Time, JobId)> = of_shard
                .filter_map(|job| Some((job.due.filter(|due| *due <= now)?, job.id.clone())))
                .collect();
            due.sort();
            Ok(first(due, most))
        })
    }

    async fn held(&self, account: &AccountId, most: u32) -> Result<Vec<JobId>, Trouble> {
        self.call(Operation::Held, "could not list held jobs", |held| {
            let of_account = held.jobs.values().filter(|job| job.account == *account);
            let mut waiting: Vec<(Time, JobId)> = of_account
                .filter(|job| matches!(job.state, State::Held))
                .map(|job| (job.created, job.id.clone()))
                .collect();
            waiting.sort();
            Ok(first(waiting, most))
        })
    }

    async fn list(&self, account: &AccountId, stretch: &Stretch) -> Result<Vec<Place>, Trouble> {
        self.call(Operation::List, "could not list jobs", |held| {
            let of_account = held.jobs.values().filter(|job| job.account == *account);
            let places = of_account.map(|job| Place::of(job.created, job.id.as_str()));
            let mut places: Vec<Place> = places.filter(|place| stretch.holds(place)).collect();
            places.sort_by(|one, other| other.cmp(one));
            places.truncate(usize::try_from(stretch.most).unwrap_or(usize::MAX));
            Ok(places)
        })
    }

    async fn peek_all(&self, ids: &[JobId]) -> Result<Vec<Job>, Trouble> {
        self.call(Operation::PeekAll, "could not read jobs", |held| {
            Ok(ids.iter().filter_map(|id| held.jobs.get(id).cloned()).collect())
        })
    }
}

/// The account's conditions for one more job.
fn admits(account: &Account, job: &Job, admission: &Admission) -> bool {
    let limits = admission.limits;
    let paid = account.balance.available >= job.reserved();
    let minute = account.count_in_minute(admission.windows.minute) < limits.per_minute;
    let day = limits.per_day.is_none_or(|most| account.count_on_day(admission.windows.day) < most);
    let place = if matches!(job.state, State::Held) {
        let somebody_wakes_it = account.running >= limits.concurrent || account.waiting > 0;
        account.waiting < limits.most_waiting() && somebody_wakes_it
    } else {
        account.running < limits.concurrent && account.waiting == 0
    };
    paid && minute && day && place
}

fn change_figures(account: &mut Account, change: &AccountChange, tried: &'static str) -> Result<(), Trouble> {
    let below_zero = || Trouble::new(tried, "a figure of the account would fall below zero");
    let balance = account.balance.after(change.balance).ok_or_else(below_zero)?;
    let running = account.running.checked_add_signed(change.running).ok_or_else(below_zero)?;
    let waiting = account.waiting.checked_add_signed(change.waiting).ok_or_else(below_zero)?;
    (account.balance, account.running, account.waiting) = (balance, running, waiting);
    Ok(())
}

fn count(counters: &mut Vec<(i64, u32)>, window: i64, stale: &[i64]) {
    counters.retain(|(number, _)| !stale.contains(number));
    match counters.iter_mut().find(|(number, _)| *number == window) {
        Some((_, count)) => *count += 1,
        None => counters.push((window, 1)),
    }
    counters.sort_unstable();
}

fn first(sorted: Vec<(Time, JobId)>, most: u32) -> Vec<JobId> {
    sorted.into_iter().take(usize::try_from(most).unwrap_or(usize::MAX)).map(|(_, id)| id).collect()
}

impl Held {
    /// Stores a job as the real table keeps it: a fault's patience is of no use once the job has ended.
    fn store(&mut self, job: &Job) {
        let mut job = job.clone();
        if let State::Failed { fault, .. } = &mut job.state {
            fault.retry_after = None;
        }
        self.jobs.insert(job.id.clone(), job);
    }
}
