//! How a file is opened, whatever its link leads to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use super::*;
use http::HeaderValue;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

#[test]
fn a_redirect_never_gives_up_encryption() {
    for (from, to, followed) in [
        ("https://a.example/x", "https://b.example/y?sig=1", true),
        ("https://a.example/x", "http://b.example/y", false),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:2/y", true),
        ("https://a.example/x", "/y", false),
        ("https://a.example/x", "file:///etc/passwd", false),
    ] {
        let headers = HeaderMap::from_iter([(header::LOCATION, HeaderValue::from_static(to))]);
        assert_eq!(redirected(from, &headers).as_deref(), followed.then_some(to), "{from} to {to}");
    }
    assert_eq!(redirected("https://a.example/x", &HeaderMap::new()), None);
}

#[tokio::test]
async fn kept_parts_come_out_in_their_order() {
    let door = Door::new(outbound::Options::default()).unwrap();
    // A frame of 96 bytes; what stands in it does not matter.
    let part = |mark: u8| Bytes::from([&[0xff, 0xf3, 0x44, 0xc0][..], &[mark; 92]].concat());
    let mut conversation = Conversation::default();
    conversation.kept = vec![part(1), part(2)];
    let source = Source::Kept { last: part(3), joint: providers::Joint::Frames };
    let mut body = open(&door, source, &mut conversation, Duration::ZERO).await.unwrap();
    let mut whole = Vec::new();
    while let Some(chunk) = body.chunk().await.unwrap() {
        whole.extend_from_slice(&chunk);
    }
    assert_eq!(whole, [part(1), part(2), part(3)].concat());
    let unfit = Source::Kept { last: part(4), joint: providers::Joint::Wave };
    conversation.kept.push(part(5));
    assert!(open(&door, unfit, &mut conversation, Duration::ZERO).await.is_err());
}

/// A server that answers each path of the table with a redirect, and any other with a few bytes; the requests that it got.
async fn server(redirects: &'static [(&'static str, &'static str)]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let requests = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 2048];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let path = head.split(' ').nth(1).unwrap().to_owned();
            requests.lock().unwrap().push(head);
            let target = redirects.iter().find(|(from, _)| *from == path).map(|(_, to)| *to);
            let answer = match target {
                Some(to) => format!(
                    "302 Found\r\nlocation: {}\r\ncontent-length: 0",
                    to.replace("SELF", &port.to_string())
                ),
                None => "200 OK\r\ncontent-length: 0".to_owned(),
            };
            stream
                .write_all(format!("HTTP/1.1 {answer}\r\nconnection: close\r\n\r\n").as_bytes())
                .await
                .unwrap();
        }
    });
    (port, seen)
}

#[tokio::test]
async fn a_link_leads_on_once_without_the_key_and_never_to_our_inside() {
    let redirects = &[
        ("/store", "http://127.0.0.1:SELF/file"),
        ("/metadata", "http://169.254.169.254/latest/meta-data/"),
        ("/neighbour", "http://127.0.0.1:1/"),
        ("/name", "http://localhost.localdomain/"),
        ("/twice", "http://127.0.0.1:SELF/store"),
        ("/nowhere", "file:///etc/passwd"),
    ];
    let (port, seen) = server(redirects).await;
    let allow = outbound::AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
    let door = Door::new(outbound::Options { allow, ..outbound::Options::default() }).unwrap();
    // With a key one redirect is followed, without one none.
    for (path, with_key, opens, requests) in [
        ("/file", true, true, 1),
        ("/store", true, true, 2),
        ("/store", false, false, 1),
        ("/metadata", true, false, 1),
        ("/metadata", false, false, 1),
        ("/neighbour", true, false, 1),
        ("/name", true, false, 1),
        ("/twice", true, false, 2),
        ("/nowhere", true, false, 1),
    ] {
        let key = (header::AUTHORIZATION, HeaderValue::from_static("Bearer the-key"));
        let headers = HeaderMap::from_iter(with_key.then_some(key));
        let source = Source::Link { url: format!("http://127.0.0.1:{port}{path}"), headers };
        let opened = open(&door, source, &mut Conversation::default(), Duration::from_secs(30)).await;
        let told = opened.as_ref().err().map(|problem| format!("{problem} {:?}", problem.cause));
        assert_eq!(opened.is_ok(), opens, "{path}: {told:?}");
        let seen = std::mem::take(&mut *seen.lock().unwrap());
        assert_eq!(seen.len(), requests, "{path}: {seen:?}");
        assert_eq!(seen[0].contains("the-key"), with_key);
        assert!(seen.iter().skip(1).all(|later| !later.contains("the-key")), "{path}: {seen:?}");
    }
}
