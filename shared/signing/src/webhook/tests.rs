use super::*;
use proptest::prelude::*;

const NOW: i64 = 1_614_265_330;

fn received(headers: &Headers) -> Received<'_> {
    Received { id: &headers.id, timestamp: &headers.timestamp, signature: &headers.signature }
}

/// The example that the Standard Webhooks libraries publish and test themselves with, and one more that
/// was computed with their Python library.
#[test]
fn agrees_with_other_implementations() {
    let cases = [
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            NOW,
            r#"{"test": 2432232314}"#,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "sha256=80ec8a89ce3cd22133a1066caecb4d04fea7467657c8514d717ec42c38a5c94c",
        ),
        (
            "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "evt_größe",
            1_790_000_000,
            r#"{"type":"generation.completed","data":{"prompt":"ein Fjord im Nebel, 日本語"}}"#,
            "v1,XDIz3oZwDfs9syNKE4jsZ1lwXIoXdFTQC8Z/+u3hks4=",
            "sha256=415ba4f734a43ec15bcc89f7619f28875b1c34d8f76f3439a95404c6baa3d239",
        ),
    ];
    for (secret, id, timestamp, body, signature, x_signature) in cases {
        let secret = Secret::parse(secret).unwrap();
        let headers = sign(&[&secret], id, timestamp, body.as_bytes());
        assert_eq!(headers.signature, signature);
        assert_eq!(headers.x_signature, x_signature);
        assert_eq!(verify(&[&secret], received(&headers), body.as_bytes(), timestamp, 0), Ok(()));
    }
}

