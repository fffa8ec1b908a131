//! Where requests may go, and that they go there and nowhere else.

use http::StatusCode;
use outbound::{Kind, Limits};

use crate::server::Server;
use crate::{LONG, door_to, kind_of, request};

#[tokio::test]
async fn only_listed_addresses_with_their_port_are_called() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let port = server.port;
    let allowed = [
        (format!("http://127.0.0.1:{port}/"), format!("127.0.0.1/32:{port}")),
        (format!("http://127.0.0.1:{port}/"), format!("127.0.0.0/8:1,127.0.0.0/8:{port}")),
        (format!("http://localhost:{port}/"), format!("127.0.0.1/32:{port}")),
    ];
    for (url, allow) in &allowed {
        let reply = door_to(allow).call(request(url), Limits::failing(LONG, 0)).await;
        assert_eq!(reply.unwrap().status, StatusCode::OK, "{url} with {allow}");
    }
    let connections = server.connections();

    let other = if port == 65_535 { 1 } else { port + 1 };
    let listed_elsewhere = format!("127.0.0.0/8:{other} 10.0.0.0/8:{port} [::]/0:{other}");
    for allow in ["", listed_elsewhere.as_str()] {
        let door = door_to(allow);
        for host in [
            "127.0.0.1",
            "localhost",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "169.254.169.254",
            "0.0.0.0",
            "192.168.0.1",
            "sub.localhost",
            "intranet",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:{port}/");
                assert_eq!(kind_of(&door, &url).await, Kind::Refused, "{url} with {allow:?}");
            }
        }
    }
    // The mapped form is no way around the list either.
    let mapped = format!("http://[::ffff:127.0.0.1]:{port}/");
    assert_eq!(kind_of(&door_to(&server.allowed()), &mapped).await, Kind::Refused);
    assert_eq!(server.connections(), connections);
}

#[tokio::test]
async fn other_kinds_of_urls_are_not_called() {
    let cases = [
        ("http://example.com/", Kind::Refused),
        ("http://8.8.8.8/", Kind::Refused),
        ("ftp://example.com/", Kind::Refused),
        ("https://user:secret@example.com/", Kind::Refused),
        ("/only/a/path", Kind::Invalid),
        ("example.com", Kind::Invalid),
        ("https://1.2.3.4.5/", Kind::Invalid),
        ("*", Kind::Invalid),
    ];
    let door = door_to("");
    for (url, expected) in cases {
        assert_eq!(kind_of(&door, url).await, expected, "{url}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let target = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(&format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
            target.url("/secret")
        ))
        .await;
        let door = door_to(&format!("{},{}", server.allowed(), target.allowed()));
        let reply = door.call(request(&server.url("/")), Limits::failing(LONG, 1_000)).await.unwrap();
        assert_eq!(reply.status, status);
        assert_eq!(reply.headers["location"], target.url("/secret"));
    }
    assert_eq!(target.connections(), 0);
}

/// Set for the child process of the test below: the server it has to reach directly.
const CHILD_PORT: &str = "OUTBOUND_TEST_CHILD_PORT";

/// The environment of a process can't be changed safely from within, so the test runs itself once more in
/// an environment with proxies.
#[tokio::test(flavor = "multi_thread")]
async fn proxies_of_the_environment_are_ignored() {
    if let Ok(port) = std::env::var(CHILD_PORT) {
        let door = door_to(&format!("127.0.0.1/32:{port}"));
        let url = format!("http://127.0.0.1:{port}/");
        let reply = door.call(request(&url), Limits::failing(LONG, 10)).await;
        assert_eq!(reply.unwrap().body, "direct");
        return;
    }
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ndirect").await;
    let proxy = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy").await;
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "guard::proxies_of_the_environment_are_ignored"])
        .env(CHILD_PORT, server.port.to_string());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url("/"));
    }
    let status = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap().status;
    assert!(status.success());
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
}
