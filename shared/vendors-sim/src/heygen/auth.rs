//! The header with the key. None and a wrong one are answered the same way.

use super::wire::Refusal;
use http::HeaderMap;

/// The one key.
pub(super) const KEY: &str = "sim-heygen-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    if given == Some(KEY) { Ok(()) } else { Err(Refusal::unauthorized()) }
}
