//! `Authorization: Key …`

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key, with the word that stands before it: `Bearer` would be another scheme.
const CREDENTIAL: &str = "Key sim-fal-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get(header::AUTHORIZATION).map(|value| value.to_str()) {
        Some(Ok(CREDENTIAL)) => Ok(()),
        _ => Err(Refusal::not_authenticated()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_needs_its_word() {
        for (credential, good) in [
            (None, false),
            (Some("Key sim-fal-key"), true),
            (Some("Bearer sim-fal-key"), false),
            (Some("sim-fal-key"), false),
            (Some("Key other"), false),
        ] {
            let entries = credential.map(|credential| (header::AUTHORIZATION, credential.parse().unwrap()));
            assert_eq!(check(&HeaderMap::from_iter(entries)).is_ok(), good, "{credential:?}");
        }
    }
}
