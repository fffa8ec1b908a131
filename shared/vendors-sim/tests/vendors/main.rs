//! The simulator as its clients see it: over the wire, on a free port, fast enough that nothing has to wait.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod adapter;
mod bfl;
mod bytedance;
mod client;
mod control;
mod elevenlabs;
mod fal;
mod faults;
mod google;
mod googletts;
mod hedra;
mod heygen;
mod kling;
mod kling_newer;
mod kling_omni;
mod kling_talking;
mod luma;
mod minimax;
mod runway;
mod stability;
mod sync;
mod vertex;
mod vidu;
mod wan;
