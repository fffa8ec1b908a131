//! Whatever is bad is refused with a code and a field, and nothing is written.

use super::harness::{LIVE, ask, fox, generate, house, post};
use serde_json::{Value, json};

#[tokio::test]
async fn without_a_good_key_nobody_gets_in_and_every_answer_is_the_same() {
    let house = house(1_000);
    let revoked = testkit::builders::key(9, &testkit::builders::account_id(1), jobs::Mode::Live);
    house.memory.put_key(jobs::KeyRecord { revoked: Some(testkit::builders::at(0)), ..revoked.1 });
    let expired = testkit::builders::key(8, &testkit::builders::account_id(1), jobs::Mode::Live);
    house.memory.put_key(jobs::KeyRecord { expires: Some(testkit::builders::at(5)), ..expired.1 });
    let mut bodies = Vec::new();
    for header in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer nonsense"),
        Some("Basic dXNlcjpwYXNz"),
        Some(&format!("Bearer dt_live_{}", "x".repeat(32))),
        Some(&format!("Bearer {}", revoked.0.reveal())),
        Some(&format!("Bearer {}", expired.0.reveal())),
    ] {
        let call = generate(LIVE, fox(), "id").without("authorization");
        let call = header.into_iter().fold(call, |call, header| call.with("authorization", header));
        let answer = call.to(&house.app).await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{header:?}");
        assert_eq!(answer.header("X-RateLimit-Limit"), None);
        bodies.push(answer.reply.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn what_is_no_graphql_request_is_refused() {
    let house = house(1_000);
    for (body, status) in [
        ("", 400),
        ("not json", 400),
        ("[]", 400),
        (r#"{"query":7}"#, 400),
        (r#"{"query":"{"}"#, 200),
        (r#"{"query":"this is not GraphQL"}"#, 200),
        (r#"{"query":""}"#, 200),
        (r#"{"query":"{ nonsense }"}"#, 200),
        (r#"{"query":"subscription { account { id } }"}"#, 200),
        (r#"{"query":"query A { account { id } } query B { account { id } }"}"#, 200),
    ] {
        let answer = post(LIVE, body).to(&house.app).await;
        assert_eq!((answer.status, answer.code()), (status, "INVALID_INPUT"), "{body}");
        assert_eq!(answer.body.get("data"), None, "{body}");
        let modern =
            post(LIVE, body).with("accept", "application/graphql-response+json").to(&house.app).await;
        assert_eq!((modern.status, modern.code()), (400, "INVALID_INPUT"), "{body}");
    }
    let no_text = post(LIVE, "%%%").base64().to(&house.app).await;
    assert_eq!((no_text.status, no_text.code()), (400, "INVALID_INPUT"));
    let no_utf8 = post(LIVE, "//79").base64().to(&house.app).await;
    assert_eq!((no_utf8.status, no_utf8.code()), (400, "INVALID_INPUT"));
    assert_eq!(house.memory.all_jobs(), []);
}

/// The order of a fox, changed at one place.
fn fox_with(pointer: &[&str], value: Value) -> Value {
    let mut input = fox();
    let mut place = &mut input;
    for name in pointer {
        place = &mut place[*name];
    }
    *place = value;
    input
}

/// An order that takes no adjustment of these options.
fn strict(options: Value) -> Value {
    json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "a fox" }, "options": options, "strict": true })
}

#[tokio::test]
async fn each_bad_parameter_is_named() {
    let house = house(1_000);
    let cases = [
        (fox_with(&["type"], json!("HOLOGRAM")), "type"),
        (fox_with(&["provider"], json!("nobody")), "provider"),
        (fox_with(&["model"], json!("nothing")), "model"),
        (fox_with(&["input", "text"], json!("")), "input.text"),
        (fox_with(&["input", "text"], json!("   ")), "input.text"),
        (fox_with(&["input", "text"], json!("x".repeat(102_400))), "input.text"),
        (fox_with(&["input"], json!({})), "input"),
        (fox_with(&["input", "text"], json!(7)), "input.text"),
        (fox_with(&["input", "text"], json!({ "a": 1 })), "input.text"),
        (fox_with(&["input", "image"], json!("nonsense")), "input.image"),
        (fox_with(&["webhookUrl"], json!("nonsense")), "webhookUrl"),
        (fox_with(&["webhookUrl"], json!("http://example.com/hook")), "webhookUrl"),
        (fox_with(&["webhookUrl"], json!("https://127.0.0.1/hook")), "webhookUrl"),
        (fox_with(&["webhookUrl"], json!("https://169.254.169.254/")), "webhookUrl"),
        (fox_with(&["webhookUrl"], json!("https://localhost/")), "webhookUrl"),
        (fox_with(&["deadlineSeconds"], json!(-1)), "deadlineSeconds"),
        (fox_with(&["deadlineSeconds"], json!(0)), "deadlineSeconds"),
        (fox_with(&["maxCredits"], json!(-1)), "maxCredits"),
        (fox_with(&["maxCredits"], json!(1)), "maxCredits"),
        (strict(json!({ "duration": 7 })), "options.duration"),
        (strict(json!({ "gesture": "friendly" })), "options.gesture"),
        (fox_with(&["reference"], json!("r".repeat(201))), "reference"),
        (fox_with(&["priority"], json!("LUCK")), "priority"),
        (fox_with(&["options"], json!({ "duration": "ten" })), "options.duration"),
        (fox_with(&["options"], json!({ "duration": -5 })), "options.duration"),
        (fox_with(&["options"], json!({ "seed": 1e300 })), "options.seed"),
        (fox_with(&["options"], json!({ "extra": [{ "name": "", "value": 1 }] })), "options.extra[0].name"),
        (
            fox_with(&["options"], json!({ "seed": 1, "extra": [{ "name": "seed", "value": 2 }] })),
            "options.extra[0].name",
        ),
        (fox_with(&["model"], json!("kling-v2-1")), "model"),
    ];
    for (mut input, field) in cases {
        if field == "model" && input["model"] == json!("kling-v2-1") {
            input["options"] = json!({ "model": "gen-3" });
        }
        let answer = generate(LIVE, input.clone(), "id").to(&house.app).await;
        let shown: String = input.to_string().chars().take(200).collect();
        assert_eq!((answer.status, answer.code()), (200, "INVALID_INPUT"), "{shown}: {}", answer.body);
        assert_eq!(answer.fields(), [field], "{shown}: {}", answer.body);
        assert!(answer.reply.body.len() < 10_000, "{shown}");
    }
    let before = testkit::builders::account(1, 1_000);
    assert_eq!(house.memory.all_jobs(), []);
    assert_eq!(house.memory.letters(), []);
    assert_eq!(house.memory.account_of(&before.id), Some(before));
}

#[tokio::test]
async fn all_problems_are_told_at_once() {
    let house = house(1_000);
    let input = json!({
        "type": "VIDEO",
        "provider": "nobody",
        "input": { "text": "", "image": "ftp://example.com/a" },
        "webhookUrl": "https://10.0.0.1/",
        "deadlineSeconds": -5,
        "reference": "r".repeat(300)
    });
    let answer = generate(LIVE, input, "id").to(&house.app).await;
    let mut fields = answer.fields();
    fields.sort();
    assert_eq!(
        fields,
        ["deadlineSeconds", "input.image", "input.text", "provider", "reference", "webhookUrl"]
    );
}

#[tokio::test]
async fn an_unknown_enumeration_value_lists_the_known_ones() {
    let house = house(1_000);
    let by_variable = generate(LIVE, fox_with(&["type"], json!("HOLOGRAM")), "id").to(&house.app).await;
    let in_document =
        ask(LIVE, r#"mutation { generate(input: { type: HOLOGRAM, input: { text: "a" } }) { id } }"#);
    for answer in [by_variable, in_document.to(&house.app).await] {
        let field = &answer.body["errors"][0]["extensions"]["fields"][0];
        assert_eq!(field["field"], json!("type"));
        assert_eq!(field["allowed"], json!(["VIDEO", "IMAGE", "AUDIO", "AVATAR"]), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_impossible_idempotency_key_is_bad_input() {
    let house = house(1_000);
    for key in ["", "two words", "ключ", &"k".repeat(256)] {
        let answer = generate(LIVE, fox(), "id").with("idempotency-key", key).to(&house.app).await;
        assert_eq!(
            (answer.code(), answer.fields()),
            ("INVALID_INPUT", vec!["Idempotency-Key".to_owned()]),
            "{key}"
        );
    }
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn documents_beyond_the_bounds_are_refused() {
    let house = house(1_000);
    let deep = format!("{}{}", "{ a ".repeat(20), "}".repeat(20));
    let many_fields = format!("{{ account {{ {} }} }}", "id ".repeat(500));
    let many_roots = format!("{{ {} }}", "account { id } ".repeat(21));
    let many_aliases: String = (0..60).map(|number| format!("a{number}: id ")).collect();
    let many_tokens = "#\n".repeat(10) + &"{ account { id id id id } } ".repeat(300);
    for query in [deep, many_fields, many_roots, format!("{{ account {{ {many_aliases} }} }}"), many_tokens] {
        let answer = ask(LIVE, &query).to(&house.app).await;
        assert_eq!((answer.status, answer.code()), (200, "INVALID_INPUT"));
        assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("limit"), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_went_wrong_inside_is_never_told() {
    let house = house(1_000);
    for operation in [testkit::Operation::Key, testkit::Operation::Peek, testkit::Operation::Account] {
        let fresh = super::harness::desk(&house.memory);
        house.memory.fail_next(operation, testkit::When::BeforeEffect);
        let query = "{ generation(id: \"gen_00000000000000000000000000\") { id } }";
        let answer = ask(LIVE, query).to(&fresh).await;
        assert_eq!((answer.status, answer.code()), (500, "INTERNAL"), "{operation:?}");
        assert!(!answer.reply.body.contains("could not"), "{}", answer.reply.body);
    }
}
