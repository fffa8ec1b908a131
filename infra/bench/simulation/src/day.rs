//! The days that are played: how much is ordered when, and what goes wrong.

use jobs::Time;
use std::time::Duration;
use testkit::builders::START;

/// A day to be played.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    /// For people.
    pub(crate) name: &'static str,
    /// Orders placed.
    pub(crate) orders: usize,
    /// What goes wrong beside the usual.
    pub(crate) outages: Vec<Outage>,
    /// Whether vendors' health is known and other providers take over.
    pub(crate) watched: bool,
    /// Whether vendors tell us when a job is done.
    pub(crate) callbacks: bool,
}

/// A stretch of time in which a vendor is not itself.
#[derive(Clone, Debug)]
pub(crate) struct Outage {
    /// The vendor.
    pub(crate) vendor: &'static str,
    /// Only this model of it.
    pub(crate) model: Option<&'static str>,
    /// Begin and end, in hours of the day.
    pub(crate) hours: (f64, f64),
    /// What is wrong.
    pub(crate) what: Trouble,
}

/// What is wrong with a vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// No call is answered with anything but "out of order".
    Dark,
    /// No call is answered at all.
    Silent,
    /// This share of what it takes is not finished.
    Failing(f64),
    /// Everything takes so many times as long.
    Slow(f64),
    /// This share of new jobs is turned away, with so much patience asked for.
    Busy(f64, Duration),
}

/// The moment so many hours into the day.
pub(crate) fn hour(hours: f64) -> Time {
    START.plus(Duration::from_secs_f64(hours * 3600.0))
}

/// Hours of the day.
pub(crate) fn hours(now: Time) -> f64 {
    now.since(START).as_secs_f64() / 3600.0
}

/// Orders per unit of time against the day's mean: four times as many in the afternoon as at night.
pub(crate) fn bustle(now: Time) -> f64 {
    1.0 + 0.6 * ((hours(now) - 8.0) / 24.0 * std::f64::consts::TAU).sin()
}

impl Outage {
    /// Whether it holds for a vendor and a model.
    pub(crate) fn holds(&self, vendor: &str, model: &str, now: Time) -> bool {
        self.vendor == vendor
            && self.model.is_none_or(|mine| mine == model)
            && now >= hour(self.hours.0)
            && now < hour(self.hours.1)
    }

    /// A day with one outage of each kind.
    pub(crate) fn one_of_each(dark: Trouble) -> Vec<Outage> {
        // Half a minute past: counts go into buckets of whole minutes.
        let past = |(from, until): (f64, f64)| (from + 1.0 / 120.0, until + 1.0 / 120.0);
        let outage = |vendor, model, hours, what| Outage { vendor, model, hours: past(hours), what };
        vec![
            outage("luma", None, (7.0, 9.0), Trouble::Slow(3.0)),
            outage("kling", None, (12.0, 13.0), dark),
            outage("bfl", Some("flux-pro-1.1"), (16.0, 18.0), Trouble::Failing(0.6)),
            outage("bytedance", None, (19.0, 20.0), Trouble::Busy(0.7, Duration::from_secs(20))),
        ]
    }

    /// For people.
    pub(crate) fn name(&self) -> String {
        let who = self.model.unwrap_or(self.vendor);
        let (from, until) = self.hours;
        let what = match self.what {
            Trouble::Dark => "dark".to_owned(),
            Trouble::Silent => "silent".to_owned(),
            Trouble::Failing(share) => format!("failing {:.0} %", share * 100.0),
            Trouble::Slow(factor) => format!("slow x{factor:.0}"),
            Trouble::Busy(share, patience) => {
                format!("busy for {:.0} %, Retry-After {} s", share * 100.0, patience.as_secs())
            }
        };
        format!("{who} {what}, {from:.0} to {until:.0} h")
    }
}
