//! What an account may do, and what the headers tell of it.

use super::harness::{LIVE, TEST, ask, fox, generate, house, house_of, post};
use jobs::{Account, Limits, State, Tier, Windows, ports::Address};
use serde_json::json;
use std::time::Duration;
use testkit::{Operation, When, builders};

fn free(credits: u64) -> Account {
    Account { tier: Tier::Free, limits: Limits::of(Tier::Free), ..builders::account(1, credits) }
}

#[tokio::test]
async fn an_order_costs_one_transaction_and_one_letter() {
    let house = house(1_000);
    let first = generate(LIVE, fox(), "id").to(&house.app).await;
    let count = |operation| house.memory.calls(operation);
    // The first request of a process reads key and account once.
    assert_eq!((count(Operation::Key), count(Operation::Account)), (1, 1));
    assert_eq!((count(Operation::Accept), count(Operation::Send), count(Operation::Load)), (1, 1, 0));
    let query = format!("{{ generation(id: \"{}\") {{ status }} }}", first.id());
    ask(LIVE, &query).to(&house.app).await;
    assert_eq!((count(Operation::Peek), count(Operation::Key), count(Operation::Account)), (1, 1, 1));
    // What a read takes of its bucket is noted in this process alone.
    assert_eq!((count(Operation::Accept), count(Operation::Save), count(Operation::Send)), (1, 0, 1));
    let letters = house.memory.letters();
    assert_eq!((letters[0].letter.job.as_str(), letters[0].letter.version), (first.id().as_str(), 1));
}

#[tokio::test]
async fn the_headers_count_down() {
    let house = house_of(free(10_000));
    let made = generate(LIVE, fox(), "id").at(builders::at(18)).to(&house.app).await;
    let headers = |answer: &super::harness::Answer| {
        ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
            .map(|name| answer.header(name).unwrap_or("none").to_owned())
    };
    assert_eq!(headers(&made), ["10", "9", "42"]);
    assert_eq!(
        made.header("RateLimit-Policy"),
        Some("\"minute\";q=10;w=60, \"day\";q=100;w=86400, \"reads\";q=100;w=60")
    );
    assert_eq!(
        made.header("RateLimit"),
        Some("\"minute\";r=9;t=42, \"day\";r=99;t=86382, \"reads\";r=100;t=42")
    );
    let read = ask(LIVE, "{ __typename }").at(builders::at(20)).to(&house.app).await;
    assert_eq!(headers(&read), ["100", "99", "40"]);
    let later = generate(LIVE, fox(), "id").at(builders::at(60)).to(&house.app).await;
    assert_eq!(headers(&later), ["10", "9", "60"]);
    let refused = ask(LIVE, "{").at(builders::at(61)).to(&house.app).await;
    assert_eq!(headers(&refused), ["10", "9", "59"]);
}

