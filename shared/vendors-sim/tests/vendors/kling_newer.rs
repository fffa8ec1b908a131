//! Kling's newer API.

use crate::client::{Listener, Simulator, facts, picture};
use crate::kling::{JSON, KEY, TEXT, accepted, submit, with};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const WORDS: &str = "/kling/text-to-video/kling-3.0-turbo";
const FRAME: &str = "/kling/image-to-video/kling-3.0-turbo";

async fn begun(simulator: &Simulator, path: &str, body: &Value) -> String {
    let answer = submit(simulator, path, body).await;
    assert_eq!((answer.status, &answer.json()["code"]), (200, &json!(0)), "{body}: {:?}", answer.body);
    answer.json()["data"]["id"].as_str().unwrap().to_owned()
}

async fn tasks(simulator: &Simulator, query: &str) -> Value {
    let answer = simulator.call("GET", &format!("/kling/tasks?{query}"), &[KEY], "").await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json()["data"].clone()
}

async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let task = tasks(simulator, &format!("task_ids={id}")).await[0].clone();
        if ["succeeded", "failed"].contains(&task["status"].as_str().unwrap()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

#[tokio::test]
async fn text_becomes_a_clip_with_sound() {
    let simulator = Simulator::start().await;
    let order = json!({
        "prompt": "a fox crosses a snowy bridge",
        "settings": { "resolution": "1080p", "duration": 7, "aspect_ratio": "9:16" },
        "options": { "external_task_id": "job_1", "watermark_info": { "enabled": false } },
    });
    let id = begun(&simulator, WORDS, &order).await;
    let task = end(&simulator, &id).await;
    assert_eq!(
        (&task["external_id"], &task["status"], &task["message"]),
        (&json!("job_1"), &json!("succeeded"), &json!(""))
    );
    assert_eq!(task["billing"][0]["amount"], "7");
    let output = &task["outputs"][0];
    assert_eq!((&output["type"], &output["duration"]), (&json!("video"), &json!("7.1")));
    let file = simulator.fetch(output["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(1080), Some(1920)));
    assert!((facts.duration_seconds.unwrap() - 7.1).abs() < 0.05, "{facts:?}");
    assert_eq!(tasks(&simulator, "external_task_ids=job_1").await[0]["id"], id);
    let twice = submit(&simulator, TEXT, &json!({ "prompt": "a fox", "external_task_id": "job_1" })).await;
    assert_eq!((twice.status, &twice.json()["code"]), (400, &json!(1201)), "one name for both APIs");
}

#[tokio::test]
async fn a_picture_becomes_a_clip_of_its_form() {
    let simulator = Simulator::start().await;
    let contents = json!([{ "type": "prompt", "text": "slow push in" }, { "type": "first_frame", "url": picture(600, 600) }]);
    let id = begun(&simulator, FRAME, &json!({ "contents": contents })).await;
    let task = end(&simulator, &id).await;
    let file = simulator.fetch(task["outputs"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(720), Some(720)));
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "kling_active": 1000 })).await;
    let text = |settings: Value| (WORDS, json!({ "prompt": "a fox", "settings": settings }));
    let frame = json!({ "type": "first_frame", "url": "https://example.com/a.png" });
    let image = |contents: Value| (FRAME, json!({ "contents": contents }));
    let cases = [
        (text(json!({})), 0),
        (text(json!({ "duration": 3 })), 0),
        (text(json!({ "duration": 15 })), 0),
        (text(json!({ "duration": 16 })), 1201),
        (text(json!({ "duration": 2 })), 1201),
        (text(json!({ "duration": 5.5 })), 1201),
        (text(json!({ "duration": "5" })), 1201),
        (text(json!({ "resolution": "4k" })), 1201),
        (text(json!({ "resolution": 720 })), 1201),
        (text(json!({ "aspect_ratio": "4:3" })), 1201),
        (text(json!({ "audio": "native" })), 1201),
        (text(json!({ "multi_shot": false })), 1201),
        ((WORDS, json!({})), 1201),
        ((WORDS, json!({ "prompt": "a".repeat(3072) })), 0),
        ((WORDS, json!({ "prompt": "a".repeat(3073) })), 1201),
        ((WORDS, json!({ "prompt": "a fox", "options": { "callback_url": "nowhere" } })), 1201),
        ((WORDS, json!({ "prompt": "a fox", "options": [] })), 1201),
        (("/kling/text-to-video/kling-9.0", json!({ "prompt": "a fox" })), 1203),
        (image(json!([frame])), 0),
        (image(json!([])), 1201),
        (image(json!(["a"])), 1201),
        (image(json!([{ "type": "prompt", "text": "a fox" }])), 1201),
        (image(json!([frame, { "type": "last_frame", "url": "https://example.com/b.png" }])), 1201),
        (image(json!([frame, frame])), 1201),
        (image(json!([frame, { "type": "prompt", "text": "a".repeat(2501) }])), 1201),
        (image(json!([{ "type": "first_frame" }])), 1201),
        (image(json!([{ "type": "first_frame", "url": picture(200, 300) }])), 1201),
        (image(json!([{ "type": "first_frame", "url": "data:image/png;base64,AAAA" }])), 1201),
    ];
    for ((path, body), code) in cases {
        let answer = submit(&simulator, path, &body).await;
        let status = match code {
            0 => 200,
            1203 => 404,
            _ => 400,
        };
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (status, &json!(code)),
            "{path} {body}: {answer:?}"
        );
    }
}

