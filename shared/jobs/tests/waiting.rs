//! What waiting means: for a place, for a vendor, for an answer that was lost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{
    Event, Fault, FaultKind, Job, Plan, State, Step, Ticket, Time, Webhook, advance,
    aftermath::{keep_waiting, record},
    next_step,
};
use std::time::Duration;
use testkit::{
    Memory, Operation,
    builders::{account, at, held_job, job, output},
};

fn after(mut job: Job, events: impl IntoIterator<Item = (Event, Time)>) -> Job {
    for (event, now) in events {
        job = advance(&job, event, now).unwrap().job;
    }
    job
}

fn accepted() -> Event {
    Event::Accepted { ticket: Ticket("task".to_owned()) }
}

fn copy_failed() -> Event {
    Event::CopyFailed(Fault::new(FaultKind::Vendor, "the link did not open"))
}

/// A job of which the vendor may take ten minutes, running since the first second.
fn running() -> Job {
    after(job(1, &account(1, 100).id, 5, at(0)), [(Event::Submitting, at(0)), (accepted(), at(0))])
}

#[test]
fn the_time_spent_held_is_not_taken_from_the_time_for_the_vendor() {
    let held = held_job(1, &account(1, 100).id, 5, at(0));
    let two_hours = 7_200;
    assert_eq!(next_step(&held, at(two_hours)), Step::Wake);
    let woken = after(held, [(Event::Woken, at(two_hours))]);
    assert_eq!(next_step(&woken, at(two_hours)), Step::Submit);
    assert_eq!(next_step(&woken, at(two_hours + 599)), Step::Submit);
    assert_eq!(next_step(&woken, at(two_hours + 600)), Step::Expire);
    // Its letter may be lost like any other's, and is missed as soon.
    assert_eq!(woken.due, Some(at(two_hours + 120)));
    // A busy vendor does not begin the count anew.
    let busy = Event::Refused(Fault::new(FaultKind::Busy, "no slot"));
    let later = after(woken, [(Event::Submitting, at(two_hours + 1)), (busy, at(two_hours + 300))]);
    assert_eq!(next_step(&later, at(two_hours + 600)), Step::Expire);
}

#[test]
fn the_callers_deadline_counts_from_acceptance_and_ends_even_a_failing_copy() {
    let mut held = held_job(1, &account(1, 100).id, 5, at(0));
    held.order.deadline = Some(Duration::from_secs(60));
    let woken = after(held.clone(), [(Event::Woken, at(50))]);
    assert_eq!(next_step(&woken, at(60)), Step::Expire);

    let storing = after(woken, [(Event::Submitting, at(51)), (accepted(), at(52)), (copy_failed(), at(59))]);
    assert_eq!(next_step(&storing, at(60)), Step::Poll { last: true });
    assert!(!after(storing.clone(), [(copy_failed(), at(59))]).has_ended());
    for event in [copy_failed(), Event::DeadlinePassed] {
        assert_eq!(late(after(storing.clone(), [(event, at(60))])), Some(FaultKind::DeadlineWhileRunning));
    }
    assert!(matches!(
        after(storing, [(Event::Stored(vec![output()]), at(60))]).state,
        State::Completed { .. }
    ));
}

#[test]
fn the_callers_deadline_ends_the_search_for_a_lost_answer() {
    let mut lost = job(1, &account(1, 100).id, 5, at(0));
    lost.order.deadline = Some(Duration::from_secs(60));
    let lost = after(lost, [(Event::Submitting, at(1)), (Event::SubmitLost, at(31))]);
    for event in [Event::NotFound, Event::NoAnswer] {
        assert_eq!(late(after(lost.clone(), [(event.clone(), at(59))])), None);
        assert_eq!(late(after(lost.clone(), [(event, at(60))])), Some(FaultKind::DeadlineWhileRunning));
    }
    // What is found at last is asked once how it stands.
    let found = after(lost, [(accepted(), at(70))]);
    assert_eq!(next_step(&found, at(70)), Step::Poll { last: true });
}

fn late(job: Job) -> Option<FaultKind> {
    match job.state {
        State::Failed { fault, .. } => Some(fault.kind),
        _ => None,
    }
}

#[tokio::test]
async fn a_question_in_vain_costs_a_letter_and_no_write() {
    let (memory, job) = (Memory::new(), running());
    memory.put_job(job.clone());
    keep_waiting(&memory, &memory, &job, None, at(30)).await.unwrap();
    assert_eq!((memory.calls(Operation::Save), memory.take_letters().len()), (0, 1));
}

