//! The same key is the same generation, and of another order it is a conflict.

use crate::stories;
use scenarios::World;
use serde_json::json;
use std::sync::Arc;

stories![a_key_with_other_parameters_conflicts];

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
