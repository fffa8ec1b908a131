//! `Authorization: Bearer …`

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key, with the word that stands before it.
const CREDENTIAL: &str = "Bearer sim-stability-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(header::AUTHORIZATION).map(|value| value.to_str()) {
        Some(Ok(CREDENTIAL)) => Ok(()),
        _ => Err(Refusal::unauthorized()),
    }
}
