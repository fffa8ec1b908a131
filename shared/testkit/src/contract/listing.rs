//! Lists: what is due, and who waits.

use super::Stores;
use crate::builders::{START, account_id, at, held_job, job, output};
use jobs::{
    Event, Job, JobId, Limits, Place, Stretch, Ticket, Time, Webhook,
    letter::{TryOutcome, after_try},
    ports::{Accounts, DUE_SHARDS, Jobs, Vendors},
};
use std::collections::BTreeSet;

const WIDE: Limits = Limits { per_minute: 1_000, concurrent: 1_000, per_day: None };

async fn due<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>, now: Time) -> BTreeSet<JobId> {
    let mut all = BTreeSet::new();
    for shard in 0..DUE_SHARDS {
        all.extend(stores.jobs.due(shard, now, 100).await.unwrap());
    }
    all
}

pub(super) async fn due_jobs_are_listed_by_shard_earliest_first<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(1_000).await;
    let mut accepted = Vec::new();
    // Accepted in another order than they are due.
    for number in 0..24 {
        let now = at(u64::from(number * 7 % 24));
        accepted.push(stores.accepted(job(number, &account.id, 1, now), WIDE).await);
    }
    accepted.sort_by_key(|job| job.due);
    let last_due = accepted.get(11).and_then(|job| job.due).unwrap();
    let mut seen = 0;
    for shard in 0..DUE_SHARDS {
        let mine =
            accepted.iter().filter(|job| job.id.shard(DUE_SHARDS) == shard && job.due <= Some(last_due));
        let mine: Vec<&JobId> = mine.map(|job| &job.id).collect();
        let listed = stores.jobs.due(shard, last_due, 100).await.unwrap();
        assert_eq!(listed.iter().collect::<Vec<_>>(), mine, "shard {shard}");
        let first = stores.jobs.due(shard, last_due, 1).await.unwrap();
        assert_eq!(first.iter().collect::<Vec<_>>(), mine.iter().take(1).copied().collect::<Vec<_>>());
        seen += mine.len();
    }
    assert_eq!(seen, 12);
    assert!(due(stores, START).await.is_empty());
}

pub(super) async fn a_job_that_is_wholly_done_is_not_due<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    stores.wide_account(100).await;
    let end_of_time = at(100 * 86_400);
    let is_due = async |job: &Job| due(stores, end_of_time).await.contains(&job.id);
    for (number, webhook_url) in [(1, None), (2, Some("https://example.com/hook".to_owned()))] {
        let wants_news = webhook_url.is_some();
        let mut new = crate::builders::new_job(number, &account_id(1), 1);
        new.order.webhook_url = webhook_url;
        let job = stores.accepted(Job::accepted(new, false, START), WIDE).await;
        assert!(is_due(&job).await);
        let job = stores.happened(&job, Event::Submitting, at(1)).await;
        assert!(is_due(&job).await);
        let job = stores.happened(&job, Event::Accepted { ticket: Ticket("t".to_owned()) }, at(2)).await;
        let due_at = job.due.unwrap();
        assert!(due(stores, due_at).await.contains(&job.id));
        assert!(!due(stores, Time::from_millis(due_at.millis() - 1)).await.contains(&job.id));
        let job = stores.happened(&job, Event::Stored(vec![output()]), at(3)).await;
        assert_eq!(is_due(&job).await, wants_news);
        if wants_news {
            let tried = after_try(0, TryOutcome::Refused { retry_after: None }, at(4), 0.5);
            let job = stores.happened(&job, Event::WebhookTried(tried), at(4)).await;
            assert!(is_due(&job).await);
            let job = stores
                .happened(&job, Event::WebhookTried(Webhook::Delivered { at: at(9), tries: 2 }), at(9))
                .await;
            assert!(!is_due(&job).await);
        }
    }
}

