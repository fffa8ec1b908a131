//! What the desk sees of the world at one moment, and choosing by it.

use super::check::{self, Draft};
use crate::error::ApiError;
use catalogue::{Catalogue, Knowledge, World};
use jobs::{
    Mode, Plan, Time,
    health::{Picture, Probe, Standing, Watch},
    ports::Vendors,
    scrub::chain,
};
use outbound::AllowList;
use std::{collections::BTreeSet, sync::Arc};

/// What the desk sees.
pub(crate) struct Sight<'a> {
    /// With what the operator changes of it.
    pub(crate) catalogue: Arc<Catalogue>,
    pub(super) mode: Mode,
    pub(super) live_vendors: &'a BTreeSet<String>,
    pub(super) latency_scale: f64,
    pub(super) picture: Arc<Picture>,
    pub(super) now: Time,
}

impl Sight<'_> {
    /// The catalogue's view of it. `tries_out` says whether a model whose pause is over counts as one that can be used.
    pub(crate) fn world(&self, tries_out: bool) -> World<'_> {
        World {
            mode: self.mode,
            live_vendors: self.live_vendors,
            latency_scale: self.latency_scale,
            knowledge: Some(Knowledge { picture: &self.picture, now: self.now, tries_out }),
        }
    }
}

/// How an order will be made. One that would go to a vendor that failed lately goes there only if it is its turn to try
/// that vendor out; otherwise another is chosen.
pub(super) async fn choose(
    vendors: &impl Vendors,
    watch: &Watch,
    sight: &Sight<'_>,
    draft: &Draft,
    allow: &AllowList,
) -> Result<Plan, ApiError> {
    let plan = check::choose(&sight.catalogue, draft, &sight.world(true), allow)?;
    let standing = sight.picture.standing(&plan.vendor, &plan.model, sight.now);
    if sight.mode == Mode::Test || !matches!(standing, Standing::TriedOut { .. }) {
        return Ok(plan);
    }
    match watch.probe(vendors, &sight.picture, &plan.vendor, &plan.model, sight.now).await {
        Ok(Probe::Granted) => Ok(plan),
        Ok(Probe::Taken(_)) => check::choose(&sight.catalogue, draft, &sight.world(false), allow),
        Err(trouble) => {
            let error = chain(&trouble);
            tracing::warn!(error, vendor = plan.vendor, "could not ask for leave to try out a vendor");
            check::choose(&sight.catalogue, draft, &sight.world(false), allow)
        }
    }
}
