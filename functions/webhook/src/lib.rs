//! The postman: signs the news of an ended job, delivers it, and notes when to try again.
//!
//! A delivery goes through three stages, each a type of its own: a [`news::News`] (the event's bytes), the
//! [`news::Answer`] of its receiver, and the outcome of a try, from which [`jobs::letter::after_try`] decides what becomes of it.

pub mod postman;

pub use postman::Postman;
