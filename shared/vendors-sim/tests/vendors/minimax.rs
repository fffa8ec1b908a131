//! MiniMax, in both dialects.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Bearer sim-minimax-key");
const JSON: (&str, &str) = ("content-type", "application/json");
const FIRST: &str = "/minimax/v1/video_generation";
const SECOND: &str = "/minimax/v2/video_generation";

async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, &[KEY, JSON], &body.to_string()).await
}

async fn get(simulator: &Simulator, path: &str) -> Answer {
    simulator.call("GET", &format!("/minimax{path}"), &[KEY], "").await
}

async fn accepted(simulator: &Simulator, path: &str, body: &Value) -> String {
    let answer = submit(simulator, path, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    answer.json()["task_id"].as_str().unwrap_or_else(|| panic!("{body}: {:?}", answer.body)).to_owned()
}

/// How a task of the first dialect ends.
async fn first_end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let told = get(simulator, &format!("/v1/query/video_generation?task_id={id}")).await.json();
        if ["Success", "Fail"].contains(&told["status"].as_str().unwrap()) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

/// How a task of the second dialect ends.
async fn second_end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let task = get(simulator, &format!("/v2/query/video_generation/{id}")).await.json()["task"].clone();
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

#[tokio::test]
async fn the_result_of_the_first_dialect_is_looked_up_by_its_file_id() {
    let simulator = Simulator::start().await;
    let order =
        json!({ "model": "MiniMax-Hailuo-02", "prompt": "a red kite", "duration": 10, "resolution": "768P" });
    let answer = submit(&simulator, FIRST, &order).await;
    assert_eq!(answer.json()["base_resp"], json!({ "status_code": 0, "status_msg": "success" }));
    assert!(!answer.header("trace-id").is_empty());
    let told = first_end(&simulator, answer.json()["task_id"].as_str().unwrap()).await;
    assert_eq!((&told["video_width"], &told["video_height"]), (&json!(1366), &json!(768)));
    let id = told["file_id"].as_str().unwrap();
    let retrieve = format!("/v1/files/retrieve?file_id={id}");
    let file = get(&simulator, &retrieve).await.json()["file"].clone();
    assert_eq!(file["file_id"], json!(id.parse::<u64>().unwrap()), "a number here");
    let again = get(&simulator, &retrieve).await.json()["file"].clone();
    assert_ne!(file["download_url"], again["download_url"]);
    let clip = simulator.fetch(file["download_url"].as_str().unwrap()).await;
    assert_eq!(file["bytes"], json!(clip.body.len()));
    let (format, facts) = facts(&clip.body);
    assert_eq!((format, facts.width, facts.height), (Format::Mp4, Some(1366), Some(768)));
    assert!((facts.duration_seconds.unwrap() - 10.0).abs() < 0.05, "{facts:?}");
    let content = get(&simulator, &format!("/v1/files/retrieve_content?file_id={id}")).await;
    assert_eq!(content.body, clip.body);
    assert_eq!(
        get(&simulator, "/v1/files/retrieve?file_id=1").await.json()["base_resp"]["status_code"],
        2013
    );
    assert_eq!(simulator.counts("minimax")["key_leaks"], 0);
}

#[tokio::test]
async fn the_first_dialect_refuses_inside_good_statuses() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "minimax_active": 1000 })).await;
    let of = |model: &str, more: Value| with(json!({ "model": model, "prompt": "a fox" }), more);
    let newest = |more| of("MiniMax-Hailuo-2.3", more);
    let old = |more| of("MiniMax-Hailuo-02", more);
    let address = "https://example.com/a.png";
    let data = |width, height| format!("data:image/jpeg;base64,{}", picture(width, height));
    let subject = json!({ "subject_reference": [{ "type": "character", "image": [address] }] });
    let cases = [
        (newest(json!({})), 0),
        (newest(json!({ "unheard": 1 })), 0),
        (newest(json!({ "duration": 10 })), 0),
        (newest(json!({ "duration": "6" })), 2013),
        (newest(json!({ "duration": 8 })), 2013),
        (newest(json!({ "resolution": "1080P" })), 0),
        (newest(json!({ "resolution": "1080P", "duration": 10 })), 2013),
        (newest(json!({ "resolution": "768p" })), 2013),
        (newest(json!({ "resolution": "512P", "first_frame_image": address })), 2013),
        (newest(json!({ "prompt": "" })), 2013),
        (newest(json!({ "prompt": "a".repeat(2001) })), 2013),
        (newest(json!({ "prompt_optimizer": false, "fast_pretreatment": true })), 0),
        (newest(json!({ "prompt_optimizer": "false" })), 2013),
        (newest(json!({ "last_frame_image": address })), 2013),
        (newest(json!({ "prompt": "", "first_frame_image": address })), 0),
        (newest(json!({ "first_frame_image": data(400, 400) })), 0),
        (newest(json!({ "first_frame_image": data(300, 400) })), 2013),
        (newest(json!({ "first_frame_image": data(400, 1200) })), 2013),
        (newest(json!({ "first_frame_image": picture(400, 400) })), 2013),
        (newest(json!({ "first_frame_image": "data:image/png;base64,AAAA" })), 2013),
        (newest(subject.clone()), 2013),
        (old(json!({ "resolution": "512P" })), 2013),
        (old(json!({ "resolution": "512P", "duration": 10, "first_frame_image": address })), 0),
        (old(json!({ "first_frame_image": address, "last_frame_image": address })), 0),
        (
            old(json!({ "first_frame_image": address, "last_frame_image": address, "resolution": "512P" })),
            2013,
        ),
        (
            old(
                json!({ "first_frame_image": address, "last_frame_image": address, "fast_pretreatment": true }),
            ),
            2013,
        ),
        (of("MiniMax-Hailuo-2.3-Fast", json!({})), 2013),
        (of("MiniMax-Hailuo-2.3-Fast", json!({ "first_frame_image": address })), 0),
        (of("I2V-01", json!({ "first_frame_image": address })), 0),
        (of("I2V-01", json!({ "first_frame_image": address, "duration": 10 })), 2013),
        (of("T2V-01", json!({ "first_frame_image": address })), 2013),
        (of("S2V-01", json!({})), 2013),
        (of("S2V-01", subject.clone()), 0),
        (of("S2V-01", with(subject, json!({ "duration": 6 }))), 2013),
        (of("MiniMax-Hailuo-9", json!({})), 2013),
        (newest(json!({ "callback_url": "nowhere" })), 2013),
        (newest(json!({ "callback_url": "http://127.0.0.1:1/" })), 2013),
    ];
    for (body, code) in cases {
        let answer = submit(&simulator, FIRST, &body).await;
        let told = answer.json();
        assert_eq!((answer.status, &told["base_resp"]["status_code"]), (200, &json!(code)), "{body}: {told}");
        assert_eq!(told["task_id"].is_string(), code == 0, "{body}");
    }
}

