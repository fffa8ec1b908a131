//! Whether a callback is signed: with a hexadecimal HMAC of its body. The time that comes along is not part of what is
//! signed; an old callback is put aside all the same.

use crate::kit;
use hmac::{Hmac, KeyInit, Mac};
use jobs::{Callback, Time, account::Hidden};
use sha2::Sha256;
use std::time::Duration;

/// How old a callback may be, and how far the vendor's clock may be ahead.
const FRESH: Duration = Duration::from_secs(300);

/// Whether the secret of the operator's webhook endpoint signed this lately.
pub(super) fn is_signed(secret: &Hidden, callback: &Callback, now: Time) -> bool {
    let signature = match kit::header(callback, "heygen-signature") {
        Some(signature) if kit::header(callback, "heygen-timestamp").is_some_and(|at| is_fresh(at, now)) => {
            signature
        }
        Some(_) => return false,
        // Its older callbacks had no time.
        None => match kit::header(callback, "signature") {
            Some(signature) => signature,
            None => return false,
        },
    };
    let (Some(signature), Ok(mut hmac)) =
        (bytes(signature), Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()))
    else {
        return false;
    };
    hmac.update(&callback.body);
    hmac.verify_slice(&signature).is_ok()
}

fn is_fresh(timestamp: &str, now: Time) -> bool {
    let at = timestamp.parse::<i64>().ok().filter(|seconds| (0..10_000_000_000).contains(seconds));
    let at = at.map(|seconds| Time::from_millis(seconds * 1000));
    at.is_some_and(|at| now.since(at) <= FRESH && at.since(now) <= FRESH)
}

/// What hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits?;
    let byte = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    pairs.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(1_795_255_200_000);
    const BODY: &str = r#"{"event_type":"avatar_video.success","event_data":{"video_id":"v1"}}"#;

    fn signature(secret: &str) -> String {
        let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        hmac.update(BODY.as_bytes());
        hmac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn callback(headers: &[(&str, String)]) -> Callback {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Callback { headers, body: BODY.as_bytes().to_vec() }
    }

    fn of_now(secret: &str, seconds: i64) -> Callback {
        callback(&[("heygen-signature", signature(secret)), ("heygen-timestamp", seconds.to_string())])
    }

    #[test]
    fn a_callback_is_signed_with_the_secret_and_lately() {
        let (secret, seconds) = (Hidden::new("whsec_k7x9m2"), NOW.seconds());
        assert!(is_signed(&secret, &of_now("whsec_k7x9m2", seconds), NOW));
        assert!(is_signed(
            &secret,
            &callback(&[("signature", signature("whsec_k7x9m2").to_uppercase())]),
            NOW
        ));
        assert!(!is_signed(&secret, &of_now("k7x9m2", seconds), NOW), "the prefix belongs to the secret");
        for offset in [-301, 301] {
            assert!(!is_signed(&secret, &of_now("whsec_k7x9m2", seconds + offset), NOW), "{offset}");
        }
        let changed =
            Callback { body: BODY.replace("v1", "v2").into_bytes(), ..of_now("whsec_k7x9m2", seconds) };
        assert!(!is_signed(&secret, &changed, NOW));
        for missing in 0..2 {
            let mut callback = of_now("whsec_k7x9m2", seconds);
            callback.headers.remove(missing);
            assert!(!is_signed(&secret, &callback, NOW), "without header {missing}");
        }
        for nonsense in ["", "0", "zz", "ü", &"0".repeat(63)] {
            let headers =
                [("heygen-signature", nonsense.to_owned()), ("heygen-timestamp", seconds.to_string())];
            assert!(!is_signed(&secret, &callback(&headers), NOW), "{nonsense}");
        }
    }
}
