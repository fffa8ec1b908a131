//! ByteDance: clips and pictures.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Bearer sim-bytedance-key");
const JSON: (&str, &str) = ("content-type", "application/json");
const TASKS: &str = "/bytedance/api/v3/contents/generations/tasks";
const PICTURES: &str = "/bytedance/api/v3/images/generations";

const LITE: &str = "seedance-1-0-lite-t2v-250428";
const LITE_IMAGE: &str = "seedance-1-0-lite-i2v-250428";
const PRO: &str = "seedance-1-0-pro-250528";
const PRO_15: &str = "seedance-1-5-pro-251215";
const SECOND: &str = "dreamina-seedance-2-0-260128";

async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, &[KEY, JSON], &body.to_string()).await
}

async fn accepted(simulator: &Simulator, body: &Value) -> String {
    let answer = submit(simulator, TASKS, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("{TASKS}/{id}"), &[KEY], "").await
}

/// How a task ends.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let task = poll(simulator, id).await.json();
        if ["succeeded", "failed"].contains(&task["status"].as_str().unwrap()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn part(kind: &str, role: Value) -> Value {
    let mut part = json!({ "type": kind, "role": role });
    part[kind] = json!({ "url": "https://example.com/a" });
    part
}

fn image(role: &str) -> Value {
    part("image_url", json!(role))
}

/// An order of a clip with a prompt and other parts.
fn clip(model: &str, prompt: &str, parts: Vec<Value>, more: Value) -> Value {
    let words = json!({ "type": "text", "text": prompt });
    let content: Vec<Value> = [words].into_iter().chain(parts).collect();
    with(json!({ "model": model, "content": content }), more)
}

#[tokio::test]
async fn text_becomes_a_clip() {
    let simulator = Simulator::start().await;
    let more = json!({ "resolution": "720p", "ratio": "9:16", "duration": 5, "seed": 11, "return_last_frame": true,
        "safety_identifier": "job_1" });
    let answer = submit(&simulator, TASKS, &clip(PRO_15, "a kitten yawns", vec![], more)).await;
    assert!(!answer.header("x-request-id").is_empty());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let task = end(&simulator, &id).await;
    assert_eq!((&task["model"], &task["safety_identifier"]), (&json!(PRO_15), &json!("job_1")));
    assert_eq!((&task["duration"], &task["ratio"], &task["seed"]), (&json!(5), &json!("9:16"), &json!(11)));
    assert_eq!(
        (&task["generate_audio"], &task["usage"]["completion_tokens"]),
        (&json!(true), &json!(108_900))
    );
    let file = simulator.fetch(task["content"]["video_url"].as_str().unwrap()).await;
    let (format, facts_of_clip) = facts(&file.body);
    assert_eq!((format, facts_of_clip.width, facts_of_clip.height), (Format::Mp4, Some(720), Some(1280)));
    let frame = simulator.fetch(task["content"]["last_frame_url"].as_str().unwrap()).await;
    assert_eq!(facts(&frame.body).0, Format::Png);
    assert_eq!(simulator.counts("bytedance")["key_leaks"], 0);
}

#[tokio::test]
async fn orders_of_clips_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let plain = |model: &str, more: Value| clip(model, "a fox", vec![], more);
    let data = |width, height, kind: &str| {
        let url = format!("data:image/{kind};base64,{}", picture(width, height));
        let part = json!({ "type": "image_url", "image_url": { "url": url } });
        clip(PRO, "a fox", vec![part], json!({}))
    };
    let frames = || vec![image("first_frame"), image("last_frame")];
    let references = |count| vec![image("reference_image"); count];
    let other = |kind: &str, role: &str| vec![part(kind, json!(role))];
    let cases = [
        (plain(PRO, json!({})), 200),
        (plain(PRO, json!({ "unheard": 1 })), 200),
        (plain("seedance-9", json!({})), 404),
        (plain(PRO, json!({ "duration": "5" })), 400),
        (plain(PRO, json!({ "duration": 13 })), 400),
        (plain(PRO, json!({ "duration": -1 })), 400),
        (plain(PRO_15, json!({ "duration": -1 })), 200),
        (plain(PRO_15, json!({ "duration": 2 })), 400),
        (plain(PRO, json!({ "frames": 57 })), 200),
        (plain(PRO, json!({ "frames": 58 })), 400),
        (plain(PRO_15, json!({ "frames": 57 })), 400),
        (plain(PRO, json!({ "resolution": "4k" })), 400),
        (plain(PRO, json!({ "resolution": "1080P" })), 400),
        (plain(PRO, json!({ "ratio": "3:2" })), 400),
        (plain(PRO, json!({ "ratio": "adaptive" })), 400),
        (plain(PRO_15, json!({ "ratio": "adaptive" })), 200),
        (plain(PRO, json!({ "seed": -2 })), 400),
        (plain(SECOND, json!({ "seed": 2 })), 400),
        (plain(PRO, json!({ "camera_fixed": true })), 200),
        (plain(SECOND, json!({ "camera_fixed": true })), 400),
        (plain(PRO, json!({ "generate_audio": false })), 400),
        (plain(PRO_15, json!({ "generate_audio": "false" })), 400),
        (plain(PRO_15, json!({ "draft": true, "resolution": "480p" })), 200),
        (plain(PRO_15, json!({ "draft": true })), 400),
        (plain(PRO, json!({ "service_tier": "flex" })), 200),
        (plain(SECOND, json!({ "service_tier": "flex" })), 400),
        (plain(PRO, json!({ "execution_expires_after": 60 })), 400),
        (plain(PRO, json!({ "priority": 1 })), 400),
        (plain(PRO, json!({ "safety_identifier": "a".repeat(65) })), 400),
        (plain(PRO, json!({ "callback_url": "nowhere" })), 400),
        (plain(PRO, json!({ "content": [] })), 400),
        (plain(PRO, json!({ "content": [image("first_frame")] })), 200),
        (clip(PRO, "", vec![part("image_url", Value::Null)], json!({ "ratio": "adaptive" })), 200),
        (clip(PRO, "a fox", frames(), json!({})), 200),
        (clip(PRO, "a fox", vec![image("last_frame")], json!({})), 400),
        (clip(PRO, "a fox", vec![part("image_url", Value::Null); 2], json!({})), 400),
        (clip(LITE, "a fox", vec![image("first_frame")], json!({})), 400),
        (plain(LITE_IMAGE, json!({})), 400),
        (clip(LITE_IMAGE, "a fox", frames(), json!({ "resolution": "1080p" })), 200),
        (clip(LITE_IMAGE, "a fox", references(4), json!({})), 200),
        (clip(LITE_IMAGE, "a fox", references(5), json!({})), 400),
        (clip(LITE_IMAGE, "a fox", references(1), json!({ "resolution": "1080p" })), 400),
        (clip(LITE_IMAGE, "a fox", references(1), json!({ "camera_fixed": true })), 400),
        (clip(LITE_IMAGE, "a fox", references(1), json!({ "ratio": "adaptive" })), 400),
        (clip(PRO, "a fox", references(1), json!({})), 400),
        (clip(SECOND, "a fox", [references(1), frames()].concat(), json!({})), 400),
        (clip(SECOND, "a fox", other("video_url", "reference_video"), json!({ "resolution": "4k" })), 200),
        (clip(SECOND, "a fox", other("video_url", "first_frame"), json!({})), 400),
        (clip(PRO_15, "a fox", other("audio_url", "reference_audio"), json!({})), 400),
        (data(400, 300, "png"), 200),
        (data(400, 300, "PNG"), 400),
        (data(299, 299, "png"), 400),
        (data(300, 900, "png"), 400),
    ];
    for (body, status) in cases {
        let answer = submit(&simulator, TASKS, &body).await;
        assert_eq!(answer.status, status, "{body}: {:?}", answer.body);
        if status != 200 {
            let error = answer.json()["error"].clone();
            assert!(error["code"].is_string() && error["message"].as_str().unwrap().contains("Request id: "));
        }
    }
}

