//! The Authorization header. The word before the key is `Token`.

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key. It also signs callbacks.
pub(super) const KEY: &str = "sim-vidu-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given.and_then(|value| value.strip_prefix("Token ")) == Some(KEY) {
        Ok(())
    } else {
        Err(Refusal::unauthorized())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_before_the_key_counts() {
        for (value, good) in [
            (None, false),
            (Some("Token sim-vidu-key"), true),
            (Some("Bearer sim-vidu-key"), false),
            (Some("sim-vidu-key"), false),
            (Some("Token other"), false),
        ] {
            let headers: HeaderMap =
                value.map(|value| (header::AUTHORIZATION, value.parse().unwrap())).into_iter().collect();
            assert_eq!(check(&headers).is_ok(), good, "{value:?}");
        }
    }
}
