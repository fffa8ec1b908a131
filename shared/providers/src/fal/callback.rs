//! Whether a callback is the vendor's: signed with one of the keys that it publishes, lately, about the request that we
//! made.
//!
//! Facts: the vendor's page on webhooks, and several published programs that check them, which agree. Anybody with an
//! account there can have a callback signed, to any address; so it also has to name the request.

use crate::{Access, KeySet, kit};
use jobs::{Callback, Time};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The host that publishes the keys; it is not that of the queue.
const KEYS_HOST: &str = "https://rest.fal.ai";

/// The headers that are signed, in their order; then follows the body's hash.
const SIGNED: [&str; 3] = ["x-fal-webhook-request-id", "x-fal-webhook-user-id", TIMESTAMP];

/// Seconds since 1970.
const TIMESTAMP: &str = "x-fal-webhook-timestamp";

/// In hexadecimal digits.
const SIGNATURE: &str = "x-fal-webhook-signature";

/// What a callback says.
#[derive(Deserialize)]
struct Said {
    /// The request, by the id that the answer to the submit told.
    request_id: String,
}

/// Where the keys are. A host that the operator chose in place of the vendor's publishes its own, or none; then callbacks
/// are of no use.
pub(super) fn keys_address(access: &Access) -> String {
    format!("{}/.well-known/jwks.json", kit::base(access, KEYS_HOST))
}

/// What can be said without the keys: all of the signature is there, and of now.
pub(super) fn is_recent(callback: &Callback, now: Time) -> bool {
    let complete = SIGNED.iter().chain([&SIGNATURE]).all(|name| kit::header(callback, name).is_some());
    complete && kit::header(callback, TIMESTAMP).is_some_and(|timestamp| kit::is_fresh(timestamp, now))
}

/// Whether one of the keys signed it.
pub(super) fn is_signed(keys: &KeySet, callback: &Callback) -> bool {
    let signed: Option<Vec<&str>> = SIGNED.iter().map(|name| kit::header(callback, name)).collect();
    let signature = kit::header(callback, SIGNATURE).and_then(|digits| hex::decode(digits).ok());
    let (Some(signed), Some(signature)) = (signed, signature) else { return false };
    let message = format!("{}\n{}", signed.join("\n"), hex::encode(Sha256::digest(&callback.body)));
    keys.signed(message.as_bytes(), &signature)
}

/// Whether it is about this request.
pub(super) fn is_about(callback: &Callback, request: &str) -> bool {
    kit::read_callback::<Said>(callback).is_some_and(|said| said.request_id == request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jobs::account::Hidden;

    const NOW: Time = Time::from_millis(1_795_255_200_000);

    /// Of the key that RFC 8037 prints in appendix A.
    const PUBLISHED: &str =
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    /// In the form that a recorded callback has.
    const BODY: &str = r#"{"error": null, "gateway_request_id": "8f2c", "payload": {"images": [{"url": "https://v3.fal.media/files/a.png"}], "seed": 17454220438242315174}, "request_id": "8f2c", "status": "OK"}"#;

    /// Made with that key by another implementation (Python's cryptography, checked by PyNaCl).
    const MADE: &str = "6b9818f57510d5126053a65bf6734e9d27d1dd8b828fa247ccc480ecbfd77f996c2418d8fea3a0bc4b54731cef59719a5498269fb0de1ee98b4c3fc0fda5820b";

    fn keys() -> KeySet {
        KeySet::read(PUBLISHED.as_bytes()).unwrap()
    }

    fn callback(changes: &[(&str, &str)]) -> Callback {
        let headers = [
            ("content-type", "application/json"),
            ("x-fal-webhook-request-id", "8f2c"),
            ("x-fal-webhook-user-id", "github|4711"),
            ("x-fal-webhook-timestamp", "1795255200"),
            ("x-fal-webhook-signature", MADE),
        ];
        let changed = |(name, value): (&str, &str)| {
            let change = changes.iter().find(|(changed, _)| *changed == name);
            (name.to_owned(), change.map_or(value, |(_, value)| value).to_owned())
        };
        Callback { headers: headers.map(changed).to_vec(), body: BODY.as_bytes().to_vec() }
    }

    #[test]
    fn what_the_vendor_signed_is_signed_and_nothing_else() {
        assert!(is_signed(&keys(), &callback(&[])));
        let capitals = MADE.to_uppercase();
        assert!(is_signed(&keys(), &callback(&[("x-fal-webhook-signature", &capitals)])));
        let other = MADE.replacen("6b", "6c", 1);
        for change in [
            ("x-fal-webhook-request-id", "8f2d"),
            ("x-fal-webhook-user-id", "github|4712"),
            ("x-fal-webhook-timestamp", "1795255201"),
            ("x-fal-webhook-signature", &other),
            ("x-fal-webhook-signature", &MADE[..126]),
            ("x-fal-webhook-signature", "no digits"),
            ("x-fal-webhook-signature", ""),
        ] {
            assert!(!is_signed(&keys(), &callback(&[change])), "{change:?}");
        }
        let body = BODY.replace("OK", "KO").into_bytes();
        assert!(!is_signed(&keys(), &Callback { body, ..callback(&[]) }));
        let others = PUBLISHED.replace("11qY", "22qY");
        assert!(!is_signed(&KeySet::read(others.as_bytes()).unwrap(), &callback(&[])));
        let both = PUBLISHED.replace(
            "[",
            "[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"22qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},",
        );
        assert!(is_signed(&KeySet::read(both.as_bytes()).unwrap(), &callback(&[])), "one key of two");
    }

    #[test]
    fn without_keys_it_is_at_least_whole_and_recent() {
        assert!(is_recent(&callback(&[]), NOW));
        for (timestamp, recent) in [
            ("1795254900", true),
            ("1795254899", false),
            ("1795255500", true),
            ("1795255501", false),
            ("-1795255200", false),
            ("1795255200.0", false),
            ("99999999999999999999", false),
            ("", false),
        ] {
            let callback = callback(&[("x-fal-webhook-timestamp", timestamp)]);
            assert_eq!(is_recent(&callback, NOW), recent, "{timestamp}");
        }
        for missing in 1..5 {
            let mut callback = callback(&[]);
            callback.headers.remove(missing);
            assert!(!is_recent(&callback, NOW), "without header {missing}");
            assert!(!is_signed(&keys(), &callback), "without header {missing}");
        }
    }

    #[test]
    fn it_names_the_request() {
        assert!(is_about(&callback(&[]), "8f2c"));
        assert!(!is_about(&callback(&[]), "8f2d"));
        for body in ["", "{}", "[]", r#"{"request_id":7}"#] {
            let callback = Callback { body: body.as_bytes().to_vec(), ..callback(&[]) };
            assert!(!is_about(&callback, ""), "{body}");
        }
    }

    #[test]
    fn keys_come_from_the_host_that_was_chosen() {
        let address = |base_url: Option<&str>| {
            keys_address(&Access {
                api_key: Hidden::new("k"),
                secret_key: None,
                webhook_secret: None,
                base_url: base_url.map(str::to_owned),
                project: None,
            })
        };
        assert_eq!(address(None), "https://rest.fal.ai/.well-known/jwks.json");
        assert_eq!(address(Some("http://127.0.0.1:1/fal/")), "http://127.0.0.1:1/fal/.well-known/jwks.json");
    }
}
