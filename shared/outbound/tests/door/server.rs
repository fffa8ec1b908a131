//! A server that reads one request after the other and answers each with the same bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What the server does after it has answered a request.
#[derive(Clone, Copy)]
enum Afterwards {
    /// Waits for the next request.
    Next,
    /// Closes the connection.
    Close,
    /// Keeps the connection open and says no more.
    Silence,
    /// Sends bytes until the other side hangs up.
    Endless,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
    requests: Mutex<UnboundedReceiver<String>>,
    hang_ups: UnboundedReceiver<()>,
}

impl Server {
    /// Gives the whole answer and waits for the next request.
    pub(crate) async fn answering(answer: &str) -> Self {
        Self::start(answer, Afterwards::Next).await
    }

    /// Gives the answer, then closes the connection.
    pub(crate) async fn answering_and_closing(answer: &str) -> Self {
        Self::start(answer, Afterwards::Close).await
    }

    /// Gives the answer, then nothing more.
    pub(crate) async fn answering_in_part(answer: &str) -> Self {
        Self::start(answer, Afterwards::Silence).await
    }

    /// Gives the answer and goes on with bytes without end.
    pub(crate) async fn endless(answer: &str) -> Self {
        Self::start(answer, Afterwards::Endless).await
    }

    /// Was there and is no more: connections are refused.
    pub(crate) async fn gone() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        Self {
            port,
            connections: Arc::default(),
            requests: Mutex::new(unbounded_channel().1),
            hang_ups: unbounded_channel().1,
        }
    }

    async fn start(answer: &str, afterwards: Afterwards) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (request_seen, requests) = unbounded_channel();
        let (hung_up, hang_ups) = unbounded_channel();
        let answer: Arc<[u8]> = answer.as_bytes().into();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (answer, request_seen) = (Arc::clone(&answer), request_seen.clone());
                let hung_up = hung_up.clone();
                tokio::spawn(async move {
                    serve(stream, &answer, afterwards, &request_seen).await;
                    let _ = hung_up.send(());
                });
            }
        });
        Self { port, connections, requests: Mutex::new(requests), hang_ups }
    }

    pub(crate) fn url(&self, path_and_query: &str) -> String {
        format!("http://127.0.0.1:{}{path_and_query}", self.port)
    }

    /// The entry of an allow list that lets this server be called.
    pub(crate) fn allowed(&self) -> String {
        format!("127.0.0.1/32:{}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) async fn first_request(&self) -> String {
        self.requests.lock().await.recv().await.unwrap()
    }

    /// Returns when a connection has ended.
    pub(crate) async fn hung_up(&mut self) {
        self.hang_ups.recv().await.unwrap();
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &[u8],
    afterwards: Afterwards,
    request_seen: &UnboundedSender<String>,
) {
    while let Some(request) = read_request(&mut stream).await {
        let _ = request_seen.send(request);
        if stream.write_all(answer).await.is_err() {
            return;
        }
        match afterwards {
            Afterwards::Next => {}
            Afterwards::Close => return,
            Afterwards::Silence => std::future::pending().await,
            Afterwards::Endless => while stream.write_all(&[b'x'; 1_000]).await.is_ok() {},
        }
    }
}

/// One request with its body; `None` when the other side has closed, or does not speak HTTP.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let Ok(text) = std::str::from_utf8(&bytes) else {
            // Such as the beginning of a TLS handshake: answered as if it were a request.
            return Some(String::new());
        };
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(text.to_owned());
            }
        }
    }
}
