//! Every error is complete, whatever it is about, in both media types; and it loses nothing that was done beside it.

use super::harness::{Bad, Call, House, LIVE, STRANGER, ask, desk, fox, generate, house, house_of, post};
use jobs::{Account, Event, Limits, Mode, Ticket, Tier, advance};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Operation, When, builders};

const MODERN: &str = "application/graphql-response+json";

/// One error.
struct Case {
    name: &'static str,
    code: &'static str,
    /// The status in the old form of an answer, and in the new one.
    statuses: (u16, u16),
    /// What its extensions have besides the usual.
    more: &'static [&'static str],
    before: fn(&House),
    call: fn() -> Call,
}

const FIELDS: &[&str] = &["fields"];
const LIMIT: &[&str] = &["limit", "scope", "retryAfter"];

/// Nothing has to be arranged for it.
fn nothing(_: &House) {}

/// Not one generation, nor one read, in a minute.
fn no_rate(house: &House) {
    let limits = Limits { per_minute: 0, ..Limits::of(Tier::Pro) };
    house.memory.put_account(Account { limits, ..builders::account(1, 1_000) });
}

fn cases() -> Vec<Case> {
    let case = |name, code, statuses, more, before, call| Case { name, code, statuses, more, before, call };
    vec![
        case("no key", "UNAUTHENTICATED", (401, 401), &[], nothing, || {
            ask(LIVE, "{ account { id } }").without("authorization")
        }),
        case(
            "a key that may only read",
            "UNAUTHENTICATED",
            (401, 401),
            &[],
            |house| {
                let record = builders::key(9, &builders::account_id(1), Mode::Live).1;
                let scopes = jobs::keys::Scopes { generate: false, ..record.scopes };
                house.memory.put_key(jobs::KeyRecord { scopes, ..record });
            },
            || {
                let key = builders::key(9, &builders::account_id(1), Mode::Live).0;
                generate(LIVE, fox(), "id").with("authorization", &format!("Bearer {}", key.reveal()))
            },
        ),
        case(
            "too few credits",
            "INSUFFICIENT_CREDITS",
            (200, 200),
            &["required", "balance"],
            |house| house.memory.put_account(builders::account(1, 0)),
            || generate(LIVE, fox(), "id"),
        ),
        case("too many in a minute", "RATE_LIMIT", (429, 429), LIMIT, no_rate, || {
            generate(LIVE, fox(), "id")
        }),
        case("too many reads", "RATE_LIMIT", (429, 429), LIMIT, no_rate, || ask(LIVE, "{ account { id } }")),
        case("a document that can't be parsed", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            ask(LIVE, "{ account { id ")
        }),
        case("a field that is not there", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            ask(LIVE, "{ acount { id } }")
        }),
        case("no operation of this name", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            post(LIVE, r#"{"query":"query A { account { id } }","operationName":"B"}"#)
        }),
        case("a value that can't be read", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            ask(LIVE, "{ generations(first: \"x\") { nodes { id } } }")
        }),
        case("a variable that is missing", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            ask(LIVE, "query($id: ID!) { generation(id: $id) { id } }")
        }),
        case("a document that is too deep", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            ask(LIVE, &format!("{}{}", "{ a ".repeat(20), "}".repeat(20)))
        }),
        case("too many aliases", "INVALID_INPUT", (200, 400), FIELDS, nothing, || {
            let aliases: String = (0..60).map(|number| format!("a{number}: id ")).collect();
            ask(LIVE, &format!("{{ account {{ {aliases} }} }}"))
        }),
        case("a parameter that makes no sense", "INVALID_INPUT", (200, 200), FIELDS, nothing, || {
            generate(LIVE, json!({ "type": "VIDEO", "input": { "text": " " } }), "id")
        }),
        case("a body that is no JSON", "INVALID_INPUT", (400, 400), FIELDS, nothing, || post(LIVE, "{")),
        case("a batch", "INVALID_INPUT", (400, 400), FIELDS, nothing, || post(LIVE, "[]")),
        case("a body that is too large", "INVALID_INPUT", (413, 413), FIELDS, nothing, || {
            post(LIVE, " ".repeat(256 * 1024 + 1))
        }),
        case("a method that is not taken", "INVALID_INPUT", (405, 405), FIELDS, nothing, || {
            ask(LIVE, "{ account { id } }").method("DELETE")
        }),
        case("a mutation by GET", "INVALID_INPUT", (405, 405), FIELDS, nothing, || {
            post(LIVE, "").get("query=mutation%7BcancelGeneration(id:%22a%22)%7D")
        }),
        case("a body of another type", "INVALID_INPUT", (415, 415), FIELDS, nothing, || {
            ask(LIVE, "{ account { id } }").with("content-type", "text/plain")
        }),
        case(
            "a key used for something else",
            "IDEMPOTENCY_CONFLICT",
            (200, 200),
            &["originalId"],
            |house| {
                let first = generate(LIVE, fox(), "id").with("idempotency-key", "k-1");
                super::harness::now(first.to(&house.app));
            },
            || {
                let other = json!({ "type": "VIDEO", "input": { "text": "a box" } });
                generate(LIVE, other, "id").with("idempotency-key", "k-1")
            },
        ),
        case("a generation of another account", "NOT_FOUND", (200, 200), &[], nothing, || {
            ask(STRANGER, "{ generation(id: \"gen_00000000000000000000000000\") { id } }")
        }),
        case("a path that is not there", "NOT_FOUND", (404, 404), &[], nothing, || {
            ask(LIVE, "{ account { id } }").path("/nowhere")
        }),
        case("a file that is not there", "NOT_FOUND", (404, 404), &[], nothing, || {
            post(LIVE, "").get("").path("/files/gen_1/0/x")
        }),
        case(
            "our fault",
            "INTERNAL",
            (500, 500),
            &[],
            |house| house.memory.fail_next(Operation::List, When::BeforeEffect),
            || ask(LIVE, "{ generations { nodes { id } } }"),
        ),
        case(
            "our fault before anybody is known",
            "INTERNAL",
            (500, 500),
            &[],
            |house| house.memory.fail_next(Operation::Key, When::BeforeEffect),
            || ask(LIVE, "{ account { id } }"),
        ),
    ]
}

