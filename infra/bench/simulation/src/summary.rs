//! The figures of a day in a few numbers.

use crate::{
    day::Day,
    figures::{Fates, Figures, How, Met, Polled, quantile},
};
use jobs::{FaultKind, Kind, health::Scope};
use std::collections::BTreeMap;

/// A day in a few numbers.
#[derive(Clone)]
pub(crate) struct Summary {
    pub(crate) name: &'static str,
    /// Clips of vendors that are asked how a job stands; pictures of such; everything of such.
    pub(crate) clips: Waiting,
    pub(crate) pictures: Waiting,
    pub(crate) polled: Waiting,
    /// What vendors answer at once.
    pub(crate) at_once: Waiting,
    pub(crate) ours: Fates,
    pub(crate) named: Fates,
    pub(crate) outages: Vec<OutageSummary>,
    /// Credits against the least possible, by priority.
    pub(crate) spending: BTreeMap<&'static str, f64>,
    pub(crate) cuts: BTreeMap<String, usize>,
    pub(crate) openings: usize,
    pub(crate) probes: usize,
    pub(crate) handed_over: usize,
    /// Seconds until all desks knew of a first cut-off: median and longest.
    pub(crate) known_after: (f64, f64),
    pub(crate) sent_meanwhile: usize,
    /// Microseconds that choosing took: median and 95 %.
    pub(crate) choosing: (f64, f64),
    pub(crate) tens: Vec<(u32, u32)>,
    pub(crate) stale_letters: usize,
}

/// Polls and added waiting of jobs.
#[derive(Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) jobs: usize,
    /// Median, mean and 95 %.
    pub(crate) polls: (f64, f64, f64),
    /// Beyond the vendor's time, against it: median and 95 %.
    pub(crate) share: (f64, f64),
    /// The same in seconds.
    pub(crate) seconds: (f64, f64),
}

/// What an outage cost.
#[derive(Clone)]
pub(crate) struct OutageSummary {
    pub(crate) name: String,
    pub(crate) hours: (f64, f64),
    pub(crate) groups: Vec<Group>,
    /// Where the choice was ours: jobs that met it, those of them that failed there, and that failed elsewhere later.
    pub(crate) affected: usize,
    pub(crate) failed: usize,
    pub(crate) failed_elsewhere: usize,
    /// Where the choice was ours: seconds added, median and 95 %.
    pub(crate) added: (f64, f64),
}

/// Jobs that met an outage in one way.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    pub(crate) how: How,
    pub(crate) ours: bool,
    pub(crate) jobs: usize,
    pub(crate) failed: usize,
    pub(crate) added: (f64, f64),
}

impl Waiting {
    fn of<'a>(jobs: impl Iterator<Item = &'a Polled> + Clone) -> Waiting {
        let series = |figure: fn(&Polled) -> f64| jobs.clone().map(figure).collect::<Vec<f64>>();
        let both = |figure| (quantile(series(figure), 0.5), quantile(series(figure), 0.95));
        let polls = series(|job| f64::from(job.polls));
        let mean = polls.iter().sum::<f64>() / polls.len().max(1) as f64;
        let (median, most) = both(|job| f64::from(job.polls));
        Waiting {
            jobs: polls.len(),
            polls: (median, mean, most),
            share: both(|job| job.added / job.vendor.max(0.001)),
            seconds: both(|job| job.added),
        }
    }
}

impl Summary {
    /// The numbers of a day.
    pub(crate) fn of(day: &Day, figures: Figures) -> Summary {
        let of_kind = |kinds: &'static [Kind]| {
            Waiting::of(figures.polled.iter().filter(move |job| kinds.contains(&job.kind)))
        };
        let mut cuts = BTreeMap::new();
        for cut in &figures.cuts {
            let who = match &cut.scope {
                Scope::Vendor => cut.vendor.clone(),
                Scope::Model(model) => format!("{} {model}", cut.vendor),
            };
            *cuts.entry(who).or_default() += 1;
        }
        let choosing: Vec<f64> = figures.choosing.iter().map(|nanos| f64::from(*nanos) / 1000.0).collect();
        let outages = day.outages.iter().enumerate().map(|(number, outage)| {
            let met = figures.met.get(&number).map(Vec::as_slice).unwrap_or_default();
            OutageSummary::of(outage.name(), outage.hours, met)
        });
        Summary {
            name: day.name,
            clips: of_kind(&[Kind::Video, Kind::Avatar]),
            pictures: of_kind(&[Kind::Image]),
            polled: Waiting::of(figures.polled.iter()),
            at_once: Waiting::of(figures.others.iter()),
            ours: figures.ours,
            named: figures.named,
            outages: outages.collect(),
            spending: figures
                .spent
                .iter()
                .map(|(name, (charged, least))| (*name, *charged as f64 / (*least).max(1) as f64))
                .collect(),
            cuts,
            openings: figures.openings,
            probes: figures.probes,
            handed_over: figures.handed_over,
            known_after: (
                quantile(figures.known_after.clone(), 0.5),
                quantile(figures.known_after.clone(), 1.0),
            ),
            sent_meanwhile: figures.sent_meanwhile,
            choosing: (quantile(choosing.clone(), 0.5), quantile(choosing, 0.95)),
            tens: figures.tens,
            stale_letters: figures.stale_letters,
        }
    }

    /// Cut-offs in all.
    pub(crate) fn all_cuts(&self) -> usize {
        self.cuts.values().sum()
    }
}

impl OutageSummary {
    fn of(name: String, hours: (f64, f64), met: &[Met]) -> OutageSummary {
        let mut groups = Vec::new();
        for ours in [true, false] {
            for how in [How::UnderWay, How::Refused, How::Unharmed, How::Diverted] {
                let mine = || met.iter().filter(move |job| job.how == how && job.ours == ours);
                if mine().next().is_some() {
                    let jobs = mine().count();
                    let (failed, added) = (mine().filter(harmed).count(), added(mine()));
                    groups.push(Group { how, ours, jobs, failed, added });
                }
            }
        }
        let ours = || met.iter().filter(|job| job.ours);
        OutageSummary {
            name,
            hours,
            groups,
            affected: ours().count(),
            failed: ours().filter(harmed).filter(|job| job.there).count(),
            failed_elsewhere: ours().filter(harmed).filter(|job| !job.there).count(),
            added: added(ours()),
        }
    }
}

/// Failed, and not for its content.
fn harmed(job: &&Met) -> bool {
    job.failed.is_some_and(|kind| kind != FaultKind::Moderation)
}

fn added<'a>(jobs: impl Iterator<Item = &'a Met>) -> (f64, f64) {
    let series: Vec<f64> = jobs.filter_map(|job| job.added).collect();
    (quantile(series.clone(), 0.5), quantile(series, 0.95))
}
