//! Stands between us and the simulated vendors, and spoils one answer.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What comes in place of the vendor's answer. The vendor has carried out the call all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// An HTML page with status 200.
    Page,
    /// Status 200 and nothing.
    Nothing,
    /// Status 200 and an object without a field.
    EmptyObject,
    /// Status 200 and JSON that is no object.
    Null,
    /// A body that never ends.
    Endless,
    /// A body of 10 GB, as its head says.
    Announced,
    /// The vendor's own answer, broken off in the middle.
    Cut,
    /// The vendor's own answer, silent after its middle.
    Stall,
    /// The connection closes without an answer.
    HangUp,
    /// A redirect to a private address.
    Redirect,
    /// Status 502 and a page.
    BadGateway,
    /// Something that is not HTTP.
    Noise,
}

impl Spoil {
    /// All that end by themselves.
    pub(crate) const QUICK: [Spoil; 11] = [
        Spoil::Page,
        Spoil::Nothing,
        Spoil::EmptyObject,
        Spoil::Null,
        Spoil::Endless,
        Spoil::Announced,
        Spoil::Cut,
        Spoil::HangUp,
        Spoil::Redirect,
        Spoil::BadGateway,
        Spoil::Noise,
    ];
}

/// Words of the pages, which nobody must ever see again.
pub(crate) const PAGE_WORDS: &str = "zq Just a moment";

/// A proxy on a free port.
pub(crate) struct Proxy {
    pub(crate) url: String,
    pub(crate) port: u16,
    calls: Arc<AtomicUsize>,
    /// The calls to spoil, counted from 0.
    at: Arc<Mutex<Vec<usize>>>,
    /// Bytes that went out in place of an answer.
    poured: Arc<AtomicUsize>,
}

impl Proxy {
    /// Listens; `upstream` is told once it is known.
    pub(crate) async fn start(spoil: Spoil) -> (Proxy, tokio::sync::oneshot::Sender<u16>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = Proxy {
            url: format!("http://127.0.0.1:{port}"),
            port,
            calls: Arc::default(),
            at: Arc::default(),
            poured: Arc::default(),
        };
        let (calls, at, poured) = (proxy.calls.clone(), proxy.at.clone(), proxy.poured.clone());
        let (tell, told) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let upstream = told.await.unwrap();
            while let Ok((client, _)) = listener.accept().await {
                let (calls, at, poured) = (calls.clone(), at.clone(), poured.clone());
                tokio::spawn(async move {
                    // Whoever hangs up in the middle is part of the test.
                    let _ = serve(client, upstream, &calls, &at, &poured, spoil).await;
                });
            }
        });
        (proxy, tell)
    }

    /// Spoils the calls with these numbers, counted from 0 from now on.
    pub(crate) fn spoil(&self, calls: &[usize]) {
        self.calls.store(0, Ordering::SeqCst);
        self.poured.store(0, Ordering::SeqCst);
        *self.at.lock().unwrap() = calls.to_vec();
    }

    /// Calls since then.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Bytes that the other side took of a spoiled answer, or that were on their way to it.
    pub(crate) fn poured(&self) -> usize {
        self.poured.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut client: TcpStream,
    upstream: u16,
    calls: &AtomicUsize,
    at: &Mutex<Vec<usize>>,
    poured: &AtomicUsize,
    spoil: Spoil,
) -> std::io::Result<()> {
    let Some(request) = read_request(&mut client).await? else { return Ok(()) };
    let number = calls.fetch_add(1, Ordering::SeqCst);
    let mut vendor = TcpStream::connect(("127.0.0.1", upstream)).await?;
    vendor.write_all(&request).await?;
    let mut answer = Vec::new();
    vendor.read_to_end(&mut answer).await?;
    if !at.lock().unwrap().contains(&number) {
        client.write_all(&answer).await?;
        return client.shutdown().await;
    }
    let page = format!("<html><h1>{PAGE_WORDS}</h1></html>");
    let good = |kind: &str, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    };
    let json = "application/json";
    let half = answer.len() / 2;
    match spoil {
        Spoil::Page => client.write_all(good("text/html", &page).as_bytes()).await?,
        Spoil::Nothing => client.write_all(good(json, "").as_bytes()).await?,
        Spoil::EmptyObject => client.write_all(good(json, "{}").as_bytes()).await?,
        Spoil::Null => client.write_all(good(json, "null").as_bytes()).await?,
        Spoil::Cut => client.write_all(&answer[..half]).await?,
        Spoil::HangUp => {}
        Spoil::Noise => client.write_all(PAGE_WORDS.as_bytes()).await?,
        Spoil::Redirect => {
            let head = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            client.write_all(head.as_bytes()).await?;
        }
        Spoil::BadGateway => {
            let length = page.len();
            let head =
                format!("HTTP/1.1 502 Bad Gateway\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            client.write_all(format!("{head}{page}").as_bytes()).await?;
        }
        Spoil::Announced => {
            client.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10000000000\r\n\r\n{\"id\":\"").await?;
            pour(&mut client, poured).await?;
        }
        Spoil::Endless => {
            client.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"id\":\"").await?;
            pour(&mut client, poured).await?;
        }
        Spoil::Stall => {
            client.write_all(&answer[..half]).await?;
            // Until the other side has enough of it.
            client.read_u8().await?;
        }
    }
    client.shutdown().await
}

async fn pour(client: &mut TcpStream, poured: &AtomicUsize) -> std::io::Result<()> {
    loop {
        client.write_all(&[b'x'; 64 * 1024]).await?;
        poured.fetch_add(64 * 1024, Ordering::SeqCst);
    }
}

/// A whole request, made to be the last one of its connection; nothing when the other side has closed.
async fn read_request(client: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    loop {
        if client.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length: usize = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
            .map_or(0, |length| length.trim().parse().unwrap());
        while bytes.len() < end + 4 + length {
            if client.read_buf(&mut bytes).await? == 0 {
                return Ok(None);
            }
        }
        let mut request = format!("{head}\r\nconnection: close\r\n\r\n").into_bytes();
        request.extend_from_slice(&bytes[end + 4..]);
        return Ok(Some(request));
    }
}
