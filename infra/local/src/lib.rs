//! What a local run has beside the emulated AWS: a front at a fixed address, and somebody who receives webhooks.
//! Nothing of it is ever deployed.

pub mod front;
mod portrait;
pub mod receiver;
