//! Whatever happens in whatever order: what holds for every life.

use super::{accepted, at, fault, new_job, still_running, stored};
use crate::{
    CancelKind, Credits, Event, FaultKind, Job, Mode, Plan, State, Step, Ticket, Time, Webhook, advance,
    life::{AccountChange, NewJob},
    next_step,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::time::Duration;

fn orders() -> impl Strategy<Value = NewJob> {
    let cancel = select(&[CancelKind::Never, CancelKind::WhileQueued, CancelKind::Anytime][..]);
    (any::<bool>(), any::<bool>(), cancel, 0u64..1_000, option::of(0u64..2_000), 0u64..1_000).prop_map(
        |(test, news, cancel, cost, deadline, median)| {
            let mut new = new_job();
            new.mode = if test { Mode::Test } else { Mode::Live };
            new.order.deadline = deadline.map(Duration::from_secs);
            if !news {
                new.order.webhook_url = None;
            }
            new.plan.cancel = cancel;
            new.plan.cost = Credits(cost);
            new.plan.median = Duration::from_secs(median);
            new
        },
    )
}

fn faults() -> impl Strategy<Value = crate::Fault> {
    (select(&FaultKind::ALL[..]), option::of(0u64..100_000))
        .prop_map(|(kind, seconds)| fault(kind).retry_after(seconds.map(Duration::from_secs)))
}

fn news() -> impl Strategy<Value = Webhook> {
    (0u64..1_000_000, 0u32..4, 0..4).prop_map(|(seconds, tries, kind)| match kind {
        0 => Webhook::Quiet,
        1 => Webhook::Due { tries, next: at(seconds) },
        2 => Webhook::Delivered { at: at(seconds), tries },
        _ => Webhook::Failed { at: at(seconds), tries },
    })
}

/// Any event; those that lead deeper into a life come more often.
fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => Just(Event::Woken),
        8 => Just(Event::Submitting),
        6 => Just(accepted()),
        2 => faults().prop_map(Event::Refused),
        2 => (faults(), 0u64..1_000).prop_map(|(fault, cost)| {
            let plan = Plan { vendor: "other".to_owned(), cost: Credits(cost), ..new_job().plan };
            Event::HandedOver { fault, plan: Box::new(plan) }
        }),
        2 => Just(Event::SubmitLost),
        2 => Just(Event::NotFound),
        1 => Just(Event::NoAnswer),
        2 => Just(Event::SubmitAgain),
        4 => option::of(any::<u8>()).prop_map(still_running),
        1 => Just(Event::StillRunning { progress: None, ticket: Some(Ticket("task-2".to_owned())) }),
        1 => faults().prop_map(Event::Failed),
        3 => faults().prop_map(Event::CopyFailed),
        1 => Just(stored()),
        1 => Just(Event::CancelAsked),
        1 => any::<bool>().prop_map(|charged| Event::CanceledAtVendor { charged }),
        1 => Just(Event::NotCancelable),
        1 => Just(Event::DeadlinePassed),
        4 => news().prop_map(Event::WebhookTried),
        3 => Just(Event::Nudged),
    ]
}

/// What has moved on the account since before the job was accepted.
#[derive(Default)]
struct Moved {
    granted: i64,
    available: i64,
    reserved: i64,
    used: i64,
    running: i32,
    waiting: i32,
    releases: u32,
}

impl Moved {
    fn by(&mut self, change: &AccountChange) {
        self.granted += change.balance.granted;
        self.available += change.balance.available;
        self.reserved += change.balance.reserved;
        self.used += change.balance.used;
        self.running += change.running;
        self.waiting += change.waiting;
        self.releases += u32::from(change.running < 0) + u32::from(change.running == 0 && change.waiting < 0);
    }
}

/// What holds for each job by itself.
fn check_job(job: &Job, moved: &Moved, now: Time) {
    let credits = |credits: Credits| i64::try_from(credits.0).unwrap();
    let held = matches!(job.state, State::Held);
    let ended = job.has_ended();
    let open = |yes: bool| i32::from(yes && !ended);
    assert_eq!((moved.running, moved.waiting), (open(!held), open(held)));
    assert_eq!(moved.reserved, if ended { 0 } else { credits(job.reserved()) });
    assert_eq!(moved.used, credits(job.charged));
    assert_eq!((moved.granted, moved.available), (0, -moved.reserved - moved.used));
    assert_eq!(moved.releases, u32::from(ended));
    assert!(job.charged <= job.reserved());
    let news_are_due = matches!(job.webhook, Webhook::Due { .. });
    assert_eq!(job.due.is_some(), !ended || news_are_due);
    assert!(ended || job.webhook == Webhook::Quiet);
    let open_attempts = job.attempts.iter().filter(|attempt| attempt.ended.is_none()).count();
    assert!(open_attempts <= usize::from(!ended), "{:?}", job.attempts);
    assert!(!ended || job.cancel_asked.is_none() || matches!(job.state, State::Canceled { .. }));
    assert_eq!(job.progress_at(now) == 100, matches!(job.state, State::Completed { .. }));
    check_step(job, now);
}

