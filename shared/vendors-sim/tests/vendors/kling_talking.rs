//! Kling: portraits that speak, and lips in clips.

use crate::client::{Answer, Simulator, facts, picture};
use crate::kling::{JSON, KEY, TEXT, accepted, end, submit, with};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::VoiceSpec;
use serde_json::{Value, json};

const AVATAR: &str = "/kling/v1/videos/avatar/image2video";
const FACES: &str = "/kling/v1/videos/identify-face";
const LIPS: &str = "/kling/v1/videos/advanced-lip-sync";

/// A recording as base64, and its milliseconds.
fn recording(words: &str) -> (String, i64) {
    let file = media::voice_wav(&VoiceSpec { text: words, voice: "a", speed: 1.0 });
    let (_, facts) = facts(&file);
    (STANDARD.encode(&file), (facts.duration_seconds.unwrap() * 1000.0) as i64)
}

const SPEECH: &str = "a fox crosses a snowy bridge and does not look back, for behind it the wood is on fire";

#[tokio::test]
async fn a_portrait_speaks_as_long_as_its_recording() {
    let simulator = Simulator::start().await;
    let (sound, milliseconds) = recording(SPEECH);
    let order = json!({
        "image": picture(600, 600), "sound_file": sound, "mode": "pro", "prompt": "she nods", "external_task_id": "job_1",
    });
    let id = accepted(&simulator, AVATAR, &order).await;
    let data = end(&simulator, AVATAR, "job_1").await;
    assert_eq!(data["task_id"], id);
    let file = simulator.fetch(data["task_result"]["videos"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(1080), Some(1080)));
    assert!((facts.duration_seconds.unwrap() - milliseconds as f64 / 1000.0).abs() < 0.1, "{facts:?}");
    let other = simulator.call("GET", &format!("{TEXT}/{id}"), &[KEY], "").await;
    assert_eq!(other.json()["code"], 1203, "the other family");
    assert_eq!(simulator.counts("kling")["submits_paid"], 1);
}

#[tokio::test]
async fn orders_for_portraits_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let address = "https://example.com/a.mp3";
    let order =
        |more: Value| with(json!({ "image": "https://example.com/a.png", "sound_file": address }), more);
    let short = recording("a").0;
    let cases = [
        (order(json!({})), 0),
        (order(json!({ "mode": "pro", "prompt": "" })), 0),
        (order(json!({ "image": null })), 1201),
        (order(json!({ "image": picture(200, 200) })), 1201),
        (order(json!({ "sound_file": null })), 1201),
        (order(json!({ "audio_id": "1" })), 1201),
        (order(json!({ "sound_file": "", "audio_id": "1" })), 1201),
        (order(json!({ "sound_file": "data:audio/mpeg;base64,AAAA" })), 1201),
        (order(json!({ "sound_file": picture(300, 300) })), 1201),
        (order(json!({ "sound_file": short })), 1201),
        (order(json!({ "sound_file": format!("{}/nothing.mp3", simulator.running.url()) })), 1201),
        (order(json!({ "mode": "4k" })), 1201),
        (order(json!({ "prompt": "a".repeat(2501) })), 1201),
        (order(json!({ "callback_url": "nowhere" })), 1201),
        (order(json!({ "watermark_info": true })), 1201),
    ];
    for (body, code) in cases {
        let answer = submit(&simulator, AVATAR, &body).await;
        let status = if code == 0 { 200 } else { 400 };
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{body}: {answer:?}");
    }
    let stranger = simulator.call("POST", AVATAR, &[JSON], "{}").await;
    assert_eq!((stranger.status, &stranger.json()["code"]), (401, &json!(1001)));
    let list = simulator.call("GET", AVATAR, &[KEY], "").await.json();
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_portrait_meets_the_faults_that_its_recording_names() {
    let simulator = Simulator::start().await;
    let order = json!({ "image": "https://example.com/a.png", "sound_file": "https://example.com/a.mp3?[kling:fail]" });
    let id = accepted(&simulator, AVATAR, &order).await;
    assert_eq!(end(&simulator, AVATAR, &id).await["task_status"], "failed");
}

async fn faces(simulator: &Simulator, body: &Value) -> Answer {
    simulator.call("POST", FACES, &[KEY, JSON], &body.to_string()).await
}

