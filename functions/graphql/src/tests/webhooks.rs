//! What callers do about their webhooks.

use super::harness::{Answer, LIVE, STRANGER, TEST, ask, desk_calling, fox, generate, house};
use jobs::{Event, Webhook, advance, ports::Address};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};
use testkit::{Operation, When, builders};

type Post = (Vec<(String, String)>, Vec<u8>);

/// A receiver that answers one post; without an answer, it hangs up.
fn receiver(answer: Option<&'static str>) -> (u16, Receiver<Post>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (send, posts) = channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim_end().is_empty() {
                break;
            }
            lines.extend(
                line.trim_end().split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned())),
            );
        }
        let length = lines.iter().find(|(name, _)| name == "content-length").unwrap().1.parse().unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        send.send((lines, body)).unwrap();
        if let Some(answer) = answer {
            let head = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
        }
    });
    (port, posts)
}

fn probe(url: &str) -> super::harness::Call {
    let fields = "delivered statusCode durationMs error";
    ask(LIVE, &format!("mutation {{ testWebhook(url: \"{url}\") {{ {fields} }} }}"))
}

#[tokio::test]
async fn a_receiver_gets_a_signed_sample() {
    let house = house(0);
    let (port, posts) = receiver(Some("204 No Content"));
    let app = desk_calling(&house.memory, port);
    let answer = probe(&format!("http://127.0.0.1:{port}/hook?a=b")).to(&app).await;
    let probe = answer.data("testWebhook");
    assert_eq!(
        (&probe["delivered"], &probe["statusCode"], &probe["error"]),
        (&json!(true), &json!(204), &Value::Null)
    );
    assert!(probe["durationMs"].is_number());
    let (headers, body) = posts.recv().unwrap();
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).unwrap().1.as_str();
    let received = signing::Received {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let account = house.memory.account_of(&builders::account_id(1)).unwrap();
    let secret = signing::Secret::parse(account.webhook_secret.reveal()).unwrap();
    signing::verify(&[&secret], received, &body, builders::at(5).seconds(), 300).unwrap();
    let event: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&event["type"], &event["data"]["test"]), (&json!("generation.completed"), &json!(true)));
    assert!(event["data"]["url"].as_str().unwrap().starts_with("https://api.doitong.test/files/gen_"));
    assert_eq!(house.memory.all_jobs(), []);
}

#[tokio::test]
async fn what_a_receiver_did_wrong_is_told() {
    let house = house(0);
    for (does, status, says) in [
        (Some("500 Oops"), json!(500), "other than 2xx"),
        (Some("302 Found\r\nlocation: http://127.0.0.1:1/"), json!(302), "redirect"),
        (None, Value::Null, "did not answer"),
    ] {
        let (port, _posts) = receiver(does);
        let answer =
            probe(&format!("http://127.0.0.1:{port}/hook")).to(&desk_calling(&house.memory, port)).await;
        let probe = answer.data("testWebhook");
        assert_eq!((&probe["delivered"], &probe["statusCode"]), (&json!(false), &status));
        assert!(probe["error"].as_str().unwrap().contains(says), "{probe}");
    }
    // Nobody listens.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let answer = probe(&format!("http://127.0.0.1:{port}/")).to(&desk_calling(&house.memory, port)).await;
    assert!(answer.data("testWebhook")["error"].as_str().unwrap().contains("no connection"));
}

#[tokio::test]
async fn a_sample_is_sent_only_where_news_may_be_and_not_without_end() {
    let house = house(0);
    for url in [
        "",
        "nonsense",
        "http://example.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/",
        "https://localhost/",
    ] {
        let answer = probe(url).to(&house.app).await;
        assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec!["url".to_owned()]), "{url}");
    }
    // A receiver that never answers is given up when the time of the request is.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let call = probe(&format!("http://127.0.0.1:{port}/")).time_left(Duration::from_millis(2_300));
    let answer = call.to(&desk_calling(&house.memory, port)).await;
    assert!(answer.data("testWebhook")["error"].as_str().unwrap().contains("in time"));
    // Each counts as a read: 6 above, one here, and PRO has 600 a minute.
    for _ in 0..594 {
        probe("nonsense").to(&house.app).await;
    }
    let answer = probe("nonsense").to(&house.app).await;
    assert_eq!((answer.status, answer.code()), (429, "RATE_LIMIT"));
}

