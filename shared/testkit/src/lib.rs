//! What tests share: the ports in memory, builders of ordinary values, and the rules that every store has to keep.
//!
//! - [`Memory`] is all three ports at once, under the same conditions as the real tables, with what it holds open to
//!   assertions and with crashes on demand.
//! - [`builders`] make accounts, plans and jobs of which nothing is special but what the test says.
//! - [`contract`] holds any store to the rules; `Memory` and the real tables run the same cases.
//!
//! What never happens here: a clock is read, a thread sleeps, anything leaves the process.

pub mod builders;
pub mod contract;
mod memory;

pub use memory::{Memory, Operation, Sent, When};
