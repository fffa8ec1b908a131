//! The same request again, in all its ways.

use super::harness::{LIVE, STRANGER, ask, desk, fox, generate, house, post};
use futures_util::future::join_all;
use serde_json::json;
use testkit::{Operation, When, builders};

#[tokio::test]
async fn the_same_request_is_made_and_charged_once() {
    let house = house(1_000);
    let first =
        generate(LIVE, fox(), "id status creditCost").with("idempotency-key", "k-1").to(&house.app).await;
    assert_eq!(first.header("Idempotent-Replayed"), None);
    let before = house.memory.account_of(&builders::account_id(1));
    // Another process, another selection, an hour later.
    let other = desk(&house.memory);
    let again = generate(LIVE, fox(), "id phase").with("idempotency-key", "\"k-1\"").at(builders::at(3_600));
    let again = again.to(&other).await;
    assert_eq!(again.header("Idempotent-Replayed"), Some("true"));
    assert_eq!(again.id(), first.id());
    assert_eq!(again.data("generate")["phase"], json!("QUEUED"));
    assert_eq!(house.memory.account_of(&builders::account_id(1)), before);
    assert_eq!((house.memory.all_jobs().len(), house.memory.letters().len()), (1, 1));
}

#[tokio::test]
async fn equal_orders_are_equal_however_they_are_written() {
    let house = house(1_000);
    let by_variable = json!({
        "type": "VIDEO", "input": { "text": "a fox" }, "options": { "duration": 10, "model": "kling-v3" }, "provider": null
    });
    let first = generate(LIVE, by_variable, "id").with("idempotency-key", "k-1").to(&house.app).await;
    let in_document = r#"mutation { generate(input: { options: { duration: 10.0 }, model: "kling-v3", input: { text: "a fox" }, type: VIDEO }) { id } }"#;
    let second = ask(LIVE, in_document).with("idempotency-key", "k-1").to(&house.app).await;
    assert_eq!((second.id(), second.header("Idempotent-Replayed")), (first.id(), Some("true")));
}

#[tokio::test]
async fn the_same_key_for_something_else_is_a_conflict() {
    let house = house(1_000);
    let first = generate(LIVE, fox(), "id").with("idempotency-key", "k-1").to(&house.app).await;
    let other = json!({ "type": "VIDEO", "input": { "text": "a box" } });
    let answer = generate(LIVE, other, "id").with("idempotency-key", "k-1").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (200, "IDEMPOTENCY_CONFLICT"));
    assert_eq!(answer.body["errors"][0]["extensions"]["originalId"], json!(first.id()));
    // Another account's key is another key.
    let strangers = generate(STRANGER, fox(), "id").with("idempotency-key", "k-1").to(&house.app).await;
    assert_ne!(strangers.id(), first.id());
    assert_eq!(house.memory.all_jobs().len(), 2);
}

#[tokio::test]
async fn refusals_are_not_remembered() {
    let house = house(1);
    let call = || generate(LIVE, fox(), "id").with("idempotency-key", "k-1");
    assert_eq!(call().to(&house.app).await.code(), "INSUFFICIENT_CREDITS");
    let mut account = house.memory.account_of(&builders::account_id(1)).unwrap();
    account.balance = builders::account(1, 1_000).balance;
    house.memory.put_account(account);
    assert_eq!(call().to(&house.app).await.header("Idempotent-Replayed"), None);
    assert_eq!(house.memory.all_jobs().len(), 1);
}

#[tokio::test]
async fn a_hundred_at_once_are_one() {
    let house = house(10_000);
    let processes: Vec<_> = (0..4).map(|_| desk(&house.memory)).collect();
    let calls = (0..100).map(|number| {
        generate(LIVE, fox(), "id creditCost").with("idempotency-key", "k-1").to(&processes[number % 4])
    });
    let answers = join_all(calls).await;
    let first = answers[0].id();
    assert!(answers.iter().all(|answer| answer.id() == first));
    let replayed = answers.iter().filter(|answer| answer.header("Idempotent-Replayed").is_some()).count();
    assert_eq!(replayed, 99);
    let account = house.memory.account_of(&builders::account_id(1)).unwrap();
    let cost = answers[0].data("generate")["creditCost"].as_u64().unwrap();
    assert_eq!((account.balance.reserved.0, account.running), (cost, 1));
    assert!(account.balance.adds_up());
    assert_eq!(house.memory.letters().len(), 1);
}

