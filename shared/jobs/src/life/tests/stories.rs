//! State, event, and what comes of them.

use super::{accepted, after, at, fault, new_job, still_running, stored};
use crate::{
    CancelKind, Credits, Event, FaultKind, Job, Mode, State, Step, Time, Webhook, advance,
    life::{AccountChange, NewJob, when_due},
    next_step,
};
use std::time::Duration;

/// A job that the names of the table lead to; its last change was at most ten seconds after acceptance.
fn job(name: &str) -> Job {
    let lost = || [Event::Submitting, Event::SubmitLost];
    let running = || [Event::Submitting, accepted()];
    let storing = || running().into_iter().chain([Event::CopyFailed(fault(FaultKind::Vendor))]);
    let with = |edit: fn(&mut NewJob)| {
        let mut new = new_job();
        edit(&mut new);
        new
    };
    let never = || with(|new| new.plan.cancel = CancelKind::Never);
    let queued_canceled = [Event::CancelAsked];
    match name {
        "held" => after(new_job(), true, []),
        "queued" => after(new_job(), false, []),
        "submitting" => after(new_job(), false, [Event::Submitting]),
        "submitting, to be stopped" => after(new_job(), false, [Event::Submitting, Event::CancelAsked]),
        "submitting where nothing is stopped, to be stopped" => {
            after(never(), false, [Event::Submitting, Event::CancelAsked])
        }
        "lost" => after(new_job(), false, lost()),
        "lost with a file that can't be had" => {
            let copies = (0..8).map(|_| Event::CopyFailed(fault(FaultKind::Vendor)));
            after(new_job(), false, lost().into_iter().chain(copies))
        }
        "running" => after(new_job(), false, running()),
        "running, to be stopped" => {
            after(new_job(), false, running().into_iter().chain([Event::CancelAsked]))
        }
        "running where nothing is stopped" => after(never(), false, running()),
        "test, running" => after(with(|new| new.mode = Mode::Test), false, running()),
        "storing" => after(new_job(), false, storing()),
        "storing for the last time" => {
            let copies = (0..7).map(|_| Event::CopyFailed(fault(FaultKind::Vendor)));
            after(new_job(), false, storing().chain(copies))
        }
        "completed" => after(new_job(), false, running().into_iter().chain([stored()])),
        "failed" => {
            after(new_job(), false, running().into_iter().chain([Event::Failed(fault(FaultKind::Vendor))]))
        }
        "canceled" => after(new_job(), false, queued_canceled),
        "canceled, quiet" => after(with(|new| new.order.webhook_url = None), false, queued_canceled),
        other => panic!("no job is called {other:?}"),
    }
}

/// The state in a word or two.
fn state(job: &Job) -> String {
    match &job.state {
        State::Held => "held".to_owned(),
        State::Queued { not_before } if *not_before > at(20) => {
            format!("queued in {}", not_before.since(at(20)).as_secs())
        }
        State::Queued { .. } => "queued".to_owned(),
        State::Submitting { lost: None, .. } => "submitting".to_owned(),
        State::Submitting { lost: Some(lost), .. } => format!("lost {}", lost.looked),
        State::Running { .. } => "running".to_owned(),
        State::Storing { tries, .. } => format!("storing {tries}"),
        State::Completed { .. } => "completed".to_owned(),
        State::Failed { fault, .. } => format!("failed {}", fault.kind.name()),
        State::Canceled { .. } => "canceled".to_owned(),
    }
}

