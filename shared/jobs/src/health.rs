//! How vendors and their models are doing, told by what became of their jobs.
//!
//! Each vendor has a record that all pollers add to and the front desk reads. Counts go into buckets of a minute, and two
//! windows are judged: five minutes, and the minute that has begun. Two things are told apart:
//!
//! - the vendor as a whole: does it take jobs? A refusal that is not about the job (out of order, our key, our balance)
//!   or a lost answer is bad, a job that it took is good;
//! - each model: does it finish what it took? A failure in the vendor's own words, or none in all the time that the model
//!   has, is bad; a finished file is good. Content that the rules forbid says nothing, and neither do our own faults.
//!
//! Too large a share of bad news cuts off the vendor or the model for a while: nothing new goes there. Each time that it
//! is still bad afterwards, the pause doubles, and a vendor's `Retry-After` makes it longer still. When the pause is over,
//! single jobs try it out, one every few seconds; the first good news of such a job opens it again. News of jobs that went
//! there earlier comes in all that while, for minutes where clips are made, and says nothing about how it is now. What is
//! bad again soon after it was opened is left alone for longer, as if it had never been well.

mod heard;
mod picture;
mod speed;
#[cfg(test)]
mod tests;
mod watch;

pub use heard::{Heard, heard};
pub use picture::Picture;
pub use speed::{SPEED_SLOTS, Sample, Speed, speed_class};
pub use watch::{Probe, Watch};

use crate::{Fault, FaultKind, Time};
use std::{collections::BTreeMap, time::Duration};

/// Minutes that are judged together.
pub const WINDOW_MINUTES: i64 = 5;

/// Bad news within the window below which nothing is cut off, for a vendor and for a model.
const FEWEST_BAD: (u32, u32) = (3, 4);

/// So many times as much bad news is enough within the minute that has begun. A busy vendor that goes dark would otherwise
/// be tried by hundreds of jobs until its bad news outweighs the good of the last five minutes.
const WITHIN_A_MINUTE: u32 = 2;

/// The first pause. It doubles with each further bad try.
const FIRST_PAUSE: Duration = Duration::from_secs(20);

/// The first pause where the operator has to do something.
const OPERATOR_PAUSE: Duration = Duration::from_secs(60);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What is bad again within this time after it was opened was never well: the pauses go on doubling. As long as the longest
/// pause, so that something that fails most of the time is tried a few times an hour and not every half minute.
const RELAPSE: Duration = LONGEST_PAUSE;

/// The pause between two jobs that try out what was cut off.
pub const PROBE_PAUSE: Duration = Duration::from_secs(10);

/// What a record counts separately: the vendor as a whole, or one model of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Whether the vendor takes jobs.
    Vendor,
    /// Whether this model finishes them.
    Model(String),
}

/// Good and bad news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Jobs taken, or finished.
    pub good: u32,
    /// Jobs not taken, or not finished.
    pub bad: u32,
}

impl Tally {
    /// Counts one outcome.
    pub fn add(&mut self, outcome: Outcome) {
        let figure = if outcome.is_good() { &mut self.good } else { &mut self.bad };
        *figure = figure.saturating_add(1);
    }
}

/// Why something was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It does not take jobs.
    Refusing,
    /// It does not finish them.
    Failing,
    /// Our key or our balance there is not in order.
    Operator,
}

/// Something that gets no jobs for a while, or did until lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// When single jobs may try it out.
    pub until: Time,
    /// How often in a row it was bad.
    pub times: u32,
    /// Why.
    pub why: Why,
    /// When a job last went to try it out.
    pub probed: Option<Time>,
    /// When it was opened again; what was counted before says nothing any more.
    pub opened: Option<Time>,
}

/// How a vendor or a model stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It gets jobs.
    Open,
    /// It gets none before this moment.
    CutOff {
        /// When it is tried out.
        until: Time,
        /// Why.
        why: Why,
    },
    /// It gets a job every few seconds, to see how it is.
    TriedOut {
        /// When the next job may go there.
        next: Time,
    },
}

/// What became of a job, as far as it says something about its vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor took it, or answered about it as a healthy vendor does.
    Took,
    /// The vendor did not take it, and not because of the job.
    Refused {
        /// What it asked for.
        patience: Option<Duration>,
        /// Whether the operator has to look.
        operator: bool,
    },
    /// It finished.
    Made,
    /// It was not finished, by the vendor's fault.
    Failed,
}

impl Outcome {
    /// What a refusal says about the vendor. Busy is healthy.
    pub fn of_refusal(fault: &Fault) -> Outcome {
        match fault.kind {
            FaultKind::Unavailable | FaultKind::OutcomeUnknown => {
                Outcome::Refused { patience: fault.retry_after, operator: false }
            }
            FaultKind::Operator => Outcome::Refused { patience: fault.retry_after, operator: true },
            _ => Outcome::Took,
        }
    }

    /// What a failure of a running job says about its model, if anything.
    pub fn of_failure(fault: &Fault) -> Option<Outcome> {
        matches!(fault.kind, FaultKind::Vendor | FaultKind::DeadlineWhileRunning).then_some(Outcome::Failed)
    }

    /// What it is counted under.
    pub fn scope(&self, model: &str) -> Scope {
        match self {
            Outcome::Took | Outcome::Refused { .. } => Scope::Vendor,
            Outcome::Made | Outcome::Failed => Scope::Model(model.to_owned()),
        }
    }