#[tokio::test]
async fn every_answer_to_a_good_key_tells_what_is_left() {
    let house = house_of(free(100));
    let query = || ask(LIVE, "{ account { id } }");
    let dear = json!({ "type": "VIDEO", "provider": "kling", "input": { "text": "a fox" }, "options": { "mode": "pro", "duration": 10 } });
    // Ours alone to mend: the store is in trouble.
    house.memory.fail_next(Operation::Accept, When::BeforeEffect);
    for (name, call, status) in [
        ("our fault", generate(LIVE, fox(), "id"), 500),
        ("accepted", generate(LIVE, fox(), "id"), 200),
        ("a rehearsal", generate(TEST, fox(), "id"), 200),
        ("too dear", generate(LIVE, dear.clone(), "id"), 200),
        (
            "too dear by a limit of its own",
            generate(
                LIVE,
                {
                    let mut dear = dear;
                    dear["maxCredits"] = json!(1);
                    dear
                },
                "id",
            ),
            200,
        ),
        ("read", query(), 200),
        ("not found", ask(LIVE, "{ generation(id: \"nonsense\") { id } }"), 200),
        ("not GraphQL", ask(LIVE, "{"), 200),
        (
            "not GraphQL, told the new way",
            ask(LIVE, "{").with("accept", "application/graphql-response+json"),
            400,
        ),
        ("not JSON", post(LIVE, "{"), 400),
        ("another method", query().method("PUT"), 405),
        ("a mutation by GET", post(LIVE, "").get("query=mutation%7BrotateWebhookSecret%7Bsecret%7D%7D"), 405),
        ("nothing that we speak", query().with("accept", "text/html"), 406),
        ("too large", post(LIVE, " ".repeat(256 * 1024 + 1)), 413),
        ("a form", query().with("content-type", "text/plain"), 415),
    ] {
        let answer = call.to(&house.app).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        for header in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
            let figure = answer.header(header).and_then(|text| text.parse::<u32>().ok());
            assert!(figure.is_some(), "{name}: {header}");
        }
        assert!(answer.header("RateLimit").is_some_and(|text| text.starts_with("\"minute\";r=")), "{name}");
        assert!(
            answer.header("RateLimit-Policy").is_some_and(|text| text.contains("\"reads\";q=100;w=60")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_eleventh_in_a_minute_is_too_many() {
    let house = house_of(free(10_000));
    for _ in 0..10 {
        assert_eq!(generate(LIVE, fox(), "id").to(&house.app).await.status, 200);
    }
    let answer = generate(LIVE, fox(), "id").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (429, "RATE_LIMIT"));
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(
        (&extensions["scope"], &extensions["limit"], &extensions["retryAfter"]),
        (&json!("minute"), &json!(10), &json!(55))
    );
    assert_eq!((answer.header("Retry-After"), answer.header("X-RateLimit-Reset")), (Some("55"), Some("55")));
    assert_eq!(answer.header("X-RateLimit-Remaining"), Some("0"));
    assert_eq!(answer.body["data"], json!(null));
    assert_eq!(house.memory.all_jobs().len(), 10);
    // Nothing of it is counted, and the next minute is a new one.
    assert_eq!(house.memory.account_of(&builders::account_id(1)).unwrap().waiting, 9);
    assert_eq!(generate(LIVE, fox(), "id").at(builders::at(60)).to(&house.app).await.status, 200);
}

#[tokio::test]
async fn aliases_do_not_multiply_a_quota() {
    let house = house_of(Account {
        limits: Limits { per_minute: 2, ..Limits::of(Tier::Pro) },
        ..builders::account(1, 10_000)
    });
    let one = |alias: &str| {
        format!("{alias}: generate(input: {{ type: VIDEO, input: {{ text: \"a fox\" }} }}) {{ id }} ")
    };
    let query = format!("mutation {{ {}{}{} }}", one("a"), one("b"), one("c"));
    let answer = ask(LIVE, &query).to(&house.app).await;
    // Two were made, so the status does not ask for the whole again.
    assert_eq!((answer.status, answer.code()), (200, "RATE_LIMIT"));
    assert_eq!(house.memory.all_jobs().len(), 2);
    let refused = ask(LIVE, &query).to(&house.app).await;
    assert_eq!((refused.status, refused.body["errors"].as_array().unwrap().len()), (429, 1));
}

#[tokio::test]
async fn the_day_has_a_limit_too() {
    let day = Windows::at(builders::at(5)).day;
    let house = house_of(Account { days: vec![(day, 100)], ..free(10_000) });
    let answer = generate(LIVE, fox(), "id").to(&house.app).await;
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(
        (answer.status, &extensions["scope"], &extensions["retryAfter"]),
        (429, &json!("day"), &json!(86_395))
    );
    assert_eq!(answer.header("X-RateLimit-Limit"), Some("100"));
}

#[tokio::test]
async fn beyond_its_places_an_account_waits_and_then_is_refused() {
    let account = Account {
        limits: Limits { concurrent: 1, ..Limits::of(Tier::Pro) },
        ..builders::account(1, 100_000)
    };
    let house = house_of(account);
    let mut last = String::new();
    for number in 0..11 {
        let call = generate(LIVE, fox(), "id phase status queuePosition")
            .at(builders::at(5).plus(Duration::from_millis(number)));
        let answer = call.to(&house.app).await;
        let made = answer.data("generate");
        let expected = if number == 0 { json!("QUEUED") } else { json!("HELD") };
        assert_eq!((&made["phase"], &made["status"]), (&expected, &json!("QUEUED")));
        let place = if number == 0 { json!(null) } else { json!(number) };
        assert_eq!(made["queuePosition"], place);
        last = answer.id();
    }
    assert_eq!(house.memory.letters().len(), 1, "held jobs get no letter");
    let accepts = house.memory.calls(Operation::Accept);
    assert_eq!(accepts, 12, "the first held one is tried twice, the others are known to be held");
    let answer = generate(LIVE, fox(), "id").to(&house.app).await;
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(
        (answer.status, answer.code(), &extensions["scope"]),
        (429, "RATE_LIMIT", &json!("concurrent"))
    );
    assert_eq!(extensions["limit"], json!(10));
    assert_eq!(
        answer.header("Retry-After").map(str::to_owned),
        extensions["retryAfter"].as_u64().map(|s| s.to_string())
    );
    // Stopping is never refused, and gives its place to the next.
    let cancel = |id: &str| ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{id}\") }}"));
    assert_eq!(cancel(&last).to(&house.app).await.data("cancelGeneration"), &json!(true));
    let running =
        house.memory.all_jobs().into_iter().find(|job| matches!(job.state, State::Queued { .. })).unwrap();
    assert_eq!(cancel(running.id.as_str()).to(&house.app).await.data("cancelGeneration"), &json!(true));
    let account = house.memory.account_of(&builders::account_id(1)).unwrap();
    assert_eq!((account.running, account.waiting), (1, 8));
    assert_eq!(house.memory.letters().len(), 2, "the next in line got its letter");
    assert!(account.balance.adds_up());
}

