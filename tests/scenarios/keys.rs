//! Keys that may do less than everything, end by themselves, or are shut.

use crate::stories;
use scenarios::{Answer, World};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

stories![a_key_does_what_it_was_issued_for, a_key_ends_when_it_was_said_to];

async fn issue(world: &World, account: &str, more: Value) -> String {
    let mut order = json!({ "action": "issueKey", "account": account, "mode": "test" });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.admin(order).await["key"].as_str().unwrap().to_owned()
}

async fn read(world: &World, key: &str) -> Answer {
    world.ask(key, "{ account { id mode } }", Value::Null).await
}

async fn make(world: &World, key: &str) -> Answer {
    world.order(key, None, json!({ "type": "IMAGE", "input": { "text": "a locked door" } })).await
}

fn shut(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "UNAUTHENTICATED"), "{answer:?}");
}

async fn a_key_does_what_it_was_issued_for(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let reader = issue(&world, &customer.account, json!({ "scopes": ["READ"] })).await;
    assert_eq!(read(&world, &reader).await.body["data"]["account"]["id"], customer.account.as_str());
    shut(&make(&world, &reader).await);
    let maker = issue(&world, &customer.account, json!({ "scopes": ["GENERATE"] })).await;
    shut(&read(&world, &maker).await);
    let made = make(&world, &maker).await;
    let id = made.generation()["id"].as_str().unwrap_or_else(|| panic!("{made:?}")).to_owned();
    assert_eq!(world.jobs_of(&customer.account).await, [id]);
}

async fn a_key_ends_when_it_was_said_to(world: Arc<World>) {
    let customer = world.customer("PRO", 0).await;
    let brief = issue(&world, &customer.account, json!({ "expiresInSeconds": 20 })).await;
    assert_eq!(read(&world, &brief).await.status, 200);
    // A process that knows the key shuts the door all the same.
    for _ in 0..120 {
        let answer = read(&world, &brief).await;
        if answer.status != 200 {
            shut(&answer);
            shut(&make(&world, &brief).await);
            let unknown = read(&world, &format!("dt_test_{}", "x".repeat(32))).await;
            let message = |answer: &Answer| answer.body["errors"][0]["message"].clone();
            assert_eq!(message(&answer), message(&unknown), "nobody learns that it was a key once");
            return;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("the key did not end");
}
