//! What is known of the vendors' health, as far as choosing goes.

use crate::{Catalogue, World, row::Row};
use jobs::{
    Kind, Mode, Options, Order, Plan, Time,
    health::{Picture, Standing, speed_class},
};
use std::time::Duration;

/// What is known of the vendors at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    /// Counts, cut-offs and speeds.
    pub picture: &'a Picture,
    /// The moment.
    pub now: Time,
    /// Whether a model whose pause is over may be chosen, to try it out. Who chooses so asks for leave before anything is
    /// sent, and chooses again without if it is not given.
    pub tries_out: bool,
}

/// A model that gets no jobs for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resting {
    /// When it is tried again.
    pub(crate) until: Time,
}

/// How a provider is doing, for callers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HealthCard {
    /// The worst that is true of all its models, in a word.
    pub state: HealthState,
    /// The share of generations that were finished, of those of the last minutes; nothing if there were none.
    pub success_rate: Option<f64>,
    /// How long its models took lately at the median; nothing until enough were finished.
    pub p50: Option<Duration>,
    /// The time within which 95 % were done.
    pub p95: Option<Duration>,
}

/// How a provider is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// It makes what is ordered.
    Healthy,
    /// Some of its models fail, or more generations than usual.
    Degraded,
    /// It gets no orders at the moment.
    Unavailable,
}

/// Below this share of finished generations a provider counts as degraded.
const HEALTHY_SHARE: f64 = 0.8;

/// Good news that every model is credited with: one failure of one is no bad record.
const CREDIT: f64 = 3.0;

impl World<'_> {
    /// Whether a model gets no jobs for a while. Test keys are answered by the simulator, which is never ill.
    pub(crate) fn resting(&self, row: &Row) -> Option<Resting> {
        let known = self.knowledge.filter(|_| self.mode == Mode::Live)?;
        match known.picture.standing(&row.vendor, &row.model, known.now) {
            Standing::Open => None,
            Standing::CutOff { until, .. } => Some(Resting { until }),
            Standing::TriedOut { next } if known.tries_out && next <= known.now => None,
            Standing::TriedOut { next } => Some(Resting { until: next.max(known.now) }),
        }
    }

    /// How long until a resting model is tried again, in whole seconds and never nothing.
    pub(crate) fn rest(&self, resting: Resting) -> Duration {
        let left = self.knowledge.map_or(Duration::ZERO, |known| resting.until.until(known.now));
        Duration::from_secs(left.as_secs() + 1)
    }

    /// How long a model takes for jobs of this kind at the median, as it was lately.
    pub(crate) fn live_median(&self, row: &Row, kind: Kind, options: &Options) -> Option<Duration> {
        let known = self.knowledge.filter(|_| self.mode == Mode::Live)?;
        known.picture.median(&row.model, &speed_class(kind, options))
    }

    /// The share of a model's generations that were not finished lately, 0 to 1; a few are forgiven.
    pub(crate) fn failing_share(&self, row: &Row) -> f64 {
        let Some(known) = self.knowledge.filter(|_| self.mode == Mode::Live) else { return 0.0 };
        let tally = known.picture.tally(&row.vendor, &row.model, known.now);
        f64::from(tally.bad) / (f64::from(tally.bad) + f64::from(tally.good) + CREDIT)
    }
}

/// How a provider with these models is doing.
pub(crate) fn health_card(rows: &[&Row], world: &World<'_>) -> HealthCard {
    let Some(known) = world.knowledge else {
        return HealthCard { state: HealthState::Healthy, success_rate: None, p50: None, p95: None };
    };
    let cut = |row: &&&Row| {
        matches!(known.picture.standing(&row.vendor, &row.model, known.now), Standing::CutOff { .. })
    };
    let resting = rows.iter().filter(cut).count();
    let (mut good, mut bad) = (0.0, 0.0);
    let mut times: Vec<u64> = Vec::new();
    for row in rows {
        let tally = known.picture.tally(&row.vendor, &row.model, known.now);
        good += f64::from(tally.good);
        bad += f64::from(tally.bad);
        times.extend(
            known.picture.speeds.get(&row.model).into_iter().flat_map(|speed| speed.samples.values()),
        );
    }
    times.sort_unstable();
    let quantile = |share: f64| {
        let index = (share * times.len().saturating_sub(1) as f64).round() as usize;
        times.get(index).filter(|_| times.len() >= 8).copied().map(Duration::from_millis)
    };
    let success_rate = (good + bad > 0.0).then(|| good / (good + bad));
    let state = if resting > 0 && resting == rows.len() {
        HealthState::Unavailable
    } else if resting > 0 || good / (good + bad + CREDIT) + CREDIT / (good + bad + CREDIT) < HEALTHY_SHARE {
        HealthState::Degraded
    } else {
        HealthState::Healthy
    };
    HealthCard { state, success_rate, p50: quantile(0.5), p95: quantile(0.95) }
}

impl Catalogue {
    /// Chooses another provider for a job whose vendor refused or failed: nobody who had it before, for no more than was
    /// accepted. Nothing if there is none.
    pub fn next_provider(&self, job: &jobs::Job, world: &World<'_>) -> Option<Plan> {
        let tried = job.attempts.iter().map(|attempt| attempt.model.as_str());
        let vendors = self.book.rows.iter().filter(|row| tried.clone().any(|model| model == row.model));
        let mut avoid: std::collections::BTreeSet<String> = vendors.map(|row| row.vendor.clone()).collect();
        avoid.insert(job.plan.vendor.clone());
        let order: &Order = &job.order;
        let mut plan = self.choose_other(order, world, &avoid, job.accepted).ok()?;
        if let Some(asked) = &order.provider {
            plan.adjustments.insert(
                0,
                jobs::Adjustment {
                    option: "provider".to_owned(),
                    requested: asked.clone(),
                    used: Some(plan.provider.clone()),
                    reason: format!("{} could not make it, and another may take over", job.plan.provider),
                },
            );
        }
        Some(plan)
    }
}
