//! The `x-key` header.

use super::wire::Refusal;
use http::HeaderMap;

/// The one key.
const KEY: &str = "sim-bfl-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(key) = headers.get("x-key") else { return Err(Refusal::not_authenticated()) };
    match key.to_str() {
        Ok(KEY) => Ok(()),
        Ok(key) if !key.is_empty() && !key.contains(char::is_whitespace) => Err(Refusal::not_authenticated()),
        _ => Err(Refusal::key_format()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_checked_as_the_vendor_does() {
        for (key, expected) in [
            (None, Some(403)),
            (Some("sim-bfl-key"), None),
            (Some("other"), Some(403)),
            (Some(""), Some(422)),
            (Some("Bearer sim-bfl-key"), Some(422)),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(key) = key {
                headers.insert("x-key", key.parse().unwrap());
            }
            let status = check(&headers).err().map(|refusal| refusal.status.as_u16());
            assert_eq!(status, expected, "{key:?}");
        }
    }
}
