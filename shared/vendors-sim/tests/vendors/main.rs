//! The simulator as its clients see it: over the wire, on a free port, fast enough that nothing has to wait.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed helper is a failed test"
)]

mod bfl;
mod bytedance;
mod client;
mod control;
mod elevenlabs;
mod fal;
mod google;
mod googletts;
mod kling;
mod luma;
mod minimax;
mod runway;
mod stability;
mod vidu;
mod wan;
