//! Accepting: the job, its credits, its place and its windows in one step or not at all.

use super::{Stores, refused};
use crate::builders::{START, account_id, admission, at, held_job, job, new_job};
use futures_util::future::join_all;
use jobs::{
    Event, Job, Limits, Mode, advance,
    ports::{Accepted, Accounts, Admission, Jobs, Saved, Vendors},
};

const WIDE: Limits = Limits { per_minute: 1_000, concurrent: 1_000, per_day: None };

pub(super) async fn a_new_job_is_stored_and_its_credits_are_set_aside<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(100).await;
    let job = stores.accepted(job(7, &account.id, 30, START), WIDE).await;
    assert_eq!(stores.jobs.load(&job.id).await.unwrap().as_ref(), Some(&job));
    assert_eq!(stores.jobs.peek(&job.id).await.unwrap(), Some(job));
    assert_eq!(stores.figures().await, ([100, 70, 30, 0], 1, 0));
    assert_eq!(stores.jobs.load(&crate::builders::job_id(8)).await.unwrap(), None);
    assert_eq!(stores.jobs.peek(&crate::builders::job_id(8)).await.unwrap(), None);
    let account = stores.stored_account().await;
    let windows = admission(WIDE, START).windows;
    assert_eq!((account.count_in_minute(windows.minute), account.count_on_day(windows.day)), (1, 1));
}

pub(super) async fn a_taken_id_gives_the_job_that_has_it<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(100).await;
    let first = stores.accepted(job(7, &account.id, 30, START), WIDE).await;
    let again = job(7, &account.id, 55, at(3));
    assert_eq!(stores.accept(&again, WIDE).await, Accepted::Exists(Box::new(first)));
    assert_eq!(stores.figures().await, ([100, 70, 30, 0], 1, 0));
}

pub(super) async fn a_taken_id_comes_before_the_account_s_conditions<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { per_minute: 1, concurrent: 1, per_day: Some(1) };
    let account = stores.account(30, limits).await;
    let first = stores.accepted(job(7, &account.id, 30, START), limits).await;
    // No credits, no place, no window is left, and still a replay is a replay.
    assert_eq!(
        stores.accept(&job(7, &account.id, 30, at(1)), limits).await,
        Accepted::Exists(Box::new(first))
    );
    assert_eq!(
        refused(stores.accept(&job(8, &account.id, 30, at(1)), limits).await),
        stores.stored_account().await
    );
}

pub(super) async fn an_expired_record_is_replaced_once_it_is_wholly_done<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(100).await;
    let first = stores.accepted(job(7, &account.id, 30, START), WIDE).await;
    let seconds = u64::try_from(first.expires.seconds() - START.seconds()).unwrap();
    let replacement = |second: u64| job(7, &account.id, 20, at(second));
    assert_eq!(
        stores.accept(&replacement(seconds), WIDE).await,
        Accepted::Exists(Box::new(first.clone())),
        "its credits are still set aside"
    );
    let ended = advance(&first, Event::CancelAsked, at(1)).unwrap();
    assert_eq!(stores.jobs.save(&ended, u32::MAX).await.unwrap(), Saved::Done);
    assert_eq!(stores.accept(&replacement(seconds - 1), WIDE).await, Accepted::Exists(Box::new(ended.job)));
    let second = stores.accepted(replacement(seconds), WIDE).await;
    assert_eq!(stores.jobs.load(&second.id).await.unwrap(), Some(second));
}

pub(super) async fn credits_must_cover_the_cost<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(50).await;
    let seen = refused(stores.accept(&job(1, &account.id, 51, START), WIDE).await);
    assert_eq!(seen, account);
    assert_eq!(stores.jobs.load(&crate::builders::job_id(1)).await.unwrap(), None);
    stores.accepted(job(1, &account.id, 50, START), WIDE).await;
    assert_eq!(refused(stores.accept(&job(2, &account.id, 1, START), WIDE).await).balance.available.0, 0);
    assert_eq!(stores.figures().await, ([50, 0, 50, 0], 1, 0));
}

pub(super) async fn a_test_job_costs_nothing<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(0).await;
    let mut new = new_job(1, &account.id, 40);
    new.mode = Mode::Test;
    let job = stores.accepted(Job::accepted(new, false, START), WIDE).await;
    assert_eq!(stores.figures().await, ([0, 0, 0, 0], 1, 0));
    assert_eq!(stores.jobs.load(&job.id).await.unwrap(), Some(job));
}

pub(super) async fn a_minute_takes_so_many<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let limits = Limits { per_minute: 2, ..WIDE };
    let account = stores.account(100, limits).await;
    stores.accepted(job(1, &account.id, 1, START), limits).await;
    stores.accepted(job(2, &account.id, 1, at(59)), limits).await;
    let seen = refused(stores.accept(&job(3, &account.id, 1, at(59)), limits).await);
    assert_eq!(seen.count_in_minute(admission(limits, START).windows.minute), 2);
    assert_eq!(stores.figures().await, ([100, 98, 2, 0], 2, 0));
    stores.accepted(job(3, &account.id, 1, at(60)), limits).await;
}

