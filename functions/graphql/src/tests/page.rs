//! The samples of the product's page, unmodified but for ids.

use super::harness::{Answer, House, LIVE, ask, generate, house, post};
use jobs::{Event, Fault, FaultKind, Ticket, advance};
use serde_json::{Value, json};
use testkit::builders;

const PYTHON_FIELDS: &str = "id status type provider url metadata creditCost estimatedTime error errorCode";

#[tokio::test]
async fn the_curl_examples_work() {
    let house = house(10_000);
    let body = r#"{
"query": "mutation Generate($input: GenerateInput!) { generate(input: $input) { id status type provider url metadata { duration resolution } creditCost estimatedTime } }",
"variables": {
"input": {
"type": "VIDEO",
"provider": "minimax",
"input": {
"text": "A serene mountain landscape at sunset"
},
"options": {
"duration": 10,
"resolution": "1080p",
"style": "cinematic"
}
}
}
}"#;
    let made = post(LIVE, body).with("idempotency-key", "unique-request-id-123").to(&house.app).await;
    let generation = made.data("generate");
    assert_eq!((&generation["status"], &generation["type"]), (&json!("QUEUED"), &json!("VIDEO")));
    assert_eq!(generation["provider"], json!("minimax"));
    let chosen = r#"{
"query": "mutation { generate(input: { type: VIDEO, input: { text: \"Epic dragon battle\" }, priority: QUALITY }) { id status provider creditCost } }"
}"#;
    let made = post(LIVE, chosen).to(&house.app).await;
    assert!(made.data("generate")["creditCost"].as_u64() > Some(0));
    let status = format!(
        r#"{{"query": "query {{ generation(id: \"{}\") {{ status progress url error {{ code message }} }} }}"}}"#,
        made.id()
    );
    let read = post(LIVE, status).to(&house.app).await;
    assert_eq!(
        read.data("generation"),
        &json!({ "status": "QUEUED", "progress": 0, "url": null, "error": null })
    );
}

/// Lets the only job fail or complete.
fn end(house: &House, last: Event) {
    let mut job = house.memory.all_jobs().remove(0);
    for event in [Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }, last] {
        job = advance(&job, event, builders::at(30)).unwrap().job;
    }
    house.memory.put_job(job);
}

async fn python_status(house: &House, id: &str) -> Answer {
    let query = "query GetGeneration($id: ID!) {
        generation(id: $id) { id status type url progress error errorCode metadata }
    }";
    post(LIVE, json!({ "query": query, "variables": { "id": id } }).to_string()).to(&house.app).await
}

#[tokio::test]
async fn the_python_client_gets_leaves_and_lower_case() {
    let house = house(10_000);
    let input = json!({
        "type": "VIDEO", "input": { "text": "A majestic eagle soaring through clouds" },
        "options": { "duration": 10, "resolution": "1080p" }
    });
    let made = generate(LIVE, input, PYTHON_FIELDS).to(&house.app).await;
    assert_eq!(made.data("generate")["status"], json!("queued"));
    end(&house, Event::Stored(vec![builders::output()]));
    let read = python_status(&house, &made.id()).await;
    let generation = read.data("generation");
    assert_eq!((&generation["status"], &generation["type"]), (&json!("completed"), &json!("VIDEO")));
    assert_eq!((&generation["error"], &generation["errorCode"]), (&Value::Null, &Value::Null));
    assert_eq!(generation["metadata"]["width"], json!(1280));
    assert!(generation["url"].as_str().unwrap().starts_with("https://"));
}

#[tokio::test]
async fn the_python_client_hears_of_a_failure() {
    let house = house(10_000);
    let made = generate(LIVE, json!({ "type": "IMAGE", "input": { "text": "a fox" } }), PYTHON_FIELDS);
    let made = made.to(&house.app).await;
    end(&house, Event::Failed(Fault::new(FaultKind::Vendor, "the provider could not make it")));
    let read = python_status(&house, &made.id()).await;
    let generation = read.data("generation");
    assert_eq!(generation["status"], json!("failed"));
    assert_eq!(generation["error"], json!("the provider could not make it"));
    assert_eq!(generation["errorCode"], json!("GENERATION_FAILED"));
}

