//! The `Authorization` header, and the version of the API that every call has to name.

use super::wire::Refusal;
use http::{HeaderMap, StatusCode, header};

/// The one key.
const KEY: &str = "Bearer sim-runway-key";
/// The one version.
const VERSION: &str = "2024-11-06";

/// Lets through whoever has the right key and speaks the right version.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let unauthorized = |message: &str| Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
    match headers.get(header::AUTHORIZATION) {
        None => return unauthorized("No API key was provided"),
        Some(key) if key != KEY => return unauthorized("The API key is not valid"),
        Some(_) => {}
    }
    // That the header is required is documented, the answer without it is not.
    match headers.get("x-runway-version") {
        Some(version) if version == VERSION => Ok(()),
        Some(_) => {
            Err(Refusal::new(StatusCode::BAD_REQUEST, "The value of X-Runway-Version is not a version"))
        }
        None => Err(Refusal::new(StatusCode::BAD_REQUEST, "The X-Runway-Version header is required")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_needs_a_key_and_a_version() {
        let right = Some("Bearer sim-runway-key");
        for (key, version, expected) in [
            (right, Some("2024-11-06"), None),
            (None, Some("2024-11-06"), Some(401)),
            (Some("sim-runway-key"), Some("2024-11-06"), Some(401)),
            (Some("Bearer other"), Some("2024-11-06"), Some(401)),
            (right, None, Some(400)),
            (right, Some("2020-01-01"), Some(400)),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("authorization", key), ("x-runway-version", version)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            let status = check(&headers).err().map(|refusal| refusal.status.as_u16());
            assert_eq!(status, expected, "{key:?} {version:?}");
        }
    }
}