/// A token as the pair of keys makes it.
fn signed() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let claims = json!({ "iss": "sim-kling-ak", "exp": now + 1800, "nbf": now - 5 }).to_string();
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(b"sim-kling-sk").unwrap();
    mac.update(signed.as_bytes());
    format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn only_the_single_key_is_taken() {
    let simulator = Simulator::start().await;
    let token = signed();
    let order = json!({ "prompt": "a fox" }).to_string();
    let call = async |method, path, token: &str| {
        let headers = [JSON, ("authorization", token)];
        let answer = simulator.call(method, path, &headers, &order).await;
        (answer.status, answer.json()["code"].as_u64().unwrap())
    };
    assert_eq!(call("POST", TEXT, &token).await, (200, 0), "the classic API takes it");
    assert_eq!(call("POST", WORDS, &token).await, (401, 1002));
    assert_eq!(call("GET", "/kling/tasks?task_ids=1", &token).await, (401, 1002));
    assert_eq!(call("POST", WORDS, "Bearer wrong").await, (401, 1002));
    assert_eq!(call("GET", "/kling/tasks?task_ids=1", "sim-kling-key").await, (401, 1000));
}

#[tokio::test]
async fn tasks_are_listed_by_either_name() {
    let simulator = Simulator::start().await;
    let classic =
        accepted(&simulator, TEXT, &json!({ "prompt": "a fox", "external_task_id": "job_1" })).await;
    let newer =
        begun(&simulator, WORDS, &json!({ "prompt": "a fox", "options": { "external_task_id": "job_2" } }))
            .await;
    let count = async |query: &str| tasks(&simulator, query).await.as_array().unwrap().len();
    assert_eq!(count(&format!("task_ids={classic},{newer},1")).await, 2);
    assert_eq!(count("external_task_ids=job_1,job_2,job_3").await, 2);
    assert_eq!(count("task_ids=job_1").await, 0, "each name at its place");
    assert_eq!(count(&format!("external_task_ids={newer}")).await, 0);
    let many = ["1"; 21].join(",");
    for query in ["", "task_ids=", "task_ids=1&external_task_ids=2", &format!("task_ids={many}")] {
        let answer = simulator.call("GET", &format!("/kling/tasks?{query}"), &[KEY], "").await;
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(1201)), "{query}");
    }
    let method = simulator.call("DELETE", "/kling/tasks", &[KEY], "").await;
    assert_eq!((method.status, &method.json()["code"]), (404, &json!(1202)));
}

#[tokio::test]
async fn tasks_meet_faults() {
    let simulator = Simulator::start().await;
    for (word, status, message) in [
        ("fail", "failed", "Generation failed"),
        ("moderate-output", "failed", "risk control"),
        ("unknown-state", "succeeded", ""),
        ("empty", "succeeded", ""),
    ] {
        let id = begun(&simulator, WORDS, &json!({ "prompt": format!("[vendor:{word}]") })).await;
        let task = end(&simulator, &id).await;
        assert_eq!(task["status"], status, "{word}");
        assert!(task["message"].as_str().unwrap().contains(message), "{word}");
        assert_eq!(task["outputs"].as_array().is_some_and(Vec::is_empty), word == "empty");
    }
    let id = begun(
        &simulator,
        WORDS,
        &json!({ "prompt": "[vendor:late] [vendor:garbage:2] [vendor:poll-500:3]" }),
    )
    .await;
    assert_eq!(tasks(&simulator, &format!("task_ids={id}")).await, json!([]), "late");
    let look = async || simulator.call("GET", &format!("/kling/tasks?task_ids={id}"), &[KEY], "").await;
    assert_eq!(look().await.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(look().await.status, 500);
    for (word, status, code) in
        [("busy", 429, 1303), ("500", 500, 5000), ("no-credit", 429, 1102), ("moderate", 400, 1301)]
    {
        let answer = submit(&simulator, WORDS, &json!({ "prompt": format!("[vendor:{word}] once") })).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{word}");
    }
}

#[tokio::test]
async fn a_lost_answer_can_be_found_again() {
    let simulator = Simulator::start().await;
    let order = json!({ "prompt": "[vendor:lost] a fox", "options": { "external_task_id": "job_4" } });
    simulator.open("POST", WORDS, &[KEY, JSON], order.to_string()).await.unwrap_err();
    assert_eq!(tasks(&simulator, "external_task_ids=job_4").await.as_array().unwrap().len(), 1);
    let again = submit(&simulator, WORDS, &order).await;
    assert_eq!((again.status, &again.json()["code"]), (400, &json!(1201)));
    assert_eq!(simulator.running.paid("[vendor:lost] a fox"), 1);
}

#[tokio::test]
async fn changes_of_every_kind_of_task_are_called_back() {
    let simulator = Simulator::start_at(20.0).await;
    let mut listener = Listener::start().await;
    let own = |more: Value| with(json!({ "callback_url": listener.url }), more);
    let orders = [
        (WORDS, json!({ "prompt": "a fox", "options": own(json!({})) })),
        ("/kling/v1/videos/omni-video", own(json!({ "prompt": "a fox", "aspect_ratio": "1:1" }))),
        (
            "/kling/v1/videos/avatar/image2video",
            own(json!({ "image": "https://example.com/a.png", "sound_file": "https://example.com/a.mp3" })),
        ),
    ];
    for (path, body) in orders {
        let newer = path == WORDS;
        let answer = submit(&simulator, path, &body).await.json();
        let (id, status) = if newer { ("id", "status") } else { ("task_id", "task_status") };
        let mut told = Vec::new();
        for _ in 0..3 {
            let (_, _, task) = listener.next().await;
            assert_eq!(task[id], answer["data"][id], "{path}");
            told.push(task[status].as_str().unwrap().to_owned());
        }
        let done = if newer { "succeeded" } else { "succeed" };
        assert_eq!(told, ["submitted", "processing", done], "{path}");
    }
}
