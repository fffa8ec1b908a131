//! A simulator of its own for each test, and a plain client for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use media::{PictureFormat, PictureSpec};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use vendors_sim::{Config, Running};

/// Headers of a call.
pub(crate) type Headers<'call> = &'call [(&'call str, &'call str)];

/// Tasks take a few milliseconds at this speed.
const FAST: f64 = 1000.0;

/// A simulator and how to speak with it.
pub(crate) struct Simulator {
    pub(crate) running: Running,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Simulator {
    pub(crate) async fn start() -> Self {
        Self::start_at(FAST).await
    }

    pub(crate) async fn start_at(speed: f64) -> Self {
        let config = Config { speed, ..Config::default() };
        Self { running: vendors_sim::start(config).await.unwrap() }
    }

    /// The head of an answer; the error is a connection that ends without one.
    pub(crate) async fn open(
        &self,
        method: &str,
        path: &str,
        headers: Headers<'_>,
        body: impl Into<Bytes>,
    ) -> Result<Response<Incoming>, hyper::Error> {
        let path = path.strip_prefix(&self.running.url()).unwrap_or(path);
        let stream = TcpStream::connect(self.running.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", "simulator");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        sender.send_request(request.body(Full::new(body.into())).unwrap()).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, headers: Headers<'_>, body: &str) -> Answer {
        self.send(method, path, headers, body.to_owned()).await
    }

    /// A call with a body that need not be text.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: Headers<'_>,
        body: impl Into<Bytes>,
    ) -> Answer {
        let response = self.open(method, path, headers, body).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A file of another server on this machine.
    pub(crate) async fn outside(&self, address: &str) -> Bytes {
        let (server, path) = address.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
        let stream = TcpStream::connect(server).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::builder().uri(format!("/{path}")).header("host", server);
        let request = request.body(Full::new(Bytes::new())).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{address}");
        answer.into_body().collect().await.unwrap().to_bytes()
    }

    pub(crate) async fn fetch(&self, address: &str) -> Answer {
        self.call("GET", address, &[], "").await
    }

    /// A control call.
    pub(crate) async fn control(&self, path: &str, body: &Value) -> Value {
        let answer = self.call("POST", &format!("/_control{path}"), &[], &body.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Arms a fault for the next call of this kind.
    pub(crate) async fn arm(&self, vendor: &str, operation: &str, fault: &str) {
        self.control("", &json!({ "vendor": vendor, "operation": operation, "fault": fault })).await;
    }

    pub(crate) fn counts(&self, vendor: &str) -> Value {
        self.running.stats()["vendors"][vendor].clone()
    }
}

/// A client that is called back.
pub(crate) struct Listener {
    pub(crate) url: String,
    calls: UnboundedReceiver<(HeaderMap, Bytes)>,
}

impl Listener {
    pub(crate) async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?job=1", socket.local_addr().unwrap());
        let (sender, calls) = unbounded_channel();
        let hear = move |headers: HeaderMap, body: Bytes| {
            sender.send((headers, body.clone())).unwrap();
            // Said back, as vendors want that send a challenge first.
            async { (StatusCode::OK, body) }
        };
        let router = axum::Router::new().route("/hooks", axum::routing::post(hear));
        tokio::spawn(async { axum::serve(socket, router).await });
        Self { url, calls }
    }

    /// The next callback: its headers, and its body as it came and as JSON.
    pub(crate) async fn next(&mut self) -> (HeaderMap, Bytes, Value) {
        let (headers, body) = self.calls.recv().await.unwrap();
        let json = serde_json::from_slice(&body).unwrap();
        (headers, body, json)
    }

    /// Whether no callback is waiting to be read.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }
}

/// Size and duration of a file, read from its bytes.
pub(crate) fn facts(file: &[u8]) -> (media::Format, media::Facts) {
    let format = media::sniff(file).unwrap_or_else(|| panic!("not a file of media"));
    let mut probe = media::Probe::new(format);
    probe.feed(file);
    (format, probe.finish())
}

/// A small picture as base64.
pub(crate) fn picture(width: u32, height: u32) -> String {
    let spec = PictureSpec { text: "", width, height, seed: 1 };
    STANDARD.encode(media::picture(&spec, PictureFormat::Png))
}

/// Bytes of a body until there are so many of them.
pub(crate) async fn take(body: &mut Incoming, most: usize) -> usize {
    let mut count = 0;
    while count < most {
        let Some(frame) = body.frame().await else { break };
        count += frame.unwrap().data_ref().map_or(0, Bytes::len);
    }
    count
}
