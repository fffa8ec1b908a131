//! Google's Gemini API.

use crate::client::{Answer, Headers, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const ALL: Headers<'static> = &[("x-goog-api-key", "sim-google-key"), ("content-type", "application/json")];
const INTERACTIONS: &str = "/google/v1beta/interactions";
const PICTURE: &str = "/google/v1beta/models/gemini-3.1-flash-image:generateContent";

fn clip(input: &Value, format: Value) -> Value {
    let mut whole = json!({ "type": "video", "delivery": "uri", "duration": "3s" });
    whole.as_object_mut().unwrap().extend(format.as_object().unwrap().clone());
    json!({ "model": "gemini-omni-1.1-flash", "input": input, "background": true, "response_format": whole })
}

fn words(words: &str, config: &Value) -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": words }] }], "generationConfig": config })
}

async fn post(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, ALL, &body.to_string()).await
}

async fn get(simulator: &Simulator, path: &str) -> Answer {
    simulator.call("GET", path, ALL, "").await
}

async fn accepted(simulator: &Simulator, body: &Value) -> String {
    let answer = post(simulator, INTERACTIONS, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    let told = answer.json();
    assert_eq!(told["status"], "in_progress");
    format!("{INTERACTIONS}/{}", told["id"].as_str().unwrap())
}

/// Polls until the interaction has ended.
async fn end(simulator: &Simulator, path: &str) -> Value {
    for _ in 0..500 {
        let told = get(simulator, path).await.json();
        if !["in_progress", "rehearsing"].contains(&told["status"].as_str().unwrap()) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{path} has not ended");
}

#[tokio::test]
async fn words_become_a_clip_behind_the_key() {
    let simulator = Simulator::start().await;
    let order =
        clip(&json!("a fox"), json!({ "aspect_ratio": "9:16", "resolution": "360p", "duration": "4s" }));
    let path = accepted(&simulator, &order).await;
    let done = end(&simulator, &path).await;
    assert_eq!(done["steps"][0]["type"], "thought");
    let uri = done["steps"][1]["content"][0]["uri"].as_str().unwrap();
    let file = uri.split_once("/google/").unwrap().1;
    let file = format!("/google/{file}");
    let no_key = simulator.call("GET", &file, &[], "").await;
    assert_eq!(no_key.status, 403);
    let described = get(&simulator, file.strip_suffix("?alt=media").unwrap()).await;
    assert_eq!(described.json()["mimeType"], "video/mp4");
    let moved = get(&simulator, &file).await;
    assert_eq!(moved.status, 302);
    let film = simulator.fetch(moved.header("location")).await;
    let (format, facts) = facts(&film.body);
    assert_eq!((format, facts.width, facts.height), (Format::Mp4, Some(360), Some(640)));
    assert!((facts.duration_seconds.unwrap() - 4.0).abs() < 0.2, "{facts:?}");
}

#[tokio::test]
async fn inputs_come_in_every_form() {
    let simulator = Simulator::start().await;
    let image = json!({ "type": "image", "data": picture(64, 64), "mime_type": "image/png" });
    let text = json!({ "type": "text", "text": "it wakes up" });
    for input in [
        json!([image, text]),
        json!([{ "type": "user_input", "content": [image, text] }]),
        json!({ "type": "text", "text": "a fox" }),
    ] {
        let path = accepted(&simulator, &clip(&input, json!({ "resolution": "360p" }))).await;
        assert_eq!(end(&simulator, &path).await["status"], "completed");
    }
}

#[tokio::test]
async fn bad_clips_are_refused() {
    let simulator = Simulator::start().await;
    let image = json!({ "type": "image", "data": picture(64, 64), "mime_type": "image/png" });
    let fox = json!("a fox");
    let no_picture = json!([{ "type": "image", "data": "AAAA", "mime_type": "image/png" }]);
    let wrong_type = json!([{ "type": "image", "data": picture(64, 64), "mime_type": "video/mp4" }]);
    for (order, status) in [
        (clip(&fox, json!({ "duration": 5 })), 400),
        (clip(&fox, json!({ "duration": "5" })), 400),
        (clip(&fox, json!({ "duration": "2s" })), 400),
        (clip(&fox, json!({ "duration": "11s" })), 400),
        (clip(&fox, json!({ "resolution": "720P" })), 400),
        (clip(&fox, json!({ "aspect_ratio": "1:1" })), 400),
        (clip(&fox, json!({ "type": "image" })), 400),
        (clip(&fox, json!({ "fps": 24 })), 400),
        (clip(&json!(""), json!({})), 400),
        (clip(&json!([1]), json!({})), 400),
        (clip(&json!([{ "type": "smell" }]), json!({})), 400),
        (clip(&no_picture, json!({})), 400),
        (clip(&wrong_type, json!({})), 400),
        (clip(&json!(vec![image.clone(); 7]), json!({})), 400),
        (json!({ "model": "gemini-omni-9", "input": "a fox" }), 404),
        (json!({ "model": "gemini-omni-1.1-flash", "input": "a fox", "background": "yes" }), 400),
        (json!({ "model": "gemini-omni-1.1-flash", "input": "a fox", "background": true }), 400),
    ] {
        assert_eq!(post(&simulator, INTERACTIONS, &order).await.status, status, "{order}");
    }
    for (field, value) in [
        ("store", json!(false)),
        ("stream", json!(true)),
        ("seed", json!(1)),
        ("labels", json!({ "Job": "1" })),
        ("service_tier", json!("cheap")),
        ("previous_interaction_id", json!("v1_nobody")),
        ("generation_config", json!({ "seed": 1_u64 << 40 })),
        ("generation_config", json!({ "video_config": { "task": "edit" } })),
    ] {
        let mut order = clip(&fox, json!({}));
        order[field] = value;
        assert_eq!(post(&simulator, INTERACTIONS, &order).await.status, 400, "{order}");
    }
}

#[tokio::test]
async fn clips_fail_stop_and_are_forgotten() {
    let simulator = Simulator::start().await;
    for (word, status) in [("fail", "failed"), ("moderate", "completed"), ("empty", "completed")] {
        let path = accepted(&simulator, &clip(&json!(format!("[google:{word}]")), json!({}))).await;
        let told = end(&simulator, &path).await;
        assert_eq!(told["status"], status);
        assert!(!told.to_string().contains("\"video\""), "{told}");
    }
    let path = accepted(&simulator, &clip(&json!("[google:hang]"), json!({}))).await;
    let stopped = post(&simulator, &format!("{path}/cancel"), &json!({})).await;
    assert_eq!(stopped.json()["status"], "cancelled");
    assert_eq!(post(&simulator, &format!("{path}/cancel"), &json!({})).await.status, 400);
    assert_eq!(simulator.call("DELETE", &path, ALL, "").await.status, 200);
    let unknown = get(&simulator, &path).await;
    assert_eq!(
        (unknown.status, &unknown.json()["error"]["message"]),
        (400, &json!("Invalid interaction name"))
    );
}

#[tokio::test]
async fn words_become_a_picture_at_once() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let simulator = Simulator::start().await;
    let config = json!({ "responseModalities": ["IMAGE"], "imageConfig": { "aspectRatio": "16:9", "imageSize": "512" } });
    let told = post(&simulator, PICTURE, &words("a fox", &config)).await.json();
    let data = &told["candidates"][0]["content"]["parts"][0]["inlineData"];
    let (format, facts) = facts(&STANDARD.decode(data["data"].as_str().unwrap()).unwrap());
    assert_eq!((format, facts.width, facts.height), (Format::Png, Some(688), Some(384)));
    for (word, place, reason) in [
        ("moderate", "/promptFeedback/blockReason", "PROHIBITED_CONTENT"),
        ("moderate-output", "/candidates/0/finishReason", "IMAGE_SAFETY"),
        ("empty", "/candidates/0/finishReason", "NO_IMAGE"),
    ] {
        let told = post(&simulator, PICTURE, &words(&format!("[google:{word}]"), &json!({}))).await.json();
        assert_eq!(told.pointer(place).unwrap(), reason);
    }
    assert_eq!(post(&simulator, PICTURE, &words("[google:fail]", &json!({}))).await.status, 500);
}

#[tokio::test]
async fn bad_pictures_are_refused() {
    let simulator = Simulator::start().await;
    for config in [
        json!({ "imageConfig": { "aspectRatio": "2:1" } }),
        json!({ "imageConfig": { "imageSize": "4k" } }),
        json!({ "imageConfig": { "personGeneration": "ALLOW_ALL" } }),
        json!({ "responseModalities": ["SMELL"] }),
        json!({ "seed": "1" }),
        json!({ "seed": 4_294_967_296_u64 }),
        json!({ "numberOfImages": 2 }),
    ] {
        assert_eq!(post(&simulator, PICTURE, &words("a fox", &config)).await.status, 400, "{config}");
    }
    let smallest = json!({ "imageConfig": { "imageSize": "512" } });
    let pro = PICTURE.replace("3.1-flash", "3-pro");
    assert_eq!(post(&simulator, &pro, &words("a fox", &smallest)).await.status, 400);
    let gone = PICTURE.replace("gemini-3.1-flash-image:generateContent", "imagen-4.0-generate-001:predict");
    let told = post(&simulator, &gone, &json!({})).await;
    assert_eq!(told.status, 404);
    assert!(told.json()["error"]["message"].as_str().unwrap().contains("no longer available"));
}

#[tokio::test]
async fn nobody_comes_in_without_the_key() {
    let simulator = Simulator::start().await;
    let body = words("a fox", &json!({})).to_string();
    let wrong = [("x-goog-api-key", "wrong"), ("content-type", "application/json")];
    assert_eq!(simulator.call("POST", PICTURE, &wrong, &body).await.status, 400);
    assert_eq!(
        simulator.call("POST", PICTURE, &[("content-type", "application/json")], &body).await.status,
        403
    );
    let in_address = format!("{PICTURE}?key=sim-google-key");
    assert_eq!(
        simulator.call("POST", &in_address, &[("content-type", "application/json")], &body).await.status,
        200
    );
    for (word, status) in [("busy", 429), ("500", 500), ("unauthorized", 400), ("no-credit", 403)] {
        let told = post(&simulator, PICTURE, &words(&format!("[google:{word}]"), &json!({}))).await;
        assert_eq!(told.status, status, "{word}");
    }
}
