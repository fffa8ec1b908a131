//! The key: in a header, or in the address.

use super::wire::Refusal;
use http::HeaderMap;
use std::collections::HashMap;

/// The one key.
const KEY: &str = "sim-google-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap, query: &HashMap<String, String>) -> Result<(), Refusal> {
    let header = headers.get("x-goog-api-key").map(|key| key.as_bytes());
    match header.or_else(|| query.get("key").map(|key| key.as_bytes())) {
        Some(key) if key == KEY.as_bytes() => Ok(()),
        Some(_) => Err(Refusal::bad_key()),
        None => Err(Refusal::no_key()),
    }
}
