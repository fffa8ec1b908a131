//! Whatever is due and has no letter gets one, once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{
    Event, Time, Webhook, advance,
    ports::{Address, DUE_SHARDS},
};
use reconciler::{Swept, sweep};
use std::time::Duration;
use testkit::{Memory, Operation, When, builders};

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

async fn swept(memory: &Memory, now: Time) -> Swept {
    sweep(memory, memory, memory, now).await.unwrap()
}

#[tokio::test]
async fn a_job_whose_letter_was_lost_gets_a_new_one_and_then_peace() {
    let memory = Memory::new();
    let account = builders::account(1, 100);
    memory.put_account(account.clone());
    let begun = builders::at(0);
    memory.put_job(builders::job(1, &account.id, 5, begun));
    assert_eq!(swept(&memory, begun.plus(minutes(1))).await, Swept { due: 0, nudged: 0 });
    assert_eq!(swept(&memory, begun.plus(minutes(3))).await, Swept { due: 1, nudged: 1 });
    let letters = memory.take_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].letter.version, 1, "a letter that waits in a long queue stays good");
    assert_eq!(swept(&memory, begun.plus(minutes(4))).await, Swept { due: 0, nudged: 0 });
}

#[tokio::test]
async fn a_running_job_gets_a_new_chain_and_the_old_one_ends() {
    let memory = Memory::new();
    let account = builders::account(1, 100);
    memory.put_account(account.clone());
    let begun = builders::at(0);
    let mut job = builders::job(1, &account.id, 5, begun);
    for event in [Event::Submitting, Event::Accepted { ticket: jobs::Ticket("t".into()) }] {
        job = advance(&job, event, begun).unwrap().job;
    }
    memory.put_job(job.clone());
    swept(&memory, begun.plus(minutes(60))).await;
    let letters = memory.take_letters();
    assert!(letters[0].letter.version > job.version);
    assert!(matches!(&letters[0].to, Address::Vendor(vendor) if *vendor == job.plan.vendor));
}

#[tokio::test]
async fn undelivered_news_goes_back_to_the_postman_and_delivered_news_does_not() {
    let memory = Memory::new();
    let account = builders::account(1, 100);
    memory.put_account(account.clone());
    let begun = builders::at(0);
    let mut job = builders::job(1, &account.id, 5, begun);
    job.order.webhook_url = Some("https://example.com/hook".into());
    job = advance(&job, Event::CancelAsked, begun).unwrap().job;
    memory.put_job(job.clone());
    swept(&memory, begun.plus(minutes(10))).await;
    assert_eq!(memory.take_letters()[0].to, Address::Webhook);
    let job = memory.job(&job.id).unwrap();
    let settled = Webhook::Delivered { at: begun, tries: 1 };
    memory.put_job(advance(&job, Event::WebhookTried(settled), begun).unwrap().job);
    assert_eq!(swept(&memory, begun.plus(minutes(9_999))).await.due, 0);
}

#[tokio::test]
async fn a_forgotten_held_job_is_woken_when_a_place_is_free() {
    let memory = Memory::new();
    let mut account = builders::account(1, 100);
    account.waiting = 1;
    memory.put_account(account.clone());
    let begun = builders::at(0);
    let held = builders::held_job(1, &account.id, 0, begun);
    memory.put_job(held.clone());
    swept(&memory, begun.plus(minutes(2))).await;
    assert!(matches!(memory.job(&held.id).unwrap().state, jobs::State::Queued { .. }));
    assert_eq!(memory.take_letters().len(), 1);
    let account = memory.account_of(&account.id).unwrap();
    assert_eq!((account.running, account.waiting), (1, 0));
}

#[tokio::test]
async fn one_job_in_trouble_keeps_nobody_from_looking_after_the_others() {
    for broken in [Operation::Load, Operation::Save, Operation::Send, Operation::Due] {
        let memory = Memory::new();
        let account = builders::account(1, 100);
        memory.put_account(account.clone());
        let begun = builders::at(0);
        for number in 0..40 {
            memory.put_job(builders::job(number, &account.id, 1, begun));
        }
        memory.fail_next(broken, When::BeforeEffect);
        // The run is counted as failed, so that the alarm hears of it.
        assert!(sweep(&memory, &memory, &memory, begun.plus(minutes(3))).await.is_err(), "{broken:?}");
        let reached = memory.take_letters().len();
        let of_first_shard =
            (0..40).filter(|number| builders::job_id(*number).shard(DUE_SHARDS) == 0).count();
        let missed = if broken == Operation::Due { of_first_shard } else { 1 };
        assert_eq!(reached, 40 - missed, "{broken:?}");
    }
}
