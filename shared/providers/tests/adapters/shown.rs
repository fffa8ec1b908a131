//! What comes next in a step, as JSON: whole, so that a fixture says everything about it.

use crate::given::{API_KEY, NOW, SECRET_KEY, secret_key};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jobs::{Event, Fault};
use providers::{Brings, Call, News, Next, Source, VendorFile};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Map, Value, json};
use sha2::Sha256;

/// The next call or the news.
pub(crate) fn shown(next: &Next) -> Value {
    match next {
        Next::Call(call) => json!({"call": shown_call(call)}),
        Next::News(News::Event(event)) => shown_event(event),
        Next::News(News::Finished(files)) => {
            json!({"finished": files.iter().map(shown_file).collect::<Vec<_>>()})
        }
        Next::News(News::AskLater { retry_after, detail }) => {
            assert!(!detail.is_empty(), "the log has to know why");
            json!({"later": retry_after.map(|span| span.as_secs_f64())})
        }
    }
}

fn shown_call(call: &Call) -> Value {
    let headers = shown_headers(call.request.headers());
    let body = call.request.body();
    // What is no JSON is shown as the text that it is.
    let text = || json!(checked_assertion(&String::from_utf8_lossy(body)));
    let body =
        if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap_or_else(|_| text()) };
    let mut shown = json!({
        "what": call.what,
        "method": call.request.method().as_str(),
        "url": call.request.uri().to_string(),
        "headers": headers,
        "body": body,
        "brings": match call.brings { Brings::Message => "message", Brings::LargeMessage => "large message", Brings::File => "file" },
        "paid": call.paid,
        "note": call.note,
        "timeout": call.timeout.as_secs(),
    });
    // Few calls have anything kept.
    if let (Some(keep), Some(shown)) = (&call.keep, shown.as_object_mut()) {
        shown.insert("keep".into(), json!(keep.len()));
    }
    shown
}

fn shown_headers(headers: &HeaderMap) -> Map<String, Value> {
    headers
        .iter()
        .map(|(name, value)| {
            let text = value.to_str().unwrap();
            let secret = text.contains(API_KEY) || name == "authorization";
            assert_eq!(
                value.is_sensitive(),
                secret,
                "{name} must be hidden exactly if it holds a credential"
            );
            (name.to_string(), json!(checked_token(text)))
        })
        .collect()
}

/// A signed token is replaced by a word, once header, claims and signature have been found good.
fn checked_token(text: &str) -> String {
    let Some((signed, signature)) = text.strip_prefix("Bearer ").and_then(|token| token.rsplit_once('.'))
    else {
        return text.to_owned();
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET_KEY.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).expect("the signature is good");
    let part = |text: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    assert_eq!(part(header), json!({"alg": "HS256", "typ": "JWT"}));
    let now = NOW.seconds();
    assert_eq!(part(claims), json!({"iss": API_KEY, "exp": now + 1800, "nbf": now - 5}));
    "Bearer <a good token>".to_owned()
}

/// A form with a signed assertion is shown with a word in its place, once header, claims and signature have been found good.
fn checked_assertion(form: &str) -> String {
    let Some((before, assertion)) = form.split_once("&assertion=") else { return form.to_owned() };
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let part = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let json = |text: &str| serde_json::from_slice::<Value>(&part(text)).unwrap();
    assert_eq!(json(header), json!({"alg": "RS256", "typ": "JWT"}));
    let issued = NOW.seconds() - 5;
    let expected = json!({
        "iss": API_KEY, "aud": "https://oauth2.googleapis.com/token",
        "scope": "https://www.googleapis.com/auth/cloud-platform", "iat": issued, "exp": issued + 300,
    });
    assert_eq!(json(claims), expected);
    let key: String = secret_key("vertex").lines().filter(|line| !line.starts_with("--")).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(key).unwrap()).unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public());
    key.verify(signed.as_bytes(), &part(signature)).expect("the signature is good");
    format!("{before}&assertion=<good>")
}

fn shown_event(event: &Event) -> Value {
    match event {
        Event::Accepted { ticket } => json!({"accepted": ticket.0}),
        Event::Refused(fault) => json!({"refused": shown_fault(fault)}),
        Event::Failed(fault) => json!({"failed": shown_fault(fault)}),
        Event::StillRunning { progress, ticket: None } => json!({"running": progress}),
        Event::StillRunning { progress, ticket: Some(ticket) } => {
            json!({"running": {"progress": progress, "ticket": ticket.0}})
        }
        Event::CanceledAtVendor { charged } => json!({"canceled": {"charged": charged}}),
        Event::SubmitLost => json!("lost"),
        Event::SubmitAgain => json!("submit again"),
        Event::NotFound => json!("not found"),
        Event::NotCancelable => json!("not cancelable"),
        other => panic!("no adapter may say {other:?}"),
    }
}

fn shown_fault(fault: &Fault) -> Value {
    json!({
        "kind": fault.kind.name(),
        "message": fault.message,
        "retry_after": fault.retry_after.map(|span| span.as_secs_f64()),
    })
}

fn shown_file(file: &VendorFile) -> Value {
    let source = match &file.source {
        Source::Link { url, headers } => {
            if headers.is_empty() {
                json!({"link": url})
            } else {
                json!({"link": url, "headers": shown_headers(headers)})
            }
        }
        Source::ThisReply => json!("this reply"),
        Source::Bytes(bytes) => json!({"bytes": bytes.len()}),
        Source::Kept { last, joint } => json!({"kept": {"last": last.len(), "joint": format!("{joint:?}")}}),
        Source::Make(drawing) => json!({"make": {
            "kind": drawing.kind.name(), "text": drawing.text, "width": drawing.width, "height": drawing.height,
            "seconds": drawing.seconds, "voice": drawing.voice, "speed": drawing.speed, "seed": drawing.seed,
        }}),
    };
    json!({"kind": file.kind.name(), "from": source})
}