#[tokio::test]
async fn several_orders_under_one_key_are_told_apart_by_their_place() {
    let house = house(10_000);
    let query = r#"mutation {
        a: generate(input: { type: VIDEO, input: { text: "a fox" } }) { id }
        b: generate(input: { type: VIDEO, input: { text: "a fox" } }) { id }
    }"#;
    let call = || ask(LIVE, query).with("idempotency-key", "k-1");
    let first = call().to(&house.app).await;
    assert_ne!(first.data("a")["id"], first.data("b")["id"]);
    let again = call().to(&house.app).await;
    assert_eq!(again.body, first.body);
    assert_eq!(house.memory.all_jobs().len(), 2);
    assert_eq!(house.memory.account_of(&builders::account_id(1)).unwrap().running, 2);
}

#[tokio::test]
async fn without_a_key_each_request_is_its_own() {
    let house = house(10_000);
    let first = generate(LIVE, fox(), "id").to(&house.app).await;
    let second = generate(LIVE, fox(), "id").to(&house.app).await;
    assert_ne!(first.id(), second.id());
}

#[tokio::test]
async fn an_accepted_order_stands_whatever_breaks_after_it() {
    let house = house(10_000);
    house.memory.fail_next(Operation::Send, When::BeforeEffect);
    assert_eq!(generate(LIVE, fox(), "id").to(&house.app).await.status, 200);
    assert_eq!((house.memory.all_jobs().len(), house.memory.letters().len()), (1, 0));
    // The write went through, its answer was lost.
    house.memory.fail_next(Operation::Accept, When::AfterEffect);
    assert_eq!(generate(LIVE, fox(), "id").to(&house.app).await.status, 200);
    assert_eq!((house.memory.all_jobs().len(), house.memory.letters().len()), (2, 1));
    // Nothing was written: our fault, and the key may be used again.
    house.memory.fail_next(Operation::Accept, When::BeforeEffect);
    let call = || generate(LIVE, fox(), "id").with("idempotency-key", "k-1");
    assert_eq!(call().to(&house.app).await.code(), "INTERNAL");
    assert_eq!(call().to(&house.app).await.header("Idempotent-Replayed"), None);
    assert_eq!(house.memory.all_jobs().len(), 3);
}

#[tokio::test]
async fn a_replay_is_answered_even_if_the_order_would_be_refused_today() {
    let house = house(10_000);
    let first = generate(LIVE, fox(), "id").with("idempotency-key", "k-1").to(&house.app).await;
    let mut job = house.memory.all_jobs().remove(0);
    // As if the catalogue had forgotten the provider since.
    job.order.provider = Some("forgotten".to_owned());
    job.fingerprint = job.order.fingerprint();
    house.memory.put_job(job);
    let input = json!({ "type": "VIDEO", "provider": "forgotten", "input": { "text": "a fox" } });
    let again = generate(LIVE, input.clone(), "id").with("idempotency-key", "k-1").to(&house.app).await;
    assert_eq!((again.id(), again.header("Idempotent-Replayed")), (first.id(), Some("true")));
    let other_key = generate(LIVE, input, "id").with("idempotency-key", "k-2").to(&house.app).await;
    assert_eq!(other_key.code(), "INVALID_INPUT");
}

#[tokio::test]
async fn batches_are_not_accepted() {
    let house = house(10_000);
    let answer = post(LIVE, json!([{ "query": "{ __typename }" }]).to_string()).to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (400, "INVALID_INPUT"));
}