#[tokio::test]
async fn a_vendors_patience_is_kept_beyond_the_lease() {
    let memory = Memory::new();
    let mut job = running();
    memory.put_job(job.clone());
    assert_eq!(job.due, Some(at(180)));
    for (asked, seconds) in [(300, 300), (3_600, 575)] {
        keep_waiting(&memory, &memory, &job, Some(Duration::from_secs(asked)), at(25)).await.unwrap();
        let letters = memory.take_letters();
        // As long as was asked for, but no longer than until the job's time is up.
        assert_eq!(letters[0].delay, Duration::from_secs(seconds));
        job = memory.job(&job.id).unwrap();
        assert_eq!(letters[0].letter.version, job.version, "the letter is good");
        assert!(job.due > Some(at(25 + seconds)), "nobody takes it for lost: {:?}", job.due);
    }
}

#[tokio::test]
async fn who_renews_a_lease_too_late_writes_no_letter() {
    let (memory, job) = (Memory::new(), running());
    let canceled = after(job.clone(), [(Event::CancelAsked, at(100))]);
    memory.put_job(canceled.clone());
    keep_waiting(&memory, &memory, &job, None, at(170)).await.unwrap();
    assert_eq!(memory.take_letters(), []);
    assert_eq!(memory.job(&job.id), Some(canceled));
}

#[tokio::test]
async fn a_fact_that_was_written_though_its_answer_was_lost_is_recorded_once() {
    let (memory, job) = (Memory::new(), running());
    memory.put_account(account(1, 100));
    let event = Event::StillRunning { progress: Some(40), ticket: None };
    let written = after(job.clone(), [(event.clone(), at(30))]);
    memory.put_job(written.clone());
    let change = record(&memory, &job, &event, at(30)).await.unwrap().unwrap();
    assert_eq!((change.job, memory.job(&job.id)), (written.clone(), Some(written)));
}

#[tokio::test]
async fn what_a_vendor_said_late_is_not_held_against_the_one_who_took_over() {
    let (memory, job) = (Memory::new(), running());
    memory.put_account(account(1, 100));
    let fault = Fault::new(FaultKind::Vendor, "it could not make it");
    let other = |vendor: &str| Box::new(Plan { vendor: vendor.to_owned(), ..job.plan.clone() });
    let handed_over = Event::HandedOver { fault: fault.clone(), plan: other("second") };
    let elsewhere = after(
        job.clone(),
        [(handed_over.clone(), at(30)), (Event::Submitting, at(30)), (accepted(), at(31))],
    );
    memory.put_job(elsewhere.clone());
    let late = [
        handed_over,
        Event::HandedOver { fault: fault.clone(), plan: other("third") },
        Event::Failed(fault.clone()),
        Event::Stored(vec![output()]),
        Event::DeadlinePassed,
        Event::NotCancelable,
        Event::Refused(fault),
    ];
    for event in late {
        assert_eq!(record(&memory, &job, &event, at(32)).await.unwrap(), None, "{event:?}");
        assert_eq!(memory.job(&job.id), Some(elsewhere.clone()), "{event:?}");
    }
    // A caller's wish is about the job, wherever it is.
    let stopped = record(&memory, &job, &Event::CancelAsked, at(33)).await.unwrap().unwrap();
    assert!(stopped.job.cancel_asked.is_some());
}

#[tokio::test]
async fn a_refusal_of_a_lost_order_does_not_count_for_its_repeat() {
    let memory = Memory::new();
    memory.put_account(account(1, 100));
    let first = after(job(1, &account(1, 100).id, 5, at(0)), [(Event::Submitting, at(0))]);
    let again = [(Event::SubmitLost, at(45)), (Event::SubmitAgain, at(46)), (Event::Submitting, at(47))];
    let repeated = after(first.clone(), again);
    memory.put_job(repeated.clone());
    let late = Event::Refused(Fault::new(FaultKind::Busy, "no slot"));
    assert_eq!(record(&memory, &first, &late, at(48)).await.unwrap(), None);
    assert_eq!(memory.job(&first.id), Some(repeated));
}

#[test]
fn of_two_postmen_with_one_letter_the_second_changes_nothing() {
    let mut job = running();
    job.order.webhook_url = Some("https://example.com/hook".to_owned());
    let ended = after(job, [(Event::Stored(vec![output()]), at(60))]);
    let tried = |webhook| Event::WebhookTried(webhook);
    let delivered = after(ended.clone(), [(tried(Webhook::Delivered { at: at(61), tries: 1 }), at(61))]);
    for second in [Webhook::Due { tries: 1, next: at(66) }, Webhook::Failed { at: at(61), tries: 1 }] {
        assert!(advance(&delivered, tried(second), at(61)).is_err());
    }
    // One whose letter was only renewed meanwhile is still the first.
    let nudged = after(ended, [(Event::Nudged, at(200))]);
    assert!(advance(&nudged, tried(Webhook::Due { tries: 1, next: at(205) }), at(200)).is_ok());
}
