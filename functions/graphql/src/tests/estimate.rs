//! An estimate is what the order would come to, and nothing else.

use super::harness::{Answer, House, LIVE, TEST, generate, house, now, post};
use catalogue::{Catalogue, World};
use proptest::prelude::*;
use serde_json::{Value, json};

const OF_ESTIMATE: &str =
    "provider model creditCost estimatedTime adjustments { option requested used reason }
    candidates { provider model score excludedBecause }";
const OF_GENERATION: &str = "provider model creditCost estimatedTime
    adjustments { option requested used reason } routing { candidates { provider model score excludedBecause } }";

async fn estimate(house: &House, key: u8, input: &Value) -> Answer {
    let query = format!("query($input: GenerateInput!) {{ estimate(input: $input) {{ {OF_ESTIMATE} }} }}");
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    post(key, body).to(&house.app).await
}

/// What both say, without what tells them apart.
fn told(answer: &Answer, field: &str) -> Value {
    let mut body = answer.body.clone();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        let error = error.as_object_mut().unwrap();
        error.remove("path");
        error.remove("locations");
    }
    let mut made = body["data"][field].take();
    if let Some(candidates) = made.get_mut("routing").map(|routing| routing["candidates"].take()) {
        let made = made.as_object_mut().unwrap();
        made.remove("routing");
        made.insert("candidates".to_owned(), candidates);
    }
    json!([body["errors"], made])
}

fn providers() -> Vec<Option<String>> {
    let world = World {
        mode: jobs::Mode::Test,
        live_vendors: &Default::default(),
        latency_scale: 1.0,
        knowledge: None,
    };
    let known = Catalogue::built_in().providers(None, &world).into_iter().map(|provider| Some(provider.id));
    [None, None, None, Some("nobody".to_owned())].into_iter().chain(known).collect()
}

/// Orders, most of them good.
fn orders() -> impl Strategy<Value = Value> {
    let one_of = |values: Vec<Value>| prop::sample::select(values);
    let option = |values: Vec<Value>| prop::option::weighted(0.4, one_of(values));
    (
        one_of(vec![json!("VIDEO"), json!("IMAGE"), json!("AUDIO"), json!("AVATAR")]),
        prop::sample::select(providers()),
        option(vec![json!("https://example.com/a.png"), json!("nonsense")]),
        option(vec![json!("QUALITY"), json!("SPEED"), json!("COST")]),
        (
            option(vec![json!(1), json!(5), json!(10), json!(7.5), json!(-3)]),
            option(vec![json!("720p"), json!("1080p"), json!("4k")]),
            option(vec![json!("16:9"), json!("1:1")]),
            option(vec![json!("cinematic"), json!("")]),
            option(vec![json!("std"), json!("pro")]),
            option(vec![json!(1), json!(4)]),
        ),
        option(vec![json!(3), json!(10_000), json!(-1)]),
        option(vec![json!(true), json!(false)]),
    )
        .prop_map(|(kind, provider, image, priority, wishes, most, strict)| {
            let (duration, resolution, ratio, style, mode, count) = wishes;
            json!({
                "type": kind, "provider": provider, "priority": priority, "maxCredits": most, "strict": strict,
                "input": { "text": "a fox", "image": image },
                "options": {
                    "duration": duration, "resolution": resolution, "aspectRatio": ratio, "style": style,
                    "mode": mode, "count": count
                }
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_estimate_is_what_the_order_comes_to(input in orders(), key in prop::sample::select(vec![LIVE, TEST])) {
        let house = house(1_000_000);
        let before = house.memory.all_accounts();
        let estimated = now(estimate(&house, key, &input));
        prop_assert_eq!(house.memory.all_accounts(), before);
        prop_assert_eq!(house.memory.all_jobs(), []);
        prop_assert_eq!(house.memory.letters(), []);
        let made = now(generate(key, input, OF_GENERATION).to(&house.app));
        prop_assert_eq!(told(&estimated, "estimate"), told(&made, "generate"));
    }
}

#[tokio::test]
async fn an_estimate_asks_nothing_of_the_account() {
    let house = house(0);
    let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "a fox" }, "options": { "duration": 7 } });
    let answer = estimate(&house, LIVE, &input).await;
    let told = answer.data("estimate");
    assert_eq!(told["provider"], json!("kling"));
    assert!(told["creditCost"].as_u64() > Some(0) && told["estimatedTime"].as_u64() > Some(0));
    assert!(told["adjustments"].is_array() && told["candidates"].is_array());
    // It is a read, and counts as one.
    assert_eq!(answer.header("X-RateLimit-Limit"), Some("600"));
    assert_eq!(answer.header("X-RateLimit-Remaining"), Some("599"));
    let bad = estimate(&house, LIVE, &json!({ "type": "VIDEO", "input": { "text": "" } })).await;
    assert_eq!((bad.code(), bad.fields()), ("INVALID_INPUT", vec!["input.text".to_owned()]));
}
