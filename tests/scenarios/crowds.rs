//! Many requests at the same moment. Told alone: beside others, a crowd mostly finds out how many processes this machine
//! can start at a time.

use crate::stories;
use futures_util::future::{join, join_all};
use scenarios::{Answer, Customer, World};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

stories![
    a_hundred_requests_with_one_key_are_one_job_one_charge_one_paid_submit,
    a_balance_for_ten_admits_exactly_ten_of_two_hundred,
];

fn picture(text: &str) -> Value {
    json!({ "type": "IMAGE", "provider": "flux-dev", "input": { "text": text } })
}

async fn a_hundred_requests_with_one_key_are_one_job_one_charge_one_paid_submit(world: Arc<World>) {
    let customer = world.customer("ENTERPRISE", 1_000).await;
    let prompt = "a single swan on a still lake";
    let orders = (0..100).map(|_| {
        let (world, customer) = (world.clone(), customer.clone());
        let input = json!({ "type": "IMAGE", "provider": "flux-dev", "input": { "text": prompt }, "options": { "seed": 7 } });
        async move { world.order(&customer.live, Some("one-and-only"), input).await }
    });
    let answers = join_all(orders).await;
    let ids: BTreeSet<&str> =
        answers.iter().map(|answer| answer.generation()["id"].as_str().unwrap_or("none")).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true").count();
    assert_eq!(replayed, 99, "one answer is the original, the others are replays");
    let id = ids.into_iter().next().unwrap();
    let generation = world.ended(&customer.live, id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    let cost = generation["creditCost"].as_u64().unwrap();
    assert_eq!(world.figures(&customer).await, [1_000, 1_000 - cost, 0, cost]);
    assert_eq!(world.paid_submits(prompt).await, 1);
    assert_eq!(world.jobs_of(&customer.account).await, [id]);
}

async fn a_balance_for_ten_admits_exactly_ten_of_two_hundred(world: Arc<World>) {
    let probe = world.customer("ENTERPRISE", 100).await;
    let cost = world.order(&probe.live, None, picture("one to learn the price")).await;
    let cost = cost.generation()["creditCost"].as_u64().unwrap();
    let customer = world.customer("ENTERPRISE", cost * 10).await;
    let over = AtomicBool::new(false);
    let race = async {
        let orders = (0..200).map(|number| {
            let (world, customer) = (world.clone(), customer.clone());
            async move { patiently(&world, &customer, number).await }
        });
        let answers = join_all(orders).await;
        let admitted: Vec<String> = answers
            .iter()
            .filter_map(|answer| answer.generation()["id"].as_str().map(str::to_owned))
            .collect();
        let refused = answers
            .iter()
            .filter(|answer| answer.status == 200 && answer.code() == "INSUFFICIENT_CREDITS")
            .count();
        assert_eq!((admitted.len(), refused), (10, 190), "{answers:?}");
        for id in &admitted {
            assert_eq!(world.ended(&customer.live, id).await["status"], "COMPLETED");
        }
        over.store(true, Ordering::Relaxed);
        admitted
    };
    let (mut admitted, seen) = join(race, watch_the_books(&world, &customer, cost, &over)).await;
    assert!(seen.len() >= 3, "the books were hardly looked at: {seen:?}");
    assert_eq!(world.figures(&customer).await, [cost * 10, 0, 0, cost * 10]);
    let mut made = world.jobs_of(&customer.account).await;
    admitted.sort();
    made.sort();
    assert_eq!(made, admitted);
    assert_eq!(world.paid_submits("a crowd, number").await, 10);
}

/// An order by one of the crowd, who repeats it as it is told to when our local AWS is too busy to answer in time: under
/// its key that never makes two of it.
async fn patiently(world: &World, customer: &Customer, number: u32) -> Answer {
    let (key, input) = (format!("crowd-{number}"), picture(&format!("a crowd, number {number}.")));
    for _ in 0..5 {
        let answer = world.order(&customer.live, Some(&key), input.clone()).await;
        if answer.code() != "INTERNAL" {
            return answer;
        }
        assert_eq!(answer.error()["retryable"], true, "{answer:?}");
    }
    panic!("nobody could tell what came of order {number}")
}

/// Reads the stored figures without a pause until it is over. At every moment they add up, and nothing is overdrawn,
/// given out twice or taken back. The different sights, in their order.
async fn watch_the_books(world: &World, customer: &Customer, cost: u64, over: &AtomicBool) -> Vec<[i64; 4]> {
    let (all, cost) = (i64::try_from(cost * 10).unwrap(), i64::try_from(cost).unwrap());
    let mut seen: Vec<[i64; 4]> = Vec::new();
    loop {
        let last = over.load(Ordering::Relaxed);
        let sight = world.stored_figures(&customer.account).await;
        let [granted, available, reserved, used] = sight;
        assert_eq!(granted, all);
        assert_eq!(granted, available + reserved + used, "the books don't add up: {sight:?}");
        assert!(available >= 0 && reserved >= 0 && used >= 0, "{sight:?}");
        assert!(available % cost == 0 && used % cost == 0, "a part of a price: {sight:?}");
        if let Some(before) = seen.last() {
            assert!(available <= before[1] && used >= before[3], "{sight:?} after {before:?}");
        }
        if seen.last() != Some(&sight) {
            seen.push(sight);
        }
        if last {
            return seen;
        }
    }
}
