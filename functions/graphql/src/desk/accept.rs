//! Accepting an order: one transaction and one letter on the ordinary path.

use super::{authenticate::Caller, check::Draft, known::Known};
use crate::error::{ApiError, Reached, Scope};
use jobs::{
    Account, Credits, IdempotencyKey, Job, JobId, Plan, Time, Windows,
    aftermath::send_letter,
    life::NewJob,
    ports::{Accepted, Admission, Jobs, Queues},
    scrub::chain,
};
use std::time::Duration;

/// An order that came in.
pub(crate) struct Asked {
    /// The order.
    pub(crate) draft: Draft,
    /// The caller's own name for it.
    pub(crate) key: Option<IdempotencyKey>,
    /// Where in the answer it stands: tells several orders under one key apart.
    pub(crate) path: String,
}

/// An order that has its generation.
pub(crate) struct Placed {
    /// The generation as it is now.
    pub(crate) job: Job,
    /// Whether it was there already: this request did nothing.
    pub(crate) replayed: bool,
}

/// Rounds until we give up: each means that the account changed between two writes.
const MOST_ROUNDS: u32 = 8;

/// Counters swept by one write: its expression may not grow beyond 4 KB.
const MOST_SWEPT: usize = 50;

/// Accepts an order for which `choice` was found, or answers the generation that has its key.
pub(super) async fn accept(
    jobs: &impl Jobs,
    queues: &impl Queues,
    known: &Known,
    caller: &Caller,
    asked: Asked,
    choice: Result<Plan, ApiError>,
    now: Time,
) -> Result<Placed, ApiError> {
    let Asked { draft, key, path } = asked;
    let id = match &key {
        Some(key) => JobId::derived(&caller.account.id, caller.mode, key, &path),
        None => JobId::from_random(cloud::random()?),
    };
    let plan = match choice {
        Ok(plan) => plan,
        // What was accepted once is answered again, even if the model has been retired since.
        Err(refusal) => {
            let before = if key.is_some() { jobs.load(&id).await? } else { None };
            let before = before.filter(|job| job.expires > now && draft.problems.is_empty());
            return before.map_or(Err(refusal), |job| replay(job, &draft));
        }
    };
    let new = NewJob {
        id,
        account: caller.account.id.clone(),
        mode: caller.mode,
        order: draft.order.clone(),
        plan,
        retention: Duration::from_secs(86_400 * u64::from(caller.account.tier.retention_days())),
    };
    let mut account = (*caller.account).clone();
    let mut held = known.was_full_lately(&account.id, now);
    for _ in 0..MOST_ROUNDS {
        let job = Job::accepted(new.clone(), held, now);
        let windows = Windows::at(now);
        match try_to_accept(jobs, &job, &admission(&account, windows)).await? {
            Accepted::New => {
                known.count_accepted(&job.account, windows);
                if !held {
                    write_first_letter(queues, &job).await;
                }
                return Ok(Placed { job, replayed: false });
            }
            Accepted::Exists(existing) => return replay(*existing, &draft),
            Accepted::Refused(fresh) => {
                account = *fresh;
                known.learn_account(account.clone(), now);
                held = match judge(&account, job.reserved(), job.plan.median, now) {
                    Verdict::Run => false,
                    Verdict::Hold => {
                        known.saw_full(&account.id, now);
                        true
                    }
                    Verdict::Refuse(error) => return Err(error),
                };
            }
        }
    }
    let limit = account.limits.most_waiting();
    Err(ApiError::rate_limit(Reached { scope: Scope::Concurrent, limit, retry_after: 1 }))
}

/// The transaction; and if its answer was lost, a look at what came of it.
async fn try_to_accept(jobs: &impl Jobs, job: &Job, admission: &Admission) -> Result<Accepted, ApiError> {
    let trouble = match jobs.accept(job, admission).await {
        Ok(accepted) => return Ok(accepted),
        Err(trouble) => trouble,
    };
    match jobs.load(&job.id).await {
        Ok(Some(stored)) if stored == *job => Ok(Accepted::New),
        Ok(Some(stored)) if stored.expires > job.created => Ok(Accepted::Exists(Box::new(stored))),
        _ => Err(trouble.into()),
    }
}

/// The job stands without its letter too: the reconciler finds it due and writes another.
async fn write_first_letter(queues: &impl Queues, job: &Job) {
    if let Err(trouble) = send_letter(queues, job, Duration::ZERO).await {
        let error = chain(&trouble);
        tracing::warn!(job.id = %job.id, error, "the generation is accepted, its letter is late");
    }
}

