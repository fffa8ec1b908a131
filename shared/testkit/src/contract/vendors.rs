//! What is known of the vendors, and their places.

use super::Stores;
use crate::builders::{START, at, job, output};
use futures_util::future::join_all;
use jobs::{
    Event, Fault, FaultKind, Job, Limits, Ticket, advance,
    health::{CutOff, Sample, Scope, Tally, Why, minute_of},
    ports::{Accounts, Jobs, Saved, Vendors},
};
use std::{collections::BTreeMap, time::Duration};

const WIDE: Limits = Limits { per_minute: 1_000, concurrent: 1_000, per_day: None };

fn model(name: &str) -> Scope {
    Scope::Model(name.to_owned())
}

pub(super) async fn counts_add_up_and_old_ones_go<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let vendors = &stores.vendors;
    let some = BTreeMap::from([
        (Scope::Vendor, Tally { good: 2, bad: 0 }),
        (model("a-model-1.5"), Tally { good: 0, bad: 1 }),
    ]);
    vendors.count("one", &some, at(0)).await.unwrap();
    let health = vendors.count("one", &some, at(1)).await.unwrap();
    let minute = minute_of(at(0));
    let expected = BTreeMap::from([
        ((Scope::Vendor, minute), Tally { good: 4, bad: 0 }),
        ((model("a-model-1.5"), minute), Tally { good: 0, bad: 2 }),
    ]);
    assert_eq!(health.tallies, expected);
    assert_eq!(vendors.healths().await.unwrap(), BTreeMap::from([("one".to_owned(), health)]));
    // Another vendor's record is another one.
    vendors.count("two", &some, at(0)).await.unwrap();
    assert_eq!(vendors.healths().await.unwrap().len(), 2);
    // What is older than the window is forgotten, at the next write or the one after it.
    vendors.count("one", &some, at(3600)).await.unwrap();
    let health = vendors.count("one", &some, at(3600)).await.unwrap();
    assert!(health.tallies.keys().all(|(_, at)| *at > minute), "{health:?}");
}

pub(super) async fn a_cut_off_is_changed_by_who_saw_it_last<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let vendors = &stores.vendors;
    let cut = CutOff { until: at(20), times: 1, why: Why::Refusing, probed: None, opened: None };
    let probed = CutOff { probed: Some(at(21)), ..cut };
    let scope = model("a-model");
    assert!(!vendors.set_cut("one", &scope, Some(&cut), &probed).await.unwrap());
    assert!(vendors.set_cut("one", &scope, None, &cut).await.unwrap());
    assert!(!vendors.set_cut("one", &scope, None, &probed).await.unwrap());
    let tries = (0..8).map(|_| vendors.set_cut("one", &scope, Some(&cut), &probed));
    let won = join_all(tries).await.into_iter().filter(|won| matches!(won, Ok(true))).count();
    assert_eq!(won, 1, "one of all who saw the same");
    let healths = vendors.healths().await.unwrap();
    assert_eq!(healths.get("one").unwrap().cuts, BTreeMap::from([(scope, probed)]));
}

pub(super) async fn durations_are_remembered_by_model<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let sample = |model: &str, class: &str, slot, seconds| Sample {
        model: model.to_owned(),
        class: class.to_owned(),
        slot,
        took: Duration::from_secs(seconds),
    };
    let samples = [sample("m1", "5s", 1, 40), sample("m1", "10s", 1, 90), sample("m2", "any", 63, 3)];
    stores.vendors.remember(&samples).await.unwrap();
    stores.vendors.remember(&[sample("m1", "5s", 1, 44)]).await.unwrap();
    let speeds = stores.vendors.speeds().await.unwrap();
    let of = |model: &str| speeds.get(model).unwrap().samples.clone();
    let expected = [(("10s".to_owned(), 1), 90_000), (("5s".to_owned(), 1), 44_000)];
    assert_eq!(of("m1"), BTreeMap::from(expected));
    assert_eq!(of("m2"), BTreeMap::from([(("any".to_owned(), 63), 3_000)]));
}

/// Hands a job over to its vendor, who takes `most` at a time.
async fn hand_over<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
    job: &Job,
    most: u32,
) -> (Saved, Job) {
    let change = advance(job, Event::Submitting, at(1)).unwrap().within(most);
    (stores.jobs.save(&change, 0).await.unwrap(), change.job)
}

pub(super) async fn a_vendor_takes_so_many<J: Jobs, A: Accounts, V: Vendors>(stores: &Stores<J, A, V>) {
    let account = stores.wide_account(1_000).await;
    let mut jobs = Vec::new();
    for number in 1..=3 {
        jobs.push(stores.accepted(job(number, &account.id, 10, START), WIDE).await);
    }
    let [one, two, three] = jobs.as_slice() else { panic!("three were made") };
    let (saved, one) = hand_over(stores, one, 2).await;
    assert_eq!(saved, Saved::Done);
    assert_eq!(stores.jobs.load(&one.id).await.unwrap().as_ref(), Some(&one));
    let (saved, two) = hand_over(stores, two, 2).await;
    assert_eq!(saved, Saved::Done);
    assert_eq!(hand_over(stores, three, 2).await.0, Saved::NoSlot);
    assert_eq!(stores.jobs.load(&three.id).await.unwrap().as_ref(), Some(three), "nothing was written");
    // A vendor that is busy gives the place back at once; one that has it, when it is done.
    let busy = Fault::new(FaultKind::Busy, "busy");
    let two = stores.happened(&two, Event::Refused(busy), at(2)).await;
    let (saved, three) = hand_over(stores, three, 2).await;
    assert_eq!(saved, Saved::Done);
    assert_eq!(hand_over(stores, &two, 2).await.0, Saved::NoSlot);
    let one = stores.happened(&one, Event::Accepted { ticket: Ticket("t".to_owned()) }, at(3)).await;
    assert_eq!(hand_over(stores, &two, 2).await.0, Saved::NoSlot);
    stores.happened(&one, Event::Stored(vec![output()]), at(4)).await;
    let (saved, two) = hand_over(stores, &two, 2).await;
    assert_eq!(saved, Saved::Done);
    for job in [two, three] {
        let fault = Fault::new(FaultKind::Moderation, "no");
        stores.happened(&job, Event::Refused(fault), at(5)).await;
    }
    // All places are free again, and the account's figures were moved by the way.
    assert_eq!(stores.figures().await, ([1_000, 990, 0, 10], 0, 0));
    let four = stores.accepted(job(4, &account.id, 10, at(6)), WIDE).await;
    assert_eq!(hand_over(stores, &four, 1).await.0, Saved::Done);
}

pub(super) async fn parallel_jobs_never_take_a_place_too_many<J: Jobs, A: Accounts, V: Vendors>(
    stores: &Stores<J, A, V>,
) {
    let account = stores.wide_account(1_000).await;
    let mut jobs = Vec::new();
    for number in 0..12 {
        jobs.push(stores.accepted(job(number, &account.id, 10, START), WIDE).await);
    }
    let saved = join_all(jobs.iter().map(|job| hand_over(stores, job, 5))).await;
    let count = |wanted| saved.iter().filter(|(saved, _)| *saved == wanted).count();
    assert_eq!((count(Saved::Done), count(Saved::NoSlot)), (5, 7));
}
