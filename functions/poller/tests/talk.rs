//! What a submit of several calls comes to when one of them fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use bytes::Bytes;
use http::Request;
use jobs::{Event, FaultKind, account::Hidden, advance};
use outbound::{AllowList, Door};
use poller::vendor::talk;
use providers::{About, Access, Adapter, Brings, Call, News, Next, Question, Reply, Task};
use std::time::Duration;
use testkit::builders;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Asks for something that costs nothing, pays, and asks again.
struct ThreeCalls(String);

impl ThreeCalls {
    fn call(&self, note: &str) -> Next {
        let request = Request::get(format!("{}/{note}", self.0)).body(Bytes::new()).unwrap();
        Next::Call(Box::new(Call {
            what: "toy call",
            request,
            timeout: Duration::from_secs(3_600),
            brings: Brings::Message,
            paid: note == "pay",
            note: note.to_owned(),
            keep: None,
        }))
    }
}

static NOBODY: About = About { name: "Nobody", key: "", secret: "{}", limits: &[], quirks: &[], facts: &[] };

impl Adapter for ThreeCalls {
    fn vendor(&self) -> &'static str {
        "toy"
    }

    fn about(&self) -> &'static About {
        &NOBODY
    }

    fn ask(&self, _: &Task<'_>, _: Question<'_>) -> Next {
        self.call("before")
    }

    fn read(&self, _: &Task<'_>, _: Question<'_>, note: &str, _: &Reply<'_>) -> Next {
        self.call(if note == "before" { "pay" } else { "after" })
    }
}

/// A server that answers until it is asked for `bad`; then it closes the connection, or says nothing for ever.
async fn server(bad: &'static str, closes: bool) -> (String, Door) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            let length = stream.read(&mut head).await.unwrap();
            if !String::from_utf8_lossy(&head[..length]).starts_with(&format!("GET /{bad} ")) {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .await
                    .unwrap();
            } else if !closes {
                silent.push(stream);
            }
        }
    });
    let allow = AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
    let door = Door::new(outbound::Options { allow, ..outbound::Options::default() }).unwrap();
    (format!("http://127.0.0.1:{port}"), door)
}

/// A submit in which a call fails, `already` seconds after it was written down that it is made.
async fn submit(bad: &'static str, closes: bool, already: u64) -> Event {
    let (base, door) = server(bad, closes).await;
    let mut job = builders::job(1, &builders::account_id(1), 5, builders::at(0));
    job.plan.submit_timeout = Duration::from_millis(if closes { 60_000 } else { 300 });
    job = advance(&job, Event::Submitting, builders::at(0)).unwrap().job;
    let access = Access::by_key(Hidden::new(""));
    let task = Task { job: &job, access: &access, now: builders::at(already), media: &[], callback: None };
    match talk(&door, &ThreeCalls(base), &task, Question::Submit).await.0 {
        News::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

fn may_be_sent_again(event: &Event) -> bool {
    matches!(event, Event::Refused(fault) if fault.kind == FaultKind::Unavailable)
}

#[tokio::test]
async fn only_a_failure_before_the_paid_call_is_a_refusal() {
    for closes in [true, false] {
        assert!(may_be_sent_again(&submit("before", closes, 0).await));
        assert_eq!(submit("pay", closes, 0).await, Event::SubmitLost);
        assert_eq!(submit("after", closes, 0).await, Event::SubmitLost);
    }
}

#[tokio::test]
async fn nothing_is_sent_once_others_look_for_the_job() {
    // The server answers all calls, so only the time that is over can refuse.
    assert!(may_be_sent_again(&submit("nothing", true, 60).await));
}

/// Pays for each of three parts, and keeps all but the last, which ends the step.
struct ThreeParts(String);

impl ThreeParts {
    fn call(&self, part: usize, keep: Option<Bytes>) -> Next {
        let request = Request::get(format!("{}/{part}", self.0)).body(Bytes::new()).unwrap();
        Next::Call(Box::new(Call {
            what: "toy part",
            request,
            timeout: Duration::from_secs(60),
            brings: Brings::LargeMessage,
            paid: true,
            note: part.to_string(),
            keep,
        }))
    }
}

impl Adapter for ThreeParts {
    fn vendor(&self) -> &'static str {
        "toy"
    }

    fn about(&self) -> &'static About {
        &NOBODY
    }

    fn ask(&self, _: &Task<'_>, _: Question<'_>) -> Next {
        self.call(1, None)
    }

    fn read(&self, _: &Task<'_>, _: Question<'_>, note: &str, _: &Reply<'_>) -> Next {
        match note.parse().unwrap() {
            3 => Next::News(News::Finished(Vec::new())),
            part => self.call(part + 1, Some(Bytes::from(format!("part {part}")))),
        }
    }
}

#[tokio::test]
async fn parts_are_kept_until_the_end_and_a_lost_one_loses_all() {
    let mut job = builders::job(1, &builders::account_id(1), 5, builders::at(0));
    job.plan.submit_timeout = Duration::from_secs(60);
    job = advance(&job, Event::Submitting, builders::at(0)).unwrap().job;
    let access = Access::by_key(Hidden::new(""));
    let task = Task { job: &job, access: &access, now: builders::at(0), media: &[], callback: None };
    for (bad, parts) in [("nothing", vec!["part 1", "part 2"]), ("2", vec![]), ("3", vec![])] {
        // More often than there is room at a time: it has to be given back.
        for _ in 0..4 {
            let (base, door) = server(bad, true).await;
            let (news, conversation) = talk(&door, &ThreeParts(base), &task, Question::Submit).await;
            match news {
                News::Finished(_) => assert_eq!(bad, "nothing"),
                News::Event(event) => assert_eq!((event, bad != "nothing"), (Event::SubmitLost, true)),
                other => panic!("{other:?}"),
            }
            assert_eq!(conversation.kept, parts);
        }
    }
}
