//! The same key is the same generation, whatever the race.

use crate::stories;
use futures_util::future::join_all;
use scenarios::World;
use serde_json::json;
use std::{collections::BTreeSet, sync::Arc};

stories![
    a_hundred_requests_with_one_key_are_one_job_one_charge_one_paid_submit,
    a_key_with_other_parameters_conflicts
];

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

async fn a_key_with_other_parameters_conflicts(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let order = |text: &str, duration: f64| {
        let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": text }, "options": { "duration": duration } });
        let (world, key) = (world.clone(), customer.test.clone());
        async move { world.order(&key, Some("quoted-key"), input).await }
    };
    let first = order("a kite", 10.0).await;
    let id = first.generation()["id"].clone();
    assert!(id.is_string(), "{first:?}");
    let same = order("a kite", 10.0).await;
    assert_eq!((same.generation()["id"].clone(), same.header("idempotent-replayed")), (id.clone(), "true"));
    let other = order("a bird", 10.0).await;
    assert_eq!(other.code(), "IDEMPOTENCY_CONFLICT", "{other:?}");
    assert_eq!(other.error()["originalId"], id);
}
