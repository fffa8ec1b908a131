//! Per minute, at once, in line.

use crate::stories;
use scenarios::World;
use serde_json::{Value, json};
use std::sync::Arc;

stories![an_eleventh_order_in_a_minute_is_refused_on_free, free_runs_one_at_a_time_oldest_first];

fn rehearsal(text: &str) -> Value {
    json!({ "type": "IMAGE", "input": { "text": text } })
}

async fn an_eleventh_order_in_a_minute_is_refused_on_free(world: Arc<World>) {
    let customer = world.customer("FREE", 0).await;
    let mut accepted = 0;
    // A minute may turn while we count; then a second round meets the limit.
    for number in 0..25 {
        let answer = world.order(&customer.test, None, rehearsal(&format!("number {number}"))).await;
        assert!(!answer.header("x-request-id").is_empty());
        if answer.generation()["id"].is_string() {
            accepted += 1;
            assert_eq!(answer.header("x-ratelimit-limit"), "10");
            continue;
        }
        assert_eq!((answer.status.as_u16(), answer.code()), (429, "RATE_LIMIT"), "{answer:?}");
        assert_eq!(answer.header("x-ratelimit-remaining"), "0");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait) && answer.error()["retryAfter"].as_u64().is_some(), "{answer:?}");
        assert!((10..=20).contains(&accepted), "{accepted}");
        return;
    }
    panic!("25 orders in about a minute, and no limit was met")
}

async fn free_runs_one_at_a_time_oldest_first(world: Arc<World>) {
    let customer = world.customer("FREE", 0).await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(
            world.generate(&customer.test, rehearsal(&format!("in line, number {number} [slow:3]"))).await,
        );
    }
    let phases = world.generation(&customer.test, &ids[2]).await;
    assert_eq!((&phases["status"], &phases["phase"]), (&json!("QUEUED"), &json!("HELD")), "{phases}");
    let mut ends = Vec::new();
    for id in &ids {
        assert_eq!(world.ended(&customer.test, id).await["status"], "COMPLETED");
        let query = "query($id: ID!) { generation(id: $id) { startedAt completedAt } }";
        let answer = world.ask(&customer.test, query, json!({ "id": id })).await;
        let times = &answer.body["data"]["generation"];
        ends.push((
            times["startedAt"].as_str().unwrap().to_owned(),
            times["completedAt"].as_str().unwrap().to_owned(),
        ));
    }
    for pair in ends.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "one began before the one ahead of it had ended: {ends:?}");
    }
}
