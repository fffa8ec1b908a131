//! The control calls.

use crate::client::Simulator;
use serde_json::{Value, json};

const KEY: (&str, &str) = ("x-key", "sim-bfl-key");

async fn submit(simulator: &Simulator, prompt: &str) -> u16 {
    let body = json!({ "prompt": prompt }).to_string();
    simulator.call("POST", "/bfl/v1/flux-dev", &[KEY], &body).await.status
}

#[tokio::test]
async fn health_needs_no_key() {
    let simulator = Simulator::start().await;
    assert!(simulator.running.address.ip().is_loopback());
    assert_eq!(simulator.fetch("/health").await.json(), json!({ "status": "ok" }));
}

#[tokio::test]
async fn faults_are_armed_without_words() {
    let simulator = Simulator::start().await;
    simulator.control("", &json!({ "vendor": "bfl", "fault": "busy", "times": 2 })).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(submit(&simulator, "a red door").await);
    }
    assert_eq!(statuses, [429, 429, 200]);
    for (fault, status) in [("500", 500), ("garbage", 200), ("busy", 429), ("poll-500", 500), ("late", 200)] {
        simulator.arm("bfl", "poll", fault).await;
        let answer = simulator.call("GET", "/bfl/v1/get_result?id=x", &[KEY], "").await;
        assert_eq!(answer.status, status, "{fault}");
    }
    simulator.arm("bfl", "poll", "lost").await;
    simulator.open("GET", "/bfl/v1/get_result?id=x", &[KEY], "").await.unwrap_err();
    assert_eq!(simulator.call("GET", "/bfl/v1/get_result?id=x", &[KEY], "").await.status, 404);
}

#[tokio::test]
async fn wrong_control_calls_are_refused() {
    let simulator = Simulator::start().await;
    for (path, body) in [
        ("", json!({ "vendor": "nobody", "fault": "busy" })),
        ("", json!({ "vendor": "bfl", "fault": "nonsense" })),
        ("", json!({ "vendor": "bfl", "operation": "nonsense", "fault": "busy" })),
        ("", json!({ "vendor": "bfl", "fault": "busy", "unheard": 1 })),
        ("/settings", json!({ "unheard": 1 })),
    ] {
        let answer = simulator.call("POST", &format!("/_control{path}"), &[], &body.to_string()).await;
        assert_eq!(answer.status, 400, "{path} {body}");
    }
}

#[tokio::test]
async fn submits_are_told_by_prompt() {
    let simulator = Simulator::start().await;
    submit(&simulator, "a red door [vendor:busy]").await;
    submit(&simulator, "a red door [vendor:busy]").await;
    submit(&simulator, "a blue door").await;
    let by_query = simulator.fetch("/_control/stats?prompt=red%20door").await.json();
    assert_eq!((&by_query["paid"], &by_query["received"]), (&json!(1), &json!(2)));
    assert_eq!(by_query["refused"][0]["reason"], "429");
    let by_body = simulator.control("/stats", &json!({ "prompt": "door", "vendor": "bfl" })).await;
    assert_eq!(by_body["paid"], 2);
    let all = simulator.fetch("/_control/stats").await.json();
    assert_eq!(all["vendors"]["bfl"]["submits_received"], 3);
    assert_eq!(all["vendors"]["bfl"]["operations"]["flux-dev"]["paid"], 2);
    assert_eq!(all["paid"].as_array().unwrap().len(), 2);
    simulator.control("/reset", &Value::Null).await;
    assert_eq!(simulator.fetch("/_control/stats").await.json()["vendors"]["bfl"]["submits_received"], 0);
}

#[tokio::test]
async fn leaked_keys_are_counted() {
    let simulator = Simulator::start().await;
    let body = json!({ "prompt": "a red door" }).to_string();
    let created = simulator.call("POST", "/bfl/v1/flux-dev", &[KEY], &body).await.json();
    let sample = loop {
        let told = simulator.call("GET", created["polling_url"].as_str().unwrap(), &[KEY], "").await.json();
        if let Some(sample) = told["result"]["sample"].as_str() {
            break sample.to_owned();
        }
        tokio::task::yield_now().await;
    };
    simulator.fetch(&sample).await;
    simulator.call("GET", &sample, &[KEY], "").await;
    let counts = simulator.counts("bfl");
    assert_eq!((&counts["downloads"], &counts["key_leaks"]), (&json!(2), &json!(1)));
    simulator.arm("bfl", "download", "redirect").await;
    assert_eq!(simulator.fetch(&sample).await.status, 302);
    simulator.arm("bfl", "download", "500").await;
    assert_eq!(simulator.fetch(&sample).await.status, 500);
    assert_eq!(simulator.fetch(&sample).await.status, 200);
}
