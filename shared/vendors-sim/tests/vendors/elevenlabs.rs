//! ElevenLabs. Its own SDK is driven by `sdk/elevenlabs_check.py`; here are the bytes.

use crate::client::{Answer, Simulator, facts, take};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("xi-api-key", "sim-elevenlabs-key");
const SPEECH: &str = "/elevenlabs/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL";

async fn speak(simulator: &Simulator, query: &str, body: &Value) -> Answer {
    simulator.call("POST", &format!("{SPEECH}{query}"), &[KEY], &body.to_string()).await
}

#[tokio::test]
async fn text_becomes_speech() {
    let simulator = Simulator::start().await;
    let order = json!({ "text": "The quick brown fox", "model_id": "eleven_flash_v2_5" });
    let answer = speak(&simulator, "?output_format=mp3_44100_128", &order).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "audio/mpeg"));
    assert_eq!(answer.header("character-cost"), "10", "half a unit for each of 19 characters");
    assert!(!answer.header("request-id").is_empty());
    let (format, facts) = facts(&answer.body);
    assert_eq!(format, Format::Mp3);
    assert!(facts.duration_seconds.unwrap() > 0.5, "{facts:?}");
    let item = answer.header("history-item-id");
    let again = simulator.call("GET", &format!("/elevenlabs/v1/history/{item}/audio"), &[KEY], "").await;
    assert_eq!(again.body, answer.body);
    assert_eq!(simulator.running.paid("quick brown"), 1);
}

