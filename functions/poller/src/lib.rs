//! The engine: one message is one step of one job. Deployed once per vendor, each with its own queue, dead-letter
//! queue, credential and limits.
//!
//! [`engine`] asks [`jobs::next_step`] what is to be done and carries it out; [`inputs`] fetches the caller's files for
//! vendors that want bytes; [`vendor`] has the conversation with the vendor; [`room`] says how much of what is large there may
//! be at a time; [`store`] copies the files to our bucket; [`keys`] knows the keys with which vendors sign what they say by
//! themselves; [`wiring`] puts it all together from the function's settings.
//!
//! What never happens here: a decision about a job's life (that is `jobs`), a vendor's wire format (`providers`).

pub mod access;
pub mod engine;
pub mod inputs;
pub mod keys;
pub mod room;
pub mod store;
pub mod vendor;
pub mod wiring;

pub use engine::{Engine, Others};
