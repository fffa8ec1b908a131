//! Messages that come twice, late or broken, and processes that die at the worst moment.

use crate::stories;
use scenarios::World;
use serde_json::json;
use std::{fs, sync::Arc, time::Duration};

stories![
    repeated_and_late_messages_change_nothing,
    a_lost_answer_to_a_paid_submit_is_found_again,
    an_answer_that_nobody_can_find_is_told_and_refunded,
    a_poller_killed_in_the_middle_of_a_submit_costs_nothing_twice,
    a_message_that_is_no_letter_ends_in_the_dead_letter_queue,
    a_sweep_amid_ordinary_work_does_no_harm,
];

async fn repeated_and_late_messages_change_nothing(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let prompt = "an echo in the mountains";
    let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": prompt } });
    let id = world.generate(&customer.live, input).await;
    // The queue repeats itself: the first letter again and again, early ones and ones from a future that never comes.
    for version in [1, 1, 1, 2, 3, 99] {
        let letter = json!({ "job": id, "version": version }).to_string();
        world.send_message("poller-kling", &letter).await;
        world.send_message("webhook", &letter).await;
    }
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    for version in 1..8 {
        world.send_message("poller-kling", &json!({ "job": id, "version": version }).to_string()).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = world.generation(&customer.live, &id).await;
    assert_eq!(
        (&after["status"], &after["outputs"][0]["sha256"]),
        (&json!("COMPLETED"), &generation["outputs"][0]["sha256"])
    );
    assert_eq!(world.paid_submits(prompt).await, 1);
    let cost = generation["creditCost"].as_u64().unwrap();
    assert_eq!(world.figures(&customer).await, [500, 500 - cost, 0, cost]);
}

async fn a_lost_answer_to_a_paid_submit_is_found_again(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    for (provider, kind, prompt) in
        [("kling", "VIDEO", "a letter in a bottle"), ("elevenlabs", "AUDIO", "A voice lost at sea")]
    {
        let text = format!("{prompt} [vendor:lost]");
        let id = world
            .generate(
                &customer.live,
                json!({ "type": kind, "provider": provider, "input": { "text": text } }),
            )
            .await;
        let generation = world.ended(&customer.live, &id).await;
        assert_eq!(generation["status"], "COMPLETED", "{generation}");
        assert_eq!(
            world.paid_submits(prompt).await,
            1,
            "{provider} was asked what came of it, not paid again"
        );
    }
}

async fn an_answer_that_nobody_can_find_is_told_and_refunded(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    // This vendor has no way to look for a task.
    let text = "a coin in a deep well [vendor:lost:5]";
    let input = json!({ "type": "IMAGE", "provider": "flux-dev", "input": { "text": text } });
    let id = world.generate(&customer.live, input).await;
    let generation = world.ended(&customer.live, &id).await;
    assert_eq!(generation["status"], "FAILED", "{generation}");
    let error = &generation["error"];
    assert_eq!((&error["code"], &error["reason"]), (&json!("GENERATION_FAILED"), &json!("OUTCOME_UNKNOWN")));
    assert_eq!(
        (&error["charged"], &generation["creditsRefunded"]),
        (&json!(false), &generation["creditCost"])
    );
    assert_eq!(world.figures(&customer).await, [500, 500, 0, 0]);
}

async fn a_poller_killed_in_the_middle_of_a_submit_costs_nothing_twice(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let prompt = "a candle in the wind";
    // The vendor takes the order at once and answers late: time to pull the plug.
    let text = format!("{prompt} [vendor:answer-late:25]");
    let id = world
        .generate(&customer.live, json!({ "type": "VIDEO", "provider": "kling", "input": { "text": text } }))
        .await;
    world.until(&customer.live, &id, |generation| generation["phase"] == "SUBMITTING").await;
    while world.paid_submits(prompt).await == 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What else is being worked at that moment would stand still for minutes, and belongs to other stories.
    while world.messages_at_work("poller-kling").await > 1 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(kill_pollers("kling") > 0, "no process of the poller was found");
    // Nobody comes back by himself; the reconciler finds it due.
    let generation = sweeping_until_ended(&world, &customer.live, &id).await;
    assert_eq!(generation["status"], "COMPLETED", "{generation}");
    assert_eq!(world.paid_submits(prompt).await, 1);
    let cost = generation["creditCost"].as_u64().unwrap();
    assert_eq!(world.figures(&customer).await, [500, 500 - cost, 0, cost]);
}

/// Sends SIGKILL to every process of a vendor's poller, as if the machine under it had died.
fn kill_pollers(vendor: &str) -> usize {
    let mut killed = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let of_ours =
            |wanted: &str| environment.split(|byte| *byte == 0).any(|line| line == wanted.as_bytes());
        let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
        if of_ours(&format!("VENDOR={vendor}")) && program.ends_with("bootstrap") {
            let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
            killed += usize::from(status.is_ok_and(|status| status.success()));
        }
    }
    killed
}

/// Has the reconciler sweep until a generation has ended.
pub(crate) async fn sweeping_until_ended(world: &World, key: &str, id: &str) -> serde_json::Value {
    for _ in 0..60 {
        world.invoke("reconciler", json!({})).await;
        let generation = world.generation(key, id).await;
        if matches!(generation["status"].as_str(), Some("COMPLETED" | "FAILED" | "CANCELED")) {
            return generation;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    panic!("the reconciler did not bring {id} to its end")
}

async fn a_message_that_is_no_letter_ends_in_the_dead_letter_queue(world: Arc<World>) {
    let before = world.messages_in("dlq-poller-bfl").await;
    world.send_message("poller-bfl", "{\"this\":\"is no letter\"}").await;
    let mut waited = 0;
    while world.messages_in("dlq-poller-bfl").await <= before {
        assert!(waited < 120, "the message did not reach the dead-letter queue");
        waited += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn a_sweep_amid_ordinary_work_does_no_harm(world: Arc<World>) {
    let customer = world.customer("FREE", 0).await;
    // FREE runs one at a time, so the second is held without a letter.
    let first = world
        .generate(&customer.test, json!({ "type": "IMAGE", "input": { "text": "the first in line" } }))
        .await;
    let second = world
        .generate(&customer.test, json!({ "type": "IMAGE", "input": { "text": "the second in line" } }))
        .await;
    let swept = world.invoke("reconciler", json!({})).await;
    assert!(swept["due"].is_u64(), "{swept}");
    for id in [first, second] {
        assert_eq!(world.ended(&customer.test, &id).await["status"], "COMPLETED");
    }
}
