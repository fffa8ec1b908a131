//! What is known of the vendors.

use super::{Memory, Operation};
use jobs::{
    Time,
    health::{CutOff, Health, Sample, Scope, Speed, Tally, WINDOW_MINUTES, minute_of},
    ports::{Trouble, Vendors},
};
use std::collections::BTreeMap;

impl Vendors for Memory {
    async fn count(
        &self,
        vendor: &str,
        counts: &BTreeMap<Scope, Tally>,
        now: Time,
    ) -> Result<Health, Trouble> {
        self.call(Operation::Count, "could not count what vendors did", |held| {
            let health = held.healths.entry(vendor.to_owned()).or_default();
            for (scope, tally) in counts {
                let sum = health.tallies.entry((scope.clone(), minute_of(now))).or_default();
                sum.good += tally.good;
                sum.bad += tally.bad;
            }
            health.tallies.retain(|(_, minute), _| *minute > minute_of(now) - WINDOW_MINUTES);
            Ok(health.clone())
        })
    }

    async fn set_cut(
        &self,
        vendor: &str,
        scope: &Scope,
        before: Option<&CutOff>,
        after: &CutOff,
    ) -> Result<bool, Trouble> {
        self.call(Operation::SetCut, "could not cut off or open a vendor", |held| {
            let health = held.healths.entry(vendor.to_owned()).or_default();
            if health.cuts.get(scope) != before {
                return Ok(false);
            }
            health.cuts.insert(scope.clone(), *after);
            Ok(true)
        })
    }

    async fn healths(&self) -> Result<BTreeMap<String, Health>, Trouble> {
        self.call(Operation::Healths, "could not read how vendors are", |held| Ok(held.healths.clone()))
    }

    async fn remember(&self, samples: &[Sample]) -> Result<(), Trouble> {
        self.call(Operation::Remember, "could not remember durations", |held| {
            for Sample { model, class, slot, took } in samples {
                let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                let speed = held.speeds.entry(model.clone()).or_default();
                speed.samples.insert((class.clone(), *slot), milliseconds);
            }
            Ok(())
        })
    }

    async fn speeds(&self) -> Result<BTreeMap<String, Speed>, Trouble> {
        self.call(Operation::Speeds, "could not read durations", |held| Ok(held.speeds.clone()))
    }
}
