//! The credential, and the key that makes two orders one.

use super::wire::Refusal;
use http::{HeaderMap, HeaderValue};

const KEY: &str = "sim-sync-key";

/// Characters of an order's key, at most.
const MOST_KEY: usize = 128;

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get("x-api-key").map(HeaderValue::as_bytes) {
        None => Err(Refusal::no_key()),
        Some(key) if key == KEY.as_bytes() => Ok(()),
        Some(_) => Err(Refusal::wrong_key()),
    }
}

/// The key of an order, if it has one.
pub(super) fn order_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let (Some(key), second) = (keys.next(), keys.next()) else { return Ok(None) };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte);
    let key = key.to_str().ok().filter(|key| (1..=MOST_KEY).contains(&key.len()) && key.bytes().all(good));
    match key {
        Some(key) if second.is_none() => Ok(Some(key.to_owned())),
        _ => Err(Refusal::invalid_order_key()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_one_key_of_plain_characters() {
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("idempotency-key", value.parse().unwrap());
            }
            order_key(&headers)
        };
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["gen_1-2.~A"]), Ok(Some("gen_1-2.~A".to_owned())));
        let long = "a".repeat(129);
        for bad in [&["", ""][..], &[""], &["a b"], &["a/b"], &["a", "a"], &[&long]] {
            assert_eq!(read(bad), Err(Refusal::invalid_order_key()), "{bad:?}");
        }
        assert!(read(&[&long[1..]]).is_ok());
    }
}