async fn redeliver(house: &super::harness::House, key: u8, id: &str) -> Answer {
    ask(key, &format!("mutation {{ redeliverWebhook(id: \"{id}\") }}"))
        .at(builders::at(90))
        .to(&house.app)
        .await
}

#[tokio::test]
async fn news_is_delivered_again_on_request() {
    let house = house(1_000);
    let input =
        json!({ "type": "VIDEO", "input": { "text": "a fox" }, "webhookUrl": "https://example.com/hook" });
    let made = generate(LIVE, input, "id").to(&house.app).await;
    let early = redeliver(&house, LIVE, &made.id()).await;
    assert_eq!((early.code(), early.fields()), ("INVALID_INPUT", vec!["id".to_owned()]));
    let job = house.memory.all_jobs().remove(0);
    let job = advance(&job, Event::CancelAsked, builders::at(20)).unwrap().job;
    for webhook in [
        Webhook::Failed { at: builders::at(30), tries: 10 },
        Webhook::Delivered { at: builders::at(30), tries: 1 },
        Webhook::Due { tries: 4, next: builders::at(9_000) },
    ] {
        let job = advance(&job, Event::WebhookTried(webhook), builders::at(30)).unwrap().job;
        house.memory.put_job(job.clone());
        house.memory.take_letters();
        assert_eq!(redeliver(&house, LIVE, &made.id()).await.data("redeliverWebhook"), &json!(true));
        let stored = house.memory.all_jobs().remove(0);
        assert_eq!(stored.webhook, Webhook::Due { tries: 0, next: builders::at(90) });
        assert!(stored.due.is_some(), "the reconciler finds it, should the letter be lost");
        let letters = house.memory.take_letters();
        assert_eq!((letters.len(), &letters[0].to), (1, &Address::Webhook));
        assert_eq!(letters[0].letter.version, stored.version);
    }
    house.memory.fail_next(Operation::Send, When::BeforeEffect);
    assert_eq!(redeliver(&house, LIVE, &made.id()).await.data("redeliverWebhook"), &json!(true));
    assert_eq!(redeliver(&house, STRANGER, &made.id()).await.code(), "NOT_FOUND");
    assert_eq!(redeliver(&house, LIVE, "nonsense").await.code(), "NOT_FOUND");
    let quiet = generate(LIVE, fox(), "id").to(&house.app).await;
    let answer = redeliver(&house, LIVE, &quiet.id()).await;
    assert_eq!((answer.code(), answer.fields()), ("INVALID_INPUT", vec!["id".to_owned()]));
}

#[tokio::test]
async fn a_new_secret_is_told_once_and_the_old_one_signs_on_for_a_day() {
    let house = house(0);
    let before = house.memory.account_of(&builders::account_id(1)).unwrap();
    let rotate = |key| ask(key, "mutation { rotateWebhookSecret { secret previousValidUntil } }");
    let answer = rotate(LIVE).to(&house.app).await;
    let told = answer.data("rotateWebhookSecret");
    let secret = told["secret"].as_str().unwrap();
    assert!(signing::Secret::parse(secret).is_ok());
    let until = builders::at(5 + 86_400);
    assert_eq!(told["previousValidUntil"], json!(until.to_string()));
    let after = house.memory.account_of(&before.id).unwrap();
    assert_eq!(after.webhook_secret.reveal(), secret);
    assert_eq!(after.old_webhook_secret, Some((before.webhook_secret, until)));
    // A process that knew the account before signs a sample with both.
    let (port, posts) = receiver(Some("200 OK"));
    let app = desk_calling(&house.memory, port);
    probe(&format!("http://127.0.0.1:{port}/")).to(&app).await;
    let (headers, _) = posts.recv().unwrap();
    let signature = &headers.iter().find(|(name, _)| name == "webhook-signature").unwrap().1;
    assert_eq!(signature.split(' ').count(), 2);
    let refused = rotate(TEST).to(&house.app).await;
    assert_eq!((refused.status, refused.code()), (401, "UNAUTHENTICATED"));
    assert_eq!(house.memory.account_of(&builders::account_id(1)), Some(after));
}
