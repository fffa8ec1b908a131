//! Whether a callback was signed with the account's secret: `t=<moment>,v1=<hex>`, over the moment, a dot and the body.
//!
//! The vendor's page shows it in code, with the secret taken whole, its `whsec_` included. It does not say in what the
//! moment is counted; the size of the number does.

use crate::kit;
use hmac::{Hmac, KeyInit, Mac};
use jobs::{Callback, Time, account::Hidden};
use sha2::Sha256;

/// A moment in seconds is a smaller number before the year 5138, one in milliseconds a larger since 1973.
const LEAST_MILLISECONDS: i64 = 100_000_000_000;

pub(super) fn is_signed(secret: &Hidden, callback: &Callback, now: Time) -> bool {
    let Some(header) = kit::header(callback, "sync-signature") else { return false };
    let part = |name: &str| {
        header.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=').map(str::trim))
    };
    let (Some(moment), Some(signature)) = (part("t"), part("v1")) else { return false };
    let at = moment.parse::<i64>().ok().filter(|number| (0..100 * LEAST_MILLISECONDS).contains(number));
    let at = at.map(|number| if number < LEAST_MILLISECONDS { number * 1000 } else { number });
    let fresh = at.is_some_and(|at| kit::is_lately(Time::from_millis(at), now));
    let Ok(signature) = hex::decode(signature) else { return false };
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else { return false };
    [moment.as_bytes(), b".", &callback.body].iter().for_each(|part| hmac.update(part));
    fresh && hmac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sat, 21 Nov 2026 10:00:00 GMT
    const NOW: Time = Time::from_millis(1_795_255_200_000);

    fn signed(secret: &str, moment: i64, body: &str) -> String {
        let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        hmac.update(format!("{moment}.{body}").as_bytes());
        format!("t={moment},v1={}", hex::encode(hmac.finalize().into_bytes()))
    }

    fn callback(header: &str, body: &str) -> Callback {
        let headers = vec![("sync-signature".to_owned(), header.to_owned())];
        Callback { headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_what_was_signed_lately_with_the_secret_is_signed() {
        let secret = Hidden::new("whsec_1");
        let (seconds, body) = (NOW.seconds(), r#"{"id":"1"}"#);
        let good = signed("whsec_1", seconds, body);
        // As `openssl dgst -sha256 -hmac whsec_1` has it.
        assert_eq!(good, "t=1795255200,v1=82c0633fd1e36db3b358069a3d3178a9d6575dedccedd3fe8510dd3302b3221d");
        assert!(is_signed(&secret, &callback(&good, body), NOW));
        assert!(is_signed(&secret, &callback(&signed("whsec_1", NOW.millis(), body), body), NOW));
        for moment in [seconds - 301, seconds + 301, -1, i64::MAX] {
            assert!(!is_signed(&secret, &callback(&signed("whsec_1", moment, body), body), NOW), "{moment}");
        }
        assert!(!is_signed(&secret, &callback(&signed("1", seconds, body), body), NOW));
        assert!(!is_signed(&secret, &callback(&good, r#"{"id":"2"}"#), NOW));
        let (moment, signature) = good.split_once(',').unwrap();
        for header in ["", moment, signature, "t=,v1=", "t=soon,v1=00", &good.replace("v1=", "v2=")] {
            assert!(!is_signed(&secret, &callback(header, body), NOW), "{header}");
        }
        assert!(!is_signed(&secret, &Callback { headers: Vec::new(), body: body.into() }, NOW));
    }
}
