//! From the account's private key to a token: a signed sentence about who we are (a JSON Web Token) is exchanged for it.

use crate::{Access, Next, Question, Reply, Task, kit};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::Method;
use jobs::{FaultKind, Time};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

/// Where tokens are given out. Whoever gives them out, the sentence is written for this address.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";

/// What the token is to be good for.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// What the exchange is called.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The one kind of signature that the vendor takes.
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;

/// Seconds that the sentence is good for: it is used at once, and once.
const LIFE: i64 = 300;

/// Seconds by which our clock may be ahead of the vendor's.
const SLACK: i64 = 5;

/// Longest token that we believe, in bytes.
const MOST_TOKEN: usize = 8192;

/// Who we are, whom we tell it, what we want, and for how long it holds; whole seconds since the epoch.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

/// The call that brings a token.
pub(super) fn exchange(task: &Task<'_>, question: Question<'_>, note: String) -> Next {
    let assertion = match assertion(task.access, task.now) {
        Ok(assertion) => assertion,
        Err(problem) => {
            return kit::refused(question, kit::fault(FaultKind::Operator).with_detail(problem));
        }
    };
    let body = Serializer::new(String::new())
        .append_pair("grant_type", GRANT)
        .append_pair("assertion", &assertion)
        .finish();
    let address = task.access.project.as_ref().and_then(|project| project.token_url.as_deref());
    let url = kit::parse_address(address.unwrap_or(AUDIENCE));
    kit::Draft::send(
        "vertex token",
        Method::POST,
        url,
        "application/x-www-form-urlencoded",
        body.into_bytes().into(),
    )
    .note(note)
    .next(question)
}

#[derive(Deserialize)]
struct Granted {
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Denied {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// The token of a good answer.
///
/// # Errors
/// What it means that there is none. Nothing was paid yet, so nothing is lost.
pub(super) fn read(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Result<String, Next> {
    if reply.status.is_success() {
        let token = kit::read_message::<Granted>(reply).and_then(|granted| granted.access_token);
        let good = |token: &String| {
            (1..=MOST_TOKEN).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        return token
            .filter(good)
            .ok_or_else(|| kit::not_ready(question, "the answer to the exchange holds no token"));
    }
    let denied = kit::read_message::<Denied>(reply);
    let kind = match reply.status.as_u16() {
        // A key that was withdrawn, an account that is gone, a clock that is wrong: ours to mend.
        400 | 401 | 403 if denied.is_some() => FaultKind::Operator,
        _ => FaultKind::Unavailable,
    };
    let (code, words) = denied.map_or_else(
        || ("none".to_owned(), "no message of the vendor".to_owned()),
        |denied| (denied.error, denied.error_description),
    );
    let detail = kit::for_the_log(task, reply, &code, &format!("no token: {words}"));
    let wait = kit::retry_after(reply.headers, task.now);
    Err(kit::refused(question, kit::fault(kind).with_detail(detail).retry_after(wait)))
}

/// The signed sentence.
///
/// # Errors
/// A sentence for the log when the account's key can't be used.
fn assertion(access: &Access, now: Time) -> Result<String, String> {
    let key = access.secret_key.as_ref().ok_or("the vendor's secret holds no private key")?;
    let key = key_pair(key.reveal()).ok_or("the private key in the vendor's secret can't be read")?;
    let issued = now.seconds() - SLACK;
    let claims =
        Claims { iss: access.api_key.reveal(), scope: SCOPE, aud: AUDIENCE, iat: issued, exp: issued + LIFE };
    let claims = serde_json::to_vec(&claims).map_err(|_| "could not write the claims".to_owned())?;
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    // This kind of signature has no chance in it: the same sentence is always signed the same.
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| "could not sign with the private key".to_owned())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Reads a private key in PEM, as the vendor gives it. Line breaks that were lost on the way into the secret (`\n` as
/// two characters, or none at all) do no harm.
fn key_pair(pem: &str) -> Option<RsaKeyPair> {
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (base64, _) = rest.split_once("-----END PRIVATE KEY-----")?;
    let base64: String = base64.replace("\\n", "").split_whitespace().collect();
    RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()
}
