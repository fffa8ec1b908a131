//! The `xi-api-key` header.

use super::wire::Refusal;
use http::{HeaderMap, StatusCode};

/// The one key.
const KEY: &str = "sim-elevenlabs-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get("xi-api-key") {
        Some(key) if key == KEY => Ok(()),
        Some(_) => Err(Refusal::invalid_key()),
        None => Err(Refusal::new(StatusCode::UNAUTHORIZED, "missing_api_key", "An API key is required")),
    }
}
