//! Stopping: before it starts, while it runs, after the end.

use crate::stories;
use scenarios::World;
use serde_json::{Value, json};
use std::sync::Arc;

stories![
    who_still_waits_stops_at_once_and_gets_everything_back,
    a_running_job_that_its_vendor_cannot_stop_is_charged,
    a_running_rehearsal_stops,
    an_ended_job_cannot_be_canceled_nor_a_foreign_one,
];

async fn cancel(world: &World, key: &str, id: &str) -> Value {
    let answer =
        world.ask(key, "mutation($id: ID!) { cancelGeneration(id: $id) }", json!({ "id": id })).await;
    if answer.body["errors"].is_null() {
        answer.body["data"]["cancelGeneration"].clone()
    } else {
        json!(answer.code())
    }
}

async fn slow_clip(world: &World, key: &str, text: &str) -> String {
    let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": text } });
    let id = world.generate(key, input).await;
    world.until(key, &id, |generation| generation["phase"] == "RUNNING").await;
    id
}

async fn who_still_waits_stops_at_once_and_gets_everything_back(world: Arc<World>) {
    let customer = world.customer_within(json!({ "concurrent": 1 }), 500).await;
    let first = slow_clip(&world, &customer.live, "the only window [vendor:slow:600]").await;
    let reserved = world.figures(&customer).await[2];
    let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "next in the queue" } });
    let held = world.generate(&customer.live, input).await;
    assert_eq!(world.figures(&customer).await[2], 2 * reserved);
    for came_in_time in [true, false] {
        assert_eq!(cancel(&world, &customer.live, &held).await, came_in_time);
    }
    let generation = world.generation(&customer.live, &held).await;
    assert_eq!(generation["status"], "CANCELED", "{generation}");
    assert_eq!(generation["creditsRefunded"], generation["creditCost"], "{generation}");
    assert_eq!(world.figures(&customer).await, [500, 500 - reserved, reserved, 0]);
    assert_eq!(world.paid_submits("next in the queue").await, 0);
    assert_eq!(cancel(&world, &customer.live, &first).await, true);
}

async fn a_running_job_that_its_vendor_cannot_stop_is_charged(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let id = slow_clip(&world, &customer.live, "an endless river [vendor:slow:600]").await;
    assert_eq!(cancel(&world, &customer.live, &id).await, true);
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["status"], "CANCELED", "{generation}");
    assert_eq!(generation["creditsRefunded"], 0, "{generation}");
    let [_, _, reserved, used] = world.figures(&customer).await;
    assert_eq!((reserved, used), (0, generation["creditCost"].as_u64().unwrap()));
}

async fn a_running_rehearsal_stops(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let id = slow_clip(&world, &customer.test, "an endless rehearsal [slow:60]").await;
    // The second time it is either being stopped or stopped already.
    assert_eq!(cancel(&world, &customer.test, &id).await, true);
    assert!(cancel(&world, &customer.test, &id).await.is_boolean());
    let generation = world.ended(&customer.test, &id).await;
    assert_eq!(generation["status"], "CANCELED", "{generation}");
    assert_eq!(cancel(&world, &customer.test, &id).await, false, "it had ended already");
}

async fn an_ended_job_cannot_be_canceled_nor_a_foreign_one(world: Arc<World>) {
    let (ann, bob) = (world.customer("PRO", 0).await, world.customer("PRO", 0).await);
    let id = world.generate(&ann.test, json!({ "type": "IMAGE", "input": { "text": "mine alone" } })).await;
    assert_eq!(cancel(&world, &bob.test, &id).await, "NOT_FOUND");
    assert_eq!(world.ended(&ann.test, &id).await["status"], "COMPLETED");
    assert_eq!(cancel(&world, &ann.test, &id).await, false);
    let query = "query($id: ID!) { generation(id: $id) { id } }";
    let foreign = world.ask(&bob.test, query, json!({ "id": id })).await;
    let unknown = world.ask(&bob.test, query, json!({ "id": "gen_00000000000000000000000000" })).await;
    assert_eq!((foreign.code(), foreign.status), ("NOT_FOUND", unknown.status));
    assert_eq!(
        foreign.body["errors"][0]["message"], unknown.body["errors"][0]["message"],
        "the same answer for both"
    );
}
