//! Tokens: given for a sentence that the service account signed with its private key. Here only the public half of that key
//! is used.

use super::account::TOKEN_SECONDS;
use crate::reply;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode, header};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::sync::LazyLock;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Seconds that a sentence is good for, at most.
const MOST_SECONDS: u64 = 3600;
/// Seconds that clocks may differ.
const LEEWAY_SECONDS: u64 = 30;

/// The account's key file, whose private half clients have.
#[derive(Deserialize)]
struct KeyFile {
    client_email: String,
    private_key: String,
}

static ACCOUNT: LazyLock<Option<(String, Vec<u8>)>> = LazyLock::new(|| {
    let file: KeyFile = serde_json::from_str(include_str!("../../sdk/vertex_account.json")).ok()?;
    let base64: String = file.private_key.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()?;
    Some((file.client_email, pair.public().as_ref().to_vec()))
});

/// Why there is no token.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Denial {
    error: &'static str,
    description: String,
}

impl Denial {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }

    fn grant(description: &str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(super) fn response(&self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        reply::json(StatusCode::BAD_REQUEST, body)
    }
}

/// A token in its answer.
pub(super) fn granted(token: &str) -> Response {
    let body = json!({ "access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer" });
    reply::json(StatusCode::OK, body)
}

#[derive(Deserialize)]
struct Head {
    alg: String,
}

/// What is claimed; times in seconds since 1970.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    scope: Option<String>,
    iat: u64,
    exp: u64,
}

/// Looks at a call for a token.
///
/// # Errors
///
/// Why there is none.
pub(super) fn claimed(headers: &HeaderMap, body: &[u8], now: u64) -> Result<(), Denial> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Denial::new("invalid_request", "Bad Request"));
    }
    let field = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(body);
        pairs.find(|(field, _)| field == name).map(|(_, value)| value.into_owned())
    };
    match field("grant_type") {
        Some(grant) if grant == GRANT => {}
        Some(grant) => {
            return Err(Denial::new("unsupported_grant_type", format!("Invalid grant_type: {grant}")));
        }
        None => return Err(Denial::new("invalid_request", "Required parameter is missing: grant_type")),
    }
    let assertion = field("assertion")
        .ok_or_else(|| Denial::new("invalid_request", "Required parameter is missing: assertion"))?;
    let claims: Claims = verified(&assertion)?;
    let account = ACCOUNT.as_ref().map(|(email, _)| email);
    if account != Some(&claims.iss) {
        return Err(Denial::grant("Invalid grant: account not found"));
    }
    if claims.aud != AUDIENCE {
        return Err(Denial::grant("Invalid JWT: Failed audience check."));
    }
    let lasts = claims.exp.checked_sub(claims.iat).is_some_and(|seconds| seconds <= MOST_SECONDS);
    if !lasts || claims.iat > now + LEEWAY_SECONDS || claims.exp + LEEWAY_SECONDS <= now {
        return Err(Denial::grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        ));
    }
    let scope = claims.scope.unwrap_or_default();
    if !scope.split(' ').any(|scope| scope == SCOPE) {
        return Err(Denial::new("invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    }
    Ok(())
}

/// The claims of a sentence whose signature is right.
fn verified(assertion: &str) -> Result<Claims, Denial> {
    let broken = || Denial::grant("Invalid JWT: Could not parse the JWT.");
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| broken());
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(broken)?;
    let (head, claims) = signed.split_once('.').ok_or_else(broken)?;
    let head: Head = json_of(&decode(head)?).ok_or_else(broken)?;
    let signature = decode(signature)?;
    let key = ACCOUNT.as_ref().map(|(_, key)| key);
    let right = head.alg == "RS256"
        && key.is_some_and(|key| {
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
            key.verify(signed.as_bytes(), &signature).is_ok()
        });
    if !right {
        return Err(Denial::grant("Invalid JWT Signature."));
    }
    json_of(&decode(claims)?).ok_or_else(broken)
}

fn json_of<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}
