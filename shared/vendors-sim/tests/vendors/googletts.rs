//! Google Cloud Text-to-Speech.

use crate::client::{Answer, Headers, Simulator, facts};
use base64::{Engine, engine::general_purpose::STANDARD};
use media::Format;
use serde_json::{Value, json};

const KEY: (&str, &str) = ("x-goog-api-key", "sim-googletts-key");
const JSON: (&str, &str) = ("content-type", "application/json");
const ALL: Headers<'static> = &[KEY, JSON];
const SPEAK: &str = "/googletts/v1/text:synthesize";

fn order(text: &str) -> Value {
    json!({
        "input": { "text": text },
        "voice": { "languageCode": "en-US", "name": "en-US-Wavenet-D" },
        "audioConfig": { "audioEncoding": "MP3" },
    })
}

/// The order with another value at a place, or without it if the value is null.
fn with(place: &str, value: Value) -> Value {
    let mut order = order("Hello");
    let (part, field) = place.split_once('.').unwrap();
    let fields = order[part].as_object_mut().unwrap();
    if value.is_null() {
        fields.remove(field)
    } else {
        fields.insert(field.to_owned(), value)
    };
    order
}

async fn speak(simulator: &Simulator, order: &Value) -> Answer {
    simulator.call("POST", SPEAK, ALL, &order.to_string()).await
}

#[tokio::test]
async fn every_format_has_the_same_length() {
    let simulator = Simulator::start().await;
    let mut lengths = Vec::new();
    for (encoding, expected) in [("MP3", Format::Mp3), ("LINEAR16", Format::Wav), ("OGG_OPUS", Format::Ogg)] {
        let answer = speak(&simulator, &with("audioConfig.audioEncoding", json!(encoding))).await;
        let audio = STANDARD.decode(answer.json()["audioContent"].as_str().unwrap()).unwrap();
        let (format, facts) = facts(&audio);
        assert_eq!(format, expected);
        lengths.push(facts.duration_seconds.unwrap());
    }
    assert!(lengths.iter().all(|length| (length - lengths[0]).abs() < 0.2), "{lengths:?}");
}

#[tokio::test]
async fn bad_orders_are_refused() {
    let simulator = Simulator::start().await;
    for order in [
        with("input.text", json!("a".repeat(5001))),
        with("input.text", json!(" ")),
        with("input.text", json!(1)),
        with("input.text", Value::Null),
        with("input.ssml", json!("<speak>a</speak>")),
        with("input.words", json!("a")),
        with("voice.languageCode", Value::Null),
        with("voice.languageCode", json!("de-DE")),
        with("voice.name", json!("en-US-Wavenet-Z")),
        with("voice.ssmlGender", json!("NEUTRAL")),
        with("audioConfig.audioEncoding", Value::Null),
        with("audioConfig.audioEncoding", json!("mp3")),
        with("audioConfig.speakingRate", json!("1.0")),
        with("audioConfig.speakingRate", json!(0.2)),
        with("audioConfig.pitch", json!(21)),
        with("audioConfig.volumeGainDb", json!(17)),
        with("audioConfig.sampleRateHertz", json!(1)),
    ] {
        assert_eq!(speak(&simulator, &order).await.status, 400, "{order}");
    }
    let mut pitched = with("voice.name", json!("en-US-Studio-O"));
    pitched["audioConfig"]["pitch"] = json!(1);
    assert_eq!(speak(&simulator, &pitched).await.status, 400);
}

#[tokio::test]
async fn voices_are_listed_by_language() {
    let simulator = Simulator::start().await;
    let list = async |query: &str| {
        let path = format!("/googletts/v1/voices{query}");
        simulator.call("GET", &path, ALL, "").await.json()["voices"].as_array().map_or(0, Vec::len)
    };
    let all = list("").await;
    assert_eq!(list("?languageCode=no").await, list("?languageCode=nb-NO").await);
    assert!(list("?languageCode=en").await > list("?languageCode=en-US").await);
    assert!(all > 380 && list("?languageCode=kk-KZ").await == 0, "{all}");
}

#[tokio::test]
async fn faults_and_keys_are_those_of_the_vendor() {
    let simulator = Simulator::start().await;
    for (word, status) in [
        ("fail", 500),
        ("500", 500),
        ("busy", 429),
        ("unauthorized", 400),
        ("no-credit", 403),
        ("moderate", 400),
    ] {
        assert_eq!(speak(&simulator, &order(&format!("[googletts:{word}]"))).await.status, status, "{word}");
    }
    let empty = speak(&simulator, &order("[googletts:empty]")).await;
    assert_eq!(empty.json()["audioContent"], "");
    let body = order("Hello").to_string();
    assert_eq!(simulator.call("POST", SPEAK, &[JSON], &body).await.status, 403);
    let wrong = [("x-goog-api-key", "wrong"), JSON];
    assert_eq!(simulator.call("POST", SPEAK, &wrong, &body).await.status, 400);
    let in_address = format!("{SPEAK}?key=sim-googletts-key");
    assert_eq!(simulator.call("POST", &in_address, &[JSON], &body).await.status, 200);
}
