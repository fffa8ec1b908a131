//! How vendors behave: how long they take, what they refuse, fail and lose.
//!
//! A job's time is log-normal around its model's median. Published medians differ by a factor of three and more with a
//! vendor's load, so 95 % are done within 1.8 times the median (clips) or 2.2 times (pictures, speech), and the median
//! itself is a sixth longer at the busiest hour than at the mean one.

use crate::{
    chance::Chance,
    day::{Day, Trouble, bustle},
};
use jobs::{Event, Fault, FaultKind, Job, Kind, Plan, Time};
use std::time::Duration;

/// Of all jobs, those whose content is forbidden.
const FORBIDDEN: f64 = 0.006;
/// Of all jobs, those that a healthy vendor does not finish.
const FAILING: f64 = 0.008;
/// Of all calls that order something, those refused by a healthy vendor's blip.
const BLIPS: f64 = 0.002;
/// Of all calls that order something, those whose answer is lost.
const LOST: f64 = 0.0002;

/// Vendors that answer an order with the result.
pub(crate) fn answers_at_once(plan: &Plan, kind: Kind) -> bool {
    match plan.vendor.as_str() {
        "elevenlabs" | "stability" | "google-tts" => true,
        "google" | "bytedance" => kind == Kind::Image,
        _ => false,
    }
}

/// What is done about a lost order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// It can be looked for.
    Found,
    /// One repeat is acceptable, or costs nothing.
    Repeated,
    /// Nothing.
    Lost,
}

/// What is done about a lost order at this vendor.
pub(crate) fn search(vendor: &str) -> Search {
    match vendor {
        "kling" | "luma" | "vidu" | "wan" | "elevenlabs" => Search::Found,
        "runway" | "minimax" => Search::Lost,
        _ => Search::Repeated,
    }
}

/// A task at a vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    /// When it is done.
    pub(crate) ready: Time,
    /// How long the vendor works at it.
    pub(crate) took: Duration,
    /// How it ends.
    pub(crate) ending: Ending,
}

/// How a task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Made,
    Failed,
    Forbidden,
}

/// What came of a call.
pub(crate) enum Call {
    /// It was refused.
    Refused(Fault),
    /// Nobody answered; whether it arrived all the same.
    Lost { arrived: bool },
    /// It was taken.
    Taken,
}

/// The outage that a vendor has now, by its number in the day.
pub(crate) fn outage(day: &Day, vendor: &str, model: &str, now: Time) -> Option<(usize, Trouble)> {
    let mut all = day.outages.iter().enumerate();
    all.find(|(_, outage)| outage.holds(vendor, model, now)).map(|(number, outage)| (number, outage.what))
}

/// Whether the vendor can be asked how a job stands.
pub(crate) fn can_be_asked(day: &Day, job: &Job, now: Time) -> bool {
    let trouble = outage(day, &job.plan.vendor, &job.plan.model, now).map(|(_, what)| what);
    !matches!(trouble, Some(Trouble::Dark | Trouble::Silent))
}

/// The paid call.
pub(crate) fn order(day: &Day, plan: &Plan, now: Time, chance: &mut Chance) -> Call {
    let trouble = outage(day, &plan.vendor, &plan.model, now).map(|(_, what)| what);
    let refused = |kind| Call::Refused(Fault::new(kind, "the provider did not take it"));
    match trouble {
        Some(Trouble::Dark) => refused(FaultKind::Unavailable),
        Some(Trouble::Silent) => Call::Lost { arrived: false },
        Some(Trouble::Busy(share, patience)) if chance.happens(share) => {
            Call::Refused(Fault::new(FaultKind::Busy, "the provider is busy").retry_after(Some(patience)))
        }
        _ if chance.happens(BLIPS) => refused(FaultKind::Unavailable),
        _ if chance.happens(LOST) => Call::Lost { arrived: chance.happens(0.5) },
        _ => Call::Taken,
    }
}

/// How long a model takes now: `median` usually, and for this job by as much more or less as `luck` says.
pub(crate) fn time(median: f64, kind: Kind, luck: f64, trouble: Option<Trouble>, now: Time) -> f64 {
    let spread = match kind {
        Kind::Video | Kind::Avatar => 1.8f64,
        Kind::Image | Kind::Audio => 2.2,
    };
    let sigma = spread.ln() / 1.645;
    let slow = match trouble {
        Some(Trouble::Slow(factor)) => factor,
        _ => 1.0,
    };
    let load = 1.0 + 0.27 * (bustle(now) - 1.0);
    median * load * slow * (sigma * luck).exp()
}

/// What the vendor does with a job that it took.
pub(crate) fn task(day: &Day, job: &Job, median: f64, luck: f64, now: Time, chance: &mut Chance) -> Task {
    let trouble = outage(day, &job.plan.vendor, &job.plan.model, now).map(|(_, what)| what);
    let failing = match trouble {
        Some(Trouble::Failing(share)) => share,
        _ => FAILING,
    };
    let whole = time(median, job.order.kind, luck, trouble, now);
    let (ending, share) = if chance.happens(FORBIDDEN) {
        (Ending::Forbidden, 0.3)
    } else if chance.happens(failing) {
        (Ending::Failed, 0.2 + 0.8 * chance.share())
    } else {
        (Ending::Made, 1.0)
    };
    let took = Duration::from_secs_f64(whole * share);
    Task { ready: now.plus(took), took, ending }
}

impl Task {
    /// What the poller hears of it once it is done.
    pub(crate) fn news(&self) -> Event {
        match self.ending {
            Ending::Made => Event::Stored(Vec::new()),
            Ending::Failed => Event::Failed(Fault::new(FaultKind::Vendor, "the provider could not make it")),
            Ending::Forbidden => {
                Event::Failed(Fault::new(FaultKind::Moderation, "the provider's rules forbid the content"))
            }
        }
    }
}
