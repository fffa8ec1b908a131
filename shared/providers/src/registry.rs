//! Which vendors we speak with.

use crate::{Adapter, bfl::Bfl, elevenlabs::ElevenLabs, kling::Kling, simulator::Simulator};

/// Every adapter, in the order in which they are listed.
const ADAPTERS: [(&str, &dyn Adapter); 4] = [
    (crate::bfl::VENDOR, &Bfl),
    (crate::elevenlabs::VENDOR, &ElevenLabs),
    (crate::kling::VENDOR, &Kling),
    (crate::simulator::VENDOR, &Simulator),
];

/// The ids of [`ADAPTERS`], in the same order.
const VENDORS: [&str; ADAPTERS.len()] =
    [crate::bfl::VENDOR, crate::elevenlabs::VENDOR, crate::kling::VENDOR, crate::simulator::VENDOR];

/// The adapter of a vendor; none when we don't speak with it.
pub fn adapter(vendor: &str) -> Option<&'static dyn Adapter> {
    ADAPTERS.iter().find(|(id, _)| *id == vendor).map(|(_, adapter)| *adapter)
}

/// The ids of all vendors, the built-in simulator among them.
pub fn vendors() -> &'static [&'static str] {
    &VENDORS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_its_own_adapter() {
        for vendor in vendors() {
            assert_eq!(adapter(vendor).map(Adapter::vendor), Some(*vendor));
        }
        assert!(adapter("nobody").is_none());
    }
}
