//! Callbacks: signed with Ed25519 over the ids, the time and the hash of the body. The vendor publishes the public key.

use crate::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The account, as callbacks name it.
const USER: &str = "sim-fal-user";

/// What callbacks are signed with: another key at every start, and after a reset.
#[derive(Debug)]
pub(super) struct Signer(Option<Ed25519KeyPair>);

impl Default for Signer {
    fn default() -> Self {
        let mut seed = [0; 32];
        seed.chunks_mut(8).for_each(|part| part.copy_from_slice(&random::number().to_le_bytes()));
        // A seed of this length is always taken.
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).ok())
    }
}

impl Signer {
    /// The public key, as a JSON Web Key Set.
    pub(super) fn published(&self) -> Value {
        let key = |pair: &Ed25519KeyPair| {
            let public = URL_SAFE_NO_PAD.encode(pair.public_key());
            json!({ "kty": "OKP", "crv": "Ed25519", "x": public })
        };
        json!({ "keys": self.0.iter().map(key).collect::<Vec<_>>() })
    }

    /// The headers of a callback. `now` is in milliseconds since 1970.
    pub(super) fn headers(&self, request: &str, body: &str, now: u64) -> Option<Vec<(&'static str, String)>> {
        let timestamp = (now / 1000).to_string();
        let hash = hex::encode(Sha256::digest(body));
        let signature = self.0.as_ref()?.sign(format!("{request}\n{USER}\n{timestamp}\n{hash}").as_bytes());
        Some(vec![
            ("x-fal-webhook-request-id", request.to_owned()),
            ("x-fal-webhook-user-id", USER.to_owned()),
            ("x-fal-webhook-timestamp", timestamp),
            ("x-fal-webhook-signature", hex::encode(signature)),
        ])
    }
}
