//! The adapters from outside: an order in, a request out; a reply in, news out. No network, no clock.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod callbacks;
mod fixtures;
mod garbage;
mod given;
mod runway;
mod shown;