/// The generation that has the key, if it is the same order. One that was deleted is not made anew: a late repeat of
/// its request must not cost a second time.
fn replay(job: Job, draft: &Draft) -> Result<Placed, ApiError> {
    if job.deleted.is_some() {
        Err(ApiError::deleted(job.id))
    } else if job.fingerprint == draft.order.fingerprint() {
        Ok(Placed { job, replayed: true })
    } else {
        Err(ApiError::conflict(job.id))
    }
}

/// Days whose counters are kept, today's included, for the usage by day. Each is some ten bytes of an item that should
/// stay below a kilobyte, the unit that a write is charged by.
pub(crate) const DAYS_KEPT: i64 = 31;

/// The account's conditions, and by the way the counters of windows that nobody asks for any more.
fn admission(account: &Account, windows: Windows) -> Admission {
    let numbers = |counters: &[(i64, u32)], oldest: i64| -> Vec<i64> {
        let old = counters.iter().map(|(number, _)| *number).filter(|number| *number < oldest);
        old.take(MOST_SWEPT).collect()
    };
    Admission {
        limits: account.limits,
        windows,
        stale_minutes: numbers(&account.minutes, windows.minute),
        stale_days: numbers(&account.days, windows.day + 1 - DAYS_KEPT),
    }
}

/// What the account's figures say about one more generation.
enum Verdict {
    /// A place is free.
    Run,
    /// It has to wait for one.
    Hold,
    /// It can't be taken.
    Refuse(ApiError),
}

fn judge(account: &Account, cost: Credits, median: Duration, now: Time) -> Verdict {
    let (limits, windows) = (&account.limits, Windows::at(now));
    let refuse = |scope, limit, retry_after| {
        Verdict::Refuse(ApiError::rate_limit(Reached { scope, limit, retry_after }))
    };
    if account.balance.available < cost {
        return Verdict::Refuse(ApiError::insufficient_credits(cost, account.balance.available));
    }
    if let Some(per_day) = limits.per_day
        && account.count_on_day(windows.day) >= per_day
    {
        return refuse(Scope::Day, per_day, Windows::seconds_to_next_day(now));
    }
    if account.count_in_minute(windows.minute) >= limits.per_minute {
        return refuse(Scope::Minute, limits.per_minute, Windows::seconds_to_next_minute(now));
    }
    if account.running < limits.concurrent && account.waiting == 0 {
        return Verdict::Run;
    }
    if account.waiting >= limits.most_waiting() {
        // As often as a place should become free.
        let pause = median.as_secs() / u64::from(limits.concurrent.max(1));
        return refuse(Scope::Concurrent, limits.most_waiting(), pause.clamp(2, 60));
    }
    Verdict::Hold
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::ErrorCode;
    use testkit::builders::{account, at};

    #[test]
    fn the_account_decides_what_becomes_of_an_order() {
        type Edit = fn(&mut Account);
        let cases: [(&str, Edit); 9] = [
            ("run", |_| {}),
            ("hold", |account| account.running = 10),
            // Nobody overtakes those who wait.
            ("hold", |account| account.waiting = 1),
            ("concurrent 100 6", |account| (account.running, account.waiting) = (10, 100)),
            ("minute 60 60", |account| account.minutes = vec![(Windows::at(at(0)).minute, 60)]),
            ("run", |account| account.minutes = vec![(Windows::at(at(0)).minute - 1, 60)]),
            ("day 10000 86400", |account| account.days = vec![(Windows::at(at(0)).day, 10_000)]),
            ("run", |account| {
                account.days = vec![(Windows::at(at(0)).day, 10_000)];
                account.limits.per_day = None;
            }),
            ("credits", |account| account.balance.available = Credits(49)),
        ];
        for (expected, edit) in cases {
            let mut account = account(1, 100);
            edit(&mut account);
            let told = match judge(&account, Credits(50), Duration::from_secs(60), at(0)) {
                Verdict::Run => "run".to_owned(),
                Verdict::Hold => "hold".to_owned(),
                Verdict::Refuse(error) => match error.reached() {
                    Some(reached) => {
                        format!("{} {} {}", reached.scope.name(), reached.limit, reached.retry_after)
                    }
                    None if error.code() == ErrorCode::InsufficientCredits => "credits".to_owned(),
                    None => format!("{error:?}"),
                },
            };
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn old_counters_are_swept_but_those_of_a_month_of_days() {
        let windows = Windows::at(at(0));
        let mut account = account(1, 100);
        account.minutes = [-2, -1, 0].map(|offset| (windows.minute + offset, 1)).to_vec();
        account.days = [-40, -31, -30, -1, 0].map(|offset| (windows.day + offset, 1)).to_vec();
        let admission = admission(&account, windows);
        assert_eq!(admission.stale_minutes, [windows.minute - 2, windows.minute - 1]);
        assert_eq!(admission.stale_days, [windows.day - 40, windows.day - 31]);
    }
}
