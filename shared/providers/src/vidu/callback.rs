//! Whether a callback was signed with our key. The vendor signs all but the body, which is not believed anyway.

use crate::{Access, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jobs::{Callback, Time};
use sha2::Sha256;

/// Headers that a signature may name, at most.
const MOST_NAMED: usize = 8;

pub(super) fn is_signed(access: &Access, callback: &Callback, address: &str, now: Time) -> bool {
    let header = |name: &str| kit::header(callback, name);
    let (Some(date), Some(named), Some(signature)) =
        (header("date"), header("x-hmac-signed-headers"), header("x-hmac-signature"))
    else {
        return false;
    };
    let fresh = kit::http_date(date).is_some_and(|at| kit::is_lately(at, now));
    let (Ok(url), Ok(signature)) = (url::Url::parse(address), STANDARD.decode(signature)) else {
        return false;
    };
    let mut text = format!("POST\n{}\n{}\nvidu\n{date}\n", url.path(), url.query().unwrap_or_default());
    for name in named.split(';').take(MOST_NAMED) {
        let Some(value) = header(&name.to_ascii_lowercase()) else { return false };
        text.push_str(&format!("{name}:{value}\n"));
    }
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(access.api_key.reveal().as_bytes()) else {
        return false;
    };
    hmac.update(text.as_bytes());
    fresh && hmac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::account::Hidden;

    const ADDRESS: &str = "https://gw.example.com/callbacks/vidu/gen_1/token";
    /// Sat, 21 Nov 2026 10:00:00 GMT
    const NOW: Time = Time::from_millis(1_795_255_200_000);

    fn access(key: &str) -> Access {
        Access::by_key(Hidden::new(key))
    }

    /// As the vendor's page tells it.
    fn callback(key: &str, date: &str) -> Callback {
        let text =
            format!("POST\n/callbacks/vidu/gen_1/token\n\nvidu\n{date}\nDate:{date}\nx-request-nonce:0815\n");
        let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        hmac.update(text.as_bytes());
        let headers = [
            ("date", date.to_owned()),
            ("x-request-nonce", "0815".to_owned()),
            ("x-hmac-signed-headers", "Date;x-request-nonce".to_owned()),
            ("x-hmac-signature", STANDARD.encode(hmac.finalize().into_bytes())),
        ];
        Callback { headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(), body: Vec::new() }
    }

    #[test]
    fn a_callback_is_signed_with_our_key_for_its_address_and_lately() {
        let (key, date) = (access("k"), "Sat, 21 Nov 2026 10:00:00 GMT");
        assert!(is_signed(&key, &callback("k", date), ADDRESS, NOW));
        assert!(!is_signed(&access("other"), &callback("k", date), ADDRESS, NOW));
        assert!(!is_signed(&key, &callback("k", date), &ADDRESS.replace("gen_1", "gen_2"), NOW));
        assert!(!is_signed(&key, &callback("k", "Sat, 21 Nov 2026 09:54:00 GMT"), ADDRESS, NOW));
        assert!(!is_signed(&key, &callback("k", "yesterday"), ADDRESS, NOW));
        for missing in 0..4 {
            let mut callback = callback("k", date);
            callback.headers.remove(missing);
            assert!(!is_signed(&key, &callback, ADDRESS, NOW), "without header {missing}");
        }
    }
}
