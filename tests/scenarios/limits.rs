//! Per minute, at once, in line.

use crate::stories;
use scenarios::{Answer, World};
use serde_json::{Value, json};
use std::sync::Arc;

stories![
    an_eleventh_order_in_a_minute_is_refused_on_free,
    free_runs_one_at_a_time_oldest_first,
    enterprise_has_figures_of_its_own,
];

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

/// What every answer to a good key tells of its limits.
const RATES: [&str; 6] = [
    "x-request-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit-policy",
    "ratelimit",
];

async fn enterprise_has_figures_of_its_own(world: Arc<World>) {
    let limits = json!({ "perMinute": 1_000, "concurrent": 1, "perDay": 12 });
    let customer = world.customer_within(limits, 0).await;
    // Three orders in one document are three orders: one runs, the others are in line.
    let one = |number: u8| {
        let text = format!("a long procession, number {number} [slow:300]");
        format!("o{number}: generate(input: {{ type: IMAGE, input: {{ text: {text:?} }} }}) {{ id phase }} ")
    };
    let query = format!("mutation {{ {}{}{} }}", one(0), one(1), one(2));
    let answer = world.ask(&customer.test, &query, Value::Null).await;
    let made = |number: u8| answer.body["data"][format!("o{number}")].clone();
    assert_eq!(made(0)["phase"], "QUEUED", "{answer:?}");
    for number in [1, 2] {
        assert_eq!(made(number)["phase"], "HELD", "{answer:?}");
    }
    let mut held: Vec<String> = [1, 2].map(|number| made(number)["id"].as_str().unwrap().to_owned()).to_vec();
    for number in 3..11 {
        held.push(world.generate(&customer.test, rehearsal(&format!("number {number} [slow:300]"))).await);
    }
    let query = "{ generations(first: 20) { nodes { queuePosition } } }";
    let answer = world.ask(&customer.test, query, Value::Null).await;
    let places = answer.body["data"]["generations"]["nodes"].as_array().unwrap().iter();
    let mut places: Vec<u64> = places.filter_map(|node| node["queuePosition"].as_u64()).collect();
    places.sort_unstable();
    assert_eq!(places, (1..=10).collect::<Vec<u64>>(), "{answer:?}");
    // Ten times as many as may run are in line; the next is refused, and what it is told is what the day says, too.
    let refused = world.order(&customer.test, None, rehearsal("one too many")).await;
    check_refusal(&refused, "concurrent", 10);
    let cancel = async |id: &str| {
        let query = "mutation($id: ID!) { cancelGeneration(id: $id) }";
        let answer = world.ask(&customer.test, query, json!({ "id": id })).await;
        assert_eq!(answer.body["data"]["cancelGeneration"], true, "{answer:?}");
        check_rates(&answer);
    };
    // Who leaves the line makes room for the twelfth of the day; a thirteenth there is not, whatever else is free.
    cancel(&held.pop().unwrap()).await;
    held.push(world.generate(&customer.test, rehearsal("number 11 [slow:300]")).await);
    cancel(&held.pop().unwrap()).await;
    check_refusal(&world.order(&customer.test, None, rehearsal("tomorrow")).await, "day", 12);
    // Reading has limits of its own, and an error of any kind tells how things stand.
    for (query, code) in [
        ("{ account { tier limits { perDay { limit remaining } waiting { limit used } } } }", ""),
        ("{ generation(id: \"gen_unknown\") { id } }", "NOT_FOUND"),
        ("{ nonsense }", "INVALID_INPUT"),
        ("{", "INVALID_INPUT"),
    ] {
        let answer = world.ask(&customer.test, query, Value::Null).await;
        assert_eq!(answer.code(), code, "{answer:?}");
        check_rates(&answer);
        if code.is_empty() {
            let expected = json!({
                "tier": "ENTERPRISE",
                "limits": { "perDay": { "limit": 12, "remaining": 0 }, "waiting": { "limit": 10, "used": 9 } }
            });
            assert_eq!(answer.body["data"]["account"], expected);
        }
    }
    // The last in line first, so that nobody is woken in between.
    for id in held.iter().rev() {
        cancel(id).await;
    }
    cancel(made(0)["id"].as_str().unwrap()).await;
}

fn check_refusal(answer: &Answer, scope: &str, limit: u64) {
    assert_eq!((answer.status.as_u16(), answer.code()), (429, "RATE_LIMIT"), "{answer:?}");
    let error = answer.error();
    assert_eq!((&error["scope"], &error["limit"]), (&json!(scope), &json!(limit)), "{answer:?}");
    assert_eq!(answer.header("retry-after"), error["retryAfter"].to_string());
    assert_eq!(answer.header("x-ratelimit-limit"), limit.to_string());
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    check_rates(answer);
}

fn check_rates(answer: &Answer) {
    for name in RATES {
        assert!(!answer.header(name).is_empty(), "{name} is missing: {answer:?}");
    }
    assert!(answer.header("x-ratelimit-reset").parse::<u64>().is_ok_and(|seconds| seconds <= 86_400));
}
