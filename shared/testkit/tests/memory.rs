//! What `Memory` offers to tests beyond the ports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{
    Letter,
    ports::{Accepted, Accounts, Address, Jobs, Queues},
};
use std::time::Duration;
use testkit::{
    Memory, Operation, Sent, When,
    builders::{START, account, admission, grant, job},
};

#[tokio::test]
async fn a_call_that_breaks_off_had_its_effect_or_had_none() {
    for (when, stored) in [(When::BeforeEffect, false), (When::AfterEffect, true)] {
        let memory = Memory::new();
        let owner = account(1, 100);
        memory.put_account(owner.clone());
        let job = job(1, &owner.id, 10, START);
        let conditions = admission(owner.limits, START);
        memory.fail_next(Operation::Accept, when);
        assert!(memory.accept(&job, &conditions).await.is_err());
        assert_eq!(memory.job(&job.id).is_some(), stored);
        let reserved = memory.account_of(&owner.id).unwrap().balance.reserved.0;
        assert_eq!(reserved, if stored { 10 } else { 0 });
        // Only that one call failed, and none of another operation.
        let again = memory.accept(&job, &conditions).await.unwrap();
        assert_eq!(again, if stored { Accepted::Exists(Box::new(job)) } else { Accepted::New });
        assert_eq!((memory.calls(Operation::Accept), memory.calls(Operation::Save)), (2, 0));
    }
}

#[tokio::test]
async fn letters_and_top_ups_are_open_to_assertions() {
    let memory = Memory::new();
    let owner = account(1, 0);
    memory.put_account(owner.clone());
    let letter = Letter { job: testkit::builders::job_id(1), version: 3, callback: None };
    let day = Duration::from_secs(86_400);
    memory.send(&Address::Webhook, &letter, &owner.id, day).await.unwrap();
    // No queue keeps a letter back for longer than a quarter of an hour.
    let delay = Duration::from_secs(900);
    let sent = Sent { to: Address::Webhook, letter, account: owner.id.clone(), delay };
    assert_eq!(memory.letters(), *std::slice::from_ref(&sent));
    assert_eq!((memory.clone().take_letters(), memory.letters()), (vec![sent], vec![]));
    let top_up = grant(&owner.id, 7, "invoice");
    memory.add_credits(&top_up).await.unwrap();
    assert_eq!(memory.ledger(), [top_up]);
    assert_eq!(memory.all_accounts()[0].balance.available.0, 7);
}
