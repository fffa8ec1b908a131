//! A local run of the whole service, driven from tests: the real template, deployed into the local AWS, with simulated
//! vendors and a webhook receiver.
//!
//! Test code: whatever does not work as told panics, and the story that it happened in has failed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

pub mod aws;
pub mod client;
pub mod stack;

pub use client::{Answer, Customer, World};
pub use stack::Stack;
