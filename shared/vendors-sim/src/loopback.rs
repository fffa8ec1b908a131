//! Calls from the simulator to others on this machine. Nothing leaves it.

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use url::Url;

/// The most time for a call.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether an address is on this machine and spoken to without TLS, so that a simulator may call it.
pub(crate) fn is_here(address: &str) -> bool {
    here(address).is_some()
}

fn here(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok().filter(|url| url.scheme() == "http")?;
    let near = matches!(url.host_str()?, "127.0.0.1" | "localhost");
    near.then_some(url)
}

/// Calls an address on this machine and reads the whole answer. Redirects are answers like others.
///
/// # Errors
///
/// The address is elsewhere, nobody listens, or the answer breaks off or takes more than ten seconds.
pub(crate) async fn call(
    method: Method,
    address: &str,
    headers: impl IntoIterator<Item = (&'static str, String)>,
    body: impl Into<Bytes>,
) -> Result<Response<Bytes>, io::Error> {
    let url = here(address).ok_or_else(|| io::Error::other(format!("{address} is not on this machine")))?;
    let mut request =
        Request::builder().method(method).uri(&url[url::Position::BeforePath..url::Position::AfterQuery]);
    request = request.header("host", url.authority());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(body.into())).map_err(io::Error::other)?;
    let answer = send(url.port_or_known_default().unwrap_or(80), request);
    tokio::time::timeout(PATIENCE, answer).await.map_err(io::Error::other)?
}

async fn send(port: u16, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, io::Error> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.map_err(io::Error::other)?.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Response::from_parts(head, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for (address, expected) in [
            ("http://127.0.0.1:3000/hooks?job=1", true),
            ("http://localhost/hooks", true),
            ("https://127.0.0.1/hooks", false),
            ("http://example.com/hooks", false),
            ("http://127.0.0.1.example.com/hooks", false),
            ("http://user@169.254.169.254/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_here(address), expected, "{address}");
        }
    }
}