#[tokio::test]
async fn a_place_that_became_free_meanwhile_is_taken() {
    let account = Account {
        limits: Limits { concurrent: 1, ..Limits::of(Tier::Pro) },
        ..builders::account(1, 100_000)
    };
    let house = house_of(account);
    generate(LIVE, fox(), "id").to(&house.app).await;
    generate(LIVE, fox(), "phase").to(&house.app).await;
    let mut account = house.memory.account_of(&builders::account_id(1)).unwrap();
    (account.running, account.waiting) = (0, 0);
    house.memory.put_account(account);
    // This process still believes that all places are taken.
    let answer = generate(LIVE, fox(), "phase").to(&house.app).await;
    assert_eq!(answer.data("generate")["phase"], json!("QUEUED"));
}

#[tokio::test]
async fn too_few_credits_are_told_with_both_figures() {
    let house = house(1);
    let answer = generate(LIVE, fox(), "id").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (200, "INSUFFICIENT_CREDITS"));
    let extensions = &answer.body["errors"][0]["extensions"];
    assert_eq!(extensions["balance"], json!(1));
    assert!(extensions["required"].as_u64() > Some(1));
    // A test key spends nothing, so it needs nothing.
    let rehearsal = generate(TEST, fox(), "id isTest").to(&house.app).await;
    assert_eq!(rehearsal.data("generate")["isTest"], json!(true));
    assert_eq!(house.memory.letters()[0].to, Address::Vendor("simulator".to_owned()));
    assert_eq!(house.memory.account_of(&builders::account_id(1)).unwrap().balance.available.0, 1);
}

#[tokio::test]
async fn reads_have_a_bucket_of_their_own_and_cancel_has_none() {
    let house = house_of(free(10_000));
    for _ in 0..100 {
        assert_eq!(ask(LIVE, "{ __typename }").to(&house.app).await.status, 200);
    }
    let answer = ask(LIVE, "{ __typename }").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (429, "RATE_LIMIT"));
    assert_eq!(answer.body["errors"][0]["extensions"]["scope"], json!("reads"));
    assert_eq!((answer.header("Retry-After"), answer.header("X-RateLimit-Limit")), (Some("55"), Some("100")));
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let cancel = ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{}\") }}", made.id()));
    assert_eq!(cancel.to(&house.app).await.status, 200);
    assert_eq!(ask(LIVE, "{ __typename }").at(builders::at(60)).to(&house.app).await.status, 200);
}
