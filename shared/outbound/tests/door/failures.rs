//! What a failure tells: above all whether the request may have been received.

use std::error::Error as _;

use bytes::Bytes;
use http::Request;
use outbound::{Kind, Limits};

use crate::server::Server;
use crate::{LONG, SHORT, call, door_to, kind_of};

#[tokio::test]
async fn a_refused_connection_means_not_sent() {
    let gone = Server::gone().await;
    let error = call(&gone, Limits::failing(LONG, 1_000)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::NotSent);
    assert!(!error.may_have_been_received());
}

#[tokio::test]
async fn a_failed_handshake_means_not_sent() {
    let server = Server::answering_and_closing("HTTP/1.1 400 Bad\r\n\r\n").await;
    let url = format!("https://127.0.0.1:{}/", server.port);
    assert_eq!(kind_of(&door_to(&server.allowed()), &url).await, Kind::NotSent);
}

#[tokio::test]
async fn a_connection_lost_after_the_request_means_unknown() {
    for sent in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "not http at all\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        let server = Server::answering_and_closing(sent).await;
        let error = call(&server, Limits::failing(LONG, 1_000)).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unknown, "{sent:?}: {error}");
        assert_eq!(server.connections(), 1, "{sent:?}: tried again");
    }
}

#[tokio::test]
async fn what_takes_too_long_in_all_is_unknown() {
    let silent = Server::answering_in_part("").await;
    let error = call(&silent, Limits::failing(SHORT, 1_000)).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (Kind::Unknown, None));
    assert!(error.may_have_been_received());

    let partial = Server::answering_in_part("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart").await;
    let error = call(&partial, Limits::failing(SHORT, 1_000)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unknown);
}

#[tokio::test]
async fn errors_tell_no_secrets() {
    let closing = Server::answering_and_closing("").await;
    let partial = Server::answering_and_closing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").await;
    let large = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n").await;
    let gone = Server::gone().await;
    let mut urls: Vec<String> = [&closing, &partial, &large, &gone]
        .iter()
        .map(|server| server.url("/path-secret?token=query-secret"))
        .collect();
    urls.push("https://user-secret:word-secret@example.com/path-secret".to_owned());
    urls.push("https://10.0.0.1/path-secret?token=query-secret".to_owned());
    urls.push("path-secret".to_owned());
    let allow = [&closing, &partial, &large, &gone].map(Server::allowed).join(",");
    let door = door_to(&allow);
    for url in urls {
        let request = Request::post(&url)
            .header("authorization", "header-secret")
            .body(Bytes::from_static(b"body-secret"))
            .unwrap();
        let error = door.call(request, Limits::failing(LONG, 100)).await.unwrap_err();
        let mut told = format!("{error} {error:?} {error:#?}");
        let mut cause = error.source();
        while let Some(inner) = cause {
            told.push_str(&format!(" {inner} {inner:?}"));
            cause = inner.source();
        }
        assert!(!told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn an_error_names_scheme_host_and_port() {
    let server = Server::answering_and_closing("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\n").await;
    let error = call(&server, Limits::failing(LONG, 1_000)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("could not call http://127.0.0.1:{} (GET, answered 503): the body broke off", server.port)
    );
}
