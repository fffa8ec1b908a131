//! Credits come back when nothing was made, and nobody spends what he does not have.

use crate::{queues::sweeping_until_ended, stories};
use scenarios::World;
use serde_json::{Value, json};
use std::sync::Arc;

stories![
    a_vendors_failure_is_refunded,
    a_moderated_prompt_is_refunded_and_says_why,
    a_busy_vendor_is_waited_for,
    an_order_beyond_the_balance_is_refused,
    a_deadline_ends_who_waits_and_who_runs_and_refunds_both,
];

fn picture(text: &str) -> Value {
    json!({ "type": "IMAGE", "provider": "flux-dev", "input": { "text": text } })
}

async fn a_vendors_failure_is_refunded(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    for (input, prompt) in [
        (picture("a broken vase [vendor:fail]"), "a broken vase"),
        (
            json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "a broken mirror [vendor:fail]" } }),
            "a broken mirror",
        ),
    ] {
        let id = world.generate(&customer.live, input).await;
        let generation = world.ended(&customer.live, &id).await;
        assert_eq!(generation["status"], "FAILED", "{generation}");
        assert_eq!(generation["error"]["code"], "GENERATION_FAILED", "{generation}");
        assert_eq!(generation["error"]["reason"], "VENDOR", "{generation}");
        assert_eq!(generation["error"]["charged"], false);
        assert_eq!(generation["creditsRefunded"], generation["creditCost"]);
        assert_eq!(world.figures(&customer).await, [500, 500, 0, 0]);
        assert_eq!(world.paid_submits(prompt).await, 1, "one try, no more");
    }
}

async fn a_moderated_prompt_is_refunded_and_says_why(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let id = world.generate(&customer.live, picture("a forbidden thing [vendor:moderate]")).await;
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["error"]["reason"], "MODERATION", "{generation}");
    assert_eq!(generation["error"]["retryable"], false);
    assert_eq!(world.figures(&customer).await, [500, 500, 0, 0]);
}

async fn a_busy_vendor_is_waited_for(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let id = world.generate(&customer.live, picture("a patient snail [vendor:busy:1]")).await;
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    assert_eq!(world.paid_submits("a patient snail").await, 1);
}

async fn an_order_beyond_the_balance_is_refused(world: Arc<World>) {
    let customer = world.customer("PRO", 1).await;
    let answer = world.order(&customer.live, None, picture("a golden palace")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.code(), "INSUFFICIENT_CREDITS", "{answer:?}");
    assert_eq!(answer.error()["balance"], 1);
    assert!(answer.error()["required"].as_u64().unwrap() > 1);
    assert_eq!(answer.error()["charged"], false);
    assert_eq!(world.jobs_of(&customer.account).await, Vec::<String>::new());
    assert_eq!(world.figures(&customer).await, [1, 1, 0, 0]);
}

async fn a_deadline_ends_who_waits_and_who_runs_and_refunds_both(world: Arc<World>) {
    // One place: the second has to wait for it.
    let customer = world.customer_within(json!({ "concurrent": 1 }), 500).await;
    let clip = |text: &str, seconds: u64| json!({ "type": "VIDEO", "provider": "kling", "input": { "text": text }, "deadlineSeconds": seconds });
    let running = world.generate(&customer.live, clip("a long march [vendor:slow:9000]", 40)).await;
    let held = world.generate(&customer.live, clip("a march never begun", 2)).await;
    for (id, reason) in [(held, "DEADLINE_BEFORE_START"), (running, "DEADLINE_WHILE_RUNNING")] {
        let generation = sweeping_until_ended(&world, &customer.live, &id).await;
        assert_eq!(generation["status"], "FAILED", "{generation}");
        let error = &generation["error"];
        assert_eq!((&error["code"], &error["reason"]), (&json!("GENERATION_FAILED"), &json!(reason)));
        assert_eq!(
            (&error["charged"], &generation["creditsRefunded"]),
            (&json!(false), &generation["creditCost"])
        );
    }
    assert_eq!(world.figures(&customer).await, [500, 500, 0, 0]);
    assert_eq!(world.paid_submits("a march never begun").await, 0);
}