/// What each code asks the caller to do, and whether it is worth repeating the same.
const USUAL: [(&str, &str, bool); 7] = [
    ("UNAUTHENTICATED", "CHECK_KEY", false),
    ("INSUFFICIENT_CREDITS", "ADD_CREDITS", false),
    ("RATE_LIMIT", "RETRY_LATER", true),
    ("INVALID_INPUT", "FIX_INPUT", false),
    ("IDEMPOTENCY_CONFLICT", "USE_NEW_IDEMPOTENCY_KEY", false),
    ("NOT_FOUND", "FIX_INPUT", false),
    ("INTERNAL", "CONTACT_OPERATOR", true),
];

#[test]
fn every_error_is_complete_in_both_media_types() {
    let mut codes = BTreeSet::new();
    for case in cases() {
        for (accept, status) in [("application/json", case.statuses.0), (MODERN, case.statuses.1)] {
            let house = house(1_000);
            (case.before)(&house);
            // A process that knows nobody yet.
            let app = desk(&house.memory);
            let answer = super::harness::now((case.call)().with("accept", accept).to(&app));
            let about = format!("{} as {accept}: {}", case.name, answer.body);
            assert_eq!((answer.status, answer.code()), (status, case.code), "{about}");
            let error = &answer.body["errors"][0];
            let extensions = error["extensions"].as_object().unwrap();
            let (_, action, retryable) = USUAL.iter().find(|(code, ..)| *code == case.code).unwrap();
            let expected = json!({
                "code": case.code, "action": action, "retryable": retryable, "charged": false,
                "requestId": "request-1", "docUrl": format!("https://api.doitong.test/#{}", case.code),
            });
            for (name, value) in expected.as_object().unwrap() {
                assert_eq!(extensions.get(name), Some(value), "{name} of {about}");
            }
            let known: BTreeSet<&str> = expected
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .chain(case.more.iter().copied())
                .collect();
            let found: BTreeSet<&str> = extensions.keys().map(String::as_str).collect();
            assert_eq!(found, known, "{about}");
            let media = answer.header("Content-Type").unwrap();
            assert!(media.ends_with("; charset=utf-8") && media.contains("json"), "{about}");
        }
        codes.insert(case.code);
    }
    assert_eq!(codes, USUAL.iter().map(|(code, ..)| *code).collect());
}

#[tokio::test]
async fn a_provider_that_is_off_names_others() {
    let house = house(1_000);
    let app = super::harness::desk_without_vendors(&house.memory);
    for accept in ["application/json", MODERN] {
        let input = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "a fox" } });
        let answer = generate(LIVE, input, "id").with("accept", accept).to(&app).await;
        assert_eq!((answer.status, answer.code()), (200, "PROVIDER_UNAVAILABLE"));
        let extensions = &answer.body["errors"][0]["extensions"];
        assert_eq!(
            (&extensions["action"], &extensions["retryable"], &extensions["provider"]),
            (&json!("CHANGE_PROVIDER"), &json!(true), &json!("kling"))
        );
        assert!(extensions["alternatives"].is_array() && extensions.get("retryAfter").is_some());
    }
}