pub(super) async fn held_jobs_are_listed_oldest_first<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let limits = Limits { concurrent: 1, ..WIDE };
    let account = stores.account(100, limits).await;
    let first = stores.accepted(job(100, &account.id, 1, START), limits).await;
    let mut waiting = Vec::new();
    // Ids in another order than acceptance.
    for (place, number) in [5, 2, 9, 1].into_iter().enumerate() {
        let now = at(u64::try_from(place).unwrap() + 1);
        waiting.push(stores.accepted(held_job(number, &account.id, 1, now), limits).await);
    }
    let ids: Vec<JobId> = waiting.iter().map(|job| job.id.clone()).collect();
    assert_eq!(stores.jobs.held(&account.id, 10).await.unwrap(), ids);
    assert_eq!(
        stores.jobs.held(&account.id, 2).await.unwrap(),
        ids.iter().take(2).cloned().collect::<Vec<_>>()
    );
    assert_eq!(stores.jobs.held(&account_id(2), 10).await.unwrap(), []);
    stores.happened(&first, Event::CancelAsked, at(9)).await;
    for (index, job) in waiting.iter().enumerate().take(2) {
        let event = if index == 0 { Event::Woken } else { Event::CancelAsked };
        stores.happen(job, event, at(10), 1).await;
    }
    assert_eq!(
        stores.jobs.held(&account.id, 10).await.unwrap(),
        ids.iter().skip(2).cloned().collect::<Vec<_>>()
    );
}

pub(super) async fn an_account_s_jobs_are_listed_newest_first_in_stretches<
    J: Jobs,
    A: Accounts,
    V: Vendors,
>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(1_000).await;
    let mut places = Vec::new();
    for number in 0..12 {
        // Three at each moment, and ids in another order than acceptance.
        let job = job(number * 7 % 12, &account.id, 1, at(u64::from(number / 3)));
        let job = stores.accepted(job, WIDE).await;
        places.push(Place::of(job.created, job.id.as_str()));
    }
    places.sort_by(|one, other| other.cmp(one));
    let listed = async |stretch: &Stretch| stores.jobs.list(&account.id, stretch).await.unwrap();
    let all = Stretch { most: 100, ..Stretch::default() };
    assert_eq!(listed(&all).await, places);
    assert_eq!(stores.jobs.list(&account_id(2), &all).await.unwrap(), []);
    // Stretch by stretch it is the whole, whatever the size of one.
    for most in [1, 4, 5, 12] {
        let mut seen: Vec<Place> = Vec::new();
        loop {
            let stretch = Stretch { after: seen.last().cloned(), most, ..Stretch::default() };
            let found = listed(&stretch).await;
            let last = found.len() < usize::try_from(most).unwrap();
            seen.extend(found);
            if last {
                break;
            }
        }
        assert_eq!(seen, places, "{most} at a time");
    }
    // Moments bound it: the earlier one belongs to it, the later one does not.
    let between = Stretch { since: Some(at(1)), until: Some(at(3)), ..all.clone() };
    assert_eq!(listed(&between).await, places.iter().skip(3).take(6).cloned().collect::<Vec<_>>());
    let rest = Stretch { after: places.get(4).cloned(), ..between.clone() };
    assert_eq!(listed(&rest).await, places.iter().skip(5).take(4).cloned().collect::<Vec<_>>());
    assert_eq!(listed(&Stretch { after: places.get(9).cloned(), ..between.clone() }).await, []);
    assert_eq!(listed(&Stretch { since: Some(at(3)), until: Some(at(1)), ..all.clone() }).await, []);
    // A place need not be taken any more.
    let beside = Stretch { after: Some(Place::of(at(2), "")), ..all };
    assert_eq!(listed(&beside).await, places.iter().skip(6).cloned().collect::<Vec<_>>());
}

pub(super) async fn many_jobs_are_read_at_once<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(1_000).await;
    let mut jobs = Vec::new();
    for number in 0..130 {
        jobs.push(stores.accepted(job(number, &account.id, 1, START), WIDE).await);
    }
    jobs.reverse();
    let mut ids: Vec<JobId> = jobs.iter().map(|job| job.id.clone()).collect();
    assert_eq!(stores.jobs.peek_all(&ids).await.unwrap(), jobs);
    ids.insert(3, crate::builders::job_id(1_000));
    assert_eq!(stores.jobs.peek_all(&ids).await.unwrap(), jobs);
    assert_eq!(stores.jobs.peek_all(&[]).await.unwrap(), []);
}
