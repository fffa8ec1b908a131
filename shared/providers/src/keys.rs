//! Public keys that a vendor publishes, and what was signed with them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::Deserialize;

/// Keys of one document, at most: vendors publish one or two, and a signature is held against every one of them.
const MOST_KEYS: usize = 16;

/// The Ed25519 keys of a JSON Web Key Set (RFC 7517 and 8037).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySet(Vec<[u8; 32]>);

/// The document.
#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

/// A key of the kind that is understood here. What else it may tell is not needed.
#[derive(Deserialize)]
struct Key {
    kty: String,
    crv: String,
    x: String,
}

impl KeySet {
    /// Reads the document; none if it is something else, or has no key of this kind.
    pub fn read(document: &[u8]) -> Option<KeySet> {
        let document: Document = serde_json::from_slice(document).ok()?;
        let keys: Vec<_> = document.keys.iter().filter_map(key).take(MOST_KEYS).collect();
        (!keys.is_empty()).then_some(KeySet(keys))
    }

    /// Whether the signature of this message was made with one of the keys.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.iter().any(|key| UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok())
    }
}

/// One key of the document. A key of another kind is no reason to do without the others.
fn key(key: &serde_json::Value) -> Option<[u8; 32]> {
    let key = Key::deserialize(key).ok().filter(|key| key.kty == "OKP" && key.crv == "Ed25519")?;
    URL_SAFE_NO_PAD.decode(key.x.trim_end_matches('=')).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 8037, appendix A.
    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn a_set_is_read_key_by_key() {
        let good = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{PUBLIC}","use":"sig","kid":"1"}}"#);
        let others = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"OKP","crv":"X25519","x":"AAAA"},7,{"kty":"OKP","crv":"Ed25519","x":4}"#;
        let short = r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#;
        let set = KeySet::read(format!(r#"{{"keys":[{others},{short},{good}]}}"#).as_bytes()).unwrap();
        assert_eq!(set.0.len(), 1);
        assert_eq!(KeySet::read(format!(r#"{{"keys":[{good}]}}"#).as_bytes()), Some(set));
        for bad in [
            "",
            "<html>",
            "{}",
            "[]",
            r#"{"keys":{}}"#,
            r#"{"keys":[]}"#,
            &format!(r#"{{"keys":[{others}]}}"#),
        ] {
            assert_eq!(KeySet::read(bad.as_bytes()), None, "{bad}");
        }
        let many = vec![good; 40].join(",");
        assert_eq!(KeySet::read(format!(r#"{{"keys":[{many}]}}"#).as_bytes()).unwrap().0.len(), MOST_KEYS);
    }

    #[test]
    fn a_signature_is_of_its_message_and_key() {
        // Appendix A.4 signs this with it.
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = URL_SAFE_NO_PAD
            .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
            .unwrap();
        let document = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{PUBLIC}"}}]}}"#);
        let set = KeySet::read(document.as_bytes()).unwrap();
        assert!(set.signed(message, &signature));
        assert!(!set.signed(b"another message", &signature));
        for length in [0, 63] {
            assert!(!set.signed(message, &signature[..length]), "{length} bytes");
        }
        assert!(!KeySet(vec![[7; 32]]).signed(message, &signature));
    }
}
