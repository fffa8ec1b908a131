//! The Authorization header.

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key.
const KEY: &str = "Bearer sim-luma-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given == Some(KEY) { Ok(()) } else { Err(Refusal::not_authenticated()) }
}
