//! What comes back: whole, cut, streamed, and never more than allowed.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{Request, StatusCode};
use outbound::{CallError, Kind, Limits, Overflow, StreamLimits};

use crate::server::Server;
use crate::{LONG, SHORT, call, door_to, open, request, stream_limits};

#[tokio::test]
async fn request_and_answer_arrive_as_they_were_sent() {
    let server =
        Server::answering("HTTP/1.1 422 Unprocessable\r\nX-Trace: 7\r\nContent-Length: 5\r\n\r\nhello").await;
    let request = Request::post(server.url("/v1/jobs?a=1&b=%20"))
        .header("authorization", "Bearer key")
        .header("host", "elsewhere.example.com")
        .header("content-type", "application/json")
        .body(Bytes::from_static(b"{\"n\":1}"))
        .unwrap();
    let reply = door_to(&server.allowed()).call(request, Limits::failing(LONG, 5)).await.unwrap();
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.headers["x-trace"], "7");
    assert_eq!(reply.body, "hello");
    assert!(reply.complete);

    let seen = server.first_request().await;
    assert!(seen.starts_with("POST /v1/jobs?a=1&b=%20 HTTP/1.1\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n{\"n\":1}"), "{seen}");
    let host = format!("host: 127.0.0.1:{}\r\n", server.port);
    let agent = format!("user-agent: Doitong/{}\r\n", env!("CARGO_PKG_VERSION"));
    for line in [
        host.as_str(),
        agent.as_str(),
        "authorization: Bearer key\r\n",
        "content-type: application/json\r\n",
        "content-length: 7\r\n",
    ] {
        assert!(seen.contains(line), "no {line:?} in {seen}");
    }
    for absent in ["elsewhere", "accept-encoding", "cookie", "referer"] {
        assert!(!seen.contains(absent), "{absent} in {seen}");
    }
}

#[tokio::test]
async fn an_empty_post_says_that_it_is_empty() {
    let server = Server::answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let request = Request::post(server.url("/")).body(Bytes::new()).unwrap();
    let door = door_to(&server.allowed());
    let reply = door.call(request, Limits::failing(LONG, 0)).await.unwrap();
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert!(server.first_request().await.contains("content-length: 0\r\n"));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let door = door_to(&server.allowed());
    for _ in 0..3 {
        let reply = door.clone().call(request(&server.url("/")), Limits::failing(LONG, 10)).await;
        assert_eq!(reply.unwrap().body, "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_body_as_long_as_the_bound_is_whole() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await;
    for limits in [Limits::failing(LONG, 5), Limits::cutting(LONG, 5)] {
        let reply = call(&server, limits).await.unwrap();
        assert_eq!((reply.body.as_ref(), reply.complete), (b"hello".as_slice(), true));
    }
    let reply = call(&server, Limits::cutting(LONG, 4)).await.unwrap();
    assert_eq!((reply.body.as_ref(), reply.complete), (b"hell".as_slice(), false));
    let error = call(&server, Limits::failing(LONG, 4)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
}

#[tokio::test]
async fn a_stream_brings_its_pieces() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    )
    .await;
    let streaming = open(&server, stream_limits(11)).await.unwrap();
    assert_eq!(streaming.status(), StatusCode::OK);
    assert_eq!(streaming.announced_bytes(), None);
    let pieces: Vec<Bytes> = streaming.into_stream().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"hello world");

    let streaming = open(&server, stream_limits(11)).await.unwrap();
    let reply = streaming.read(8, Overflow::Cut).await.unwrap();
    assert_eq!(reply.body, "hello wo");
    let streaming = open(&server, stream_limits(11)).await.unwrap();
    let error = streaming.read(8, Overflow::Fail).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
}

#[tokio::test]
async fn an_encoded_body_stays_encoded() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x0b\x08\x00",
    )
    .await;
    let reply = call(&server, Limits::failing(LONG, 1_000)).await.unwrap();
    assert_eq!(reply.headers["content-encoding"], "gzip");
    assert_eq!(reply.body.as_ref(), b"\x1f\x0b\x08\x00");
}

#[tokio::test]
async fn a_huge_announcement_is_refused_before_reading() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").await;
    let error = call(&server, Limits::failing(LONG, 1_000_000)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(error.may_have_been_received());
    let error = open(&server, stream_limits(1_000_000)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
}

#[tokio::test]
async fn an_endless_body_is_bounded_while_reading() {
    let mut server = Server::endless("HTTP/1.1 200 OK\r\n\r\n").await;
    let error = call(&server, Limits::failing(LONG, 100_000)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TooLarge);
    server.hung_up().await;

    let reply = call(&server, Limits::cutting(LONG, 4_096)).await.unwrap();
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.body.len(), 4_096);
    assert!(!reply.complete);
    server.hung_up().await;

    let mut streaming = open(&server, stream_limits(100_000)).await.unwrap();
    let mut received = 0;
    let error = loop {
        match streaming.chunk().await {
            Ok(piece) => received += piece.unwrap().len(),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), Kind::TooLarge);
    assert!(received <= 100_000);
    server.hung_up().await;
    assert_eq!(streaming.chunk().await.unwrap_err().kind(), Kind::TooLarge);
}

#[tokio::test]
async fn a_stalled_stream_is_noticed() {
    let server = Server::answering_in_part("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart").await;
    let limits = StreamLimits { idle: SHORT, ..stream_limits(1_000) };
    let stream = open(&server, limits).await.unwrap().into_stream();
    let results: Vec<Result<Bytes, CallError>> = stream.collect().await;
    let error = results.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.kind(), Kind::Stalled);
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn a_cut_call_succeeds_by_its_head() {
    let partial = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart";
    for server in [Server::answering_and_closing(partial).await, Server::answering_in_part(partial).await] {
        let limits = Limits::cutting(Duration::from_secs(2), 1_000);
        let reply = call(&server, limits).await.unwrap();
        assert_eq!(reply.status, StatusCode::OK);
        assert!(!reply.complete);
    }
}
