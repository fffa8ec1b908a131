//! Requests that are held until their generation has ended.

use super::harness::{LIVE, fox, generate, house, post};
use jobs::{Event, Ticket, advance};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Memory, Operation, When, builders};

fn patient(seconds: i64) -> Value {
    let mut input = fox();
    input["wait"] = json!(seconds);
    input
}

/// Lets the first job that comes end once it has been looked at.
async fn vendor(memory: &Memory, last: Event) {
    loop {
        tokio::task::yield_now().await;
        if memory.calls(Operation::Peek) > 0
            && let Some(mut job) = memory.all_jobs().into_iter().next()
        {
            for event in [Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }, last] {
                job = advance(&job, event, builders::at(6)).unwrap().job;
            }
            return memory.put_job(job);
        }
    }
}

#[tokio::test]
async fn the_answer_comes_when_the_generation_has_ended() {
    let house = house(10_000);
    let call = generate(LIVE, patient(25), "status url urlExpiresAt").to(&house.app);
    let (answer, ()) =
        futures_util::future::join(call, vendor(&house.memory, Event::Stored(vec![builders::output()])))
            .await;
    let made = answer.data("generate");
    assert_eq!(made["status"], json!("COMPLETED"));
    assert!(made["url"].is_string());
    // Of the answer, not of the request.
    assert!(made["urlExpiresAt"].as_str().unwrap() > builders::at(3_605).to_string().as_str());
    assert_eq!((house.memory.calls(Operation::Peek), house.memory.calls(Operation::Accept)), (2, 1));
}

#[tokio::test]
async fn flat_inputs_wait_too() {
    let house = house(10_000);
    let query = "mutation { imageCreate(input: { prompt: \"a fox\", wait: 20 }) { status imageUrl } }";
    let call = post(LIVE, json!({ "query": query }).to_string()).to(&house.app);
    let (answer, ()) =
        futures_util::future::join(call, vendor(&house.memory, Event::Stored(vec![builders::output()])))
            .await;
    assert_eq!(answer.data("imageCreate")["status"], json!("COMPLETED"));
}

#[tokio::test]
async fn when_the_time_is_over_the_answer_is_how_it_stands() {
    // What the caller asked for, or what the process has left: whichever is less.
    for (seconds, left) in [(1, 29_000), (25, 2_700), (25, 500)] {
        let house = house(10_000);
        let call = generate(LIVE, patient(seconds), "status").time_left(Duration::from_millis(left));
        let answer = call.to(&house.app).await;
        assert_eq!(answer.data("generate")["status"], json!("QUEUED"));
        assert_eq!(house.memory.calls(Operation::Peek) > 0, left > 2_000);
    }
}

#[tokio::test]
async fn without_waiting_nothing_is_read() {
    let house = house(10_000);
    for input in [fox(), patient(0)] {
        generate(LIVE, input, "id").to(&house.app).await.id();
    }
    assert_eq!((house.memory.calls(Operation::Peek), house.memory.calls(Operation::Load)), (0, 0));
}

#[tokio::test]
async fn a_look_that_fails_ends_the_waiting_and_nothing_else() {
    let house = house(10_000);
    house.memory.fail_next(Operation::Peek, When::BeforeEffect);
    let answer = generate(LIVE, patient(25), "status").to(&house.app).await;
    assert_eq!(answer.data("generate")["status"], json!("QUEUED"));
}

#[tokio::test]
async fn how_long_is_no_part_of_the_order_and_has_its_bounds() {
    let house = house(10_000);
    let first = generate(LIVE, fox(), "id").with("idempotency-key", "k-1").to(&house.app).await;
    let call = generate(LIVE, patient(1), "id").with("idempotency-key", "k-1");
    let again = call.time_left(Duration::ZERO).to(&house.app).await;
    assert_eq!((again.id(), again.header("Idempotent-Replayed")), (first.id(), Some("true")));
    for seconds in [-1, 26, i64::from(i32::MAX)] {
        let answer = generate(LIVE, patient(seconds), "id").to(&house.app).await;
        assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec!["wait".to_owned()]));
    }
}
