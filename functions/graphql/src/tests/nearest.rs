//! Whoever misspells something hears of all of it at once, and what may have been meant.

use super::harness::{Answer, LIVE, ask, generate, house, post};
use serde_json::{Value, json};

/// Field, problem and what is allowed, of every field that the only error names.
fn told(answer: &Answer) -> Vec<(String, String, Vec<String>)> {
    assert_eq!(answer.code(), "INVALID_INPUT", "{}", answer.body);
    let fields = answer.body["errors"][0]["extensions"]["fields"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = fields.iter().map(|field| {
        let allowed = field["allowed"].as_array().unwrap().iter().map(text).collect();
        (text(&field["field"]), text(&field["problem"]), allowed)
    });
    told.collect()
}

/// The same value as it is written in a document.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", literal(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::String(name) if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            name.clone()
        }
        other => other.to_string(),
    }
}

#[tokio::test]
async fn the_nearest_name_is_offered_by_variable_and_in_the_document() {
    let house = house(1_000);
    let video = |more: Value| {
        let mut input = json!({ "type": "VIDEO", "input": { "text": "a fox" } });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    for (input, field, means) in [
        (video(json!({ "options": { "durration": 5 } })), "options.durration", "duration"),
        (video(json!({ "options": { "aspect_ratio": "16:9" } })), "options.aspect_ratio", "aspectRatio"),
        (video(json!({ "options": { "negativeprompt": "x" } })), "options.negativeprompt", "negativePrompt"),
        (video(json!({ "optoins": {} })), "optoins", "options"),
        (video(json!({ "webhookURL": "https://example.com/" })), "webhookURL", "webhookUrl"),
        (video(json!({ "duration": 5 })), "duration", "options.duration"),
        (json!({ "type": "VIDEO", "input": { "txt": "a fox" } }), "input.txt", "text"),
        (json!({ "type": "VIDOE", "input": { "text": "a fox" } }), "type", "VIDEO"),
        (video(json!({ "priority": "QUALTY" })), "priority", "QUALITY"),
        (video(json!({ "provider": "klingg" })), "provider", "kling"),
        (video(json!({ "provider": "kling", "model": "kling-v33" })), "model", "kling-v3"),
        (
            video(json!({ "options": { "extra": [{ "name": "durration", "value": 5 }] } })),
            "options.durration",
            "duration",
        ),
        (
            video(json!({ "options": { "extra": [{ "nam": "a", "name": "seed", "value": 5 }] } })),
            "options.extra[0].nam",
            "name",
        ),
    ] {
        let by_variable = generate(LIVE, input.clone(), "id").to(&house.app).await;
        let in_document = format!("mutation {{ generate(input: {}) {{ id }} }}", literal(&input));
        for answer in [by_variable, ask(LIVE, &in_document).to(&house.app).await] {
            let found = told(&answer);
            let (_, problem, allowed) =
                found.iter().find(|(named, ..)| named == field).unwrap_or_else(|| panic!("{found:?}"));
            let about = format!("{input}: {problem} {allowed:?}");
            assert!(problem.contains(&format!("did you mean {means}")), "{about}");
            assert!(allowed.iter().any(|name| name == means), "{about}");
            // The sentence for people has it too.
            assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains(means), "{about}");
        }
    }
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn form_and_sense_are_told_together() {
    let house = house(1_000);
    let input = json!({
        "type": "VIDEO",
        "provider": "klingg",
        "input": { "text": "a fox", "imag": "https://example.com/a.png", "images": ["ftp://example.com/a", 7] },
        "options": { "durration": 5, "seed": "many", "sound": "loud", "fps": -1, "extra": [{ "value": 1 }] },
        "priority": "LUCK",
        "maxCredits": 1.5,
        "webhookUrl": "https://10.0.0.1/",
        "colour": "red"
    });
    let expected = [
        "colour",
        "input.imag",
        "input.images[0]",
        "input.images[1]",
        "maxCredits",
        "options.durration",
        "options.extra[0].name",
        "options.fps",
        "options.seed",
        "options.sound",
        "priority",
        "provider",
        "webhookUrl",
    ];
    let by_variable = generate(LIVE, input.clone(), "id").to(&house.app).await;
    let in_document = format!("mutation {{ generate(input: {}) {{ id }} }}", literal(&input));
    let in_document = ask(LIVE, &in_document).to(&house.app).await;
    let flat = json!({
        "prompt": "a fox", "provider": "klingg", "durration": 5, "seed": "many", "webhookUrl": "https://10.0.0.1/"
    });
    let query = "mutation($input: VideoCreateInput!) { videoCreate(input: $input) { id } }";
    let flat = post(LIVE, json!({ "query": query, "variables": { "input": flat } }).to_string())
        .to(&house.app)
        .await;
    for (answer, expected) in [
        (by_variable, expected.as_slice()),
        (in_document, expected.as_slice()),
        (flat, ["durration", "provider", "seed", "webhookUrl"].as_slice()),
    ] {
        let mut fields: Vec<String> = told(&answer).into_iter().map(|(field, ..)| field).collect();
        fields.sort();
        assert_eq!(fields, expected, "{}", answer.body);
    }
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn what_is_missing_is_told_by_its_name() {
    let house = house(1_000);
    let query = "mutation($input: GenerateInput!, $id: ID!) { generate(input: $input) { id } cancelGeneration(id: $id) }";
    for (body, expected) in [
        (json!({ "query": "mutation { generate { id } }" }), vec![vec!["input"]]),
        (json!({ "query": "mutation { generate(input: {}) { id } }" }), vec![vec!["type", "input"]]),
        (json!({ "query": "mutation { generate(input: null) { id } }" }), vec![vec!["input"]]),
        (json!({ "query": "{ generations(first: \"many\") { nodes { id } } }" }), vec![vec!["first"]]),
        (json!({ "query": query }), vec![vec!["input"], vec!["id"]]),
        (
            json!({ "query": query, "variables": { "input": { "input": [] }, "id": {} } }),
            vec![vec!["type", "input"], vec!["id"]],
        ),
    ] {
        let answer = post(LIVE, body.to_string()).to(&house.app).await;
        let errors = answer.body["errors"].as_array().unwrap();
        let fields: Vec<Vec<&str>> = errors
            .iter()
            .map(|error| {
                let fields = error["extensions"]["fields"].as_array().unwrap();
                fields.iter().map(|field| field["field"].as_str().unwrap()).collect()
            })
            .collect();
        assert_eq!(fields, expected, "{}", answer.body);
    }
}

#[tokio::test]
async fn names_of_a_document_have_near_ones_too() {
    let house = house(1_000);
    for (query, means) in [
        ("{ acount { id } }", "account"),
        ("{ account { balanse { used } } }", "balance"),
        ("{ generations(frist: 1) { nodes { id } } }", "first"),
        ("query($i: GenerateInputt) { estimate(input: $i) { creditCost } }", "GenerateInput"),
    ] {
        let answer = ask(LIVE, query).to(&house.app).await;
        let mut errors = answer.body["errors"].as_array().unwrap().iter();
        let is_unknown = |error: &&Value| error["message"].as_str().unwrap().starts_with("Unknown");
        let error = errors.find(is_unknown).unwrap();
        assert!(error["message"].as_str().unwrap().contains(&format!("did you mean {means}")), "{error}");
        assert!(
            error["extensions"]["fields"][0]["allowed"].as_array().unwrap().contains(&json!(means)),
            "{error}"
        );
    }
    // Nothing comes near: nothing is made up.
    let answer = ask(LIVE, "{ zzzzzz }").to(&house.app).await;
    assert!(!answer.reply.body.contains("did you mean"), "{}", answer.body);
}

#[tokio::test]
async fn an_answer_stays_short_however_much_is_wrong() {
    let house = house(1_000);
    let many: serde_json::Map<String, Value> =
        (0..2_000).map(|number| (format!("x{number}{}", "y".repeat(80)), json!(1))).collect();
    let mut input = json!({ "type": "VIDEO", "input": { "text": "a fox" } });
    input["options"] = Value::Object(many);
    let answer = generate(LIVE, input, "id").to(&house.app).await;
    assert_eq!(told(&answer).len(), 50);
    assert!(answer.reply.body.len() < 100_000);
    let fields: String = (0..300).map(|number| format!("x{number} ")).collect();
    let answer = ask(LIVE, &format!("{{ {fields} }}")).to(&house.app).await;
    assert!(answer.reply.body.len() < 100_000, "{}", answer.reply.body.len());
}