#[tokio::test]
async fn a_path_tells_the_place_in_a_list() {
    let house = house(10_000);
    let mut ids = Vec::new();
    for second in 0..3 {
        ids.push(generate(LIVE, fox(), "id").at(builders::at(second)).to(&house.app).await.id());
    }
    // The oldest one and the newest one are done, with two files each.
    for id in [&ids[0], &ids[2]] {
        let mut job = house.memory.job(&jobs::JobId::parse(id).unwrap()).unwrap();
        let outputs = vec![builders::output(), builders::output()];
        for event in
            [Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }, Event::Stored(outputs)]
        {
            job = advance(&job, event, builders::at(30)).unwrap().job;
        }
        house.memory.put_job(job);
    }
    let paths = |answer: &super::harness::Answer| -> Vec<Value> {
        answer.body["errors"].as_array().unwrap().iter().map(|error| error["path"].clone()).collect()
    };
    let query = "{ generations { nodes { id link: url } edges { node { url } } } }";
    assert!(ask(LIVE, query).to(&house.app).await.body.get("errors").is_none());
    house.bucket.break_down(Bad::Fails("a test lets it fail".to_owned()));
    let answer = ask(LIVE, query).to(&house.app).await;
    let mut found = paths(&answer);
    found.sort_by_key(Value::to_string);
    assert_eq!(
        found,
        [
            json!(["generations", "edges", 0, "node", "url"]),
            json!(["generations", "edges", 2, "node", "url"]),
            json!(["generations", "nodes", 0, "link"]),
            json!(["generations", "nodes", 2, "link"]),
        ]
    );
    // What could be answered is there.
    assert_eq!(answer.body["data"]["generations"]["nodes"][1]["id"], json!(ids[1]));
    let answer = ask(
        LIVE,
        &format!(
            "{{ generation(id: \"{}\") {{ outputs {{ ...F }} }} }} fragment F on Output {{ url }}",
            ids[0]
        ),
    );
    let mut found = paths(&answer.to(&house.app).await);
    found.sort_by_key(Value::to_string);
    assert_eq!(
        found,
        [json!(["generation", "outputs", 0, "url"]), json!(["generation", "outputs", 1, "url"])]
    );
}

#[tokio::test]
async fn what_was_accepted_beside_a_refusal_is_told() {
    let limits = Limits { per_minute: 2, ..Limits::of(Tier::Pro) };
    let house = house_of(Account { limits, ..builders::account(1, 10_000) });
    let query = r#"mutation {
        a: generate(input: { type: VIDEO, input: { text: "a fox" } }) { id }
        b: imageCreate(input: { prompt: "a fox" }) { id }
        c: generate(input: { type: VIDEO, input: { text: "a fox" } }) { id }
        d: generate(input: { type: VIDEO, input: { text: "a fox" } }) { id }
    }"#;
    let call = || ask(LIVE, query).with("idempotency-key", "k-1");
    for again in [false, true] {
        let answer = call().to(&house.app).await;
        assert_eq!((answer.status, &answer.body["data"]), (200, &Value::Null), "{}", answer.body);
        let errors = answer.body["errors"].as_array().unwrap();
        let told: Vec<_> =
            errors.iter().map(|error| (&error["path"], &error["extensions"]["code"])).collect();
        // What comes after the refusal is not tried.
        assert_eq!(told, [(&json!(["c"]), &json!("RATE_LIMIT"))]);
        let stored: BTreeSet<String> =
            house.memory.all_jobs().into_iter().map(|job| job.id.as_str().to_owned()).collect();
        for error in errors {
            let accepted = error["extensions"]["accepted"].as_array().unwrap();
            let paths: Vec<&Value> = accepted.iter().map(|each| &each["path"]).collect();
            assert_eq!(paths, [&json!(["a"]), &json!(["b"])]);
            let ids: BTreeSet<String> =
                accepted.iter().map(|each| each["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(ids, stored);
        }
        // The same request again, with its key, makes nothing anew and tells the same.
        assert_eq!(answer.header("Idempotent-Replayed"), again.then_some("true"));
    }
    assert_eq!(house.memory.all_jobs().len(), 2);
}

#[tokio::test]
async fn a_generation_whose_answer_breaks_is_told_too() {
    let house = house(10_000);
    let made = generate(LIVE, fox(), "id").with("idempotency-key", "k-1").to(&house.app).await.id();
    let mut job = house.memory.all_jobs().remove(0);
    for event in [
        Event::Submitting,
        Event::Accepted { ticket: Ticket("t".to_owned()) },
        Event::Stored(vec![builders::output()]),
    ] {
        job = advance(&job, event, builders::at(30)).unwrap().job;
    }
    house.memory.put_job(job);
    house.bucket.break_down(Bad::Fails("a test lets it fail".to_owned()));
    let answer =
        generate(LIVE, fox(), "id outputs { url }").with("idempotency-key", "k-1").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (200, "INTERNAL"));
    let accepted = &answer.body["errors"][0]["extensions"]["accepted"];
    assert_eq!(accepted, &json!([{ "path": ["generate"], "id": made }]));
}
