//! Names: what they resolve to decides, at each attempt. The rest of the door is tested from outside.

use std::net::IpAddr;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::*;

fn door(allow: &str, table: &[(&'static str, &[&str])]) -> Door {
    let table = table
        .iter()
        .map(|(name, addresses)| {
            let addresses: Vec<IpAddr> = addresses.iter().map(|text| text.parse().unwrap()).collect();
            (*name, addresses)
        })
        .collect();
    let options = Options { allow: AllowList::parse(allow).unwrap(), ..Options::default() };
    Door::with_names(options, &Names::Table(Arc::new(table))).unwrap()
}

async fn get(door: &Door, url: &str) -> CallError {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let limits = Limits::failing(Duration::from_secs(60), 1_000);
    door.call(request, limits).await.unwrap_err()
}

#[tokio::test]
async fn a_name_with_any_private_address_is_refused() {
    let door = door(
        "127.0.0.1/32:1 10.0.0.0/8:4443",
        &[
            ("private.example.com", &["10.0.0.1"]),
            ("mixed.example.com", &["8.8.8.8", "10.0.0.1"]),
            ("mixed6.example.com", &["8.8.8.8", "fd00:ec2::254"]),
            ("metadata.example.com", &["169.254.169.254"]),
            ("mapped.example.com", &["::ffff:127.0.0.1"]),
        ],
    );
    for url in [
        "https://private.example.com/",
        "https://private.example.com:4444/",
        "https://mixed.example.com/",
        "https://mixed.example.com:1/",
        "https://mixed6.example.com/",
        "https://metadata.example.com/",
        "https://metadata.example.com:4443/",
        "https://mapped.example.com:1/",
    ] {
        let error = get(&door, url).await;
        assert_eq!(error.kind(), Kind::Refused, "{url}: {error}");
        assert!(!error.may_have_been_received());
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_not_sent() {
    let error = get(&door("", &[]), "https://nowhere.example.com/").await;
    assert_eq!(error.kind(), Kind::NotSent, "{error}");
}

#[tokio::test]
async fn the_checked_address_is_called_under_its_name_where_the_port_is_listed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let listening = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        let read = stream.read(&mut hello).await.unwrap();
        hello.truncate(read);
        hello
    });
    let door = door(&format!("127.0.0.1/32:{port}"), &[("files.example.com", &["127.0.0.1"])]);
    // The server hangs up during the handshake: nothing of the request was sent.
    let error = get(&door, &format!("https://files.example.com:{port}/")).await;
    assert_eq!(error.kind(), Kind::NotSent, "{error}");

    let hello = listening.await.unwrap();
    let contains = |text: &[u8]| hello.windows(text.len()).any(|window| window == text);
    assert_eq!(hello.first(), Some(&22), "not a TLS handshake");
    assert!(contains(b"files.example.com"), "no server name in the hello");
    assert!(contains(b"\x02h2\x08http/1.1"), "not both HTTP versions offered");
}
