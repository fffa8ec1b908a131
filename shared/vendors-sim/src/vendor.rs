//! The vendors that are simulated: a line each.

use crate::world::World;
use axum::Router;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// All vendors, in the order of their names.
#[rustfmt::skip]
const ALL: &[Simulated] = &[
    crate::bfl::SIMULATED,
    crate::bytedance::SIMULATED,
    crate::elevenlabs::SIMULATED,
    crate::fal::SIMULATED,
    crate::google::SIMULATED,
    crate::googletts::SIMULATED,
    crate::hedra::SIMULATED,
    crate::heygen::SIMULATED,
    crate::kling::SIMULATED,
    crate::luma::SIMULATED,
    crate::lumaagents::SIMULATED,
    crate::minimax::SIMULATED,
    crate::runway::SIMULATED,
    crate::stability::SIMULATED,
    crate::sync::SIMULATED,
    crate::vertex::SIMULATED,
    crate::vidu::SIMULATED,
    crate::wan::SIMULATED,
];

/// What a vendor's folder gives to the server.
#[derive(Debug)]
pub(crate) struct Simulated {
    pub(crate) vendor: Vendor,
    /// How many works an account may have at a time, by the names that `/_control/settings` knows.
    pub(crate) limits: &'static [(&'static str, usize)],
    /// Its routes, with an empty account of their own.
    pub(crate) routes: fn(&Arc<World>) -> Router,
}

/// A vendor; in addresses, control calls and counts it goes by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Vendor(&'static str);

impl Vendor {
    pub(crate) const fn named(name: &'static str) -> Self {
        Self(name)
    }

    pub(crate) fn name(self) -> &'static str {
        self.0
    }
}

impl<'input> Deserialize<'input> for Vendor {
    fn deserialize<D: Deserializer<'input>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = all().map(|simulated| simulated.vendor).find(|vendor| vendor.0 == name);
        known.ok_or_else(|| D::Error::custom(format!("no vendor {name}")))
    }
}

/// All vendors.
pub(crate) fn all() -> impl Iterator<Item = &'static Simulated> {
    ALL.iter()
}
