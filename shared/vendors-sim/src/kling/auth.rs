//! The Authorization header: an API key, or a token signed with the secret key.

use super::wire::Refusal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, header};
use serde::Deserialize;
use sha2::Sha256;

/// The key of the newer kind.
const API_KEY: &str = "sim-kling-key";
/// Names the account in signed tokens.
const ACCESS_KEY: &str = "sim-kling-ak";
/// Signs tokens.
const SECRET_KEY: &str = "sim-kling-sk";

/// Seconds that a token lives, at most.
const MOST_SECONDS: f64 = 1800.0;
/// Seconds that clocks may differ when a token of full length is just made.
const LEEWAY_SECONDS: f64 = 5.0;

#[derive(Debug, Deserialize)]
struct Head {
    alg: String,
}

/// Claims in seconds since 1970.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    exp: f64,
    nbf: Option<f64>,
}

/// Lets through whoever has a right credential. `now` is in milliseconds since 1970.
pub(super) fn check(headers: &HeaderMap, now: u64) -> Result<(), Refusal> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Err(Refusal::auth(1001, "Authorization is empty"));
    };
    let token = value
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(Refusal::auth(1000, "Authorization must be of type Bearer"))?;
    if token.trim().is_empty() {
        return Err(Refusal::auth(1001, "Authorization is empty"));
    }
    if token == API_KEY { Ok(()) } else { check_token(token, now as f64 / 1000.0) }
}

/// Lets through whoever has the key of the newer kind; the newer API takes no other credential.
pub(super) fn check_key(headers: &HeaderMap, now: u64) -> Result<(), Refusal> {
    check(headers, now)?;
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(API_KEY) => Ok(()),
        _ => Err(Refusal::auth(1002, "The current API does not support AK/SK")),
    }
}

fn check_token(token: &str, now: f64) -> Result<(), Refusal> {
    let invalid = || Refusal::auth(1002, "Authorization is invalid");
    let claims = verified(token).ok_or_else(invalid)?;
    if claims.iss != ACCESS_KEY {
        return Err(invalid());
    }
    if claims.nbf.is_some_and(|nbf| nbf > now) {
        return Err(Refusal::auth(1003, "Authorization is not yet valid"));
    }
    if claims.exp <= now {
        return Err(Refusal::auth(1004, "Authorization has expired"));
    }
    if claims.exp > now + MOST_SECONDS + LEEWAY_SECONDS {
        return Err(Refusal::auth(1002, "Authorization is invalid: exp is more than 30 minutes ahead"));
    }
    Ok(())
}

/// The claims of a token whose signature is right.
fn verified(token: &str) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let head: Head = serde_json::from_slice(&decode(head)?).ok()?;
    if head.alg != "HS256" {
        return None;
    }
    let mut hmac = Hmac::<Sha256>::new_from_slice(SECRET_KEY.as_bytes()).ok()?;
    hmac.update(signed.as_bytes());
    hmac.verify_slice(&decode(signature)?).ok()?;
    serde_json::from_slice(&decode(claims)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token as clients make it, all in the hands of the case.
    fn token(alg: &str, secret: &str, claims: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", encode(&format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#)), encode(claims));
        let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        hmac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes()))
    }

    #[test]
    fn tokens_are_checked_as_the_vendor_does() {
        let good = r#"{"iss":"sim-kling-ak","exp":2800,"nbf":995}"#;
        let cases = [
            ("HS256", "sim-kling-sk", good, None),
            ("HS256", "sim-kling-sk", r#"{"iss":"sim-kling-ak","exp":2800}"#, None),
            ("none", "sim-kling-sk", good, Some(1002)),
            ("HS256", "other", good, Some(1002)),
            ("HS256", "sim-kling-sk", r#"{"iss":"other","exp":2800,"nbf":995}"#, Some(1002)),
            ("HS256", "sim-kling-sk", r#"{"iss":"sim-kling-ak","nbf":995}"#, Some(1002)),
            ("HS256", "sim-kling-sk", r#"{"iss":"sim-kling-ak","exp":2800,"nbf":1005}"#, Some(1003)),
            ("HS256", "sim-kling-sk", r#"{"iss":"sim-kling-ak","exp":1000,"nbf":995}"#, Some(1004)),
            ("HS256", "sim-kling-sk", r#"{"iss":"sim-kling-ak","exp":4700,"nbf":995}"#, Some(1002)),
        ];
        for (alg, secret, claims, expected) in cases {
            let refusal = check_token(&token(alg, secret, claims), 1000.0).err();
            assert_eq!(refusal.map(|refusal| refusal.code), expected, "{alg} {secret} {claims}");
        }
    }

    #[test]
    fn headers_are_checked_as_the_vendor_does() {
        let cases = [
            (None, Some(1001)),
            (Some("Bearer "), Some(1001)),
            (Some("sim-kling-key"), Some(1000)),
            (Some("Bearer other"), Some(1002)),
            (Some("Bearer sim-kling-key"), None),
        ];
        for (value, expected) in cases {
            let headers =
                value.map(|value| (header::AUTHORIZATION, value.parse().unwrap())).into_iter().collect();
            assert_eq!(check(&headers, 0).err().map(|refusal| refusal.code), expected, "{value:?}");
        }
    }
}
