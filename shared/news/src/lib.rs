//! What receivers of webhooks are told: the event of an ended generation, signed and posted.
//!
//! The postman delivers real events, the front desk a sample on request; both say and sign it here, so that what
//! is rehearsed is what comes.

mod event;
mod post;
mod sample;

pub use event::News;
pub use post::{Answer, post};
pub use sample::sample;
