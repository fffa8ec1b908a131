//! HeyGen.

mod lists;
mod refused;

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use media::Format;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

const KEY: (&str, &str) = ("x-api-key", "sim-heygen-key");
const ALL: Headers<'static> = &[KEY, ("content-type", "application/json")];
/// A filmed avatar.
const FILMED: &str = "Kate_standing_modern_office_front";
const PORTRAIT: &str = "https://example.com/portrait.jpg";
const SPEECH: &str = "https://example.com/speech.mp3";
const HELLO: &str = "Hello, I'm your AI assistant";

async fn get(simulator: &Simulator, path: &str) -> Answer {
    simulator.call("GET", &format!("/heygen/v3/{path}"), ALL, "").await
}

async fn submit(simulator: &Simulator, body: &Value) -> Answer {
    simulator.call("POST", "/heygen/v3/videos", ALL, &body.to_string()).await
}

async fn under(simulator: &Simulator, key: &str, body: &Value) -> Answer {
    let headers: [(&str, &str); 3] = [KEY, ("content-type", "application/json"), ("idempotency-key", key)];
    simulator.call("POST", "/heygen/v3/videos", &headers, &body.to_string()).await
}

fn id(answer: &Answer) -> String {
    assert_eq!((answer.status, &answer.json()["data"]["status"]), (200, &json!("waiting")), "{answer:?}");
    answer.json()["data"]["video_id"].as_str().unwrap().to_owned()
}

async fn accepted(simulator: &Simulator, body: &Value) -> String {
    id(&submit(simulator, body).await)
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    get(simulator, &format!("videos/{id}")).await
}

/// Polls until the video has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let video = poll(simulator, id).await.json()["data"].clone();
        if ["completed", "failed"].contains(&video["status"].as_str().unwrap_or_default()) {
            return video;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("video {id} has not ended");
}

/// The order with some fields more; those with `null` count as absent.
fn with(mut order: Value, more: Value) -> Value {
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order
}

fn avatar(more: Value) -> Value {
    with(json!({ "type": "avatar", "avatar_id": FILMED, "script": HELLO, "resolution": "720p" }), more)
}

fn image(voice: &str, more: Value) -> Value {
    let image = json!({ "type": "url", "url": PORTRAIT });
    with(json!({ "type": "image", "image": image, "script": HELLO, "voice_id": voice }), more)
}

/// A voice, and the ids of the portrait of the person without a last name and of the account's own avatar.
async fn known(simulator: &Simulator) -> [String; 3] {
    let first = async |path: &str, key: &str| -> String {
        get(simulator, path).await.json()["data"][0][key].as_str().unwrap().to_owned()
    };
    let kate = get(simulator, &format!("avatars/looks/{FILMED}")).await.json();
    let group = kate["data"]["group_id"].as_str().unwrap();
    [
        first("voices?limit=1", "voice_id").await,
        first(&format!("avatars/looks?group_id={group}&avatar_type=photo_avatar"), "id").await,
        first("avatars/looks?ownership=private", "id").await,
    ]
}

/// A form with one file.
async fn upload(simulator: &Simulator, field: &str, media_type: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"a\"\r\ncontent-type: {media_type}\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
    let headers = [KEY, ("content-type", "multipart/form-data; boundary=b")];
    simulator.send("POST", "/heygen/v3/assets", &headers, body).await
}

