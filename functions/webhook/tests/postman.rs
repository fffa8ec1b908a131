//! News over real HTTP to a receiver that answers as the case says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use jobs::{Event, Job, Letter, Time, Webhook, account::Hidden, advance};
use outbound::{AllowList, Door, Options};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
};
use testkit::{Memory, builders};
use webhook::Postman;

/// What a receiver was sent.
struct Post {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A receiver that gives each answer in turn.
fn receiver(answers: Vec<&'static str>) -> (u16, Receiver<Post>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (send, posts) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut headers = Vec::new();
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.push((name.to_lowercase(), value.to_owned()));
            }
            let length =
                headers.iter().find(|(name, _)| name == "content-length").unwrap().1.parse().unwrap();
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            send.send(Post { headers, body }).unwrap();
            stream
                .write_all(
                    format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes(),
                )
                .unwrap();
        }
    });
    (port, posts)
}

const SECRET: [u8; 32] = [5; 32];

fn postman(port: u16) -> Postman<Memory, Memory, Memory> {
    let memory = Memory::new();
    let allow = AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
    Postman {
        jobs: memory.clone(),
        accounts: memory.clone(),
        queues: memory,
        door: Door::new(Options { allow, ..Options::default() }).unwrap(),
        public_base_url: "https://api.example.com".into(),
        clock: || builders::at(100),
        jitter: || 0.5,
    }
}

/// A canceled job whose news is due at once.
fn due(postman: &Postman<Memory, Memory, Memory>, url: String) -> Job {
    let mut account = builders::account(1, 100);
    account.webhook_secret = Hidden::new(signing::Secret::from_bytes(SECRET).reveal());
    postman.jobs.put_account(account.clone());
    let mut job = builders::job(1, &account.id, 5, builders::at(90));
    job.order.webhook_url = Some(url);
    let job = advance(&job, Event::CancelAsked, builders::at(99)).unwrap().job;
    postman.jobs.put_job(job.clone());
    job
}

async fn deliver(postman: &Postman<Memory, Memory, Memory>, job: &Job) -> Webhook {
    postman.deliver(&Letter::about(job)).await.unwrap();
    postman.jobs.job(&job.id).unwrap().webhook
}

fn at(seconds: u64) -> Time {
    builders::at(seconds)
}

#[tokio::test]
async fn each_answer_has_its_consequence() {
    for (answer, expected) in [
        ("200 OK", Webhook::Delivered { at: at(100), tries: 1 }),
        ("204 No Content", Webhook::Delivered { at: at(100), tries: 1 }),
        ("500 Oops", Webhook::Due { tries: 1, next: at(105) }),
        ("302 Found\r\nlocation: http://127.0.0.1:1/", Webhook::Due { tries: 1, next: at(105) }),
        ("429 Slow\r\nretry-after: 60", Webhook::Due { tries: 1, next: at(160) }),
        ("503 Later\r\nretry-after: Sun, 22 Nov 2026 00:05:00 GMT", Webhook::Due { tries: 1, next: at(300) }),
        ("503 Later\r\nretry-after: soon", Webhook::Due { tries: 1, next: at(105) }),
        ("410 Gone", Webhook::Failed { at: at(100), tries: 1 }),
    ] {
        let (port, posts) = receiver(vec![answer]);
        let postman = postman(port);
        let job = due(&postman, format!("http://127.0.0.1:{port}/hook"));
        assert_eq!(deliver(&postman, &job).await, expected, "{answer}");
        let letters = postman.queues.take_letters();
        assert_eq!(letters.len(), usize::from(matches!(expected, Webhook::Due { .. })), "{answer}");
        assert_eq!(posts.try_iter().count(), 1, "one post, and no redirect followed");
    }
}

#[tokio::test]
async fn the_news_is_signed_and_says_what_happened_and_keeps_its_id() {
    let (port, posts) = receiver(vec!["500 Oops", "200 OK"]);
    let postman = postman(port);
    let job = due(&postman, format!("http://127.0.0.1:{port}/hook"));
    deliver(&postman, &job).await;
    let mut again = postman.jobs.job(&job.id).unwrap();
    again.webhook = Webhook::Due { tries: 1, next: at(100) };
    postman.jobs.put_job(again.clone());
    deliver(&postman, &again).await;
    let posts: Vec<Post> = posts.try_iter().collect();
    let header = |post: &Post, wanted: &str| {
        post.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()).unwrap()
    };
    assert_eq!(header(&posts[0], "webhook-id"), header(&posts[1], "webhook-id"));
    let secret = signing::Secret::from_bytes(SECRET);
    for post in &posts {
        let (id, timestamp) = (header(post, "webhook-id"), header(post, "webhook-timestamp"));
        let signature = header(post, "webhook-signature");
        let received = signing::Received { id: &id, timestamp: &timestamp, signature: &signature };
        signing::verify(&[&secret], received, &post.body, at(100).seconds(), 300).unwrap();
    }
    let event: serde_json::Value = serde_json::from_slice(&posts[0].body).unwrap();
    assert_eq!(event["type"], "generation.canceled");
    assert_eq!(
        (&event["data"]["id"], &event["data"]["creditsRefunded"]),
        (&job.id.as_str().into(), &5.into())
    );
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_not_called() {
    let (port, posts) = receiver(vec!["200 OK"]);
    let postman = postman(port + 1);
    let job = due(&postman, format!("http://127.0.0.1:{port}/hook"));
    assert_eq!(deliver(&postman, &job).await, Webhook::Failed { at: at(100), tries: 1 });
    assert_eq!(posts.try_iter().count(), 0);
}

#[tokio::test]
async fn late_and_repeated_letters_deliver_nothing() {
    let (port, posts) = receiver(vec!["200 OK", "200 OK"]);
    let postman = postman(port);
    let job = due(&postman, format!("http://127.0.0.1:{port}/hook"));
    for version in [job.version - 1, job.version, job.version, job.version + 1] {
        postman.deliver(&Letter { version, ..Letter::about(&job) }).await.unwrap();
    }
    assert_eq!(posts.try_iter().count(), 1);
}