#[tokio::test]
async fn orders_of_pictures_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let (third, fourth) = ("seedream-3-0-t2i-250415", "seedream-4-0-250828");
    let (middle, fifth) = ("seedream-4-5-251128", "seedream-5-0-lite-260128");
    let of = |model: &str, more: Value| with(json!({ "model": model, "prompt": "a crane" }), more);
    let address = "https://example.com/a.png";
    let cases = [
        (of(fourth, json!({ "size": "1K" })), 200),
        (of(fourth, json!({ "size": "3K" })), 400),
        (of(fourth, json!({ "size": "1280x720" })), 200),
        (of(fourth, json!({ "size": "1280x719" })), 400),
        (of(fourth, json!({ "size": "5504x304" })), 400),
        (of(fourth, json!({ "size": 1024 })), 400),
        (of(middle, json!({ "size": "1K" })), 400),
        (of(middle, json!({ "size": "1024x1024" })), 400),
        (of(fifth, json!({ "size": "4K" })), 400),
        (of(fourth, json!({ "seed": 5, "size": "1K" })), 400),
        (of(fourth, json!({ "output_format": "png", "size": "1K" })), 400),
        (of(third, json!({ "size": "512x512", "seed": 5, "guidance_scale": 3 })), 200),
        (of(third, json!({ "size": "2K" })), 400),
        (of(third, json!({ "size": "512x512", "guidance_scale": 11 })), 400),
        (of(third, json!({ "image": address })), 400),
        (of(fourth, json!({ "image": address, "size": "1K" })), 200),
        (of(fourth, json!({ "image": vec![address; 14], "size": "1K" })), 200),
        (of(fourth, json!({ "image": vec![address; 15], "size": "1K" })), 400),
        (of(fourth, json!({ "image": "nowhere" })), 400),
        (of(fourth, json!({ "sequential_image_generation": "always" })), 400),
        (of(fourth, json!({ "optimize_prompt_options": { "mode": "fast" }, "size": "1K" })), 200),
        (of(middle, json!({ "optimize_prompt_options": { "mode": "fast" } })), 400),
        (of(fourth, json!({ "watermark": "false" })), 400),
        (of(fourth, json!({ "response_format": "file" })), 400),
        (of(fourth, json!({ "prompt": "" })), 400),
        (of("seedream-9", json!({})), 404),
    ];
    for (body, status) in cases {
        let answer = submit(&simulator, PICTURES, &body).await;
        assert_eq!(answer.status, status, "{body}: {:?}", answer.body);
    }
    let answer = submit(&simulator, PICTURES, &of(fourth, json!({ "size": "1280x720" }))).await.json();
    assert_eq!(
        (&answer["data"][0]["size"], &answer["usage"]["generated_images"]),
        (&json!("1280x720"), &json!(1))
    );
    let file = simulator.fetch(answer["data"][0]["url"].as_str().unwrap()).await;
    let (format, facts) = facts(&file.body);
    assert_eq!((format, facts.width, facts.height), (Format::Jpeg, Some(1280), Some(720)));
}