#[tokio::test]
async fn videos_are_as_they_were_ordered() {
    let simulator = Simulator::start().await;
    let [voice, portrait, own] = known(&simulator).await;
    let tall = json!({ "type": "base64", "media_type": "image/png", "data": picture(300, 600) });
    for (order, size, seconds) in [
        (avatar(json!({})), (1280, 720), 2.0),
        (avatar(json!({ "aspect_ratio": "1:1", "engine": { "type": "avatar_iii" } })), (720, 720), 2.0),
        (
            avatar(json!({ "avatar_id": portrait, "voice_id": voice, "aspect_ratio": "auto" })),
            (720, 1280),
            2.0,
        ),
        (
            avatar(json!({ "avatar_id": own, "voice_id": voice, "engine": { "type": "avatar_v" } })),
            (1280, 720),
            2.0,
        ),
        (avatar(json!({ "script": null, "audio_url": SPEECH, "aspect_ratio": "5:4" })), (900, 720), 3.0),
        (image(&voice, json!({ "aspect_ratio": "9:16" })), (1080, 1920), 2.0),
        (image(&voice, json!({ "resolution": "4k", "script": "one two" })), (3840, 2160), 1.0),
        (
            image(&voice, json!({ "image": tall, "aspect_ratio": "auto", "resolution": "720p" })),
            (720, 1440),
            2.0,
        ),
    ] {
        let video = end(&simulator, &accepted(&simulator, &order).await).await;
        assert_eq!(
            (&video["status"], &video["failure_code"]),
            (&json!("completed"), &json!(null)),
            "{order}"
        );
        let file = simulator.fetch(video["video_url"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width.zip(facts.height)), (Format::Mp4, Some(size)), "{order}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.05, "{order}: {facts:?}");
        assert!((video["duration"].as_f64().unwrap() - seconds).abs() < 0.05, "{order}: {video}");
    }
    assert_eq!(simulator.counts("heygen")["key_leaks"], 0);
    let user = get(&simulator, "users/me").await.json();
    assert!(user["data"]["wallet"]["remaining_balance"].as_f64().unwrap() < 99_999.5, "{user}");
}

#[tokio::test]
async fn nothing_is_told_without_the_key() {
    let simulator = Simulator::start().await;
    let paths = ["videos", "videos/1", "avatars", "avatars/looks", "avatars/looks/1", "voices", "voices/1"];
    let calls = paths.map(|path| ("GET", path)).into_iter().chain([
        ("POST", "videos"),
        ("POST", "voices"),
        ("POST", "assets"),
        ("DELETE", "videos/1"),
        ("GET", "users/me"),
    ]);
    for (method, path) in calls {
        for headers in [&[][..], &[("x-api-key", "other")], &[("authorization", "Bearer sim-heygen-key")]] {
            let answer = simulator.call(method, &format!("/heygen/v3/{path}"), headers, "{}").await;
            let error = &answer.json()["error"];
            assert_eq!((answer.status, &error["code"]), (401, &json!("unauthorized")), "{method} {path}");
            assert_eq!(answer.header("x-request-id").len(), 32);
        }
    }
    for (method, path) in [("PUT", "videos"), ("GET", "lipsyncs"), ("POST", "videos/1")] {
        let answer = simulator.call(method, &format!("/heygen/v3/{path}"), ALL, "{}").await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (404, &json!("not_found")));
    }
}

/// A second of silence.
fn wav() -> Vec<u8> {
    let samples = vec![0; 16_000];
    let mut file = b"RIFF".to_vec();
    file.extend((samples.len() as u32 + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data");
    file.extend((samples.len() as u32).to_le_bytes());
    file.extend(samples);
    file
}

#[tokio::test]
async fn words_in_the_script_bring_faults() {
    let simulator = Simulator::start().await;
    for (word, status, code) in [
        ("busy", 429, "rate_limit_exceeded"),
        ("500", 500, "internal_error"),
        ("unauthorized", 401, "unauthorized"),
        ("no-credit", 402, "insufficient_credit"),
    ] {
        let order = avatar(json!({ "script": format!("a fox [heygen:{word}]") }));
        let answer = submit(&simulator, &order).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)));
        assert_eq!(answer.header("retry-after").is_empty(), status != 429);
        accepted(&simulator, &order).await;
    }
    let order = avatar(json!({ "script": "a lost fox [heygen:lost]" })).to_string();
    assert!(simulator.open("POST", "/heygen/v3/videos", ALL, order).await.is_err());
    assert_eq!(simulator.running.paid("a lost fox"), 1);
    for (word, state, code) in [
        ("fail", "failed", json!("internal_error")),
        ("moderate", "failed", json!("blocked_words_detected")),
        ("moderate-output", "failed", json!("content_moderation")),
        ("empty", "completed", json!(null)),
    ] {
        let order = avatar(json!({ "script": format!("[heygen:{word}]") }));
        let video = end(&simulator, &accepted(&simulator, &order).await).await;
        assert_eq!((video["status"].as_str(), &video["failure_code"]), (Some(state), &code));
        assert_eq!(video["video_url"], json!(null), "{word}");
    }
    let id = accepted(&simulator, &avatar(json!({ "script": "[heygen:late]" }))).await;
    let unknown = poll(&simulator, &id).await;
    assert_eq!((unknown.status, &unknown.json()["error"]["code"]), (404, &json!("video_not_found")));
    end(&simulator, &id).await;
    let id = accepted(&simulator, &avatar(json!({ "script": "[heygen:unknown-state] [heygen:hang]" }))).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(poll(&simulator, &id).await.json()["data"]["status"], "compositing");
}

