//! Another provider takes over.

use super::{accepted, at, fault, new_job, stored};
use crate::{
    Credits, Event, FaultKind, Job, Mode, Plan, State, Status, advance,
    life::{MOST_ATTEMPTS, may_fail_over},
};
use std::time::Duration;

fn job() -> Job {
    let mut new = new_job();
    new.order.provider = None;
    new.order.model = None;
    new.order.fallback = None;
    new.plan.cost = Credits(50);
    Job::accepted(new, false, at(0))
}

fn after(mut job: Job, events: impl IntoIterator<Item = Event>) -> Job {
    for (index, event) in events.into_iter().enumerate() {
        job = advance(&job, event, at(index as u64 + 1)).unwrap().job;
    }
    job
}

fn cheaper() -> Box<Plan> {
    Box::new(Plan {
        provider: "other".to_owned(),
        vendor: "other".to_owned(),
        model: "other-1".to_owned(),
        cost: Credits(30),
        ..job().plan
    })
}

fn handed_over(kind: FaultKind) -> Event {
    Event::HandedOver { fault: fault(kind), plan: cheaper() }
}

#[test]
fn only_what_was_not_made_goes_elsewhere() {
    use FaultKind::*;
    let submitting = || after(job(), [Event::Submitting]);
    let running = || after(job(), [Event::Submitting, accepted()]);
    let refused = |kind| Event::Refused(fault(kind));
    let failed = |kind| Event::Failed(fault(kind));
    for kind in FaultKind::ALL {
        let told = (
            may_fail_over(&submitting(), &refused(kind), false),
            may_fail_over(&submitting(), &refused(kind), true),
            may_fail_over(&running(), &failed(kind), false),
        );
        let expected = match kind {
            Operator | Vendor => (true, true, true),
            Busy | Unavailable => (false, true, false),
            InvalidInput | Moderation | DeadlineBeforeStart | DeadlineWhileRunning | OutcomeUnknown => {
                (false, false, false)
            }
        };
        assert_eq!(told, expected, "{kind:?}");
    }
    // A lost answer, a copy that failed, a deadline: nobody knows that nothing was made.
    let lost = after(job(), [Event::Submitting, Event::SubmitLost]);
    assert!(!may_fail_over(&lost, &failed(Vendor), true));
    for event in [Event::SubmitLost, Event::DeadlinePassed, Event::CopyFailed(fault(Vendor))] {
        assert!(!may_fail_over(&running(), &event, true), "{event:?}");
    }
    let storing = after(job(), [Event::Submitting, accepted(), Event::CopyFailed(fault(Vendor))]);
    assert!(!may_fail_over(&storing, &failed(Vendor), true));
}

#[test]
fn a_blip_is_waited_for_first() {
    let unavailable = || Event::Refused(fault(FaultKind::Unavailable));
    let busy = || Event::Refused(fault(FaultKind::Busy));
    let again = |times: usize, event: &dyn Fn() -> Event| {
        let rounds = (0..times).flat_map(|_| [Event::Submitting, event()]);
        after(job(), rounds.chain([Event::Submitting]))
    };
    assert!(!may_fail_over(&again(0, &unavailable), &unavailable(), false));
    assert!(may_fail_over(&again(1, &unavailable), &unavailable(), false));
    assert!(!may_fail_over(&again(1, &busy), &busy(), false));
    assert!(may_fail_over(&again(2, &busy), &busy(), false));
    let patient = Event::Refused(fault(FaultKind::Busy).retry_after(Some(Duration::from_secs(31))));
    assert!(may_fail_over(&again(0, &busy), &patient, false));
}

#[test]
fn the_caller_decides_whether_another_may() {
    let failed = Event::Failed(fault(FaultKind::Vendor));
    type Edit = fn(&mut Job);
    let cases: [(bool, Edit); 8] = [
        (true, |_| {}),
        (false, |job| job.order.fallback = Some(false)),
        (false, |job| job.order.provider = Some("kling".to_owned())),
        (false, |job| job.order.model = Some("kling-v3".to_owned())),
        (true, |job| {
            job.order.provider = Some("kling".to_owned());
            job.order.fallback = Some(true);
        }),
        (false, |job| job.mode = Mode::Test),
        (false, |job| job.cancel_asked = Some(at(2))),
        (false, |job| job.attempts = vec![job.attempts[0].clone(); MOST_ATTEMPTS]),
    ];
    for (index, (expected, edit)) in cases.into_iter().enumerate() {
        let mut job = after(job(), [Event::Submitting, accepted()]);
        edit(&mut job);
        assert_eq!(may_fail_over(&job, &failed, true), expected, "case {index}");
    }
}

#[test]
fn what_was_accepted_stays_set_aside_and_the_cheaper_price_is_charged() {
    let running = after(job(), [Event::Submitting, accepted(), super::still_running(Some(40))]);
    let change = advance(&running, handed_over(FaultKind::Vendor), at(40)).unwrap();
    assert!(change.account.is_nothing());
    let queued = change.job;
    assert_eq!(queued.state, State::Queued { not_before: at(40) });
    assert_eq!((queued.status(), queued.reserved()), (Status::Processing, Credits(50)));
    let shown = running.progress_at(at(40));
    assert!(queued.progress_at(at(41)) >= shown, "{} after {shown}", queued.progress_at(at(41)));
    let first = &queued.attempts[0];
    assert_eq!((first.ended, first.outcome.as_deref()), (Some(at(40)), Some("vendor")));
    let submitting = advance(&queued, Event::Submitting, at(41)).unwrap().job;
    let running = advance(&submitting, accepted(), at(42)).unwrap().job;
    assert!(running.progress_at(at(42)) >= shown);
    assert_eq!((running.attempts.len(), running.attempts[1].model.as_str()), (2, "other-1"));
    let end = advance(&running, stored(), at(60)).unwrap();
    assert_eq!((end.job.charged, end.job.refunded()), (Credits(30), Credits(20)));
    assert_eq!((end.account.balance.reserved, end.account.balance.used), (-50, 30));
    assert_eq!(end.account.balance.available, 20);
}

#[test]
fn whoever_wanted_to_stop_it_gets_no_other_provider() {
    let running = after(job(), [Event::Submitting, accepted(), Event::CancelAsked]);
    let end = advance(&running, handed_over(FaultKind::Vendor), at(9)).unwrap();
    assert_eq!((end.job.status(), end.job.charged), (Status::Canceled, Credits::ZERO));
}

#[test]
fn a_slot_is_held_while_the_vendor_has_the_job() {
    let change = advance(&job(), Event::Submitting, at(1)).unwrap().within(3);
    let vendor = change.job.plan.vendor.clone();
    assert_eq!(change.slots.take, Some((vendor.clone(), 3)));
    let running = advance(&change.job, accepted(), at(2)).unwrap();
    assert_eq!((running.slots.free, &running.job.slot), (None, &Some(vendor.clone())));
    for event in [
        stored(),
        handed_over(FaultKind::Vendor),
        Event::CopyFailed(fault(FaultKind::Vendor)),
        Event::DeadlinePassed,
    ] {
        let end = advance(&running.job, event.clone(), at(3)).unwrap();
        assert_eq!((end.slots.free, end.job.slot), (Some(vendor.clone()), None), "{event:?}");
    }
}
