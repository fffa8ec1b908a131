//! Callbacks, signed with ed25519 over their headers and the hash of their body.

use crate::tasks::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};

/// What the key is made of; the local run knows its public half.
const SEED: [u8; 32] = *b"the simulated signer of Hedra...";

fn pair() -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(&SEED).ok()
}

/// What clients verify with.
pub(super) fn public_key() -> String {
    pair().map(|pair| STANDARD.encode(pair.public_key().as_ref())).unwrap_or_default()
}

/// The headers of the callback about the end of a job. `now` is in milliseconds since 1970.
pub(super) fn headers(job: &str, state: State, body: &[u8], now: u64) -> Vec<(&'static str, String)> {
    let event = if state == State::Succeeded { "job.completed" } else { "job.failed" };
    let seconds = (now / 1000).to_string();
    let text = format!("{seconds}\n{job}\n{event}\nfalse\n{}", hex::encode(Sha256::digest(body)));
    let signature = pair().map(|pair| hex::encode(pair.sign(text.as_bytes()))).unwrap_or_default();
    vec![
        ("x-hedra-webhook-id", job.to_owned()),
        ("x-hedra-webhook-timestamp", seconds),
        ("x-hedra-webhook-event", event.to_owned()),
        ("x-hedra-webhook-attempt", "1".to_owned()),
        ("x-hedra-webhook-redelivery", "false".to_owned()),
        ("x-hedra-webhook-signature", signature),
    ]
}