#[tokio::test]
async fn the_javascript_client_gets_a_leaf_of_metadata_and_upper_case() {
    let house = house(10_000);
    let fields = "id status type provider url metadata creditCost estimatedTime error { code message }";
    let input = json!({ "type": "VIDEO", "input": { "text": "A serene mountain landscape" } });
    let made = generate(LIVE, input, fields).to(&house.app).await;
    assert_eq!(made.data("generate")["status"], json!("QUEUED"));
}

#[tokio::test]
async fn every_set_of_variables_of_the_page_is_accepted() {
    let house = house(100_000);
    let sets = [
        json!({ "type": "VIDEO", "input": { "text": "A bustling Tokyo street at night with neon lights" },
            "options": { "duration": 10, "resolution": "1080p", "style": "cinematic" } }),
        json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "Epic space battle scene" },
            "options": { "mode": "pro", "duration": 10, "aspectRatio": "16:9" } }),
        json!({ "type": "VIDEO", "provider": "runway",
            "input": { "text": "Make the character dance", "image": "https://example.com/character.jpg" },
            "options": { "motionIntensity": "high", "model": "gen-3" } }),
        json!({ "type": "IMAGE", "provider": "flux-ultra", "input": { "text": "Photorealistic portrait in Rembrandt style" },
            "options": { "aspectRatio": "16:9", "quality": "ultra", "seed": 42 } }),
        json!({ "type": "AUDIO", "provider": "elevenlabs",
            "input": { "text": "Welcome to the future of artificial intelligence" },
            "options": { "voice": "rachel", "emotion": "excited", "speed": 1.0 } }),
        json!({ "type": "AVATAR", "provider": "heygen",
            "input": { "text": "Hello, I'm your AI assistant", "voice": "professional_female" },
            "options": { "avatarId": "kate", "background": "modern_office", "gesture": "friendly" },
            "webhookUrl": "https://your-app.com/webhook" }),
        json!({ "type": "IMAGE", "input": { "text": "Photorealistic portrait" }, "priority": "QUALITY" }),
    ];
    let fields = "id status type provider url metadata creditCost estimatedTime progress error errorCode";
    for input in sets {
        let made = generate(LIVE, input.clone(), fields).to(&house.app).await;
        assert_eq!(made.data("generate")["status"], json!("queued"), "{input}");
        if let Some(provider) = input["provider"].as_str() {
            assert_eq!(made.data("generate")["provider"], json!(provider));
        }
    }
}

#[tokio::test]
async fn the_other_documents_of_the_page_work() {
    let house = house(10_000);
    let made = ask(LIVE, "mutation { generate(input: { type: VIDEO, input: { text: \"a\" } }) { id } }");
    let id = made.to(&house.app).await.id();
    let query = "query GetGeneration($id: ID!) { generation(id: $id) { id status type provider url progress
        metadata { width height duration format } creditCost error errorCode createdAt completedAt } }";
    let body = json!({ "query": query, "variables": { "id": id } }).to_string();
    assert_eq!(post(LIVE, body).to(&house.app).await.data("generation")["status"], json!("queued"));
    let providers =
        "query GetProviders($type: GenerationType!) { providers(type: $type) { id name description
        features limitations pricing { creditCost estimatedTime } options { name type required description
        allowedValues } } }";
    let body = json!({ "query": providers, "variables": { "type": "VIDEO" } }).to_string();
    let answer = post(LIVE, body).to(&house.app).await;
    let ids: Vec<&str> =
        answer.data("providers").as_array().unwrap().iter().filter_map(|each| each["id"].as_str()).collect();
    assert!(ids.contains(&"kling") && ids.contains(&"minimax"), "{ids:?}");
    let cancel = "mutation CancelGeneration($id: ID!) { cancelGeneration(id: $id) }";
    let body = json!({ "query": cancel, "variables": { "id": id } }).to_string();
    assert_eq!(post(LIVE, body).to(&house.app).await.data("cancelGeneration"), &json!(true));
}

#[tokio::test]
async fn errors_point_into_the_callers_text() {
    let house = house(10_000);
    let query = "{ generation(id: \"gen_abc123\") { status error metadata nonsense } }";
    let answer = ask(LIVE, query).to(&house.app).await;
    let column = query.find("nonsense").unwrap() + 1;
    assert_eq!(answer.body["errors"][0]["locations"], json!([{ "line": 1, "column": column }]));
}
