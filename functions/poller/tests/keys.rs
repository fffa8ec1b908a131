//! Callbacks against keys that their vendor publishes: read once, again when they don't fit, and never trusted without.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures_util::future::join_all;
use http::HeaderName;
use jobs::{Callback, Ticket, Time};
use outbound::{AllowList, Door};
use poller::keys::KeyRing;
use providers::Adapter;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha256};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use testkit::builders::at;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// What the server of the keys answers.
#[derive(Clone)]
enum Answer {
    /// These bytes.
    Whole(String),
    /// These bytes, then others without end.
    Endless(String),
    /// Nothing, and the connection stays open.
    Nothing,
}

/// A server whose answer can be changed, and how often it was asked.
struct Server {
    address: String,
    door: Door,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn answering(answer: Answer) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let (says, counts) = (answer.clone(), asked.clone());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (answer, counts) = (says.clone(), counts.clone());
                tokio::spawn(async move {
                    let mut head = [0; 1024];
                    let length = stream.read(&mut head).await.unwrap();
                    assert!(head[..length].starts_with(b"GET /.well-known/jwks.json "));
                    counts.fetch_add(1, Ordering::SeqCst);
                    let answer = answer.lock().unwrap().clone();
                    match answer {
                        Answer::Whole(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                        Answer::Endless(text) => {
                            stream.write_all(text.as_bytes()).await.unwrap();
                            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
                        }
                        Answer::Nothing => std::future::pending().await,
                    }
                });
            }
        });
        let allow = AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
        let door = Door::new(outbound::Options { allow, ..outbound::Options::default() }).unwrap();
        Server { address: format!("http://127.0.0.1:{port}/.well-known/jwks.json"), door, answer, asked }
    }

    fn say(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Whether a callback that this key signed is trusted.
    async fn trusts(&self, ring: &KeyRing, key: u8, now: Time) -> bool {
        let callback = signed(key, now);
        let holds = |keys: &_| fal().is_signed_with(keys, &callback, &Ticket("8f2c".to_owned()));
        ring.any(&self.door, &self.address, now, holds).await
    }
}

fn fal() -> &'static dyn Adapter {
    providers::adapter("fal").unwrap()
}

fn pair(key: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[key; 32]).unwrap()
}

