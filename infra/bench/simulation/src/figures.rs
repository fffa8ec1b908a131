//! What is counted while a day is played.

use jobs::{
    FaultKind, Kind, Priority, Time,
    health::{Picture, Scope},
};
use std::{collections::BTreeMap, time::Duration};

/// Everything that is counted of one day.
#[derive(Default)]
pub(crate) struct Figures {
    /// Jobs that ended, of vendors that are asked how a job stands, and were completed.
    pub(crate) polled: Vec<Polled>,
    /// Added waiting of all completed jobs, with the vendor's own time.
    pub(crate) others: Vec<Polled>,
    /// What became of the orders: where the choice was ours, and where a provider was named.
    pub(crate) ours: Fates,
    pub(crate) named: Fates,
    /// Jobs that met an outage, by its number.
    pub(crate) met: BTreeMap<usize, Vec<Met>>,
    /// Credits charged, and the least that anybody would have taken, by priority.
    pub(crate) spent: BTreeMap<&'static str, (u64, u64)>,
    /// Cut-offs as they were written.
    pub(crate) cuts: Vec<Cut>,
    /// Openings.
    pub(crate) openings: usize,
    /// Seconds until a first cut-off was known to every desk that had an order meanwhile.
    pub(crate) known_after: Vec<f64>,
    /// Orders that a desk sent there meanwhile.
    pub(crate) sent_meanwhile: usize,
    /// Jobs that tried out what was cut off.
    pub(crate) probes: usize,
    /// Jobs that were handed over.
    pub(crate) handed_over: usize,
    /// Nanoseconds that choosing took.
    pub(crate) choosing: Vec<u32>,
    /// Orders accepted in each ten minutes where the choice was ours, and those completed of them.
    pub(crate) tens: Vec<(u32, u32)>,
    /// Letters that were put aside as out of date.
    pub(crate) stale_letters: usize,
    pub(crate) spreading: Vec<Spreading>,
}

/// A completed job.
#[derive(Clone, Copy)]
pub(crate) struct Polled {
    pub(crate) kind: Kind,
    pub(crate) polls: u32,
    /// Beyond the vendor's own time, in seconds.
    pub(crate) added: f64,
    /// The vendor's own time, in seconds.
    pub(crate) vendor: f64,
}

/// What became of orders.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fates {
    pub(crate) orders: usize,
    pub(crate) completed: usize,
    /// Forbidden content; nobody's fault.
    pub(crate) forbidden: usize,
    /// Refused at the door: nobody could be used.
    pub(crate) turned_away: usize,
    pub(crate) failed: usize,
}

impl Fates {
    /// The share that was completed of what could be.
    pub(crate) fn success(&self) -> f64 {
        self.completed as f64 / (self.orders - self.forbidden).max(1) as f64
    }
}

/// How a job met an outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// It was at the vendor when it began.
    UnderWay,
    /// It was sent there and refused or failed.
    Refused,
    /// It was sent there and nothing happened to it.
    Unharmed,
    /// It would have gone there, and was given to another at once.
    Diverted,
}

/// A job that met an outage.
#[derive(Clone, Copy)]
pub(crate) struct Met {
    pub(crate) how: How,
    /// Whether the choice was ours.
    pub(crate) ours: bool,
    /// Seconds more than it would have taken on a day on which nothing is wrong; nothing unless it was completed.
    pub(crate) added: Option<f64>,
    /// Why it failed.
    pub(crate) failed: Option<FaultKind>,
    /// Whether it was still at the vendor of the outage when it ended.
    pub(crate) there: bool,
}

/// A cut-off as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) at: Time,
    pub(crate) vendor: String,
    pub(crate) scope: Scope,
    pub(crate) times: u32,
}

/// A cut-off that not every desk knows yet.
pub(crate) struct Spreading {
    cut: Cut,
    until: Time,
    knows: Vec<bool>,
}

impl Figures {
    /// A cut-off was written.
    pub(crate) fn cut(&mut self, cut: Cut, until: Time, desks: usize) {
        if cut.times == 1 {
            self.spreading.push(Spreading { cut: cut.clone(), until, knows: vec![false; desks] });
        }
        self.cuts.push(cut);
    }

    /// A desk looks at what is known.
    pub(crate) fn desk_looks(&mut self, desk: usize, picture: &Picture, now: Time) {
        let known_after = &mut self.known_after;
        self.spreading.retain_mut(|Spreading { cut, until, knows }| {
            let told = picture.vendors.get(&cut.vendor).and_then(|health| health.cuts.get(&cut.scope));
            if told.is_some_and(|told| told.until >= *until || told.opened.is_some_and(|at| at >= cut.at))
                && let Some(knows) = knows.get_mut(desk)
            {
                *knows = true;
            }
            if knows.iter().all(|knows| *knows) {
                known_after.push(now.since(cut.at).as_secs_f64());
                return false;
            }
            // Where nobody orders anything, nobody needs to know.
            now < cut.at.plus(Duration::from_secs(60))
        });
    }

    /// An order goes to a vendor.
    pub(crate) fn sent(&mut self, vendor: &str, model: &str) {
        let unknown = self.spreading.iter().any(|Spreading { cut, .. }| {
            cut.vendor == vendor
                && match &cut.scope {
                    Scope::Vendor => true,
                    Scope::Model(cut) => cut == model,
                }
        });
        self.sent_meanwhile += usize::from(unknown);
    }

    /// Credits of a completed job.
    pub(crate) fn spend(&mut self, priority: Option<Priority>, charged: u64, cheapest: u64) {
        let sums = self.spent.entry(priority.map_or("none", Priority::name)).or_default();
        sums.0 += charged;
        sums.1 += cheapest;
    }
}

/// The value below which this share of a series lies.
pub(crate) fn quantile(mut series: Vec<f64>, share: f64) -> f64 {
    series.sort_by(f64::total_cmp);
    let index = (share * series.len().saturating_sub(1) as f64).round() as usize;
    series.get(index).copied().unwrap_or(f64::NAN)
}
