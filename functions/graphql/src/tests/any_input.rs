//! Whatever comes in, an answer goes out: never a panic, never our fault, never a second effect.

use super::harness::{Answer, House, LIVE, ask, generate, house, now, post};
use proptest::prelude::*;
use serde_json::{Value, json};

fn is_answered(house: &House, call: super::harness::Call) -> Answer {
    let answer = now(call.to(&house.app));
    assert!(matches!(answer.status, 200 | 400 | 413 | 429), "{} {}", answer.status, answer.reply.body);
    assert!(answer.body["data"].is_object() || answer.body["errors"].is_array());
    answer
}

/// Pieces of documents, good and bad.
fn documents() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{ ",
        "} ",
        "( ",
        ") ",
        "[",
        "]",
        "query ",
        "mutation ",
        "subscription ",
        "Q ",
        "$v: Int ",
        "$v ",
        ": ",
        "! ",
        "generate(input: { type: VIDEO, input: { text: \"a\" } }) ",
        "generation(id: \"gen_abc123\") ",
        "id ",
        "account { id } ",
        "providers(type: AUDIO) { id } ",
        "cancelGeneration(id: 7) ",
        "status ",
        "error ",
        "metadata ",
        "...F ",
        "... on Generation ",
        "fragment F on Generation ",
        "fragment F on Query ",
        "@skip(if: $v) ",
        "__typename ",
        "__schema { types { name } } ",
        "\"\"\"block\"\"\" ",
        "9007199254740993 ",
        "-1.5e300 ",
        "null ",
        "ж",
        "\u{feff}",
        "# c\n",
        "a: ",
        "...",
        "&",
        "= 1 ",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// Any JSON, not too deep.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["VIDEO", "AUDIO", "kling", "10", "https://example.com/a.png"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop::sample::select(vec![
            "type",
            "input",
            "text",
            "image",
            "images",
            "voice",
            "options",
            "duration",
            "seed",
            "extra",
            "name",
            "value",
            "provider",
            "model",
            "priority",
            "maxCredits",
            "strict",
            "deadlineSeconds",
            "webhookUrl",
            "reference",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.prop_map(str::to_owned), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_body_is_answered(body: String) {
        is_answered(&house(1_000), post(LIVE, body));
    }

    #[test]
    fn any_document_is_answered(document in documents()) {
        is_answered(&house(1_000), ask(LIVE, &document));
    }

    #[test]
    fn any_input_is_answered_and_what_is_refused_changes_nothing(input in values(), text in values()) {
        let house = house(1_000);
        let before = house.memory.all_accounts();
        for input in [input.clone(), json!({ "type": "VIDEO", "input": { "text": "a fox" }, "options": input }),
            json!({ "type": "IMAGE", "input": { "text": text } })] {
            let made = house.memory.all_jobs().len();
            let answer = is_answered(&house, generate(LIVE, input, "id"));
            let accepted = answer.body.get("errors").is_none();
            prop_assert_eq!(house.memory.all_jobs().len(), made + usize::from(accepted));
        }
        if house.memory.all_jobs().is_empty() {
            prop_assert_eq!(house.memory.all_accounts(), before);
        }
    }
}