#[tokio::test]
async fn what_waits_is_cancelled_and_what_has_ended_deleted() {
    let simulator = Simulator::start().await;
    let order = |prompt: &str| clip(PRO, prompt, vec![], json!({ "duration": 2, "resolution": "480p" }));
    let remove = async |id: &str| simulator.call("DELETE", &format!("{TASKS}/{id}"), &[KEY], "").await;
    let waiting = accepted(&simulator, &order("[vendor:slow:500]")).await;
    assert_eq!(remove(&waiting).await.status, 200);
    assert_eq!(poll(&simulator, &waiting).await.json()["status"], "cancelled");
    assert_eq!(remove(&waiting).await.status, 409);
    let working = accepted(&simulator, &order("[vendor:hang]")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(remove(&working).await.status, 409);
    let finished = accepted(&simulator, &order("a fox")).await;
    let link = end(&simulator, &finished).await["content"]["video_url"].as_str().unwrap().to_owned();
    assert_eq!(remove(&finished).await.status, 200);
    let gone = poll(&simulator, &finished).await;
    assert_eq!((gone.status, &gone.json()["error"]["code"]), (404, &json!("NotFound.Task")));
    assert_eq!(simulator.fetch(&link).await.status, 404, "the result is gone with its record");
}

#[tokio::test]
async fn a_lost_clip_is_found_in_the_list() {
    let simulator = Simulator::start().await;
    let lost = clip(PRO, "[vendor:lost] a fox", vec![], json!({ "safety_identifier": "job_7" }));
    simulator.open("POST", TASKS, &[KEY, JSON], lost.to_string()).await.unwrap_err();
    for _ in 0..3 {
        accepted(&simulator, &clip(PRO_15, "another", vec![], json!({}))).await;
    }
    let list = async |query: &str| simulator.call("GET", &format!("{TASKS}?{query}"), &[KEY], "").await;
    let found = list(&format!("page_num=1&page_size=500&filter.model={PRO}")).await.json();
    assert_eq!((&found["total"], &found["items"][0]["safety_identifier"]), (&json!(1), &json!("job_7")));
    let page = list("page_num=2&page_size=3").await.json();
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(4), 1));
    assert_eq!(list("page_size=501").await.status, 400);
    assert_eq!(list("filter.status=expired").await.json()["items"], json!([]));
}