/// A clip of the simulator's own.
async fn clip(simulator: &Simulator, more: Value) -> (String, String) {
    let id = accepted(simulator, TEXT, &with(json!({ "prompt": "a face" }), more)).await;
    let video = end(simulator, TEXT, &id).await["task_result"]["videos"][0].clone();
    (video["url"].as_str().unwrap().to_owned(), video["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_lips_of_a_clip_follow_a_recording() {
    let simulator = Simulator::start().await;
    let (address, id) = clip(&simulator, json!({ "aspect_ratio": "9:16" })).await;
    let found = faces(&simulator, &json!({ "video_url": address, "video_id": "" })).await.json();
    let face = &found["data"]["face_data"][0];
    assert_eq!(found["code"], 0);
    assert!(face["end_time"].as_i64().unwrap() > 5100, "a little longer than the clip");
    let by_id = faces(&simulator, &json!({ "video_id": id })).await.json();
    assert_eq!(by_id["data"]["face_data"][0]["face_id"], face["face_id"]);

    let order = json!({
        "session_id": found["data"]["session_id"],
        "face_choose": [{
            "face_id": face["face_id"], "sound_file": recording(SPEECH).0,
            "sound_start_time": 0, "sound_end_time": 4000, "sound_insert_time": 1000, "original_audio_volume": 0.0,
        }],
        "external_task_id": "job_2",
    });
    accepted(&simulator, LIPS, &order).await;
    let data = end(&simulator, LIPS, "job_2").await;
    assert_eq!(data["task_info"]["parent_video"]["url"], address);
    assert_eq!(data["final_unit_deduction"], "1");
    let file = simulator.fetch(data["task_result"]["videos"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(720), Some(1280)));
    assert!((facts.duration_seconds.unwrap() - 5.1).abs() < 0.1, "{facts:?}");
}

#[tokio::test]
async fn looks_for_faces_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let (too_large, _) = clip(&simulator, json!({ "model_name": "kling-v3", "mode": "4k" })).await;
    let unseen = |name: &str| json!({ "video_url": format!("https://example.com/{name}.mp4") });
    let cases = [
        (unseen("a"), 0),
        (json!({}), 1201),
        (json!({ "video_id": "1" }), 1201),
        (with(unseen("a"), json!({ "video_id": "1" })), 1201),
        (json!({ "video_url": "a.mp4" }), 1201),
        (json!({ "video_url": 1 }), 1201),
        (json!({ "video_url": too_large }), 1201),
        (json!({ "video_url": format!("{}/nothing.mp4", simulator.running.url()) }), 1201),
    ];
    for (body, code) in cases {
        let answer = faces(&simulator, &body).await;
        let status = if code == 0 { 200 } else { 400 };
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{body}: {answer:?}");
    }
    let count = async |name: &str| {
        faces(&simulator, &unseen(name)).await.json()["data"]["face_data"].as_array().unwrap().len()
    };
    assert_eq!([count("a").await, count("no-face").await, count("two-faces").await], [1, 0, 2]);
    let stranger = simulator.call("POST", FACES, &[JSON], "{}").await;
    assert_eq!((stranger.status, &stranger.json()["code"]), (401, &json!(1001)));
    let method = simulator.call("GET", FACES, &[KEY], "").await;
    assert_eq!((method.status, &method.json()["code"]), (404, &json!(1202)));
}

#[tokio::test]
async fn orders_for_lips_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "kling_active": 1000 })).await;
    let found = faces(&simulator, &json!({ "video_url": "https://example.com/two-faces.mp4" })).await.json();
    let session = &found["data"]["session_id"];
    let (sound, milliseconds) = recording(SPEECH);
    let speaker = |more: Value| {
        let usual = json!({
            "face_id": "1", "sound_file": "https://example.com/a.mp3",
            "sound_start_time": 0, "sound_end_time": 5000, "sound_insert_time": 3000,
        });
        json!({ "session_id": session, "face_choose": [with(usual, more)] })
    };
    let cases = [
        (speaker(json!({})), 0),
        (speaker(json!({ "sound_volume": 2, "original_audio_volume": 0 })), 0),
        (with(speaker(json!({})), json!({ "session_id": "1" })), 1201),
        (with(speaker(json!({})), json!({ "session_id": 1 })), 1201),
        (with(speaker(json!({})), json!({ "face_choose": [] })), 1201),
        (with(speaker(json!({})), json!({ "face_choose": ["1"] })), 1201),
        (with(speaker(json!({})), json!({ "face_choose": [{}, {}] })), 1201),
        (speaker(json!({ "face_id": "2" })), 1201),
        (speaker(json!({ "sound_file": null })), 1201),
        (speaker(json!({ "audio_id": "1" })), 1201),
        (speaker(json!({ "sound_start_time": null })), 1201),
        (speaker(json!({ "sound_end_time": "5000" })), 1201),
        (speaker(json!({ "sound_insert_time": null })), 1201),
        (speaker(json!({ "sound_start_time": 3001 })), 1201),
        (speaker(json!({ "sound_insert_time": 5001 })), 1201),
        (speaker(json!({ "sound_insert_time": -1 })), 1201),
        // Face 0 is seen until the fifth second.
        (speaker(json!({ "face_id": "0", "sound_insert_time": 3000 })), 0),
        (speaker(json!({ "face_id": "0", "sound_insert_time": 3001 })), 1201),
        (speaker(json!({ "sound_file": sound, "sound_end_time": milliseconds })), 0),
        (speaker(json!({ "sound_file": sound, "sound_end_time": milliseconds + 500 })), 1201),
        (speaker(json!({ "sound_volume": 2.1 })), 1201),
        (speaker(json!({ "original_audio_volume": -1 })), 1201),
    ];
    for (body, code) in cases {
        let answer = submit(&simulator, LIPS, &body).await;
        let status = if code == 0 { 200 } else { 400 };
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{body}: {answer:?}");
    }
}