/// What moves on the account, in words: credits back and spent, and the place.
fn moves(change: &AccountChange) -> String {
    let balance = change.balance;
    let credits = match (balance.available, balance.reserved, balance.used) {
        (0, 0, 0) => "",
        (10, -10, 0) => "returned",
        (0, -10, 10) => "spent",
        _ => panic!("{balance:?}"),
    };
    let place = match (change.running, change.waiting) {
        (0, 0) => "",
        (-1, 0) => "place",
        (0, -1) => "turn",
        (1, -1) => "turn to place",
        other => panic!("{other:?}"),
    };
    [credits, place].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

#[test]
fn each_event_leads_where_it_should() {
    let patient = |kind| Event::Refused(fault(kind).retry_after(Some(Duration::from_secs(77))));
    let refused = |kind| Event::Refused(fault(kind));
    let stopped = |charged| Event::CanceledAtVendor { charged };
    let copy_failed = || Event::CopyFailed(fault(FaultKind::Vendor));
    let failed = || Event::Failed(fault(FaultKind::Moderation));
    let never = "running where nothing is stopped";
    let never_submitted = "submitting where nothing is stopped, to be stopped";
    #[rustfmt::skip]
    let cases = [
        // Waiting.
        ("held", Event::Woken, "queued", "turn to place"),
        ("held", Event::CancelAsked, "canceled", "returned, turn"),
        ("held", Event::DeadlinePassed, "failed deadline-before-start", "returned, turn"),
        ("held", Event::Nudged, "held", ""),
        ("held", Event::Submitting, "impossible", ""),
        ("queued", Event::Submitting, "submitting", ""),
        ("queued", Event::CancelAsked, "canceled", "returned, place"),
        ("queued", Event::DeadlinePassed, "failed deadline-before-start", "returned, place"),
        ("queued", Event::Woken, "impossible", ""),
        ("queued", accepted(), "impossible", ""),
        // Submitting.
        ("submitting", accepted(), "running", ""),
        ("submitting", stored(), "completed", "spent, place"),
        ("submitting", patient(FaultKind::Busy), "queued in 77", ""),
        ("submitting", refused(FaultKind::Unavailable), "queued in 2", ""),
        ("submitting", refused(FaultKind::Moderation), "failed moderation", "returned, place"),
        ("submitting", refused(FaultKind::InvalidInput), "failed invalid-input", "returned, place"),
        ("submitting", refused(FaultKind::Operator), "failed operator", "returned, place"),
        ("submitting", Event::CancelAsked, "submitting", ""),
        ("submitting", Event::SubmitLost, "lost 0", ""),
        ("submitting", Event::Submitting, "impossible", ""),
        ("submitting", copy_failed(), "lost 0", ""),
        ("lost", Event::NotFound, "lost 1", ""),
        ("lost", copy_failed(), "lost 0", ""),
        ("lost with a file that can't be had", copy_failed(), "failed vendor", "returned, place"),
        ("lost", Event::SubmitAgain, "queued", ""),
        ("lost", accepted(), "running", ""),
        ("lost", Event::Failed(fault(FaultKind::OutcomeUnknown)), "failed outcome-unknown", "returned, place"),
        ("submitting, to be stopped", accepted(), "running", ""),
        ("submitting, to be stopped", refused(FaultKind::Busy), "canceled", "returned, place"),
        ("submitting, to be stopped", Event::SubmitAgain, "canceled", "returned, place"),
        ("submitting, to be stopped", stored(), "canceled", "spent, place"),
        (never_submitted, accepted(), "canceled", "spent, place"),
        // Running.
        ("running", still_running(Some(30)), "running", ""),
        ("running", stored(), "completed", "spent, place"),
        ("running", failed(), "failed moderation", "returned, place"),
        ("running", Event::DeadlinePassed, "failed deadline-while-running", "returned, place"),
        ("running", Event::CancelAsked, "running", ""),
        (never, Event::CancelAsked, "canceled", "spent, place"),
        ("running", copy_failed(), "storing 1", ""),
        ("running", accepted(), "impossible", ""),
        ("running", Event::SubmitAgain, "impossible", ""),
        ("running, to be stopped", stopped(true), "canceled", "spent, place"),
        ("running, to be stopped", stopped(false), "canceled", "returned, place"),
        ("running, to be stopped", Event::NotCancelable, "canceled", "spent, place"),
        ("running, to be stopped", stored(), "canceled", "spent, place"),
        ("running, to be stopped", failed(), "canceled", "returned, place"),
        // Storing.
        ("storing", copy_failed(), "storing 2", ""),
        ("storing for the last time", copy_failed(), "failed vendor", "returned, place"),
        ("storing", still_running(None), "storing 1", ""),
        ("storing", stored(), "completed", "spent, place"),
        ("storing", Event::CancelAsked, "canceled", "spent, place"),
        ("storing", Event::DeadlinePassed, "failed deadline-while-running", "returned, place"),
        // A test key spends nothing.
        ("test, running", stored(), "completed", "place"),
        ("test, running", failed(), "failed moderation", "place"),
        // The end.
        ("completed", stored(), "impossible", ""),
        ("completed", Event::CancelAsked, "impossible", ""),
        ("failed", accepted(), "impossible", ""),
        ("failed", Event::DeadlinePassed, "impossible", ""),
        ("canceled", stored(), "impossible", ""),
        ("canceled", Event::Woken, "impossible", ""),
        ("canceled", Event::Nudged, "canceled", ""),
        ("canceled, quiet", Event::Nudged, "impossible", ""),
        ("canceled", Event::WebhookTried(Webhook::Delivered { at: at(20), tries: 1 }), "canceled", ""),
        // Of two postmen with the same letter, the second has nothing to add.
        ("canceled", Event::WebhookTried(Webhook::Delivered { at: at(20), tries: 0 }), "impossible", ""),
        ("canceled, quiet", Event::WebhookTried(Webhook::Delivered { at: at(20), tries: 1 }), "impossible", ""),
    ];
    for (name, event, expected, account) in cases {
        let told = format!("{event:?} while {name}");
        match advance(&job(name), event, at(20)) {
            Err(_) => assert_eq!("impossible", expected, "{told}"),
            Ok(change) => {
                assert_eq!((&*state(&change.job), &*moves(&change.account)), (expected, account), "{told}")
            }
        }
    }
}

#[test]
fn each_state_says_what_is_to_be_done() {
    let wait = |seconds| Step::Wait(at(seconds));
    #[rustfmt::skip]
    let cases = [
        ("held", 20, Step::Wake),
        ("queued", 20, Step::Submit),
        ("queued", 600, Step::Expire),
        // The call may take 30 s and began in the first second; 15 s later its process is given up.
        ("submitting", 20, wait(46)),
        ("submitting", 46, Step::Recover),
        ("lost", 20, Step::Recover),
        ("running", 20, Step::Poll { last: false }),
        ("running", 602, Step::Poll { last: true }),
        ("running, to be stopped", 20, Step::Cancel),
        ("running where nothing is stopped", 20, Step::Poll { last: false }),
        ("storing", 4, wait(5)),
        ("storing", 20, Step::Poll { last: false }),
        ("storing", 3_603, Step::Poll { last: true }),
        ("completed", 20, Step::Deliver),
        ("canceled, quiet", 20, Step::Rest),
    ];
    for (name, seconds, expected) in cases {
        assert_eq!(next_step(&job(name), at(seconds)), expected, "{name} after {seconds} s");
    }
}

#[test]
fn a_busy_vendor_is_waited_for_until_the_model_s_time_is_up() {
    let mut job = job("queued");
    let mut now = at(1);
    let mut pauses = Vec::new();
    while next_step(&job, now) == Step::Submit {
        job = advance(&job, Event::Submitting, now).unwrap().job;
        job = advance(&job, Event::Refused(fault(FaultKind::Busy)), now).unwrap().job;
        let State::Queued { not_before } = job.state else { panic!("{:?}", job.state) };
        pauses.push(not_before.since(now).as_secs());
        now = not_before;
    }
    assert_eq!(
        (next_step(&job, now), &pauses[..]),
        (Step::Expire, &[2, 4, 8, 16, 32, 64, 128, 256, 512][..])
    );
    assert_eq!(job.attempts.len(), 1);
}

#[test]
fn a_vendor_that_is_out_of_order_is_asked_five_times() {
    let mut job = job("queued");
    for round in 0..4 {
        job = advance(&job, Event::Submitting, at(round)).unwrap().job;
        job = advance(&job, Event::Refused(fault(FaultKind::Unavailable)), at(round)).unwrap().job;
        assert!(matches!(job.state, State::Queued { .. }), "round {round}");
    }
    job = advance(&job, Event::Submitting, at(9)).unwrap().job;
    job = advance(&job, Event::Refused(fault(FaultKind::Unavailable)), at(9)).unwrap().job;
    assert_eq!(state(&job), "failed unavailable");
}

#[test]
fn the_reconciler_looks_when_a_letter_must_have_been_lost() {
    #[rustfmt::skip]
    let cases: [(&str, u64); 7] = [
        ("held", 60),
        ("queued", 120),
        ("submitting", 46),
        ("lost", 2 + 120),
        ("running", 2 + 180),
        ("storing", 5 + 120),
        ("completed", 3 + 120),
    ];
    for (name, seconds) in cases {
        assert_eq!(job(name).due, Some(at(seconds)), "{name}");
        // Once nudged it is left in peace for a while: its new letter has to have time to arrive.
        let nudged = advance(&job(name), Event::Nudged, at(seconds)).unwrap().job;
        assert!(nudged.due >= Some(at(seconds + 60)), "{name}: {:?}", nudged.due);
    }
    assert_eq!(job("canceled, quiet").due, None);
}

#[test]
fn a_waiting_job_is_due_when_its_caller_s_time_is_up() {
    let mut new = new_job();
    new.order.deadline = Some(Duration::from_secs(30));
    for held in [true, false] {
        let job = Job::accepted(new.clone(), held, at(0));
        assert_eq!((job.due, next_step(&job, at(30))), (Some(at(30)), Step::Expire));
    }
    let job = after(new, false, [Event::Submitting, accepted()]);
    assert_eq!(next_step(&job, at(29)), Step::Poll { last: false });
    assert_eq!(next_step(&job, at(30)), Step::Poll { last: true });
}

#[test]
fn a_delivery_far_off_is_left_to_the_reconciler() {
    let tried = |seconds| Event::WebhookTried(Webhook::Due { tries: 1, next: at(seconds) });
    let due = |seconds| advance(&job("completed"), tried(seconds), at(20)).unwrap().job.due;
    assert_eq!(due(20 + 900), Some(at(20 + 900 + 120)));
    assert_eq!(due(20 + 901), Some(at(20 + 901)));
}

#[test]
fn a_second_submit_stays_one_attempt_and_is_counted() {
    let events =
        [Event::Submitting, Event::SubmitLost, Event::SubmitAgain, Event::Submitting, accepted(), stored()];
    let job = after(new_job(), false, events);
    assert_eq!((job.resubmits, job.started), (1, Some(at(4))));
    let [attempt] = job.attempts.as_slice() else { panic!("{:?}", job.attempts) };
    assert_eq!(
        (attempt.started, attempt.ended, attempt.outcome.as_deref()),
        (at(1), Some(at(6)), Some("completed"))
    );
    assert_eq!((job.charged, job.refunded()), (Credits(10), Credits::ZERO));
}

#[test]
fn progress_follows_the_usual_time_and_the_vendor_s_word() {
    let job = job("running");
    let shown = |job: &Job, seconds| job.progress_at(at(seconds));
    assert_eq!([2, 22, 62, 600].map(|seconds| shown(&job, seconds)), [0, 30, 90, 95]);
    let told = advance(&job, still_running(Some(120)), at(12)).unwrap().job;
    assert_eq!(shown(&told, 12), 99);
    let less = advance(&told, still_running(Some(3)), at(13)).unwrap().job;
    assert_eq!(shown(&less, 13), 99);
    let failed = advance(&job, Event::Failed(fault(FaultKind::Vendor)), at(22)).unwrap().job;
    assert_eq!(shown(&failed, 9_999), 30);
    assert_eq!(shown(&self::job("completed"), 3), 100);
}

#[test]
fn extreme_times_are_no_reason_to_panic() {
    for name in ["held", "queued", "submitting", "lost", "running", "storing", "completed", "canceled, quiet"]
    {
        for now in [i64::MIN, -1, 0, i64::MAX].map(Time::from_millis) {
            let job = job(name);
            let _ = (next_step(&job, now), when_due(&job, now), job.progress_at(now), job.remaining_at(now));
        }
    }
}
