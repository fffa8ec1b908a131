//! Faults that all vendors share: answers and files that are not what they should be.

use crate::client::{Simulator, facts, take};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::Kind;
use serde_json::json;

const KEY: (&str, &str) = ("x-key", "sim-bfl-key");

/// A picture's link, once it is done.
async fn link(simulator: &Simulator, prompt: &str) -> String {
    let order = json!({ "prompt": prompt }).to_string();
    let told = simulator.call("POST", "/bfl/v1/flux-dev", &[KEY], &order).await.json();
    let polling = told["polling_url"].as_str().unwrap().to_owned();
    loop {
        let told = simulator.call("GET", &polling, &[KEY], "").await.json();
        if told["status"] == "Ready" {
            return told["result"]["sample"].as_str().unwrap().to_owned();
        }
    }
}

/// An order by its vendor's address: the header with the key, and the body.
fn order(path: &str, text: &str) -> ((&'static str, &'static str), String) {
    if path.starts_with("/bfl") {
        return (KEY, json!({ "prompt": text }).to_string());
    }
    let spoken = json!({
        "input": { "text": text },
        "voice": { "languageCode": "en-US", "name": "en-US-Neural2-C" },
        "audioConfig": { "audioEncoding": "MP3" },
    });
    (("x-goog-api-key", "sim-googletts-key"), spoken.to_string())
}

#[tokio::test]
async fn submits_that_were_carried_out_are_answered_with_something_else() {
    let simulator = Simulator::start().await;
    for path in ["/bfl/v1/flux-dev", "/googletts/v1/text:synthesize"] {
        for fault in ["html-answer", "empty-answer", "huge-answer"] {
            let prompt = format!("{path} [vendor:{fault}]");
            let (key, body) = order(path, &prompt);
            let mut answer = simulator.open("POST", path, &[key], body.clone()).await.unwrap().into_parts();
            assert_eq!(answer.0.status, 200, "{prompt}");
            // Whatever is longer than 10 MB has no end.
            let length = take(&mut answer.1, 10_000_000).await;
            match fault {
                "html-answer" => assert_eq!(answer.0.headers["content-type"], "text/html; charset=utf-8"),
                "empty-answer" => assert_eq!(length, 0),
                _ => assert!(length >= 10_000_000),
            }
            assert_eq!(simulator.running.paid(&prompt), 1, "{prompt}");
            let again = simulator.call("POST", path, &[key], &body).await;
            assert!(again.json().is_object(), "once, and no more: {prompt}");
        }
    }
}

#[tokio::test]
async fn a_link_expires_as_often_as_it_is_told() {
    let simulator = Simulator::start().await;
    let link = link(&simulator, "a red door [vendor:expired:2]").await;
    for status in [403, 403, 200, 200] {
        assert_eq!(simulator.fetch(&link).await.status, status);
    }
}

#[tokio::test]
async fn files_are_as_large_as_they_are_told_to_be() {
    let simulator = Simulator::start().await;
    let small = simulator.fetch(&link(&simulator, "a red door [vendor:large:0]").await).await;
    let large = simulator.fetch(&link(&simulator, "a red door [vendor:large:3]").await).await;
    assert!(small.body.len() < 1_000_000 && large.body.len() > 3_000_000, "{}", large.body.len());
    assert_eq!(facts(&small.body), facts(&large.body));
}

#[tokio::test]
async fn files_are_of_another_kind_than_they_say() {
    let simulator = Simulator::start().await;
    let answer = simulator.fetch(&link(&simulator, "a red door [vendor:other-kind]").await).await;
    assert!(answer.header("content-type").starts_with("image/"), "{answer:?}");
    assert_eq!(facts(&answer.body).0.kind(), Kind::Video);

    // The same inside a message.
    let order =
        json!({ "contents": [{ "parts": [{ "text": "a red door [vendor:other-kind]" }] }] }).to_string();
    let path = "/google/v1beta/models/gemini-3.1-flash-image:generateContent";
    let told = simulator.call("POST", path, &[("x-goog-api-key", "sim-google-key")], &order).await.json();
    let data = told["candidates"][0]["content"]["parts"][0]["inlineData"]["data"].as_str().unwrap();
    assert_eq!(facts(&STANDARD.decode(data).unwrap()).0.kind(), Kind::Video);
}

#[tokio::test]
async fn a_recording_in_the_history_has_the_fault_of_its_order() {
    let simulator = Simulator::start().await;
    let key = [("xi-api-key", "sim-elevenlabs-key"), ("content-type", "application/json")];
    let order =
        json!({ "text": "[vendor:html-file] hello", "model_id": "eleven_multilingual_v2" }).to_string();
    let path = "/elevenlabs/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM";
    let spoken = simulator.call("POST", path, &key, &order).await;
    let item = spoken.header("history-item-id").to_owned();
    let path = format!("/elevenlabs/v1/history/{item}/audio");
    let kept = simulator.call("GET", &path, &key, "").await;
    assert_eq!(kept.body, spoken.body);
    assert!(kept.header("content-type").starts_with("text/html"), "{kept:?}");
}