#[tokio::test]
async fn callers_have_to_tell_who_they_are() {
    let simulator = Simulator::start().await;
    let cases: [(Headers<'_>, u16); 4] = [
        (&[JSON], 401),
        (&[JSON, ("authorization", "sim-bytedance-key")], 401),
        (&[JSON, ("authorization", "Bearer wrong")], 401),
        (&[KEY], 400),
    ];
    for (headers, status) in cases {
        for path in [TASKS, PICTURES] {
            let answer = simulator.call("POST", path, headers, "{}").await;
            assert_eq!(answer.status, status, "{path} {headers:?}");
        }
    }
    assert_eq!(simulator.counts("bytedance")["submits_paid"], 0);
}

#[tokio::test]
async fn clips_and_pictures_meet_faults() {
    let simulator = Simulator::start().await;
    let pictures = |prompt: &str| json!({ "model": "seedream-4-0-250828", "prompt": prompt, "size": "1K" });
    for (word, status, code) in [
        ("busy", 429, "ServerOverloaded"),
        ("500", 500, "InternalServiceError"),
        ("no-credit", 403, "AccountOverdueError"),
        ("unauthorized", 401, "AuthenticationError"),
        ("moderate", 400, "InputTextSensitiveContentDetected"),
    ] {
        let prompt = format!("[bytedance:{word}]");
        let clips = submit(&simulator, TASKS, &clip(PRO, &prompt, vec![], json!({}))).await;
        let pictures = submit(&simulator, PICTURES, &pictures(&format!("{prompt} again"))).await;
        for answer in [clips, pictures] {
            assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(code)), "{word}");
        }
        assert_eq!(simulator.running.paid(&prompt), 0);
    }
    for (word, code, status, at_once) in [
        ("fail", "InternalServiceError", 500, "InternalServiceError"),
        (
            "moderate-output",
            "OutputVideoSensitiveContentDetected",
            400,
            "OutputImageSensitiveContentDetected",
        ),
    ] {
        let prompt = format!("[bytedance:{word}]");
        let id = accepted(&simulator, &clip(PRO, &prompt, vec![], json!({}))).await;
        let task = end(&simulator, &id).await;
        assert_eq!((&task["status"], &task["error"]["code"]), (&json!("failed"), &json!(code)));
        let answer = submit(&simulator, PICTURES, &pictures(&prompt)).await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (status, &json!(at_once)));
    }
    let answer = submit(&simulator, PICTURES, &pictures("[vendor:empty]")).await.json();
    assert_eq!(answer["data"], json!([]));
}

#[tokio::test]
async fn clips_over_the_limit_wait_and_changes_are_called_back() {
    let simulator = Simulator::start_at(20.0).await;
    simulator.control("/settings", &json!({ "bytedance_clips": 1 })).await;
    let hung = accepted(&simulator, &clip(PRO, "[vendor:hang]", vec![], json!({}))).await;
    let held = accepted(&simulator, &clip(PRO, "a fox", vec![], json!({}))).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(poll(&simulator, &hung).await.json()["status"], "running");
    assert_eq!(poll(&simulator, &held).await.json()["status"], "queued");
    simulator.control("/settings", &json!({ "bytedance_clips": 10 })).await;
    let mut listener = Listener::start().await;
    let id = accepted(&simulator, &clip(PRO, "a fox", vec![], json!({ "callback_url": listener.url }))).await;
    for word in ["queued", "running", "succeeded"] {
        let told = listener.next().await.2;
        assert_eq!((&told["status"], &told["id"]), (&json!(word), &json!(id)));
    }
}