#[test]
fn the_headers_have_their_names() {
    let secret = Secret::from_bytes([1; 32]);
    let headers = sign(&[&secret], "evt_1", NOW, b"{}");
    assert_eq!(
        headers.pairs(),
        [
            ("webhook-id", "evt_1"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", headers.signature.as_str()),
            ("x-signature", headers.x_signature.as_str()),
        ]
    );
}

#[test]
fn both_secrets_sign_during_a_rotation() {
    let (old, new) = (Secret::from_bytes([1; 32]), Secret::from_bytes([2; 32]));
    let alone = sign(&[&new], "evt_1", NOW, b"body");
    let both = sign(&[&new, &old], "evt_1", NOW, b"body");
    assert_eq!(both.signature.split(' ').count(), 2);
    assert!(both.signature.starts_with(&alone.signature));
    assert_eq!(both.x_signature, alone.x_signature);
    for secret in [&old, &new] {
        assert_eq!(verify(&[secret], received(&both), b"body", NOW, TOLERANCE_SECONDS), Ok(()));
    }
    assert_eq!(verify(&[&old], received(&alone), b"body", NOW, TOLERANCE_SECONDS), Err(WhyNot::NoMatch));
    assert_eq!(verify(&[&old, &new], received(&alone), b"body", NOW, TOLERANCE_SECONDS), Ok(()));
}

#[test]
fn only_fresh_deliveries_are_trusted() {
    let secret = Secret::from_bytes([1; 32]);
    let headers = sign(&[&secret], "evt_1", NOW, b"body");
    let cases = [
        (NOW, Ok(())),
        (NOW + 300, Ok(())),
        (NOW + 301, Err(WhyNot::TooOld)),
        (NOW - 300, Ok(())),
        (NOW - 301, Err(WhyNot::TooNew)),
        (i64::MAX, Err(WhyNot::TooOld)),
        (i64::MIN, Err(WhyNot::TooNew)),
    ];
    for (now, expected) in cases {
        assert_eq!(
            verify(&[&secret], received(&headers), b"body", now, TOLERANCE_SECONDS),
            expected,
            "at {now}"
        );
    }
}

#[test]
fn malformed_headers_are_refused() {
    let secret = Secret::from_bytes([1; 32]);
    let good = sign(&[&secret], "evt_1", NOW, b"body");
    let (_, encoded) = good.signature.split_once(',').unwrap();
    let strange = [
        String::new(),
        "v1".to_owned(),
        "v1,".to_owned(),
        encoded.to_owned(),
        format!("v1a,{encoded}"),
        format!("v2,{encoded}"),
        format!("v1,{encoded}="),
        format!("v1,{}", encoded.trim_end_matches('=')),
        format!("v1,{}", &encoded[4..]),
        format!("v1;{encoded}"),
    ];
    for signature in &strange {
        let headers = Received { signature, ..received(&good) };
        assert_eq!(
            verify(&[&secret], headers, b"body", NOW, TOLERANCE_SECONDS),
            Err(WhyNot::NoMatch),
            "{signature:?}"
        );
    }
    for timestamp in ["", "now", "1614265330.0", " 1614265330", "99999999999999999999"] {
        let headers = Received { timestamp, ..received(&good) };
        assert_eq!(
            verify(&[&secret], headers, b"body", NOW, TOLERANCE_SECONDS),
            Err(WhyNot::MalformedTimestamp),
            "{timestamp:?}"
        );
    }
    // A good signature is found among others.
    let signature = format!("v1a,abc nonsense v1,AAAA {}", good.signature);
    let headers = Received { signature: &signature, ..received(&good) };
    assert_eq!(verify(&[&secret], headers, b"body", NOW, TOLERANCE_SECONDS), Ok(()));
}

#[test]
fn without_a_secret_nothing_is_signed_and_nothing_trusted() {
    let headers = sign(&[], "evt_1", NOW, b"body");
    assert_eq!((headers.signature.as_str(), headers.x_signature.as_str()), ("", ""));
    assert_eq!(verify(&[], received(&headers), b"body", NOW, TOLERANCE_SECONDS), Err(WhyNot::NoMatch));
}

/// `text` with one bit changed; `None` where that is no longer text.
fn flipped(text: &str, bit: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let place = (bit / 8) % bytes.len();
    bytes[place] ^= 1 << (bit % 8);
    String::from_utf8(bytes).ok()
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_nothing_else(
        key: [u8; 32],
        id in "evt_[a-z0-9]{1,20}",
        timestamp in 0i64..4_000_000_000,
        body in proptest::collection::vec(any::<u8>(), 1..200),
        bit: usize,
    ) {
        let secret = Secret::from_bytes(key);
        let headers = sign(&[&secret], &id, timestamp, &body);
        let check = |secret: &Secret, headers: Received<'_>, body: &[u8]| {
            // Tolerates any time, so that a changed timestamp is refused for its signature.
            verify(&[secret], headers, body, timestamp, i64::MAX).is_ok()
        };
        prop_assert!(check(&secret, received(&headers), &body));

        let mut other_body = body.clone();
        other_body[(bit / 8) % body.len()] ^= 1 << (bit % 8);
        prop_assert!(!check(&secret, received(&headers), &other_body));

        let mut other_key = key;
        other_key[(bit / 8) % 32] ^= 1 << (bit % 8);
        prop_assert!(!check(&Secret::from_bytes(other_key), received(&headers), &body));

        if let Some(id) = flipped(&headers.id, bit) {
            let changed = Received { id: &id, ..received(&headers) };
            prop_assert!(!check(&secret, changed, &body));
        }
        if let Some(timestamp) = flipped(&headers.timestamp, bit) {
            let changed = Received { timestamp: &timestamp, ..received(&headers) };
            prop_assert!(!check(&secret, changed, &body));
        }
        if let Some(signature) = flipped(&headers.signature, bit) {
            let changed = Received { signature: &signature, ..received(&headers) };
            prop_assert!(!check(&secret, changed, &body));
        }
    }

    #[test]
    fn any_headers_are_answered(id in ".*", timestamp in ".*", signature in ".*", body: Vec<u8>, now: i64, tolerance: i64) {
        let secret = Secret::from_bytes([1; 32]);
        let headers = Received { id: &id, timestamp: &timestamp, signature: &signature };
        prop_assert!(verify(&[&secret], headers, &body, now, tolerance).is_err());
    }
}
