//! What vendors say by themselves.

use super::harness::{LIVE, fox, generate, house, post};
use jobs::{Event, Job, Ticket, advance, ports::Address};
use testkit::Memory;

/// A job that its vendor has, and where the vendor may say so.
async fn running(memory: &Memory, id: &str) -> (Job, String) {
    let job = memory.all_jobs().into_iter().find(|job| job.id.as_str() == id).unwrap();
    let mut job = job;
    for event in [Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }] {
        job = advance(&job, event, job.created).unwrap().job;
    }
    memory.put_job(job.clone());
    let key = memory.account_of(&job.account).unwrap().link_key;
    let token = signing::token(key.reveal().as_bytes(), &["callback", &job.plan.vendor, job.id.as_str()]);
    let path = format!("/callbacks/{}/{}/{token}", job.plan.vendor, job.id);
    (job, path)
}

#[tokio::test]
async fn a_callback_hastens_the_next_question_and_nothing_else() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let (job, path) = running(&house.memory, &made.id()).await;
    house.memory.take_letters();
    let call = || {
        post(LIVE, r#"{"status":"done"}"#)
            .path(&path)
            .with("x-signature", "0815")
            .with("x-forwarded-for", "192.0.2.1")
    };
    let answer = call().to(&house.app).await;
    assert_eq!((answer.status, &answer.body), (200, &serde_json::json!({})));
    let sent = house.memory.take_letters();
    let [sent] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((&sent.to, &sent.letter.job), (&Address::Vendor(job.plan.vendor.clone()), &job.id));
    let called = sent.letter.callback.clone().unwrap();
    assert!(path.ends_with(called.token.reveal()), "the poller need not make it again");
    let callback = called.callback;
    assert_eq!(callback.body, br#"{"status":"done"}"#);
    let names: Vec<&str> = callback.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"x-signature"), "{names:?}");
    assert!(!names.contains(&"authorization") && !names.contains(&"x-forwarded-for"), "{names:?}");
    assert_eq!(house.memory.job(&job.id), Some(job.clone()), "nothing was written");

    // Once it has ended there is nothing to hasten, and the vendor is thanked all the same.
    house.memory.put_job(advance(&job, Event::DeadlinePassed, job.created).unwrap().job);
    assert_eq!(call().to(&house.app).await.status, 200);
    assert_eq!(house.memory.take_letters(), []);
}

#[tokio::test]
async fn an_address_that_is_not_ours_is_none() {
    let house = house(1_000);
    let made = generate(LIVE, fox(), "id").to(&house.app).await;
    let (job, path) = running(&house.memory, &made.id()).await;
    house.memory.take_letters();
    let other = if path.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{other}", &path[..path.len() - 1]);
    let elsewhere = path.replacen(&job.plan.vendor, "another", 1);
    for path in [forged.as_str(), &elsewhere, "/callbacks/kling/x/y", "/callbacks/kling", "/callbacks"] {
        let answer = post(LIVE, "{}").path(path).to(&house.app).await;
        assert_eq!((answer.status, answer.code()), (404, "NOT_FOUND"), "{path}");
    }
    let read = post(LIVE, "").get("").path(&path).to(&house.app).await;
    assert_eq!((read.status, read.header("Allow")), (405, Some("POST, OPTIONS")));
    let large = post(LIVE, "x".repeat(65_537)).path(&path).to(&house.app).await;
    assert_eq!(large.status, 413);
    assert_eq!(house.memory.take_letters(), []);
}
