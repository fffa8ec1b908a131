//! The Authorization header. A key is a pair.

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key.
const KEY: &str = "sim-hedra-key:sim-hedra-secret";

/// Lets through whoever has the right key, after either word.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(given) = given.and_then(|value| value.strip_prefix("Bearer ").or(value.strip_prefix("Key ")))
    else {
        return Err(Refusal::unauthorized(
            "Missing credentials. Send 'Authorization: Key <key_id>:<secret>' or 'Authorization: Bearer <token>'.",
        ));
    };
    if given == KEY { Ok(()) } else { Err(Refusal::unauthorized("Invalid API key.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_pair_after_one_of_two_words() {
        for (value, good) in [
            (None, false),
            (Some("Bearer sim-hedra-key:sim-hedra-secret"), true),
            (Some("Key sim-hedra-key:sim-hedra-secret"), true),
            (Some("Bearer sim-hedra-key"), false),
            (Some("Token sim-hedra-key:sim-hedra-secret"), false),
            (Some("sim-hedra-key:sim-hedra-secret"), false),
            (Some("Bearer sim-hedra-key:other"), false),
        ] {
            let headers: HeaderMap =
                value.map(|value| (header::AUTHORIZATION, value.parse().unwrap())).into_iter().collect();
            assert_eq!(check(&headers).is_ok(), good, "{value:?}");
        }
    }
}
