//! Credits come back when nothing was made, and nobody spends what he does not have.

use crate::stories;
use futures_util::future::join_all;
use scenarios::World;
use serde_json::{Value, json};
use std::sync::Arc;

stories![
    a_vendors_failure_is_refunded,
    a_moderated_prompt_is_refunded_and_says_why,
    a_busy_vendor_is_waited_for,
    an_order_beyond_the_balance_is_refused,
    a_balance_for_ten_admits_exactly_ten,
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

async fn a_balance_for_ten_admits_exactly_ten(world: Arc<World>) {
    let probe = world.customer("ENTERPRISE", 100).await;
    let cost = world.order(&probe.live, None, picture("one to learn the price")).await;
    let cost = cost.generation()["creditCost"].as_u64().unwrap();
    let customer = world.customer("ENTERPRISE", cost * 10).await;
    let orders = (0..40).map(|number| {
        let (world, customer) = (world.clone(), customer.clone());
        async move { world.order(&customer.live, None, picture(&format!("a crowd, number {number}"))).await }
    });
    let answers = join_all(orders).await;
    let admitted = answers.iter().filter(|answer| answer.generation()["id"].is_string()).count();
    let refused = answers.iter().filter(|answer| answer.code() == "INSUFFICIENT_CREDITS").count();
    assert_eq!((admitted, refused), (10, 30), "{answers:?}");
    let [granted, available, reserved, used] = world.figures(&customer).await;
    assert_eq!((granted, available, reserved + used), (cost * 10, 0, cost * 10));
}