#[tokio::test]
async fn formats() {
    let simulator = Simulator::start().await;
    let order = json!({ "text": "One two three" });
    let seconds = {
        let wav = speak(&simulator, "?output_format=wav_44100", &order).await;
        assert_eq!(wav.header("content-type"), "audio/wav");
        facts(&wav.body).1.duration_seconds.unwrap()
    };
    for (format, bytes_per_second) in
        [("pcm_16000", 32_000.0), ("pcm_48000", 96_000.0), ("ulaw_8000", 8000.0), ("alaw_8000", 8000.0)]
    {
        let answer = speak(&simulator, &format!("?output_format={format}"), &order).await;
        assert_eq!(answer.status, 200, "{format}");
        let found = answer.body.len() as f64 / bytes_per_second;
        assert!((found - seconds).abs() < 0.01, "{format}: {found} instead of {seconds} seconds");
    }
    let slow = json!({ "text": "One two three", "voice_settings": { "speed": 0.7 } });
    let slow = speak(&simulator, "?output_format=wav_44100", &slow).await;
    assert!(facts(&slow.body).1.duration_seconds.unwrap() > seconds * 1.2);
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let v3 = |more: Value| json!({ "text": "Hello", "model_id": "eleven_v3", "voice_settings": more });
    let v2 = |more: Value| json!({ "text": "Hello", "voice_settings": more });
    let cases = [
        ("", json!({ "text": "Hello", "unheard": 1 }), 200, ""),
        ("", json!({ "text": " " }), 400, "empty_text"),
        ("", json!({ "text": "a".repeat(10_001) }), 400, "text_too_long"),
        ("", json!({ "text": "Hello", "model_id": "eleven_v99" }), 404, "model_not_found"),
        ("", v3(json!({ "stability": 0.4 })), 400, "invalid_ttd_stability"),
        ("", v3(json!({ "stability": 1 })), 200, ""),
        ("", v2(json!({ "stability": 0.4, "speed": 1.2 })), 200, ""),
        ("", v2(json!({ "stability": 1.1 })), 400, "invalid_voice_settings"),
        ("", v2(json!({ "speed": 0.6 })), 400, "invalid_voice_settings"),
        ("?output_format=mp3_1", json!({ "text": "Hello" }), 400, "invalid_output_format"),
        ("?output_format=opus_48000_64", json!({ "text": "Hello" }), 403, "feature_not_available"),
        (
            "?output_format=pcm_16000",
            json!({ "text": "Hello", "audio_effects": { "pan": 0.5 } }),
            400,
            "invalid_parameters",
        ),
        (
            "",
            json!({ "text": "Hello", "model_id": "eleven_v3", "previous_request_ids": ["a"] }),
            400,
            "unsupported_model",
        ),
        ("", json!({ "text": "[vendor:moderate]" }), 400, "content_against_policy"),
    ];
    for (query, body, status, code) in cases {
        let answer = speak(&simulator, query, &body).await;
        assert_eq!(answer.status, status, "{query} {body}");
        if status != 200 {
            let detail = answer.json()["detail"].clone();
            assert_eq!((&detail["code"], &detail["status"]), (&json!(code), &json!(code)), "{query} {body}");
        }
    }
    let schema = [
        (json!({}), "text"),
        (json!({ "text": 5 }), "text"),
        (json!({ "text": "Hello", "seed": -1 }), "seed"),
        (json!({ "text": "Hello", "voice_settings": "loud" }), "voice_settings"),
        (json!({ "text": "Hello", "apply_text_normalization": "maybe" }), "apply_text_normalization"),
        (json!({ "text": "Hello", "next_request_ids": ["1", "2", "3", "4"] }), "next_request_ids"),
    ];
    for (body, field) in schema {
        let answer = speak(&simulator, "", &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", field]), "{body}");
    }
    for (voice, status, code) in
        [("00000000000000000000", 404, "voice_not_found"), ("rachel", 400, "invalid_voice_id")]
    {
        let path = format!("/elevenlabs/v1/text-to-speech/{voice}");
        let answer = simulator.call("POST", &path, &[KEY], r#"{"text":"Hello"}"#).await;
        assert_eq!((answer.status, &answer.json()["detail"]["code"]), (status, &json!(code)));
    }
}

#[tokio::test]
async fn callers_have_to_tell_who_they_are() {
    let simulator = Simulator::start().await;
    for path in ["v1/models", "v1/voices", "v2/voices", "v1/history", "v1/user", "v1/user/subscription"] {
        for (headers, code) in [
            (vec![], Some("missing_api_key")),
            (vec![("xi-api-key", "wrong")], Some("invalid_api_key")),
            (vec![("authorization", "Bearer sim-elevenlabs-key")], Some("missing_api_key")),
            (vec![KEY], None),
        ] {
            let answer = simulator.call("GET", &format!("/elevenlabs/{path}"), &headers, "").await;
            assert_eq!(answer.status, if code.is_some() { 401 } else { 200 }, "{path}");
            assert_eq!(answer.json()["detail"]["code"].as_str(), code, "{path}");
        }
    }
    assert_eq!(simulator.call("POST", SPEECH, &[], r#"{"text":"Hello"}"#).await.status, 401);
}

#[tokio::test]
async fn history_tells_what_was_spoken() {
    let simulator = Simulator::start().await;
    for text in ["first words", "second words"] {
        speak(&simulator, "", &json!({ "text": text })).await;
    }
    speak(&simulator, "?enable_logging=false", &json!({ "text": "third words" })).await;
    for (query, expected) in [
        ("", vec!["second words", "first words"]),
        ("?page_size=1", vec!["second words"]),
        ("?search=first", vec!["first words"]),
        ("?source=TTS&model_id=eleven_multilingual_v2", vec!["second words", "first words"]),
        ("?source=TTS&model_id=eleven_v3", vec![]),
        ("?source=STS", vec![]),
        ("?date_after_unix=99999999999", vec![]),
        ("?sort_direction=asc", vec!["first words", "second words"]),
    ] {
        let answer =
            simulator.call("GET", &format!("/elevenlabs/v1/history{query}"), &[KEY], "").await.json();
        let texts: Vec<&str> =
            answer["history"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap()).collect();
        assert_eq!(texts, expected, "{query}");
        assert_eq!(answer["has_more"], query == "?page_size=1");
    }
    let refused = simulator.call("GET", "/elevenlabs/v1/history?model_id=eleven_v3", &[KEY], "").await;
    assert_eq!(refused.status, 400, "a model needs a source");
}

#[tokio::test]
async fn calls_meet_faults() {
    let simulator = Simulator::start().await;
    for (text, status, code) in [
        ("[vendor:busy] hello", 429, "concurrent_limit_exceeded"),
        ("[vendor:500] hello", 500, "internal_error"),
        ("[vendor:no-credit] hello", 402, "insufficient_credits"),
    ] {
        let answer = speak(&simulator, "", &json!({ "text": text })).await;
        assert_eq!((answer.status, &answer.json()["detail"]["code"]), (status, &json!(code)));
        assert_eq!(simulator.running.paid(text), 0);
        assert_eq!(speak(&simulator, "", &json!({ "text": text })).await.status, 200);
    }
    let page = speak(&simulator, "", &json!({ "text": "[vendor:garbage] hello" })).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let empty = speak(&simulator, "", &json!({ "text": "[vendor:empty] hello" })).await;
    assert_eq!((empty.status, empty.body.len()), (200, 0));

    let lost = json!({ "text": "[vendor:lost] hello" }).to_string();
    simulator.open("POST", SPEECH, &[KEY], lost).await.unwrap_err();
    assert_eq!(simulator.running.paid("[vendor:lost]"), 1);
    let found = simulator.call("GET", "/elevenlabs/v1/history?search=lost", &[KEY], "").await.json();
    assert_eq!(found["history"].as_array().unwrap().len(), 1, "the audio is there all the same");

    let huge = json!({ "text": "[vendor:huge] hello" }).to_string();
    let huge = simulator.open("POST", SPEECH, &[KEY], huge).await.unwrap();
    assert!(take(&mut huge.into_body(), 20_000_000).await >= 20_000_000);
    let hang = json!({ "text": "[vendor:hang] hello" }).to_string();
    let answer = simulator.open("POST", SPEECH, &[KEY], hang);
    assert!(tokio::time::timeout(Duration::from_millis(50), answer).await.is_err());
    assert_eq!(simulator.running.paid("[vendor:hang]"), 0);
}

#[tokio::test]
async fn a_plan_has_so_many_calls_at_a_time() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "elevenlabs_active": 0 })).await;
    let answer = speak(&simulator, "", &json!({ "text": "Hello" })).await;
    assert_eq!((answer.status, &answer.json()["detail"]["code"]), (429, &json!("concurrent_limit_exceeded")));
    simulator.control("/settings", &json!({ "elevenlabs_active": 1 })).await;
    assert_eq!(speak(&simulator, "", &json!({ "text": "Hello" })).await.status, 200);
}
