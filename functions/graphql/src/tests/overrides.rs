//! What an operator changes of the catalogue is what callers see, are charged, and can filter by.

use super::harness::{LIVE, TEST, ask, generate, house, house_changed_by, now};
use serde_json::json;

const FILE: &str = r#"
    [provider.kling]
    aliases = ["Klong"]
    [model."kling/kling-v2.5-turbo"]
    price = { sure = "D", per = "clip", rules = [{ usd = "0.33" }] }
    median = 77
    [model."kling/kling-v3"]
    state = "off"
    [model."kling/kling-v1.6"]
    state = "on"
"#;

#[test]
fn a_changed_catalogue_is_the_one_that_counts() {
    now(async {
        let house = house_changed_by(1_000, FILE);
        let input = json!({ "type": "VIDEO", "provider": "klong", "input": { "text": "a fox" } });
        let made = generate(LIVE, input.clone(), "id provider model creditCost").to(&house.app).await;
        let generation = made.data("generate").clone();
        assert_eq!(
            [&generation["provider"], &generation["model"], &generation["creditCost"]],
            [&json!("kling"), &json!("kling-v2.5-turbo"), &json!(33)]
        );
        let list = ask(LIVE, "{ generations(filter: { provider: \"KLONG\" }) { nodes { id } } }")
            .to(&house.app)
            .await;
        assert_eq!(list.data("generations")["nodes"], json!([{ "id": generation["id"] }]));

        let card = "{ provider(id: \"klong\") { id pricing { creditCost estimatedTime } models { name available } } }";
        let card = ask(LIVE, card).to(&house.app).await;
        let card = card.data("provider").clone();
        assert_eq!(card["pricing"], json!({ "creditCost": 33, "estimatedTime": 77 }));
        let available = |name: &str| {
            let models = card["models"].as_array().unwrap();
            models.iter().find(|model| model["name"] == name).unwrap()["available"].clone()
        };
        assert_eq!([available("kling-v3"), available("kling-v1.6")], [json!(false), json!(true)]);
        for key in [LIVE, TEST] {
            let mut off = input.clone();
            off["model"] = json!("kling-v3");
            assert_eq!(generate(key, off, "id").to(&house.app).await.code(), "PROVIDER_UNAVAILABLE");
        }
    });
}

#[test]
fn an_order_that_nobody_can_make_tells_why_of_each() {
    now(async {
        let house = house(1_000);
        let input = json!({
            "type": "VIDEO", "strict": true, "input": { "text": "a fox" },
            "options": { "duration": 900, "seed": 1 }
        });
        let answer = generate(LIVE, input, "id").to(&house.app).await;
        assert_eq!((answer.code(), answer.status), ("INVALID_INPUT", 200));
        let candidates = answer.body["errors"][0]["extensions"]["candidates"].as_array().unwrap();
        assert!(candidates.len() > 15, "{candidates:?}");
        let kling = candidates.iter().find(|each| each["model"] == "kling-v3").unwrap();
        assert_eq!(
            *kling,
            json!({
                "provider": "kling", "model": "kling-v3",
                "excludedBecause": "kling-v3 takes 3 to 15; kling-v3 has no such setting"
            })
        );
        // Where nobody had to be considered, nobody is told of.
        let input = json!({ "type": "VIDEO", "provider": "klingg", "input": { "text": "a fox" } });
        let answer = generate(LIVE, input, "id").to(&house.app).await;
        assert_eq!(answer.body["errors"][0]["extensions"].get("candidates"), None);
    });
}
