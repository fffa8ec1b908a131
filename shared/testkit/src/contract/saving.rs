//! Saving: a change of the job and what it means to the account, in one step, if nobody was faster.

use super::{NOTHING, Stores};
use crate::builders::{START, at, held_job, job, output};
use futures_util::future::join_all;
use jobs::{
    Event, Fault, FaultKind, Job, Limits, State, Stretch, Ticket, advance,
    ports::{Accounts, Jobs, Saved, Vendors},
};

const WIDE: Limits = Limits { per_minute: 1_000, concurrent: 1_000, per_day: None };

async fn running<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>, number: u32, cost: u64) -> Job {
    let job = stores.accepted(job(number, &crate::builders::account_id(1), cost, START), WIDE).await;
    let job = stores.happened(&job, Event::Submitting, at(1)).await;
    stores.happened(&job, Event::Accepted { ticket: Ticket("task-1".to_owned()) }, at(2)).await
}

pub(super) async fn a_change_is_stored_whole<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    stores.wide_account(100).await;
    let job = running(stores, 1, 10).await;
    assert_eq!(stores.jobs.load(&job.id).await.unwrap().as_ref(), Some(&job));
    let job = stores.happened(&job, Event::StillRunning { progress: Some(40), ticket: None }, at(3)).await;
    assert_eq!(stores.jobs.peek(&job.id).await.unwrap().as_ref(), Some(&job));
    assert_eq!(stores.figures().await, ([100, 90, 10, 0], 1, 0));
}

pub(super) async fn a_stale_version_moves_nothing<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    stores.wide_account(100).await;
    let old = running(stores, 1, 10).await;
    let new = stores.happened(&old, Event::StillRunning { progress: Some(40), ticket: None }, at(3)).await;
    // One change that touches the account and one that does not: both come too late.
    for event in [Event::Stored(vec![output()]), Event::StillRunning { progress: Some(20), ticket: None }] {
        assert_eq!(stores.happen(&old, event, at(4), 0).await.0, Saved::LostRace);
        assert_eq!(stores.jobs.load(&old.id).await.unwrap().as_ref(), Some(&new));
        assert_eq!(stores.figures().await, ([100, 90, 10, 0], 1, 0));
    }
    // A job that is not stored at all has no version either.
    let absent = job(9, &new.account, 10, START);
    assert_eq!(stores.happen(&absent, Event::Submitting, at(1), 0).await.0, Saved::LostRace);
    assert_eq!(stores.jobs.load(&absent.id).await.unwrap(), None);
}

pub(super) async fn waking_takes_a_place_if_there_is_one<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { concurrent: 1, ..WIDE };
    let account = stores.account(100, limits).await;
    let first = stores.accepted(job(1, &account.id, 10, START), limits).await;
    let waiting = stores.accepted(held_job(2, &account.id, 10, at(1)), limits).await;
    assert_eq!(stores.figures().await, ([100, 80, 20, 0], 1, 1));
    assert_eq!(stores.happen(&waiting, Event::Woken, at(2), 1).await.0, Saved::NoPlace);
    assert_eq!(stores.jobs.load(&waiting.id).await.unwrap().as_ref(), Some(&waiting));
    assert_eq!(stores.figures().await, ([100, 80, 20, 0], 1, 1));
    stores.happened(&first, Event::CancelAsked, at(3)).await;
    let (saved, woken) = stores.happen(&waiting, Event::Woken, at(4), 1).await;
    assert_eq!((saved, &woken.state), (Saved::Done, &State::Queued { not_before: at(4) }));
    assert_eq!(stores.figures().await, ([100, 90, 10, 0], 1, 0));
    // Too late for the place and for the version: the version is what counts.
    assert_eq!(stores.happen(&waiting, Event::Woken, at(5), 1).await.0, Saved::LostRace);
    // Whoever leaves while waiting gives back a waiting place, not a running one.
    let waiting = stores.accepted(held_job(3, &account.id, 10, at(6)), limits).await;
    assert_eq!(stores.figures().await, ([100, 80, 20, 0], 1, 1));
    stores.happened(&waiting, Event::CancelAsked, at(7)).await;
    assert_eq!(stores.figures().await, ([100, 90, 10, 0], 1, 0));
}

pub(super) async fn an_end_settles<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    stores.wide_account(100).await;
    let done = running(stores, 1, 10).await;
    let failed = running(stores, 2, 20).await;
    let stopped = running(stores, 3, 30).await;
    assert_eq!(stores.figures().await, ([100, 40, 60, 0], 3, 0));
    let done = stores.happened(&done, Event::Stored(vec![output()]), at(9)).await;
    assert_eq!(stores.figures().await, ([100, 40, 50, 10], 2, 0));
    let fault =
        Fault::new(FaultKind::Moderation, "the vendor's rules forbid the content").with_detail("code 17");
    let failed = stores.happened(&failed, Event::Failed(fault), at(9)).await;
    assert_eq!(stores.figures().await, ([100, 60, 30, 10], 1, 0));
    let stopped = stores.happened(&stopped, Event::CanceledAtVendor { charged: true }, at(9)).await;
    assert_eq!(stores.figures().await, ([100, 60, 0, 40], 0, 0));
    for job in [done, failed, stopped] {
        assert_eq!(stores.jobs.load(&job.id).await.unwrap(), Some(job));
    }
}

pub(super) async fn parallel_ends_settle_once<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    stores.wide_account(100).await;
    let job = running(stores, 1, 10).await;
    let ends = [
        Event::Stored(vec![output()]),
        Event::DeadlinePassed,
        Event::NotCancelable,
        Event::CanceledAtVendor { charged: false },
    ];
    let changes: Vec<_> =
        ends.iter().cycle().take(12).map(|event| advance(&job, event.clone(), at(5)).unwrap()).collect();
    assert!(changes.iter().all(|change| change.account != NOTHING));
    let outcomes = join_all(changes.iter().map(|change| stores.jobs.save(change, 0))).await;
    let winners: Vec<usize> = (0..outcomes.len())
        .filter(|index| outcomes.get(*index).is_some_and(|outcome| matches!(outcome, Ok(Saved::Done))))
        .collect();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(Saved::Done | Saved::LostRace))));
    let [winner] = winners.as_slice() else { panic!("{} writers won", winners.len()) };
    let stored = stores.jobs.load(&job.id).await.unwrap();
    assert_eq!(stored.as_ref(), changes.get(*winner).map(|change| &change.job));
    let charged = stored.unwrap().charged.0;
    assert_eq!(stores.figures().await, ([100, 100 - charged, 0, charged], 0, 0));
}

pub(super) async fn an_erased_job_is_still_there_and_still_listed<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(100).await;
    let job = running(stores, 1, 40).await;
    let job = stores.happened(&job, Event::Stored(vec![output()]), at(9)).await;
    let before = stores.figures().await;
    let erased = stores.happened(&job, Event::Deleted, at(10)).await;
    assert_eq!(erased.deleted, Some(at(10)));
    assert_eq!(stores.jobs.load(&job.id).await.unwrap().as_ref(), Some(&erased));
    assert_eq!(stores.figures().await, before);
    let all = Stretch { most: 10, ..Stretch::default() };
    assert_eq!(stores.jobs.list(&account.id, &all).await.unwrap().len(), 1);
    // Its id stays taken.
    let again = crate::builders::job(1, &account.id, 40, at(11));
    assert_eq!(stores.accept(&again, WIDE).await, jobs::ports::Accepted::Exists(Box::new(erased)));
}