#[tokio::test]
async fn too_many_at_a_time_are_refused() {
    let simulator = Simulator::start().await;
    let order = avatar(json!({ "script": "[heygen:hang]" }));
    for _ in 0..10 {
        accepted(&simulator, &order).await;
    }
    let answer = submit(&simulator, &order).await;
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (429, &json!("rate_limit_exceeded")));
}

#[tokio::test]
async fn a_repeat_under_the_same_key_is_the_same_order() {
    let simulator = Simulator::start().await;
    let first = id(&under(&simulator, "gen_1", &avatar(json!({ "title": "one" }))).await);
    // Whatever it says now.
    let second = under(&simulator, "gen_1", &avatar(json!({ "title": "two", "resolution": "4k" }))).await;
    assert_eq!(id(&second), first);
    let other = id(&under(&simulator, "gen_1.1", &avatar(json!({}))).await);
    assert_ne!(other, first);
    assert_ne!(
        accepted(&simulator, &avatar(json!({}))).await,
        accepted(&simulator, &avatar(json!({}))).await
    );
    assert_eq!(simulator.counts("heygen")["submits_paid"], 4);
    let unknown = poll(&simulator, "gen_1").await;
    assert_eq!(unknown.status, 404, "a video is not found by its key");

    let late = avatar(json!({ "script": "[heygen:answer-late:1]" }));
    let (answered, refused) = tokio::join!(under(&simulator, "gen_2", &late), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        under(&simulator, "gen_2", &late).await
    });
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (409, &json!("request_in_progress")));
    assert_eq!(id(&under(&simulator, "gen_2", &avatar(json!({}))).await), id(&answered));

    // A refusal is not remembered.
    let unlucky = avatar(json!({ "script": "[heygen:busy]" }));
    assert_eq!(under(&simulator, "gen_3", &unlucky).await.status, 429);
    id(&under(&simulator, "gen_3", &unlucky).await);
    for key in ["", "gen 4", "gen/4", &"k".repeat(256)] {
        let answer = under(&simulator, key, &avatar(json!({}))).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (400, &json!("invalid_parameter")),
            "{key}"
        );
    }
}

#[tokio::test]
async fn files_are_sent_before_an_order() {
    let simulator = Simulator::start().await;
    let [voice, ..] = known(&simulator).await;
    let png = STANDARD.decode(picture(300, 400)).unwrap();
    let sent = upload(&simulator, "file", "image/png", &png).await;
    let data = sent.json()["data"].clone();
    assert_eq!((&data["mime_type"], &data["size_bytes"]), (&json!("image/png"), &json!(png.len())));
    let order = json!({ "image": { "type": "asset_id", "asset_id": data["asset_id"] }, "aspect_ratio": "auto", "resolution": "720p" });
    let video = end(&simulator, &accepted(&simulator, &image(&voice, order)).await).await;
    let (_, seen) = facts(&simulator.fetch(video["video_url"].as_str().unwrap()).await.body);
    assert_eq!(seen.width.zip(seen.height), Some((720, 960)));

    let sound = upload(&simulator, "file", "audio/wav", &wav()).await.json()["data"]["asset_id"].clone();
    let order = avatar(json!({ "script": null, "audio_asset_id": sound, "title": "spoken" }));
    let video = end(&simulator, &accepted(&simulator, &order).await).await;
    assert_eq!(video["duration"], json!(1.0), "as long as the recording");

    for (field, bytes, status, code) in [
        ("file", &b"hello"[..], 400, "invalid_parameter"),
        ("picture", &png[..], 400, "validation_error"),
        ("file", &[b"%PDF-1.7".to_vec(), vec![0; 32 * 1024 * 1024]].concat(), 413, "payload_too_large"),
    ] {
        let answer = upload(&simulator, field, "image/png", bytes).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)));
    }
    let no_form = simulator.call("POST", "/heygen/v3/assets", ALL, "{}").await;
    assert_eq!((no_form.status, &no_form.json()["error"]["code"]), (400, &json!("invalid_parameter")));
    assert_eq!(simulator.counts("heygen")["uploads"], 6);
}

