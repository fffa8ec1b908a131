//! Removing generations.

use super::harness::{Answer, House, LIVE, STRANGER, ask, fox, generate, house};
use jobs::{Event, Job, Ticket, advance};
use serde_json::json;
use testkit::{Operation, When, builders};

async fn delete(house: &House, key: u8, id: &str) -> Answer {
    ask(key, &format!("mutation {{ deleteGeneration(id: \"{id}\") }}")).to(&house.app).await
}

/// Lets the only job complete.
fn complete(house: &House) -> Job {
    let mut job = house.memory.all_jobs().remove(0);
    for event in [
        Event::Submitting,
        Event::Accepted { ticket: Ticket("t".to_owned()) },
        Event::Stored(vec![builders::output()]),
    ] {
        job = advance(&job, event, builders::at(30)).unwrap().job;
    }
    house.memory.put_job(job.clone());
    job
}

#[tokio::test]
async fn a_removed_generation_is_gone_and_its_money_and_key_are_not() {
    let house = house(1_000);
    let input = json!({
        "type": "VIDEO", "input": { "text": "a secret fox" }, "options": { "style": "secret" }, "reference": "secret",
        "webhookUrl": "https://example.com/secret"
    });
    let call = || generate(LIVE, input.clone(), "id").with("idempotency-key", "k-1");
    let made = call().to(&house.app).await;
    complete(&house);
    let before = house.memory.all_accounts();
    house.memory.take_letters();
    for _ in 0..2 {
        assert_eq!(delete(&house, LIVE, &made.id()).await.data("deleteGeneration"), &json!(true));
    }
    assert_eq!(house.bucket.removed(), ["outputs/clip.mp4"]);
    let job = house.memory.all_jobs().remove(0);
    assert!(!format!("{job:?}").contains("secret"), "{job:?}");
    assert_eq!((job.charged, job.due), (job.plan.cost, None));
    assert_eq!(house.memory.all_accounts(), before);
    assert_eq!(house.memory.letters(), []);
    // Nobody finds it any more, in no way.
    let id = made.id();
    let read = ask(LIVE, &format!("{{ generation(id: \"{id}\") {{ id }} }}")).to(&house.app).await;
    assert_eq!(read.code(), "NOT_FOUND");
    let stop = ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{id}\") }}")).to(&house.app).await;
    assert_eq!(stop.code(), "NOT_FOUND");
    let list = ask(LIVE, "{ generations { nodes { id } pageInfo { hasNextPage } } }").to(&house.app).await;
    assert_eq!(list.data("generations"), &json!({ "nodes": [], "pageInfo": { "hasNextPage": false } }));
    let token = signing::token(b"a key for links", &["file", &id, "0"]);
    let file = ask(LIVE, "").get("").path(&format!("/files/{id}/0/{token}")).to(&house.app).await;
    assert_eq!(file.status, 404);
    // A late repeat of its request makes nothing anew; without the key, or with another, it is an order of its own.
    let late = call().to(&house.app).await;
    assert_eq!(late.code(), "IDEMPOTENCY_CONFLICT");
    let extensions = &late.body["errors"][0]["extensions"];
    assert_eq!(
        (&extensions["originalId"], &extensions["action"]),
        (&json!(id), &json!("USE_NEW_IDEMPOTENCY_KEY"))
    );
    assert_eq!(house.memory.all_jobs().len(), 1);
    let anew = generate(LIVE, input, "id").with("idempotency-key", "k-2").to(&house.app).await;
    assert_ne!(anew.id(), id);
}

#[tokio::test]
async fn what_still_runs_is_not_removed() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let before = house.memory.all_jobs();
    let answer = delete(&house, LIVE, &made.id()).await;
    assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec!["id".to_owned()]));
    assert!(answer.body["errors"][0]["message"].as_str().unwrap().contains("cancel it first"));
    assert_eq!(house.memory.all_jobs(), before);
    ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{}\") }}", made.id())).to(&house.app).await;
    assert_eq!(delete(&house, LIVE, &made.id()).await.data("deleteGeneration"), &json!(true));
}

#[tokio::test]
async fn nobody_elses_and_nothing_unknown_is_removed() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let before = complete(&house);
    for (key, id) in
        [(STRANGER, made.id().as_str()), (LIVE, "gen_00000000000000000000000000"), (LIVE, "nonsense")]
    {
        assert_eq!(delete(&house, key, id).await.code(), "NOT_FOUND", "{id}");
    }
    assert_eq!(house.memory.all_jobs(), [before]);
    assert_eq!(house.bucket.removed(), Vec::<String>::new());
}

#[tokio::test]
async fn a_removal_that_broke_off_is_finished_by_the_next() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    complete(&house);
    house.bucket.set_stuck(true);
    assert_eq!(delete(&house, LIVE, &made.id()).await.code(), "INTERNAL");
    assert_eq!(house.memory.all_jobs()[0].deleted, None);
    house.bucket.set_stuck(false);
    house.memory.fail_next(Operation::Save, When::BeforeEffect);
    assert_eq!(delete(&house, LIVE, &made.id()).await.code(), "INTERNAL");
    assert_eq!(house.memory.all_jobs()[0].deleted, None);
    assert_eq!(delete(&house, LIVE, &made.id()).await.data("deleteGeneration"), &json!(true));
    assert!(house.memory.all_jobs()[0].deleted.is_some());
}
