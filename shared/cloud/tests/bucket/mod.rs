//! A bucket with one file, which answers as a test tells it to: what no obedient stand-in does.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// How the bucket behaves.
#[derive(Clone, Debug)]
pub(crate) enum Mood {
    /// As S3 does, with this file.
    Holds(Vec<u8>),
    /// As S3 does, without a file.
    Empty,
    /// It takes the call and says nothing.
    Silent,
    /// It answers with this status and this S3 error code.
    Refuses(u16, &'static str),
    /// It announces a small file and breaks off in the middle of it.
    BreaksOff,
    /// It announces nothing and sends without end.
    Endless,
    /// It announces more bytes than anybody has.
    Boasts,
}

/// The bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    /// Where it answers.
    pub(crate) endpoint: String,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    mood: Mood,
    /// The statuses answered so far.
    answered: Vec<u16>,
}

impl Bucket {
    /// A bucket in this mood.
    pub(crate) async fn open(mood: Mood) -> Bucket {
        let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", door.local_addr().unwrap());
        let bucket = Bucket { endpoint, shared: Arc::new(Mutex::new(Shared { mood, answered: Vec::new() })) };
        let shared = Arc::clone(&bucket.shared);
        tokio::spawn(async move {
            while let Ok((caller, _)) = door.accept().await {
                tokio::spawn(answer(caller, Arc::clone(&shared)));
            }
        });
        bucket
    }

    /// Changes its mood.
    pub(crate) fn set(&self, mood: Mood) {
        self.shared.lock().unwrap().mood = mood;
    }

    /// The statuses answered since the last time.
    pub(crate) fn answered(&self) -> Vec<u16> {
        std::mem::take(&mut self.shared.lock().unwrap().answered)
    }
}

async fn answer(mut caller: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match caller.read_buf(&mut head).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let mood = shared.lock().unwrap().mood.clone();
    let note = |status: u16| shared.lock().unwrap().answered.push(status);
    let reply = match mood {
        Mood::Holds(file) => {
            let etag = format!(
                "\"{:x}\"",
                file.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte))
            );
            if head.contains(&format!("if-none-match: {etag}")) {
                note(304);
                format!("HTTP/1.1 304 Not Modified\r\netag: {etag}\r\nconnection: close\r\n\r\n").into_bytes()
            } else {
                note(200);
                let length = file.len();
                let mut reply = format!(
                    "HTTP/1.1 200 OK\r\netag: {etag}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                )
                .into_bytes();
                reply.extend(file);
                reply
            }
        }
        Mood::Empty => refusal(&note, 404, "NoSuchKey"),
        Mood::Refuses(status, code) => refusal(&note, status, code),
        Mood::Silent => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            return;
        }
        Mood::BreaksOff => {
            note(200);
            b"HTTP/1.1 200 OK\r\netag: \"half\"\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf of it"
                .to_vec()
        }
        Mood::Boasts => {
            note(200);
            b"HTTP/1.1 200 OK\r\netag: \"huge\"\r\ncontent-length: 99999999999\r\nconnection: close\r\n\r\nx"
                .to_vec()
        }
        Mood::Endless => {
            note(200);
            let head = b"HTTP/1.1 200 OK\r\netag: \"endless\"\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
            let chunk = [b"1000\r\n".as_slice(), &[b'#'; 4_096], b"\r\n"].concat();
            let mut sent = caller.write_all(head).await;
            while sent.is_ok() {
                sent = caller.write_all(&chunk).await;
            }
            return;
        }
    };
    let _ = caller.write_all(&reply).await;
    let _ = caller.shutdown().await;
}

fn refusal(note: &impl Fn(u16), status: u16, code: &str) -> Vec<u8> {
    note(status);
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    let length = body.len();
    format!("HTTP/1.1 {status} No\r\ncontent-type: application/xml\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}
