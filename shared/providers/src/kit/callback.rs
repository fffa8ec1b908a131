//! Reading callbacks, and telling whether they are signed.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jobs::{Callback, Time, account::Hidden};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::time::Duration;

/// How old a callback may be, and how far the vendor's clock may be ahead.
const FRESH: Duration = Duration::from_secs(300);

/// A header of a callback, by its name in lower case.
pub(crate) fn header<'a>(callback: &'a Callback, name: &str) -> Option<&'a str> {
    callback.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
}

/// Reads what a callback says, in JSON; none if it says something else.
pub(crate) fn read_callback<T: DeserializeOwned>(callback: &Callback) -> Option<T> {
    serde_json::from_slice(&callback.body).ok()
}

/// Whether a time in seconds since 1970 is that of now, or nearly.
pub(crate) fn is_fresh(timestamp: &str, now: Time) -> bool {
    let at = timestamp.parse::<i64>().ok().filter(|seconds| (0..10_000_000_000).contains(seconds));
    at.is_some_and(|seconds| is_lately(Time::from_millis(seconds * 1000), now))
}

/// Whether a callback that was signed at a moment is no older than callbacks may be.
pub(crate) fn is_lately(at: Time, now: Time) -> bool {
    now.since(at) <= FRESH && at.since(now) <= FRESH
}

/// Whether a callback is signed as Standard Webhooks asks, lately, and with this secret.
pub(crate) fn is_signed(secret: &Hidden, callback: &Callback, now: Time) -> bool {
    let (Some(id), Some(timestamp), Some(signatures)) = (
        header(callback, "webhook-id"),
        header(callback, "webhook-timestamp"),
        header(callback, "webhook-signature"),
    ) else {
        return false;
    };
    let key = secret.reveal();
    let Ok(key) = STANDARD.decode(key.strip_prefix("whsec_").unwrap_or(key)) else { return false };
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", &callback.body];
    let matches = |signature: &str| {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(&key) else { return false };
        signed.iter().for_each(|part| hmac.update(part));
        hmac.verify_slice(&signature).is_ok()
    };
    is_fresh(timestamp, now) && signatures.split(' ').filter_map(|each| each.strip_prefix("v1,")).any(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(1_795_255_200_000);

    fn signed(secret: &[u8], seconds: i64, body: &str) -> Callback {
        let mut hmac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        hmac.update(format!("msg_1.{seconds}.{body}").as_bytes());
        let signature = STANDARD.encode(hmac.finalize().into_bytes());
        let headers = [
            ("webhook-id", "msg_1".to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", format!("v1,AAAA v2,{signature} v1,{signature}")),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Callback { headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_what_was_signed_lately_with_the_secret_is_signed() {
        let secret = Hidden::new(format!("whsec_{}", STANDARD.encode("a secret")));
        let seconds = NOW.seconds();
        assert!(is_signed(&secret, &signed(b"a secret", seconds, "{}"), NOW));
        for offset in [-301, 301] {
            assert!(!is_signed(&secret, &signed(b"a secret", seconds + offset, "{}"), NOW), "{offset}");
        }
        assert!(!is_signed(&secret, &signed(b"another", seconds, "{}"), NOW));
        let good = || signed(b"a secret", seconds, "{}");
        assert!(!is_signed(&secret, &Callback { body: b"{ }".to_vec(), ..good() }, NOW));
        for missing in 0..3 {
            let mut callback = good();
            callback.headers.remove(missing);
            assert!(!is_signed(&secret, &callback, NOW), "without header {missing}");
        }
        assert!(!is_signed(&Hidden::new("no base64"), &good(), NOW));
    }
}
