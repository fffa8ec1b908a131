//! Everything that is known at one moment.

use super::{Health, Scope, Speed, Standing, Tally};
use crate::Time;
use std::{collections::BTreeMap, time::Duration};

/// Every vendor's record, and every model's speed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// By vendor.
    pub vendors: BTreeMap<String, Health>,
    /// By model.
    pub speeds: BTreeMap<String, Speed>,
}

impl Picture {
    /// How a model stands. Of whom nothing is known, nothing bad is known.
    pub fn standing(&self, vendor: &str, model: &str, now: Time) -> Standing {
        self.vendors.get(vendor).map_or(Standing::Open, |health| health.standing(model, now))
    }

    /// What the model finished within the window, and what it did not.
    pub fn tally(&self, vendor: &str, model: &str, now: Time) -> Tally {
        let health = self.vendors.get(vendor);
        health.map(|health| health.tally(&Scope::Model(model.to_owned()), now)).unwrap_or_default()
    }

    /// How long the model takes for jobs of a class: the median, and the time within which 95 % are done.
    pub fn times(&self, model: &str, class: &str) -> Option<(Duration, Duration)> {
        let speed = self.speeds.get(model)?;
        Some((speed.quantile(class, 0.5)?, speed.quantile(class, 0.95)?))
    }
}
