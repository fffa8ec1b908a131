//! Removing what a caller put in and got out, and keeping what happened.

use super::{Job, State};
use crate::{Fault, Input, Options, Order, Plan, Time, Webhook};

/// Removes the content of an ended job. What stays is the skeleton: whose it was, how it ended and when, what it cost
/// and what was charged, and the fingerprint, so that its idempotency key still names it and nothing is made anew.
/// News that was not delivered yet is not delivered any more.
pub(super) fn erase(job: &mut Job, now: Time) {
    let Order { kind, provider, model, .. } = job.order.clone();
    job.order = Order {
        kind,
        provider,
        model,
        input: Input::default(),
        options: Options::default(),
        priority: None,
        fallback: None,
        max_credits: None,
        strict: false,
        deadline: None,
        webhook_url: None,
        reference: None,
    };
    job.plan = Plan {
        prompt: None,
        options: Options::default(),
        adjustments: Vec::new(),
        candidates: Vec::new(),
        ..job.plan.clone()
    };
    match &mut job.state {
        State::Completed { outputs, .. } => outputs.clear(),
        // A vendor's sentence may quote the prompt.
        State::Failed { fault, .. } => *fault = Fault::new(fault.kind, "the generation failed"),
        _ => {}
    }
    job.webhook = Webhook::Quiet;
    job.deleted = Some(now);
}

#[cfg(test)]
mod tests {
    use crate::{
        AccountId, CancelKind, Credits, Event, FaultKind, Impossible, Job, JobId, Kind, Mode, Options, Order,
        Plan, State, Step, Ticket, Time, Value, Webhook, advance, life::NewJob, next_step,
    };
    use std::time::Duration;

    const SECRET: &str = "a fox that nobody may know of";

    fn at(seconds: i64) -> Time {
        Time::from_millis(seconds * 1000)
    }

    /// A job that is full of its caller's words.
    fn job() -> Job {
        let mut options = Options::default();
        options.set("style", Value::Text(SECRET.to_owned()));
        let mut order = Order::of(Kind::Video, SECRET);
        order.options = options.clone();
        order.reference = Some(SECRET.to_owned());
        order.webhook_url = Some(format!("https://example.com/{SECRET}"));
        let plan = Plan {
            provider: "toy".to_owned(),
            model: "toy-1".to_owned(),
            vendor: "toy".to_owned(),
            vendor_model: "toy-one".to_owned(),
            prompt: Some(SECRET.to_owned()),
            options,
            adjustments: Vec::new(),
            cost: Credits(10),
            candidates: Vec::new(),
            median: Duration::from_secs(60),
            poll_floor: Duration::from_secs(2),
            deadline: Duration::from_secs(600),
            submit_timeout: Duration::from_secs(30),
            cancel: CancelKind::Anytime,
        };
        let new = NewJob {
            id: JobId::from_random([1; 16]),
            account: AccountId::from_random([2; 16]),
            mode: Mode::Live,
            order,
            plan,
            retention: Duration::from_secs(86_400),
        };
        Job::accepted(new, false, at(0))
    }

    fn after(events: Vec<Event>) -> Job {
        events.into_iter().fold(job(), |job, event| advance(&job, event, at(5)).unwrap().job)
    }

    #[test]
    fn an_ended_job_loses_its_content_and_keeps_its_bones() {
        let accepted = || vec![Event::Submitting, Event::Accepted { ticket: Ticket("t".to_owned()) }];
        let failed = Event::Failed(crate::Fault::new(FaultKind::Moderation, SECRET).with_detail(SECRET));
        for events in [
            vec![Event::CancelAsked],
            [accepted(), vec![failed]].concat(),
            [accepted(), vec![Event::Stored(vec![])]].concat(),
        ] {
            let before = after(events);
            let change = advance(&before, Event::Deleted, at(9)).unwrap();
            let job = change.job;
            assert!(!format!("{job:?}").contains(SECRET), "{job:?}");
            assert!(change.account.is_nothing());
            assert_eq!((change.expected, job.version), (before.version, before.version + 1));
            assert_eq!((job.deleted, job.due, &job.webhook), (Some(at(9)), None, &Webhook::Quiet));
            assert_eq!(next_step(&job, at(10)), Step::Rest);
            let bones = |job: &Job| {
                (
                    job.id.clone(),
                    job.fingerprint.clone(),
                    job.status(),
                    job.ended_at(),
                    job.charged,
                    job.plan.cost,
                    job.expires,
                )
            };
            assert_eq!(bones(&job), bones(&before));
            // Once and for all.
            assert_eq!(advance(&job, Event::Deleted, at(11)), Err(Impossible));
            let tried = Event::WebhookTried(Webhook::Delivered { at: at(9), tries: 1 });
            assert_eq!(advance(&job, tried, at(11)), Err(Impossible));
        }
    }

    #[test]
    fn an_open_job_is_not_erased() {
        for job in [job(), after(vec![Event::Submitting])] {
            assert!(!matches!(job.state, State::Canceled { .. }));
            assert_eq!(advance(&job, Event::Deleted, at(9)), Err(Impossible));
        }
    }
}