/// A key set with these keys.
fn published(keys: &[u8]) -> Answer {
    let keys = keys.iter().map(|key| {
        let public = URL_SAFE_NO_PAD.encode(pair(*key).public_key());
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{public}"}}"#)
    });
    good(&format!(r#"{{"keys":[{}]}}"#, keys.collect::<Vec<_>>().join(",")))
}

fn good(body: &str) -> Answer {
    answered("200 OK", body)
}

fn answered(status: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Whole(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"))
}

/// A callback about request 8f2c, as fal signs it.
fn signed(key: u8, now: Time) -> Callback {
    let body = br#"{"request_id": "8f2c", "status": "OK"}"#;
    let (hash, seconds) = (hex::encode(Sha256::digest(body)), now.seconds());
    let signature = pair(key).sign(format!("8f2c\nsomebody\n{seconds}\n{hash}").as_bytes());
    let header = |name: &str, value: String| (HeaderName::try_from(name).unwrap().to_string(), value);
    let headers = vec![
        header("X-Fal-Webhook-Request-Id", "8f2c".to_owned()),
        header("X-Fal-Webhook-User-Id", "somebody".to_owned()),
        header("X-Fal-Webhook-Timestamp", seconds.to_string()),
        header("X-Fal-Webhook-Signature", hex::encode(signature)),
    ];
    Callback { headers, body: Bytes::from_static(body).to_vec() }
}

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn keys_are_read_once_a_day() {
    let server = Server::answering(published(&[1, 2])).await;
    let ring = KeyRing::default();
    for seconds in [0, 1, 90, DAY - 1] {
        for key in [1, 2] {
            assert!(server.trusts(&ring, key, at(seconds)).await, "key {key} after {seconds} s");
        }
    }
    assert_eq!(server.asked(), 1);
    assert!(server.trusts(&ring, 1, at(DAY)).await);
    assert_eq!(server.asked(), 2);
    // Keys that can't be read again are believed no longer, right as they may be.
    server.say(answered("503 Service Unavailable", ""));
    assert!(server.trusts(&ring, 1, at(2 * DAY - 1)).await);
    assert!(!server.trusts(&ring, 1, at(2 * DAY)).await);
    server.say(published(&[1]));
    assert!(!server.trusts(&ring, 1, at(2 * DAY + 59)).await);
    assert!(server.trusts(&ring, 1, at(2 * DAY + 60)).await);
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let server = Server::answering(published(&[1])).await;
    let ring = KeyRing::default();
    assert!(server.trusts(&ring, 1, at(0)).await);
    // Somebody else's signature has the keys read again, but not each time.
    for seconds in 60..180 {
        assert!(!server.trusts(&ring, 9, at(seconds)).await);
        assert!(server.trusts(&ring, 1, at(seconds)).await, "the others are trusted meanwhile");
    }
    assert_eq!(server.asked(), 3);
    // The vendor takes another key.
    server.say(published(&[2]));
    assert!(!server.trusts(&ring, 2, at(179)).await);
    assert!(server.trusts(&ring, 2, at(180)).await);
    assert!(!server.trusts(&ring, 1, at(241)).await, "the old key is gone");
    assert!(server.trusts(&ring, 2, at(242)).await);
}

#[tokio::test]
async fn without_keys_nothing_is_trusted() {
    let endless = |head: &str| Answer::Endless(format!("HTTP/1.1 200 OK\r\n{head}\r\n{{\"keys\":["));
    let document = |answer: Answer| match answer {
        Answer::Whole(text) => text,
        Answer::Endless(_) | Answer::Nothing => panic!("no document"),
    };
    let short = document(published(&[1])).replace("content-length: ", "content-length: 9");
    for (name, answer) in [
        ("a page", good("<html>down for maintenance</html>")),
        ("nothing in it", good("")),
        ("no keys", good(r#"{"keys":[]}"#)),
        ("the right keys with a wrong status", {
            Answer::Whole(document(published(&[1])).replace("200 OK", "404 Not Found"))
        }),
        ("somewhere else", {
            let there = "302 Found\r\nlocation: /elsewhere";
            Answer::Whole(document(published(&[1])).replace("200 OK", there))
        }),
        ("more bytes than it says", endless("content-length: 999999999\r\n")),
        ("bytes without end", endless("")),
        ("fewer bytes than it says", Answer::Whole(short)),
        ("no answer", Answer::Nothing),
        ("no http", Answer::Whole("220 mail.example.com\r\n".to_owned())),
    ] {
        let server = Server::answering(answer).await;
        let ring = KeyRing::default();
        let begun = std::time::Instant::now();
        assert!(!server.trusts(&ring, 1, at(0)).await, "{name}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{name} took {:?}", begun.elapsed());
        // It is not asked again at once, and trusted once it has come to its senses.
        server.say(published(&[1]));
        let asked = server.asked();
        assert!(!server.trusts(&ring, 1, at(59)).await, "{name}");
        assert_eq!(server.asked(), asked, "{name}");
        assert!(server.trusts(&ring, 1, at(60)).await, "{name}");
    }
}

#[tokio::test]
async fn good_keys_outlive_a_bad_look() {
    let server = Server::answering(published(&[1])).await;
    let ring = KeyRing::default();
    assert!(server.trusts(&ring, 1, at(0)).await);
    server.say(good("<html>"));
    assert!(!server.trusts(&ring, 2, at(60)).await);
    assert_eq!(server.asked(), 2);
    assert!(server.trusts(&ring, 1, at(61)).await);
}

#[tokio::test]
async fn many_callbacks_at_once_are_one_look() {
    let server = Server::answering(published(&[1])).await;
    let ring = KeyRing::default();
    let trusted = join_all((0..20).map(|_| server.trusts(&ring, 1, at(0)))).await;
    assert_eq!((trusted, server.asked()), (vec![true; 20], 1));
}

#[tokio::test]
async fn keys_hold_where_they_were_read_and_only_public_addresses_are_called() {
    let (first, second) =
        (Server::answering(published(&[1])).await, Server::answering(published(&[2])).await);
    let ring = KeyRing::default();
    assert!(first.trusts(&ring, 1, at(0)).await);
    assert!(!second.trusts(&ring, 1, at(1)).await, "the operator has chosen another host");
    assert!(second.trusts(&ring, 2, at(2)).await);
    let closed = Server { door: Door::new(outbound::Options::default()).unwrap(), ..second };
    assert!(!closed.trusts(&KeyRing::default(), 2, at(0)).await);
    for nonsense in ["", "no address", "mailto:keys@example.com"] {
        let nowhere = Server { address: nonsense.to_owned(), ..Server::answering(Answer::Nothing).await };
        assert!(!nowhere.trusts(&KeyRing::default(), 1, at(0)).await, "{nonsense}");
    }
}
