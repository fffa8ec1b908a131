//! Which vendors we speak with.

use crate::Adapter;

/// Every adapter, in the order in which they are listed.
#[rustfmt::skip]
const ADAPTERS: &[(&str, &dyn Adapter)] = &[
    (crate::bfl::VENDOR, &crate::bfl::Bfl),
    (crate::bytedance::VENDOR, &crate::bytedance::ByteDance),
    (crate::elevenlabs::VENDOR, &crate::elevenlabs::ElevenLabs),
    (crate::fal::VENDOR, &crate::fal::Fal),
    (crate::google::VENDOR, &crate::google::Google),
    (crate::googletts::VENDOR, &crate::googletts::GoogleTts),
    (crate::hedra::VENDOR, &crate::hedra::Hedra),
    (crate::heygen::VENDOR, &crate::heygen::HeyGen),
    (crate::kling::VENDOR, &crate::kling::Kling),
    (crate::luma::VENDOR, &crate::luma::Luma),
    (crate::lumaagents::VENDOR, &crate::lumaagents::LumaAgents),
    (crate::minimax::VENDOR, &crate::minimax::MiniMax),
    (crate::runway::VENDOR, &crate::runway::Runway),
    (crate::simulator::VENDOR, &crate::simulator::Simulator),
    (crate::stability::VENDOR, &crate::stability::Stability),
    (crate::sync::VENDOR, &crate::sync::Sync),
    (crate::vertex::VENDOR, &crate::vertex::Vertex),
    (crate::vidu::VENDOR, &crate::vidu::Vidu),
    (crate::wan::VENDOR, &crate::wan::Wan),
];

/// The ids of [`ADAPTERS`], in the same order.
#[expect(clippy::indexing_slicing, reason = "the loop ends with the list, and the compiler has run it")]
const VENDORS: [&str; ADAPTERS.len()] = {
    let mut ids = [""; ADAPTERS.len()];
    let mut index = 0;
    while index < ids.len() {
        ids[index] = ADAPTERS[index].0;
        index += 1;
    }
    ids
};

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