pub(super) async fn a_day_takes_so_many<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let limits = Limits { per_day: Some(2), ..WIDE };
    let account = stores.account(100, limits).await;
    stores.accepted(job(1, &account.id, 1, START), limits).await;
    stores.accepted(job(2, &account.id, 1, at(86_399)), limits).await;
    let seen = refused(stores.accept(&job(3, &account.id, 1, at(86_399)), limits).await);
    assert_eq!(seen.count_on_day(admission(limits, START).windows.day), 2);
    stores.accepted(job(3, &account.id, 1, at(86_400)), limits).await;
}

pub(super) async fn full_places_mean_waiting_up_to_a_limit<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { concurrent: 1, ..WIDE };
    let account = stores.account(100, limits).await;
    stores.accepted(job(0, &account.id, 1, START), limits).await;
    let seen = refused(stores.accept(&job(1, &account.id, 1, START), limits).await);
    assert_eq!((seen.running, seen.waiting), (1, 0));
    for number in 1..=limits.most_waiting() {
        stores.accepted(held_job(number, &account.id, 1, at(number.into())), limits).await;
    }
    let seen = refused(stores.accept(&held_job(99, &account.id, 1, at(99)), limits).await);
    assert_eq!((seen.running, seen.waiting), (1, 10));
    assert_eq!(stores.figures().await, ([100, 89, 11, 0], 1, 10));
}

pub(super) async fn nobody_overtakes_those_who_wait<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { concurrent: 1, ..WIDE };
    let account = stores.account(100, limits).await;
    let first = stores.accepted(job(1, &account.id, 1, START), limits).await;
    stores.accepted(held_job(2, &account.id, 1, at(1)), limits).await;
    stores.happened(&first, jobs::Event::CancelAsked, at(2)).await;
    assert_eq!(stores.figures().await, ([100, 99, 1, 0], 0, 1));
    // The place is free, but it belongs to the one who waits: the next one waits behind.
    refused(stores.accept(&job(3, &account.id, 1, at(3)), limits).await);
    stores.accepted(held_job(3, &account.id, 1, at(3)), limits).await;
    assert_eq!(stores.figures().await, ([100, 98, 2, 0], 0, 2));
}

pub(super) async fn nobody_waits_where_a_place_is_free<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { concurrent: 2, ..WIDE };
    let account = stores.account(100, limits).await;
    refused(stores.accept(&held_job(1, &account.id, 1, START), limits).await);
    stores.accepted(job(1, &account.id, 1, START), limits).await;
    refused(stores.accept(&held_job(2, &account.id, 1, START), limits).await);
    stores.accepted(job(2, &account.id, 1, START), limits).await;
    stores.accepted(held_job(3, &account.id, 1, START), limits).await;
}

pub(super) async fn old_counters_are_swept<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(100).await;
    let windows = |seconds| admission(WIDE, at(seconds)).windows;
    for (number, seconds) in [(1, 0), (2, 60), (3, 86_400)] {
        stores.accepted(job(number, &account.id, 1, at(seconds)), WIDE).await;
    }
    let later = 2 * 86_400;
    let conditions = Admission {
        stale_minutes: vec![windows(0).minute, windows(60).minute],
        // A counter that is not there any more may be named all the same.
        stale_days: vec![windows(0).day, windows(0).day - 1],
        ..admission(WIDE, at(later))
    };
    assert_eq!(stores.accept_under(&job(4, &account.id, 1, at(later)), &conditions).await, Accepted::New);
    let account = stores.stored_account().await;
    assert_eq!(account.minutes, [(windows(86_400).minute, 1), (windows(later).minute, 1)]);
    assert_eq!(account.days, [(windows(86_400).day, 1), (windows(later).day, 1)]);
}

pub(super) async fn without_an_account_nothing_is_accepted<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let job = job(1, &account_id(1), 1, START);
    assert!(stores.jobs.accept(&job, &admission(WIDE, START)).await.is_err());
    assert_eq!(stores.jobs.load(&job.id).await.unwrap(), None);
}

pub(super) async fn parallel_jobs_never_overdraw<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(105).await;
    let jobs: Vec<Job> = (0..32).map(|number| job(number, &account.id, 10, START)).collect();
    let outcomes = join_all(jobs.iter().map(|job| stores.accept(job, WIDE))).await;
    let new = outcomes.iter().filter(|outcome| **outcome == Accepted::New).count();
    let refusals = outcomes.iter().filter(|outcome| matches!(outcome, Accepted::Refused(_))).count();
    assert_eq!((new, refusals), (10, 22));
    assert_eq!(stores.figures().await, ([105, 5, 100, 0], 10, 0));
    let stored = join_all(jobs.iter().map(|job| stores.jobs.load(&job.id))).await;
    assert_eq!(stored.into_iter().filter(|job| job.as_ref().unwrap().is_some()).count(), 10);
}

pub(super) async fn parallel_replays_make_one_job<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(1_000).await;
    let job = job(1, &account.id, 10, START);
    let outcomes = join_all((0..50).map(|_| stores.accept(&job, WIDE))).await;
    let new = outcomes.iter().filter(|outcome| **outcome == Accepted::New).count();
    let replays =
        outcomes.iter().filter(|outcome| **outcome == Accepted::Exists(Box::new(job.clone()))).count();
    assert_eq!((new, replays), (1, 49));
    assert_eq!(stores.figures().await, ([1_000, 990, 10, 0], 1, 0));
}
