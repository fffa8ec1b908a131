//! A vendor's bad day, which is ours and not the caller's. The stories of whole vendors being cut off are told alone,
//! for everybody else would notice.

use crate::stories;
use scenarios::World;
use serde_json::{Value, json};
use std::sync::Arc;

stories![a_clip_that_one_vendor_fails_is_made_by_another, who_named_a_provider_keeps_it_unless_another_may];

/// Told one after the other, when all others have been told.
pub(crate) mod alone {
    use super::*;

    stories![a_vendor_that_refuses_our_key_is_left_and_tried_again];
}

const MORE: &str = "id status provider model creditCost creditsRefunded progress url \
    attempts { provider model outcome } adjustments { option requested used } \
    error { code reason charged } outputs { mediaType bytes }";

/// The generation once it has ended, with its attempts.
async fn told(world: &World, key: &str, id: &str) -> Value {
    world.ended(key, id).await;
    let query = format!("query($id: ID!) {{ generation(id: $id) {{ {MORE} }} }}");
    world.ask(key, &query, json!({ "id": id })).await.body["data"]["generation"].clone()
}

fn outcomes(generation: &Value) -> Vec<&str> {
    generation["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["outcome"].as_str().unwrap())
        .collect()
}

/// Who would make it, and at what price.
async fn estimate(world: &World, key: &str, input: &Value) -> Value {
    let query = "query($input: GenerateInput!) { estimate(input: $input) { provider model creditCost \
        candidates { provider model excludedBecause } } }";
    world.ask(key, query, json!({ "input": input })).await.body["data"]["estimate"].clone()
}

async fn a_clip_that_one_vendor_fails_is_made_by_another(world: Arc<World>) {
    let customer = world.customer("PRO", 2_000).await;
    let clip = |text: String| json!({ "type": "VIDEO", "priority": "QUALITY", "input": { "text": text } });
    let first = estimate(&world, &customer.live, &clip("a broken bridge".to_owned())).await;
    let vendor = first["provider"].as_str().unwrap_or_else(|| panic!("{first}"));
    let words = format!("a broken bridge of {}", customer.account);
    let id = world.generate(&customer.live, clip(format!("{words} [{vendor}:fail]"))).await;
    let generation = told(&world, &customer.live, &id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    assert_eq!(outcomes(&generation), ["vendor", "completed"], "{generation}");
    assert_eq!(generation["attempts"][0]["provider"], vendor);
    assert_eq!(generation["attempts"][1]["provider"], generation["provider"]);
    assert_ne!(generation["provider"], vendor);
    assert_eq!(generation["outputs"][0]["mediaType"], "video/mp4");
    // Never dearer than what was accepted; a cheaper one returns the difference.
    let accepted = first["creditCost"].as_u64().unwrap();
    let cost = generation["creditCost"].as_u64().unwrap();
    assert!(cost <= accepted, "{generation}");
    assert_eq!(generation["creditsRefunded"].as_u64(), Some(accepted - cost));
    assert_eq!(world.figures(&customer).await, [2_000, 2_000 - cost, 0, cost]);
    assert_eq!(world.paid_submits(&words).await, 2, "one at each of the two");
}

async fn who_named_a_provider_keeps_it_unless_another_may(world: Arc<World>) {
    let customer = world.customer("PRO", 2_000).await;
    let clip = |text: &str, fallback: Option<bool>| json!({ "type": "VIDEO", "provider": "kling", "fallback": fallback, "input": { "text": text } });
    let id = world.generate(&customer.live, clip("a lonely tower [kling:fail]", None)).await;
    let generation = told(&world, &customer.live, &id).await;
    assert_eq!(generation["error"]["reason"], "VENDOR", "{generation}");
    assert_eq!(outcomes(&generation), ["vendor"]);
    let id = world.generate(&customer.live, clip("a social tower [kling:fail]", Some(true))).await;
    let generation = told(&world, &customer.live, &id).await;
    assert_eq!(outcomes(&generation), ["vendor", "completed"], "{generation}");
    let change = &generation["adjustments"][0];
    assert_eq!((&change["option"], &change["requested"]), (&json!("provider"), &json!("kling")));
    assert_eq!(change["used"], generation["provider"]);
}

async fn a_vendor_that_refuses_our_key_is_left_and_tried_again(world: Arc<World>) {
    let customer = world.customer("PRO", 2_000).await;
    let clip = |text: &str| json!({ "type": "VIDEO", "priority": "QUALITY", "input": { "text": text } });
    let named = |provider: &str, text: &str| json!({ "type": "VIDEO", "provider": provider, "input": { "text": text } });
    world.forget_health().await;
    let first = estimate(&world, &customer.live, &clip("a calm sea")).await;
    let vendor = first["provider"].as_str().unwrap_or_else(|| panic!("{first}")).to_owned();

    // The order that meets it is made elsewhere, with the same id.
    let id = world
        .generate(&customer.live, clip(&format!("a stormy sea of {} [{vendor}:no-credit]", customer.account)))
        .await;
    let generation = told(&world, &customer.live, &id).await;
    assert_eq!(outcomes(&generation), ["operator", "completed"], "{generation}");

    // A few seconds later everybody knows.
    let query = "query($id: ID!) { provider(id: $id) { health { state } } }";
    let mut state = Value::Null;
    for _ in 0..40 {
        let answer = world.ask(&customer.live, query, json!({ "id": vendor })).await;
        state = answer.body["data"]["provider"]["health"]["state"].clone();
        if state == "UNAVAILABLE" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    assert_eq!(state, "UNAVAILABLE");
    let now = estimate(&world, &customer.live, &clip("a calm sea")).await;
    assert_ne!(now["provider"], vendor.as_str());
    let excluded = now["candidates"].as_array().unwrap().iter();
    let because = excluded.filter(|each| each["provider"] == vendor.as_str());
    assert!(because.clone().count() > 0);
    for each in because {
        assert!(!each["excludedBecause"].is_null(), "{now}");
    }
    let refused = world.order(&customer.live, None, named(&vendor, "a calm sea")).await;
    assert_eq!(refused.code(), "PROVIDER_UNAVAILABLE", "{refused:?}");
    assert!(
        refused.error()["retryAfter"].as_u64().is_some_and(|seconds| (1..=61).contains(&seconds)),
        "{refused:?}"
    );
    assert!(
        refused.error()["alternatives"].as_array().is_some_and(|others| !others.is_empty()),
        "{refused:?}"
    );

    // When the pause is over, one order goes there to see, and finds it well.
    world.end_pause(&vendor).await;
    let mut id = None;
    for _ in 0..40 {
        let answer = world.order(&customer.live, None, named(&vendor, "a mild sea")).await;
        if let Some(accepted) = answer.generation()["id"].as_str() {
            id = Some(accepted.to_owned());
            break;
        }
        assert_eq!(answer.code(), "PROVIDER_UNAVAILABLE", "{answer:?}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    let generation = told(&world, &customer.live, &id.expect("somebody may try it out")).await;
    assert_eq!(outcomes(&generation), ["completed"], "{generation}");
    let health = world.stored_health(&vendor).await;
    let cut = health["cut|*"]["S"].as_str().unwrap_or_else(|| panic!("{health}"));
    assert!(!cut.ends_with(" -"), "it was opened: {cut}");
    world.forget_health().await;
}