/// Whatever is to be done, its outcome fits the state; nothing that was to be stopped is submitted.
fn check_step(job: &Job, now: Time) {
    let answers = match next_step(job, now) {
        Step::Wait(until) => {
            assert!(until > now);
            return;
        }
        Step::Rest => return assert!(job.due.is_none()),
        Step::Wake => vec![Event::Woken],
        Step::Submit => {
            assert_eq!(job.cancel_asked, None);
            vec![Event::Submitting]
        }
        Step::Recover => {
            vec![accepted(), Event::NotFound, Event::NoAnswer, Event::SubmitAgain, Event::DeadlinePassed]
        }
        Step::Poll { .. } => {
            vec![
                stored(),
                still_running(None),
                Event::Failed(fault(FaultKind::Vendor)),
                Event::DeadlinePassed,
            ]
        }
        Step::Cancel => vec![Event::CanceledAtVendor { charged: true }, Event::NotCancelable],
        Step::Expire => vec![Event::DeadlinePassed],
        Step::Deliver => {
            let Webhook::Due { tries, .. } = job.webhook else { panic!("{:?}", job.webhook) };
            vec![Event::WebhookTried(Webhook::Delivered { at: now, tries: tries + 1 })]
        }
    };
    for answer in answers {
        assert!(advance(job, answer.clone(), now).is_ok(), "{answer:?} in {:?}", job.state);
    }
}

/// What holds between a job and what an event made of it.
fn check_change(before: &Job, event: &Event, after: &Job, now: Time) {
    let waits = matches!(before.state, State::Held | State::Queued { .. });
    let grows = !(waits && *event == Event::Nudged);
    assert_eq!(after.version, before.version + u64::from(grows));
    if before.has_ended() {
        let settled = |job: &Job| Job { version: 0, due: None, webhook: Webhook::Quiet, ..job.clone() };
        assert_eq!(settled(before), settled(after));
    }
    if *event == Event::Nudged {
        assert_eq!(before.state, after.state);
        // Otherwise each sweep would nudge it again and make the letter of the sweep before worthless.
        assert!(after.due.is_some_and(|due| due > now));
    }
    assert_eq!(
        (&before.id, &before.account, &before.order, before.accepted, before.created, before.expires),
        (&after.id, &after.account, &after.order, after.accepted, after.created, after.expires)
    );
    // Only another provider brings another plan.
    assert!(before.plan == after.plan || matches!(event, Event::HandedOver { .. }), "{event:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_life_keeps_the_rules(
        new in orders(), held: bool, happenings in vec((events(), 0u64..700_000), 0..40),
    ) {
        let mut now = at(0);
        let mut job = Job::accepted(new, held, now);
        let mut moved = Moved::default();
        moved.by(&job.acceptance());
        check_job(&job, &moved, now);
        let mut shown = 0;
        for (event, millis) in happenings {
            now = now.plus(Duration::from_millis(millis));
            let shows = job.progress_at(now);
            prop_assert!(shows >= shown, "{} % after {} %", shows, shown);
            if let Ok(change) = advance(&job, event.clone(), now) {
                prop_assert_eq!(change.expected, job.version);
                check_change(&job, &event, &change.job, now);
                moved.by(&change.account);
                job = change.job;
                let after = job.progress_at(now);
                prop_assert!(after >= shows, "{} % after {} %", after, shows);
            }
            check_job(&job, &moved, now);
            shown = job.progress_at(now);
        }
    }

    #[test]
    fn clocks_that_jump_break_nothing_that_counts(
        new in orders(), held: bool, happenings in vec((events(), any::<i64>()), 0..40),
    ) {
        let mut job = Job::accepted(new, held, at(0));
        let mut moved = Moved::default();
        moved.by(&job.acceptance());
        for (event, millis) in happenings {
            let now = Time::from_millis(millis);
            if let Ok(change) = advance(&job, event, now) {
                moved.by(&change.account);
                job = change.job;
            }
            prop_assert_eq!(moved.releases, u32::from(job.has_ended()));
            prop_assert_eq!(moved.used, i64::try_from(job.charged.0).unwrap());
            prop_assert_eq!(moved.available, -moved.reserved - moved.used);
            let _ = (next_step(&job, now), job.remaining_at(now));
        }
    }
}
