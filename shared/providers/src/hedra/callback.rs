//! Whether a callback was signed by the vendor: ed25519 over what decides about it and the hash of its body. The key is the
//! same for every account (`GET /v3/webhooks/public-key`); the operator keeps it beside ours.

use crate::kit;
use base64::{Engine, engine::general_purpose::STANDARD};
use jobs::{Callback, Time, account::Hidden};
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How old a callback may be, and how far the vendor's clock may be ahead.
const FRESH: Duration = Duration::from_secs(300);

/// Whether it is signed, lately, and by the holder of this key.
pub(super) fn is_signed(key: &Hidden, callback: &Callback, now: Time) -> bool {
    let header = |name: &str| kit::header(callback, name);
    let signed = ["timestamp", "id", "event", "redelivery"];
    let signed: Option<Vec<&str>> =
        signed.iter().map(|name| header(&format!("x-hedra-webhook-{name}"))).collect();
    let (Some(signed), Some(signature)) = (signed, header("x-hedra-webhook-signature")) else { return false };
    let at = signed.first().and_then(|text| text.parse::<i64>().ok());
    let at = at.filter(|seconds| (0..10_000_000_000).contains(seconds));
    let at = at.map(|seconds| Time::from_millis(seconds * 1000));
    let fresh = at.is_some_and(|at| now.since(at) <= FRESH && at.since(now) <= FRESH);
    let (Ok(key), Ok(signature)) = (STANDARD.decode(key.reveal().trim()), hex::decode(signature)) else {
        return false;
    };
    let text = format!("{}\n{}", signed.join("\n"), hex::encode(Sha256::digest(&callback.body)));
    fresh && UnparsedPublicKey::new(&ED25519, key).verify(text.as_bytes(), &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{Ed25519KeyPair, KeyPair};

    const NOW: Time = Time::from_millis(1_795_255_200_000);

    fn pair(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
    }

    fn public(pair: &Ed25519KeyPair) -> Hidden {
        Hidden::new(STANDARD.encode(pair.public_key().as_ref()))
    }

    /// As the vendor's page tells it.
    fn callback(pair: &Ed25519KeyPair, seconds: i64, body: &str) -> Callback {
        let hash = hex::encode(Sha256::digest(body));
        let text = format!("{seconds}\njob_1\njob.completed\nfalse\n{hash}");
        let signature = hex::encode(pair.sign(text.as_bytes()));
        let headers = [
            ("x-hedra-webhook-timestamp", seconds.to_string()),
            ("x-hedra-webhook-id", "job_1".to_owned()),
            ("x-hedra-webhook-event", "job.completed".to_owned()),
            ("x-hedra-webhook-redelivery", "false".to_owned()),
            ("x-hedra-webhook-signature", signature),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Callback { headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn only_what_the_vendor_signed_lately_is_signed() {
        let (vendor, seconds) = (pair(7), NOW.seconds());
        let good = || callback(&vendor, seconds, "{}");
        assert!(is_signed(&public(&vendor), &good(), NOW));
        assert!(!is_signed(&public(&pair(8)), &good(), NOW));
        assert!(!is_signed(&Hidden::new("no base64"), &good(), NOW));
        assert!(!is_signed(&Hidden::new("AAAA"), &good(), NOW));
        for offset in [-301, 301] {
            assert!(
                !is_signed(&public(&vendor), &callback(&vendor, seconds + offset, "{}"), NOW),
                "{offset}"
            );
        }
        assert!(!is_signed(&public(&vendor), &Callback { body: b"{ }".to_vec(), ..good() }, NOW));
        for changed in 0..5 {
            let mut other = good();
            other.headers[changed].1.push('0');
            assert!(!is_signed(&public(&vendor), &other, NOW), "with another header {changed}");
            let mut fewer = good();
            fewer.headers.remove(changed);
            assert!(!is_signed(&public(&vendor), &fewer, NOW), "without header {changed}");
        }
    }
}
