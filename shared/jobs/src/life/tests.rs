//! Stories of one job, and every order of events.

mod every_order;
mod failover;
mod stories;

use super::{Job, NewJob};
use crate::{
    AccountId, CancelKind, Credits, Event, Fault, FaultKind, JobId, Kind, Mode, Options, Order, Output, Plan,
    Ticket, Time, advance,
};
use std::time::Duration;

/// So many seconds after the job was accepted.
fn at(seconds: u64) -> Time {
    Time::from_millis(1_800_000_000_000).plus(Duration::from_secs(seconds))
}

/// A live order of ten credits that wants news and may be stopped at any time: a minute at the median, ten at most.
fn new_job() -> NewJob {
    let mut order = Order::of(Kind::Video, "a fox");
    order.webhook_url = Some("https://example.com/hook".to_owned());
    NewJob {
        id: JobId::from_random([1; 16]),
        account: AccountId::from_random([2; 16]),
        mode: Mode::Live,
        order,
        plan: Plan {
            provider: "toy".to_owned(),
            model: "toy-1".to_owned(),
            vendor: "toy".to_owned(),
            vendor_model: "toy-one".to_owned(),
            prompt: None,
            options: Options::default(),
            adjustments: Vec::new(),
            cost: Credits(10),
            candidates: Vec::new(),
            median: Duration::from_secs(60),
            poll_floor: Duration::from_secs(2),
            deadline: Duration::from_secs(600),
            submit_timeout: Duration::from_secs(30),
            cancel: CancelKind::Anytime,
        },
        retention: Duration::from_secs(86_400),
    }
}

fn accepted() -> Event {
    Event::Accepted { ticket: Ticket("task-1".to_owned()) }
}

fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "it did not work out")
}

fn still_running(progress: Option<u8>) -> Event {
    Event::StillRunning { progress, ticket: None }
}

fn stored() -> Event {
    Event::Stored(vec![Output {
        key: "clip.mp4".to_owned(),
        format: "mp4".to_owned(),
        media_type: "video/mp4".to_owned(),
        bytes: 9,
        sha256: "ab".repeat(32),
        width: None,
        height: None,
        duration: None,
    }])
}

/// The job after events that all fit, one a second from the first second on.
fn after(new: NewJob, held: bool, events: impl IntoIterator<Item = Event>) -> Job {
    let mut job = Job::accepted(new, held, at(0));
    for (second, event) in (1..).zip(events) {
        job = advance(&job, event.clone(), at(second))
            .unwrap_or_else(|_| panic!("{event:?} in {:?}", job.state))
            .job;
    }
    job
}
