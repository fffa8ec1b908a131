//! Each bad request gets a clear error with a code and the field, and leaves nothing behind.

use crate::stories;
use scenarios::{Answer, Customer, World};
use serde_json::{Value, json};
use std::sync::Arc;

stories![bad_keys_are_all_the_same, bad_bodies_are_refused, bad_orders_name_their_fields_and_leave_nothing];

const QUERY: &str = "mutation($input: GenerateInput!) { generate(input: $input) { id } }";

fn body(input: Value) -> String {
    json!({ "query": QUERY, "variables": { "input": input } }).to_string()
}

fn good() -> Value {
    json!({ "type": "IMAGE", "input": { "text": "a quiet street" } })
}

async fn bad_keys_are_all_the_same(world: Arc<World>) {
    let unknown = format!("Bearer dt_live_{}", "x".repeat(32));
    let mut seen = Vec::new();
    for header in
        [None, Some(""), Some("Bearer"), Some("Bearer wrong"), Some("Basic abc"), Some(unknown.as_str())]
    {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(header.map(|value| ("authorization", value)));
        let answer = world.post(&headers, body(good())).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (401, "UNAUTHENTICATED"),
            "{header:?}: {answer:?}"
        );
        seen.push(answer.body["errors"][0]["message"].clone());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "one answer for all: {seen:?}");
}

async fn nothing_left(world: &World, customer: &Customer) {
    assert_eq!(world.jobs_of(&customer.account).await, Vec::<String>::new());
    assert_eq!(world.figures(customer).await, [500, 500, 0, 0]);
}

async fn bad_bodies_are_refused(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let bearer = format!("Bearer {}", customer.live);
    let large = body(json!({ "type": "IMAGE", "input": { "text": "x".repeat(300 * 1024) } }));
    for (what, text) in [
        ("no body", ""),
        ("not JSON", "hello"),
        ("a batch", "[{\"query\":\"{__typename}\"}]"),
        ("no query", "{}"),
        ("not GraphQL", "{\"query\":\"this is not a query\"}"),
        ("an unknown field", "{\"query\":\"{ nonsense }\"}"),
        ("more than 256 KiB", &large),
    ] {
        let answer = world
            .post(&[("authorization", &bearer), ("content-type", "application/json")], text.to_owned())
            .await;
        assert!(answer.status.as_u16() < 500, "{what}: {answer:?}");
        assert_eq!(answer.code(), "INVALID_INPUT", "{what}: {answer:?}");
        assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    nothing_left(&world, &customer).await;
}

async fn bad_orders_name_their_fields_and_leave_nothing(world: Arc<World>) {
    let customer = world.customer("PRO", 500).await;
    let with = |name: &str, value: Value| {
        let mut input = good();
        input[name] = value;
        input
    };
    let long = "x".repeat(100 * 1024);
    for (what, input, field) in [
        ("unknown provider", with("provider", json!("klingon")), "provider"),
        ("empty prompt", with("input", json!({ "text": "" })), "input.text"),
        ("blank prompt", with("input", json!({ "text": "   " })), "input.text"),
        ("100 KB prompt", with("input", json!({ "text": long })), "input.text"),
        ("webhook without TLS", with("webhookUrl", json!("http://example.com/hook")), "webhookUrl"),
        ("webhook inside", with("webhookUrl", json!("https://169.254.169.254/latest")), "webhookUrl"),
        ("webhook at another local port", with("webhookUrl", json!("http://127.0.0.1:1/hook")), "webhookUrl"),
        ("webhook that is no URL", with("webhookUrl", json!("hook")), "webhookUrl"),
        (
            "picture inside",
            with("input", json!({ "text": "a", "image": "http://10.0.0.1/a.png" })),
            "input.image",
        ),
        ("negative deadline", with("deadlineSeconds", json!(-1)), "deadlineSeconds"),
    ] {
        let answer = world.order(&customer.live, None, input).await;
        check(what, &answer, field);
    }
    // An enum's word is GraphQL's own to check; the code is there all the same.
    let answer = world.order(&customer.live, None, with("type", json!("HOLOGRAM"))).await;
    assert_eq!(answer.code(), "INVALID_INPUT", "{answer:?}");
    let answer = world.order(&customer.live, Some("two words"), good()).await;
    assert_eq!(answer.code(), "INVALID_INPUT", "{answer:?}");
    nothing_left(&world, &customer).await;
}

fn check(what: &str, answer: &Answer, field: &str) {
    assert_eq!(answer.code(), "INVALID_INPUT", "{what}: {answer:?}");
    let fields = answer.error()["fields"].as_array().cloned().unwrap_or_default();
    assert!(fields.iter().any(|each| each["field"] == field), "{what}: {answer:?}");
    assert!(
        fields.iter().all(|each| each["problem"].as_str().is_some_and(|text| !text.is_empty())),
        "{what}: {answer:?}"
    );
}