#[tokio::test]
async fn the_second_dialect_refuses_by_status() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "minimax_h3_active": 1000 })).await;
    let text = json!({ "type": "text", "text": "a fox" });
    let part = |kind: &str, role: Value| {
        let mut part = json!({ "type": kind, "role": role });
        part[kind] = json!({ "url": "https://example.com/a" });
        part
    };
    let image = |role: &str| part("image_url", json!(role));
    let of = |parts: Vec<Value>, more: Value| {
        let content: Vec<Value> = [text.clone()].into_iter().chain(parts).collect();
        with(json!({ "model": "MiniMax-H3", "content": content, "resolution": "768P", "duration": 6 }), more)
    };
    let wide = json!({ "ratio": "16:9" });
    let cases = [
        (of(vec![], wide.clone()), 200),
        (of(vec![], json!({})), 400),
        (of(vec![], json!({ "ratio": "adaptive" })), 400),
        (of(vec![], json!({ "ratio": "16:10" })), 400),
        (of(vec![], with(wide.clone(), json!({ "duration": "6" }))), 400),
        (of(vec![], with(wide.clone(), json!({ "duration": 3 }))), 400),
        (of(vec![], with(wide.clone(), json!({ "duration": null }))), 400),
        (of(vec![], with(wide.clone(), json!({ "resolution": "1080P" }))), 400),
        (of(vec![], with(wide.clone(), json!({ "extra": { "prompt_expansion_mode": "quality" } }))), 400),
        (of(vec![], with(wide.clone(), json!({ "model": "MiniMax-H3-Max" }))), 200),
        (
            of(
                vec![],
                with(
                    wide.clone(),
                    json!({ "model": "MiniMax-H3-Max", "extra": { "prompt_expansion_mode": "quality" } }),
                ),
            ),
            200,
        ),
        (of(vec![], with(wide.clone(), json!({ "model": "MiniMax-H3-Max", "duration": 4 }))), 400),
        (of(vec![part("image_url", Value::Null)], json!({})), 200),
        (of(vec![image("first_frame"), image("last_frame")], json!({})), 200),
        (of(vec![image("last_frame")], json!({})), 400),
        (of(vec![image("first_frame"), image("first_frame")], json!({})), 400),
        (of(vec![image("reference_image"), part("video_url", json!("reference_video"))], json!({})), 200),
        (of(vec![image("reference_image")], json!({ "model": "MiniMax-H3-Max" })), 400),
        (of(vec![image("reference_image"), image("first_frame")], json!({})), 400),
        (of(vec![image("reference_image"); 10], json!({})), 400),
        (of(vec![part("audio_url", json!("reference_audio")); 4], json!({})), 400),
        (of(vec![part("video_url", Value::Null)], json!({})), 400),
        (with(of(vec![], wide), json!({ "content": [image("first_frame")] })), 400),
    ];
    for (body, status) in cases {
        let answer = submit(&simulator, SECOND, &body).await;
        assert_eq!(answer.status, status, "{body}: {:?}", answer.body);
        let told = answer.json();
        if status == 400 {
            assert_eq!(
                (&told["type"], &told["error"]["type"]),
                (&json!("error"), &json!("bad_request_error"))
            );
            assert!(told["error"]["message"].as_str().unwrap().ends_with("(2013)"), "{told}");
        }
        assert!(told.get("base_resp").is_none());
    }
}

