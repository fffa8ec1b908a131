//! The headers that a call needs: the key, and for a submit the wish for a task.

use super::wire::Refusal;
use http::{HeaderMap, header};

/// The one key.
const KEY: &str = "sim-wan-key";

/// Lets through whoever has the right key.
pub(super) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = text(headers, header::AUTHORIZATION.as_str());
    match given.and_then(|value| value.strip_prefix("Bearer ")).filter(|key| !key.is_empty()) {
        Some(KEY) => Ok(()),
        Some(_) => Err(Refusal::key("Invalid API-key provided.")),
        None => Err(Refusal::key("No API-key provided.")),
    }
}

/// Lets through whoever wants a task: no clip is made while the client waits.
pub(super) fn wants_a_task(headers: &HeaderMap) -> Result<(), Refusal> {
    match text(headers, "x-dashscope-async") {
        Some("enable") => Ok(()),
        _ => Err(Refusal::synchronous()),
    }
}

/// Whether uploads, which go by `oss://`, are to be looked up.
pub(super) fn resolves_uploads(headers: &HeaderMap) -> bool {
    text(headers, "x-dashscope-ossresourceresolve") == Some("enable")
}

fn text<'call>(headers: &'call HeaderMap, name: &str) -> Option<&'call str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_wishes_are_read_from_headers() {
        for (value, good) in [
            (None, false),
            (Some("Bearer sim-wan-key"), true),
            (Some("sim-wan-key"), false),
            (Some("Bearer other"), false),
            (Some("Bearer "), false),
        ] {
            let headers: HeaderMap =
                value.map(|value| (header::AUTHORIZATION, value.parse().unwrap())).into_iter().collect();
            assert_eq!(check(&headers).is_ok(), good, "{value:?}");
        }
        let mut headers = HeaderMap::new();
        assert!(wants_a_task(&headers).is_err());
        headers.insert("x-dashscope-async", "disable".parse().unwrap());
        assert!(wants_a_task(&headers).is_err());
        headers.insert("x-dashscope-async", "enable".parse().unwrap());
        assert!(wants_a_task(&headers).is_ok());
    }
}
