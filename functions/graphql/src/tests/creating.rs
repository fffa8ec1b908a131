//! The older mutations with flat inputs.

use super::harness::{Answer, House, LIVE, ask, generate, house, post};
use jobs::{Event, Ticket, advance};
use serde_json::{Value, json};
use testkit::builders;

/// The page's document, for any of the four.
async fn create(house: &House, kind: &str, input: Value, key: Option<&str>) -> Answer {
    let lower = kind.to_lowercase();
    let query = format!(
        "mutation Create{kind}($input: {kind}CreateInput!) {{ {lower}Create(input: $input) {{ id status {lower}Url }} }}"
    );
    let call = post(LIVE, json!({ "query": query, "variables": { "input": input } }).to_string());
    let call = key.into_iter().fold(call, |call, key| call.with("idempotency-key", key));
    call.to(&house.app).await
}

#[tokio::test]
async fn the_pages_example_works_and_its_result_is_read() {
    let house = house(10_000);
    let input = json!({ "prompt": "Beautiful sunset over ocean", "model": "luma", "duration": 9 });
    let made = create(&house, "Video", input, None).await;
    let made = made.data("videoCreate");
    assert_eq!((&made["status"], &made["videoUrl"]), (&json!("QUEUED"), &Value::Null));
    let mut job = house.memory.all_jobs().remove(0);
    assert_eq!((job.plan.provider.as_str(), job.order.kind), ("luma", jobs::Kind::Video));
    assert_eq!(job.order.input.text.as_deref(), Some("Beautiful sunset over ocean"));
    assert_eq!(house.memory.letters().len(), 1);
    for event in [
        Event::Submitting,
        Event::Accepted { ticket: Ticket("t".to_owned()) },
        Event::Stored(vec![builders::output()]),
    ] {
        job = advance(&job, event, builders::at(30)).unwrap().job;
    }
    house.memory.put_job(job);
    let id = made["id"].as_str().unwrap();
    let read = ask(LIVE, &format!("{{ generation(id: \"{id}\") {{ status url }} }}")).to(&house.app).await;
    assert_eq!(read.data("generation")["status"], json!("COMPLETED"));
    assert!(read.data("generation")["url"].is_string());
}

#[tokio::test]
async fn each_kind_has_its_mutation_and_its_link() {
    let cases = [
        ("Video", json!({ "prompt": "a fox" })),
        ("Image", json!({ "prompt": "a fox", "model": "flux-ultra", "aspectRatio": "16:9", "seed": 42 })),
        ("Audio", json!({ "prompt": "Welcome", "provider": "elevenlabs", "voice": "rachel", "speed": 1.0 })),
        (
            "Avatar",
            json!({ "prompt": "Hello", "provider": "heygen", "avatarId": "kate", "voice": "professional_female" }),
        ),
    ];
    for (kind, input) in cases {
        let house = house(10_000);
        let made = create(&house, kind, input, Some("k-1")).await;
        let lower = kind.to_lowercase();
        let made = made.data(&format!("{lower}Create")).clone();
        let mut job = house.memory.all_jobs().remove(0);
        assert_eq!(job.order.kind.name(), kind.to_uppercase());
        for event in [
            Event::Submitting,
            Event::Accepted { ticket: Ticket("t".to_owned()) },
            Event::Stored(vec![builders::output()]),
        ] {
            job = advance(&job, event, builders::at(30)).unwrap().job;
        }
        house.memory.put_job(job);
        let query = format!(
            "mutation($input: {kind}CreateInput!) {{ {lower}Create(input: $input) {{ id status {lower}Url generation {{ creditCost }} }} }}"
        );
        let again = json!({ "query": query, "variables": { "input": match kind {
            "Video" => json!({ "prompt": "a fox", "strict": false }),
            "Image" => json!({ "prompt": "a fox", "model": "flux-ultra", "aspectRatio": "16:9", "seed": 42.0 }),
            "Audio" => json!({ "prompt": "Welcome", "provider": "elevenlabs", "voice": "rachel", "speed": 1 }),
            _ => json!({ "prompt": "Hello", "provider": "heygen", "avatarId": "kate", "voice": "professional_female" }),
        } } });
        let again = post(LIVE, again.to_string()).with("idempotency-key", "k-1").to(&house.app).await;
        assert_eq!(again.header("Idempotent-Replayed"), Some("true"), "{kind}");
        let replayed = again.data(&format!("{lower}Create"));
        assert_eq!(replayed["id"], made["id"]);
        assert_eq!(replayed["status"], json!("COMPLETED"));
        assert!(replayed[format!("{lower}Url")].as_str().unwrap().starts_with("https://bucket.test/"));
        assert!(replayed["generation"]["creditCost"].as_u64() > Some(0));
    }
}

#[tokio::test]
async fn a_flat_order_is_the_same_order() {
    let house = house(10_000);
    let flat = json!({ "prompt": "a fox", "provider": "kling", "duration": 10, "reference": "r-1", "maxCredits": 900 });
    let first = create(&house, "Video", flat, None).await;
    let whole = json!({
        "type": "VIDEO", "provider": "kling", "input": { "text": "a fox" }, "options": { "duration": 10.0 },
        "reference": "r-1", "maxCredits": 900
    });
    let second = generate(LIVE, whole, "id").to(&house.app).await;
    let job = |id: &str| house.memory.job(&jobs::JobId::parse(id).unwrap()).unwrap();
    let (first, second) = (job(first.data("videoCreate")["id"].as_str().unwrap()), job(&second.id()));
    assert_eq!((first.order, first.fingerprint, first.plan), (second.order, second.fingerprint, second.plan));
}

#[tokio::test]
async fn keys_places_and_limits_hold_as_for_generate() {
    let house = house(10_000);
    let fox = || json!({ "prompt": "a fox" });
    let first = create(&house, "Video", fox(), Some("k-1")).await;
    let again = create(&house, "Video", fox(), Some("k-1")).await;
    assert_eq!(again.data("videoCreate")["id"], first.data("videoCreate")["id"]);
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    let other = create(&house, "Video", json!({ "prompt": "a box" }), Some("k-1")).await;
    assert_eq!(other.code(), "IDEMPOTENCY_CONFLICT");
    // Another mutation is another place in the answer, so it is an order of its own.
    let image = create(&house, "Image", fox(), Some("k-1")).await;
    assert_eq!(image.header("Idempotent-Replayed"), None);
    assert_eq!(house.memory.all_jobs().len(), 2);
    let poor = super::harness::house(0);
    assert_eq!(create(&poor, "Video", fox(), None).await.code(), "INSUFFICIENT_CREDITS");
}

#[tokio::test]
async fn problems_have_the_names_of_the_flat_input() {
    let house = house(10_000);
    let input = json!({
        "prompt": " ", "image": "nonsense", "duration": -5, "webhookUrl": "https://10.0.0.1/",
        "extra": [{ "name": "", "value": 1 }]
    });
    let answer = create(&house, "Video", input, None).await;
    assert_eq!(answer.code(), "INVALID_INPUT");
    let mut fields = answer.fields();
    fields.sort();
    assert_eq!(fields, ["duration", "extra[0].name", "image", "prompt", "webhookUrl"]);
    let empty = create(&house, "Image", json!({}), None).await;
    assert_eq!((empty.code(), empty.fields()), ("INVALID_INPUT", vec!["prompt".to_owned()]));
    assert_eq!(house.memory.all_jobs(), []);
}
