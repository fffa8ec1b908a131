//! Everything that is known at one moment.

use super::{Health, Scope, Speed, Standing, Tally};
use crate::Time;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// Every vendor's record, and every model's speed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// By vendor.
    pub vendors: BTreeMap<String, Health>,
    /// By model. They are much to copy and read anew less often than the rest, so pictures share them.
    pub speeds: Arc<BTreeMap<String, Speed>>,
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

    /// How long the model takes for jobs of a class at the median, once enough is known.
    pub fn median(&self, model: &str, class: &str) -> Option<Duration> {
        self.speeds.get(model)?.quantile(class, 0.5)
    }
}
