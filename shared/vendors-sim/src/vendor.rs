//! The vendors that are simulated.

use serde::{Deserialize, Serialize};

/// A vendor; in control calls and counts it goes by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Vendor {
    Kling,
    Bfl,
    Elevenlabs,
}

impl Vendor {
    pub(crate) const ALL: [Self; 3] = [Self::Kling, Self::Bfl, Self::Elevenlabs];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kling => "kling",
            Self::Bfl => "bfl",
            Self::Elevenlabs => "elevenlabs",
        }
    }
}