fn h3(prompt: &str) -> Value {
    json!({
        "model": "MiniMax-H3",
        "content": [{ "type": "text", "text": prompt }],
        "resolution": "768P",
        "duration": 4,
        "ratio": "9:16",
    })
}

#[tokio::test]
async fn tasks_of_the_second_dialect_are_told_listed_and_stopped() {
    let simulator = Simulator::start().await;
    let id = accepted(&simulator, SECOND, &h3("a fox")).await;
    let task = second_end(&simulator, &id).await;
    assert_eq!(
        (&task["model"], &task["duration"], &task["ratio"]),
        (&json!("MiniMax-H3"), &json!(4), &json!("9:16"))
    );
    assert_eq!(task["usage"], json!({ "total_seconds": 4, "input_seconds": 0, "output_seconds": 4 }));
    let clip = simulator.fetch(task["content"]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&clip.body);
    assert_eq!((facts.width, facts.height), (Some(768), Some(1366)));

    let slow = accepted(&simulator, SECOND, &h3("[vendor:slow:500]")).await;
    let list =
        async |query: &str| get(&simulator, &format!("/v2/query/video_generation?{query}")).await.json();
    assert_eq!(list("page_num=1&page_size=1").await["total"], 2);
    assert_eq!(list("filter.status=queued").await["items"][0]["id"], json!(slow));
    assert_eq!(list(&format!("filter.task_ids={id}&filter.task_ids={slow}")).await["total"], 2);
    assert_eq!(list("filter.model=MiniMax-H3-Max").await, json!({ "items": [], "total": 0 }));

    let stop = async |id: &str| simulator.call("DELETE", &format!("{SECOND}/{id}"), &[KEY], "").await;
    let stopped = json!({ "task_id": slow, "action": "cancelled", "status": "cancelled" });
    assert_eq!(stop(&slow).await.json(), stopped);
    assert_eq!(stop(&slow).await.status, 400);
    assert_eq!(stop(&id).await.json()["action"], "deleted");
    let gone = get(&simulator, &format!("/v2/query/video_generation/{id}")).await;
    assert_eq!((gone.status, &gone.json()["error"]["message"]), (400, &json!("invalid task_id (2013)")));
    let hung = accepted(&simulator, SECOND, &h3("[vendor:hang]")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(stop(&hung).await.status, 400, "it is at work");
    assert_eq!(simulator.counts("minimax")["cancels"], 4);
}

#[tokio::test]
async fn callers_have_to_tell_who_they_are() {
    let simulator = Simulator::start().await;
    let wrong = ("authorization", "Bearer wrong");
    let cases: [(Headers<'_>, u16, u16); 4] = [
        (&[JSON], 401, 401),
        (&[JSON, ("authorization", "sim-minimax-key")], 401, 401),
        (&[JSON, wrong], 200, 401),
        (&[KEY], 200, 400),
    ];
    for (headers, first, second) in cases {
        let order = r#"{"model":"MiniMax-Hailuo-02","prompt":"a fox"}"#;
        let answer = simulator.call("POST", FIRST, headers, order).await;
        assert_eq!(answer.status, first, "{headers:?}");
        assert_ne!(answer.json()["base_resp"]["status_code"], 0);
        let answer = simulator.call("POST", SECOND, headers, &h3("a fox").to_string()).await;
        assert_eq!(answer.status, second, "{headers:?}");
    }
    assert_eq!(simulator.counts("minimax")["submits_paid"], 0);
}

#[tokio::test]
async fn both_dialects_meet_faults() {
    let simulator = Simulator::start().await;
    for (word, first, second) in [
        ("busy", 1002, 429),
        ("500", 1000, 500),
        ("no-credit", 1008, 402),
        ("unauthorized", 1004, 401),
        ("moderate", 1026, 422),
    ] {
        let prompt = format!("[minimax:{word}]");
        let order = json!({ "model": "MiniMax-Hailuo-02", "prompt": prompt });
        let answer = submit(&simulator, FIRST, &order).await;
        assert_eq!(
            (answer.status, &answer.json()["base_resp"]["status_code"]),
            (200, &json!(first)),
            "{word}"
        );
        assert_eq!(
            submit(&simulator, SECOND, &h3(&format!("{prompt} again"))).await.status,
            second,
            "{word}"
        );
        assert_eq!(simulator.running.paid(&prompt), 0);
    }
    for (word, first, second) in [("fail", 0, "1000"), ("moderate-output", 1027, "1027")] {
        let prompt = format!("[minimax:{word}]");
        let order = json!({ "model": "MiniMax-Hailuo-02", "prompt": prompt });
        let told = first_end(&simulator, &accepted(&simulator, FIRST, &order).await).await;
        assert_eq!((&told["status"], &told["base_resp"]["status_code"]), (&json!("Fail"), &json!(first)));
        let task = second_end(&simulator, &accepted(&simulator, SECOND, &h3(&prompt)).await).await;
        assert_eq!((&task["status"], &task["error"]["code"]), (&json!("failed"), &json!(second)));
    }
    let order = json!({ "model": "MiniMax-Hailuo-02", "prompt": "[vendor:empty]" });
    let told = first_end(&simulator, &accepted(&simulator, FIRST, &order).await).await;
    assert_eq!((&told["status"], &told["file_id"]), (&json!("Success"), &json!("")));
}

#[tokio::test]
async fn a_client_that_returns_the_challenge_is_called_back() {
    let simulator = Simulator::start_at(20.0).await;
    let mut listener = Listener::start().await;
    let order = json!({ "model": "MiniMax-Hailuo-02", "prompt": "a fox", "callback_url": listener.url });
    let id = accepted(&simulator, FIRST, &order).await;
    assert!(listener.next().await.2["challenge"].is_string());
    for word in ["processing", "success"] {
        let told = listener.next().await.2;
        assert_eq!((&told["status"], &told["task_id"]), (&json!(word), &json!(id)));
    }
    assert!(listener.is_silent());
    let order = with(h3("a fox"), json!({ "callback_url": listener.url }));
    accepted(&simulator, SECOND, &order).await;
    assert!(listener.next().await.2["challenge"].is_string());
    for word in ["queued", "running", "succeeded"] {
        assert_eq!(listener.next().await.2["task"]["status"], word);
    }
}