#[tokio::test]
async fn videos_are_listed_by_title_and_removed() {
    let simulator = Simulator::start().await;
    let mut ids = Vec::new();
    for title in ["gen_1", "gen_1-2", "gen_2"] {
        ids.push(accepted(&simulator, &avatar(json!({ "title": title }))).await);
    }
    let listed = async |query: &str| -> Vec<String> {
        let told = get(&simulator, &format!("videos?{query}")).await.json();
        let videos = told["data"].as_array().unwrap();
        videos.iter().map(|video| video["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed("title=gen_1&limit=100").await, [ids[1].clone(), ids[0].clone()], "a part is enough");
    assert_eq!(listed("limit=1").await, [ids[2].clone()]);
    assert_eq!(listed("title=gen_3").await, Vec::<String>::new());
    assert_eq!(get(&simulator, "videos?limit=101").await.status, 400);
    let video = end(&simulator, &ids[0]).await;
    assert_eq!(video["title"], "gen_1");
    let path = format!("/heygen/v3/videos/{}", ids[0]);
    let removed = simulator.call("DELETE", &path, ALL, "").await;
    assert_eq!((removed.status, removed.json()), (200, json!({ "data": { "id": ids[0] } })));
    assert_eq!(poll(&simulator, &ids[0]).await.status, 404);
    assert_eq!(simulator.fetch(video["video_url"].as_str().unwrap()).await.status, 404);
    assert_eq!(simulator.call("DELETE", &path, ALL, "").await.json()["error"]["code"], "video_not_found");
}

/// The next callback, after a look at its signature: what it is called, and what it tells.
async fn signed(listener: &mut Listener) -> (String, Value) {
    let (headers, body, told) = listener.next().await;
    let header = |name: &str| headers[name].to_str().unwrap();
    let mut hmac = Hmac::<Sha256>::new_from_slice(b"whsec_sim_heygen").unwrap();
    hmac.update(&body);
    assert_eq!(header("heygen-signature"), hex::encode(hmac.finalize().into_bytes()));
    let sent: u64 = header("heygen-timestamp").parse().unwrap();
    assert!(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() - sent < 60, "{sent}");
    assert_eq!(told["event_id"], header("heygen-event-id"));
    assert_eq!(told["event_data"]["callback_id"], "job_1");
    (header("heygen-event-id").to_owned(), told)
}

#[tokio::test]
async fn callbacks_are_signed_and_tell_of_the_end_alone() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let more = json!({ "callback_url": listener.url, "callback_id": "job_1" });
    let mut before = String::new();
    for (script, kind) in [
        ("a fox [heygen:no-callback]", ""),
        ("a fox", "avatar_video.success"),
        ("[heygen:fail]", "avatar_video.fail"),
        ("a fox [heygen:callback-twice]", "avatar_video.success"),
    ] {
        let id = accepted(&simulator, &with(avatar(json!({ "script": script })), more.clone())).await;
        if kind.is_empty() {
            end(&simulator, &id).await;
            continue;
        }
        // A slow machine may miss the moment at which the work begins, and tell of the end once more.
        let (event, told) = loop {
            let (event, told) = signed(&mut listener).await;
            if event != before {
                break (event, told);
            }
        };
        let data = &told["event_data"];
        assert_eq!((&told["event_type"], &data["video_id"]), (&json!(kind), &json!(id)));
        assert_eq!(data["url"].is_string(), kind.ends_with("success"), "{told}");
        before = event;
    }
    let (again, _) = signed(&mut listener).await;
    assert_eq!(again, before, "the second time it is called the same");
}
