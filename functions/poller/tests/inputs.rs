//! Fetching a caller's files for vendors that take bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{FaultKind, Kind};
use outbound::{AllowList, Door};
use poller::inputs::{NoMaterial, fetch_all};
use providers::Need;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and its pixels";

/// Sixteen samples of a byte, eight a second.
const RECORDING: &[u8] = b"RIFF\x34\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x08\0\0\0\x08\0\0\0\x01\0\x08\0data\x10\0\0\0................";
/// So much that two of them are more than a process holds at a time.
const LARGE: usize = 6 * 1024 * 1024;

/// A server with a picture, a page, and a connection that breaks at the first try.
async fn server() -> (String, Door) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let large = [PICTURE, &vec![0; LARGE]].concat();
        let mut shaky = 0;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let (status, body) = match head.split(' ').nth(1).unwrap() {
                "/picture" => ("200 OK", PICTURE),
                "/recording" => ("200 OK", RECORDING),
                "/large" => ("200 OK", large.as_slice()),
                "/page" => ("200 OK", b"<html>a page</html>".as_slice()),
                "/shaky" if shaky == 0 => {
                    shaky += 1;
                    continue;
                }
                "/shaky" => ("200 OK", PICTURE),
                "/moved" => ("302 Found", b"".as_slice()),
                _ => ("404 Not Found", b"".as_slice()),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nlocation: /picture\r\nconnection: close\r\n\r\n"
            );
            // Who does not want it any more hangs up.
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(body).await;
        }
    });
    let allow = AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
    let door = Door::new(outbound::Options { allow, ..outbound::Options::default() }).unwrap();
    (format!("http://127.0.0.1:{port}"), door)
}

fn need(url: String, kind: Kind) -> Need {
    Need { field: "input.image", url, kind, most_bytes: 64 }
}

#[tokio::test]
async fn files_come_in_the_order_asked_for_and_a_broken_connection_is_tried_again() {
    let (base, door) = server().await;
    let needs =
        vec![need(format!("{base}/shaky"), Kind::Image), need(format!("{base}/picture"), Kind::Image)];
    let media = fetch_all(&door, needs).await.unwrap().media;
    assert_eq!(media.len(), 2);
    for media in media {
        assert_eq!((media.media_type, media.extension, &media.bytes[..]), ("image/png", "png", PICTURE));
        assert_eq!(media.length, None);
    }
}

#[tokio::test]
async fn a_recording_tells_how_long_it_is() {
    let (base, door) = server().await;
    let media = fetch_all(&door, vec![need(format!("{base}/recording"), Kind::Audio)]).await.unwrap().media;
    assert_eq!((media[0].extension, media[0].length), ("wav", Some(Duration::from_secs(2))));
}

#[tokio::test]
async fn jobs_wait_for_each_other_where_their_files_are_too_large_together() {
    let (base, door) = server().await;
    let large = || {
        let need = Need { most_bytes: 32 << 20, ..need(format!("{base}/large"), Kind::Image) };
        fetch_all(&door, vec![need])
    };
    let first = large().await.unwrap();
    let second = tokio::time::timeout(Duration::from_millis(400), large()).await;
    assert!(second.is_err(), "the second did not wait");
    // A small one goes on beside it.
    fetch_all(&door, vec![need(format!("{base}/picture"), Kind::Image)]).await.unwrap();
    drop(first);
    assert_eq!(large().await.unwrap().media[0].bytes.len(), PICTURE.len() + LARGE);
}

#[tokio::test]
async fn what_can_not_be_had_is_the_callers_to_mend_and_named_by_its_field() {
    let (base, door) = server().await;
    let small = |url: String| Need { most_bytes: 10, ..need(url, Kind::Image) };
    let cases = [
        (need(format!("{base}/nothing"), Kind::Image), "could not be fetched: its server answers 404"),
        (need(format!("{base}/moved"), Kind::Image), "could not be fetched: its server answers 302"),
        (need(format!("{base}/page"), Kind::Image), "is of no known format"),
        (need(format!("{base}/picture"), Kind::Audio), "is no recording"),
        (small(format!("{base}/picture")), "is larger than 10 bytes"),
        (need("http://127.0.0.1:9/picture".into(), Kind::Image), "is at an address that is not called"),
        (need("https://169.254.169.254/latest/".into(), Kind::Image), "is at an address that is not called"),
        (need("no address".into(), Kind::Image), "is at an address that is not called"),
    ];
    for (need, why) in cases {
        let Err(NoMaterial::Refused(fault)) = fetch_all(&door, vec![need]).await else { panic!("{why}") };
        assert_eq!(fault.kind, FaultKind::InvalidInput);
        assert_eq!(fault.message, format!("the file given as input.image {why}"));
    }
}