    /// Whether it is good news.
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Took | Outcome::Made)
    }
}

/// A vendor's record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Counts by scope and minute since 1970.
    pub tallies: BTreeMap<(Scope, i64), Tally>,
    /// What is cut off, or was.
    pub cuts: BTreeMap<Scope, CutOff>,
}

impl Health {
    /// Good and bad news of the window that ends now.
    pub fn tally(&self, scope: &Scope, now: Time) -> Tally {
        self.tally_over(WINDOW_MINUTES, scope, now)
    }

    fn tally_over(&self, minutes: i64, scope: &Scope, now: Time) -> Tally {
        let minute = minute_of(now);
        // The minute of the opening counts as a whole: it holds what came before it, too, but without it nothing that
        // happens in the rest of it would be seen.
        let opened = self.cuts.get(scope).and_then(|cut| cut.opened).map_or(i64::MIN, minute_of);
        let oldest = (minute - minutes + 1).max(opened).min(minute);
        let mut sum = Tally::default();
        let mut key = (scope.clone(), oldest);
        for at in oldest..=minute {
            key.1 = at;
            if let Some(Tally { good, bad }) = self.tallies.get(&key) {
                sum.good = sum.good.saturating_add(*good);
                sum.bad = sum.bad.saturating_add(*bad);
            }
        }
        sum
    }

    /// How a scope stands.
    pub fn standing_of(&self, scope: &Scope, now: Time) -> Standing {
        match self.cuts.get(scope) {
            None | Some(CutOff { opened: Some(_), .. }) => Standing::Open,
            Some(cut) if now < cut.until => Standing::CutOff { until: cut.until, why: cut.why },
            Some(cut) => Standing::TriedOut {
                next: cut.probed.map_or(cut.until, |probed| probed.plus(PROBE_PAUSE).max(cut.until)),
            },
        }
    }

    /// How a model of the vendor stands: the worse of its own standing and the vendor's.
    pub fn standing(&self, model: &str, now: Time) -> Standing {
        if self.cuts.is_empty() {
            return Standing::Open;
        }
        let vendor = self.standing_of(&Scope::Vendor, now);
        let model = self.standing_of(&Scope::Model(model.to_owned()), now);
        match (vendor, model) {
            (Standing::Open, other) | (other, Standing::Open) => other,
            (one @ Standing::CutOff { until, .. }, other @ Standing::CutOff { until: later, .. }) => {
                if until >= later { one } else { other }
            }
            (cut @ Standing::CutOff { .. }, _) | (_, cut @ Standing::CutOff { .. }) => cut,
            (Standing::TriedOut { next }, Standing::TriedOut { next: later }) => {
                Standing::TriedOut { next: next.max(later) }
            }
        }
    }

    /// What the outcome of a job that went there at `begun`, already counted, changes about its scope: a new or longer
    /// cut-off, an opening, or nothing.
    pub fn judge(&self, model: &str, outcome: Outcome, begun: Time, now: Time) -> Option<(Scope, CutOff)> {
        let scope = outcome.scope(model);
        let before = self.cuts.get(&scope).copied();
        let open_cut = before.filter(|cut| cut.opened.is_none());
        if outcome.is_good() {
            // News of a job that went there before the pause was over is no proof that it is well again.
            let opened = open_cut.filter(|cut| begun >= cut.until)?;
            return Some((scope, CutOff { opened: Some(now), ..opened }));
        }
        let (why, patience) = match outcome {
            Outcome::Refused { operator: true, patience } => (Why::Operator, patience),
            Outcome::Refused { patience, .. } => (Why::Refusing, patience),
            _ => (Why::Failing, None),
        };
        let times = match open_cut {
            // Stragglers of before say nothing new, but the vendor's own word about its pause does.
            Some(cut) if now < cut.until => {
                let until = now.plus(patience?.min(LONGEST_PAUSE));
                return (until > cut.until).then_some((scope, CutOff { until, ..cut }));
            }
            // Nor is it proof that it is still bad.
            Some(cut) if begun < cut.until => return None,
            Some(cut) => cut.times.saturating_add(1),
            None if why == Why::Operator || self.is_bad(&scope, now) => {
                let lately = before.filter(|cut| cut.opened.is_some_and(|opened| now < opened.plus(RELAPSE)));
                lately.map_or(1, |cut| cut.times.saturating_add(1))
            }
            None => return None,
        };
        let first = if why == Why::Operator { OPERATOR_PAUSE } else { FIRST_PAUSE };
        let pause = first.saturating_mul(1 << times.saturating_sub(1).min(10));
        let pause = pause.max(patience.unwrap_or_default()).min(LONGEST_PAUSE);
        Some((scope, CutOff { until: now.plus(pause), times, why, probed: None, opened: None }))
    }

    fn is_bad(&self, scope: &Scope, now: Time) -> bool {
        let fewest = if *scope == Scope::Vendor { FEWEST_BAD.0 } else { FEWEST_BAD.1 };
        let is_bad = |minutes, fewest| {
            let Tally { good, bad } = self.tally_over(minutes, scope, now);
            bad >= fewest && bad >= good
        };
        is_bad(WINDOW_MINUTES, fewest) || is_bad(1, fewest * WITHIN_A_MINUTE)
    }
}

/// Whole minutes since 1970.
pub fn minute_of(time: Time) -> i64 {
    time.seconds().div_euclid(60)
}
