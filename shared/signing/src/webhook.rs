//! The signature of a webhook, after Standard Webhooks: made by [`sign`], checked by [`verify`].
//!
//! `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`, keyed with the
//! bytes that the secret encodes. While a secret is being replaced every valid secret signs, and the
//! signatures stand side by side, separated by spaces.
//!
//! `X-Signature` is for receivers who know nothing but "HMAC signature": `sha256=` and the hex of HMAC-SHA256
//! over the raw body alone. They use the secret as they see it, so **the key is the UTF-8 text of the whole
//! secret, `whsec_` included**, not the bytes it encodes; and as they compare one value, only the newest
//! secret makes it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::{Choice, ConstantTimeEq as _};

use crate::Secret;
use crate::mac::{hmac_sha256, hmac_sha256_of_parts};

/// How far a timestamp may lie from now, in seconds, before a delivery counts as replayed: what Standard
/// Webhooks libraries use.
pub const TOLERANCE_SECONDS: i64 = 300;

/// The only version of signature there is with shared secrets.
const VERSION: &str = "v1";

/// The signature headers of one delivery; [`Headers::pairs`] names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// `webhook-id`: names the event, the same at each try.
    pub id: String,
    /// `webhook-timestamp`: when this try was made, in seconds since 1970.
    pub timestamp: String,
    /// `webhook-signature`: one `v1,<base64>` per secret, separated by spaces.
    pub signature: String,
    /// `X-Signature`: `sha256=<hex>` over the raw body.
    pub x_signature: String,
}

impl Headers {
    /// Names and values, ready to be put on a request. The names are in lower case.
    pub fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("webhook-id", &self.id),
            ("webhook-timestamp", &self.timestamp),
            ("webhook-signature", &self.signature),
            ("x-signature", &self.x_signature),
        ]
    }
}

/// Signs one delivery. `secrets` are all that are valid now, the newest first. `body` must be the very
/// bytes that are sent.
///
/// Without any secret both signatures are empty, which no receiver accepts.
pub fn sign(secrets: &[&Secret], id: &str, timestamp_seconds: i64, body: &[u8]) -> Headers {
    let timestamp = timestamp_seconds.to_string();
    let signatures: Vec<String> = secrets
        .iter()
        .map(|secret| {
            let signature = signature_of(secret, id, &timestamp, body);
            format!("{VERSION},{}", STANDARD.encode(signature))
        })
        .collect();
    let x_signature = secrets.first().map_or_else(String::new, |newest| {
        let signature = hmac_sha256(newest.reveal().as_bytes(), body);
        format!("sha256={}", hex::encode(signature))
    });
    Headers { id: id.to_owned(), timestamp, signature: signatures.join(" "), x_signature }
}

/// The three Standard Webhooks headers as they arrived.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// `webhook-id`
    pub id: &'a str,
    /// `webhook-timestamp`
    pub timestamp: &'a str,
    /// `webhook-signature`
    pub signature: &'a str,
}

/// Why a delivery is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The timestamp is not a whole number of seconds.
    MalformedTimestamp,
    /// It was signed longer ago than is tolerated: perhaps an old delivery sent again by somebody else.
    TooOld,
    /// It claims to be from further in the future than clocks differ.
    TooNew,
    /// None of the signatures is one of ours for this id, time and body.
    NoMatch,
}

/// Checks a delivery that was signed with one of `secrets`. `now_seconds` is the time now since 1970, and
/// [`TOLERANCE_SECONDS`] the usual tolerance.
///
/// Every `v1` signature is compared with every secret, all of them always, so the time taken tells nothing.
///
/// # Errors
/// [`WhyNot`] says why the delivery is not to be trusted.
pub fn verify(
    secrets: &[&Secret],
    received: Received<'_>,
    body: &[u8],
    now_seconds: i64,
    tolerance_seconds: i64,
) -> Result<(), WhyNot> {
    let timestamp_seconds: i64 = received.timestamp.parse().map_err(|_| WhyNot::MalformedTimestamp)?;
    if timestamp_seconds < now_seconds.saturating_sub(tolerance_seconds) {
        return Err(WhyNot::TooOld);
    }
    if timestamp_seconds > now_seconds.saturating_add(tolerance_seconds) {
        return Err(WhyNot::TooNew);
    }
    let expected: Vec<[u8; 32]> =
        secrets.iter().map(|secret| signature_of(secret, received.id, received.timestamp, body)).collect();
    let mut found = Choice::from(0);
    for candidate in received.signature.split(' ').filter_map(decoded) {
        for signature in &expected {
            found |= signature.as_slice().ct_eq(&candidate);
        }
    }
    if bool::from(found) { Ok(()) } else { Err(WhyNot::NoMatch) }
}

/// The bytes of one `v1,<base64>`; signatures of other versions are not for us.
fn decoded(signature: &str) -> Option<Vec<u8>> {
    let (version, encoded) = signature.split_once(',')?;
    if version != VERSION {
        return None;
    }
    STANDARD.decode(encoded).ok()
}

fn signature_of(secret: &Secret, id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
    hmac_sha256_of_parts(secret.key(), &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])
}

impl fmt::Display for WhyNot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MalformedTimestamp => "the timestamp is not a number of seconds",
            Self::TooOld => "the timestamp is too old",
            Self::TooNew => "the timestamp is in the future",
            Self::NoMatch => "no signature matches",
        })
    }
}

impl std::error::Error for WhyNot {}

#[cfg(test)]
mod tests;
