//! Signatures: of the webhooks that we send, of callbacks signed the same way, and of links that stay valid.
//!
//! Start in [`webhook`]: [`sign`] makes the headers of a delivery, [`verify`] checks such headers.
//! [`token`] makes the unguessable part of a link. Everything here is a function from values to values:
//! no clock, no randomness, no I/O.

mod mac;
mod secret;
mod token;
pub mod webhook;

pub use mac::hmac_sha256;
pub use secret::{InvalidSecret, Secret};
pub use token::{token, token_matches};
pub use webhook::{Headers, Received, TOLERANCE_SECONDS, WhyNot, sign, verify};
