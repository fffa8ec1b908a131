//! What one process tells of the vendors, and when; who is left for another provider.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{
    Event, Fault, FaultKind, Job, State, Step, Time, advance,
    health::{CutOff, Heard, Outcome, Scope, Standing, Watch},
    life::may_fail_over,
    next_step,
};
use std::time::Duration;
use testkit::{
    Memory, Operation,
    builders::{account, at, job},
};

async fn note(
    watch: &Watch,
    memory: &Memory,
    model: &str,
    outcome: Outcome,
    begun: Time,
    now: Time,
) -> Option<(Scope, CutOff)> {
    watch.note(memory, "toy", model, Heard { outcome, begun, sample: None }, now).await.unwrap()
}

#[tokio::test]
async fn good_news_waits_for_more_and_bad_news_does_not() {
    let (memory, watch) = (Memory::new(), Watch::default());
    for second in 0..3 {
        note(&watch, &memory, "a", Outcome::Made, at(0), at(second)).await;
    }
    assert_eq!(memory.calls(Operation::Count), 1);
    note(&watch, &memory, "a", Outcome::Failed, at(0), at(2)).await;
    assert_eq!(memory.calls(Operation::Count), 2);
    let (picture, read) = Watch::default().picture(&memory, at(3)).await;
    read.unwrap();
    let tally = picture.tally("toy", "a", at(3));
    assert_eq!((tally.good, tally.bad), (3, 1));
}

#[tokio::test]
async fn a_job_that_tried_out_a_model_opens_it_however_much_else_the_process_hears() {
    let (memory, watch) = (Memory::new(), Watch::default());
    for _ in 0..4 {
        note(&watch, &memory, "ill", Outcome::Failed, at(0), at(0)).await;
    }
    // Its sibling keeps the process busy, and the job that tries it out is quicker than good news is written.
    for second in 21..25 {
        note(&watch, &memory, "well", Outcome::Made, at(20), at(second)).await;
    }
    note(&watch, &memory, "ill", Outcome::Took, at(25), at(25)).await;
    let opened = note(&watch, &memory, "ill", Outcome::Made, at(25), at(26)).await;
    assert!(matches!(opened, Some((Scope::Model(model), CutOff { opened: Some(_), .. })) if model == "ill"));
    let (picture, _) = Watch::default().picture(&memory, at(26)).await;
    assert_eq!(picture.standing("toy", "ill", at(26)), Standing::Open);
    // From then on its good news waits again.
    let calls = memory.calls(Operation::Count);
    note(&watch, &memory, "ill", Outcome::Made, at(26), at(27)).await;
    assert_eq!(memory.calls(Operation::Count), calls);
}

#[tokio::test]
async fn samples_that_can_t_be_kept_keep_no_vendor_open() {
    use jobs::{Kind, health::Sample};
    let (memory, watch) = (Memory::new(), Watch::default());
    let id = job(1, &account(1, 100).id, 5, at(0)).id;
    let sample = Sample::of(&id, Kind::Video, &testkit::builders::plan(5), Duration::from_secs(9));
    for _ in 0..3 {
        note(&watch, &memory, "a", Outcome::Failed, at(0), at(0)).await;
    }
    note(&watch, &memory, "a", Outcome::Took, at(0), at(0)).await;
    let made = Heard { outcome: Outcome::Took, begun: at(0), sample: Some(sample) };
    watch.note(&memory, "toy", "a", made, at(1)).await.unwrap();
    memory.fail_next(Operation::Remember, testkit::When::BeforeEffect);
    let failed = Heard { outcome: Outcome::Failed, begun: at(0), sample: None };
    assert!(watch.note(&memory, "toy", "a", failed, at(2)).await.is_err());
    let (picture, _) = Watch::default().picture(&memory, at(2)).await;
    assert!(matches!(picture.standing("toy", "a", at(2)), Standing::CutOff { .. }));
}

fn submitting(refusals: u32) -> Job {
    let mut job = job(1, &account(1, 100).id, 5, at(0));
    job.refusals = refusals;
    advance(&job, Event::Submitting, at(1)).unwrap().job
}

#[test]
fn a_busy_vendor_s_patience_sums_up() {
    let busy = |seconds: Option<u64>| {
        Event::Refused(Fault::new(FaultKind::Busy, "").retry_after(seconds.map(Duration::from_secs)))
    };
    for (refusals, asked, leaves) in [
        (0, Some(31), true),
        (0, Some(30), false),
        (0, Some(20), false),
        (1, Some(20), true),
        (1, Some(15), false),
        (1, None, false),
        (2, None, true),
    ] {
        let told = may_fail_over(&submitting(refusals), &busy(asked), false);
        assert_eq!(told, leaves, "{refusals} refusals, {asked:?}");
    }
    assert!(may_fail_over(&submitting(0), &busy(None), true), "who is cut off is not waited for");
}

#[test]
fn only_what_can_t_be_paid_twice_is_handed_over() {
    for kind in FaultKind::ALL {
        let refused = may_fail_over(&submitting(1), &Event::Refused(Fault::new(kind, "")), true);
        let leaves = [FaultKind::Busy, FaultKind::Unavailable, FaultKind::Operator, FaultKind::Vendor];
        assert_eq!(refused, leaves.contains(&kind), "{kind:?}");
    }
    // The first order may have arrived: that the vendor is busy when it is repeated says nothing about it.
    let lost = [Event::SubmitLost, Event::SubmitAgain, Event::Submitting];
    let again = lost.into_iter().fold(submitting(1), |job, event| advance(&job, event, at(40)).unwrap().job);
    assert!(!may_fail_over(&again, &Event::Refused(Fault::new(FaultKind::Unavailable, "")), true));
    assert!(!may_fail_over(&submitting(0), &Event::SubmitLost, true));
    assert!(!may_fail_over(&submitting(0), &Event::DeadlinePassed, true));
}

#[test]
fn a_job_that_is_found_never_to_have_arrived_begins_anew() {
    let lost = advance(&submitting(0), Event::SubmitLost, at(31)).unwrap().job;
    // The vendor was dark for an hour, six times as long as the model may take.
    let mut searched = lost;
    for second in [1_800, 3_600] {
        searched = advance(&searched, Event::NoAnswer, at(second)).unwrap().job;
    }
    let again = advance(&searched, Event::SubmitAgain, at(3_700)).unwrap().job;
    assert!(matches!(again.state, State::Queued { .. }));
    assert_eq!(next_step(&again, at(3_701)), Step::Submit);
    // The caller's own deadline goes on.
    let mut hurried = searched;
    hurried.order.deadline = Some(Duration::from_secs(900));
    let again = advance(&hurried, Event::SubmitAgain, at(3_700)).unwrap().job;
    assert_eq!(next_step(&again, at(3_701)), Step::Expire);
}
