//! Callbacks: the body of a look at the task, with a signature over everything but the body.

use super::auth::KEY;
use crate::random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::OffsetDateTime;
use time::macros::format_description;
use url::Url;

/// The headers that the signature names, in its order.
const SIGNED: &str = "Date;x-request-nonce";

/// The headers of a callback to an address. `now` is in milliseconds since 1970.
pub(super) fn headers(address: &str, now: u64) -> Vec<(&'static str, String)> {
    let (date, nonce) = (date(now), random::hexadecimal(16));
    let signature = signature(&text("POST", address, &date, &nonce));
    vec![
        ("date", date),
        ("x-request-nonce", nonce),
        ("x-hmac-signed-headers", SIGNED.to_owned()),
        ("x-hmac-algorithm", "hmac-sha256".to_owned()),
        ("x-hmac-access-key", "vidu".to_owned()),
        ("x-hmac-signature", signature),
    ]
}

/// What is signed: a line for each part, the last one ended as well.
fn text(method: &str, address: &str, date: &str, nonce: &str) -> String {
    let url = Url::parse(address).ok();
    let path = url.as_ref().map(Url::path).filter(|path| !path.is_empty()).unwrap_or("/");
    let query = url.as_ref().and_then(Url::query).unwrap_or_default();
    format!("{method}\n{path}\n{query}\nvidu\n{date}\nDate:{date}\nx-request-nonce:{nonce}\n")
}

fn signature(text: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()) else { return String::new() };
    hmac.update(text.as_bytes());
    STANDARD.encode(hmac.finalize().into_bytes())
}

/// As HTTP writes dates.
fn date(now: u64) -> String {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let date = i64::try_from(now / 1000).ok().and_then(|now| OffsetDateTime::from_unix_timestamp(now).ok());
    date.and_then(|date| date.format(form).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_text_ends_with_a_line() {
        let date = date(1_795_255_200_000);
        assert_eq!(date, "Sat, 21 Nov 2026 10:00:00 GMT");
        let expected = format!("POST\n/hooks\njob=1\nvidu\n{date}\nDate:{date}\nx-request-nonce:abc\n");
        assert_eq!(text("POST", "http://127.0.0.1:1/hooks?job=1", &date, "abc"), expected);
        let bare = text("POST", "http://127.0.0.1:1", &date, "abc");
        assert!(bare.starts_with("POST\n/\n\nvidu\n"), "{bare}");
    }
}
