//! The token of a call: signed by us from the pair of keys, or the newer single key as it is.

use crate::Access;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jobs::Time;
use serde::Serialize;
use sha2::Sha256;

/// The one kind of token that the vendor takes.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Seconds that a token lives.
const LIFE: i64 = 1800;

/// Seconds by which our clock may be ahead of the vendor's.
const SLACK: i64 = 5;

/// Who signs, and when the token is good; whole seconds since the epoch.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    exp: i64,
    nbf: i64,
}

/// Whether the operator has a pair of keys, and not the newer single one.
pub(super) fn is_signed(access: &Access) -> bool {
    secret(access).is_some()
}

fn secret(access: &Access) -> Option<&str> {
    access.secret_key.as_ref().map(|secret| secret.reveal()).filter(|secret| !secret.is_empty())
}

/// What stands after `Bearer `. Signing takes microseconds, so every call gets a fresh token and none is ever stale.
pub(super) fn bearer(access: &Access, now: Time) -> String {
    let key = access.api_key.reveal();
    let Some(secret) = secret(access) else { return key.to_owned() };
    let claims = Claims { iss: key, exp: now.seconds() + LIFE, nbf: now.seconds() - SLACK };
    // Three plain fields can't fail to be written, and HMAC takes a key of any length.
    let claims = serde_json::to_vec(&claims).unwrap_or_default();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let signature = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        },
    );
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
