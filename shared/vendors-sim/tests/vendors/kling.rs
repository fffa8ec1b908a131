//! Kling.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture, take};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const KEY: (&str, &str) = ("authorization", "Bearer sim-kling-key");
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const TEXT: &str = "/kling/v1/videos/text2video";
const IMAGE: &str = "/kling/v1/videos/image2video";

pub(crate) async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, &[KEY, JSON], &body.to_string()).await
}

pub(crate) async fn accepted(simulator: &Simulator, path: &str, body: &Value) -> String {
    let answer = submit(simulator, path, body).await;
    assert_eq!((answer.status, &answer.json()["code"]), (200, &json!(0)), "{body}: {:?}", answer.body);
    answer.json()["data"]["task_id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, path: &str, id: &str) -> Answer {
    simulator.call("GET", &format!("{path}/{id}"), &[KEY], "").await
}

/// Polls until the task has ended.
pub(crate) async fn end(simulator: &Simulator, path: &str, id: &str) -> Value {
    for _ in 0..500 {
        let data = poll(simulator, path, id).await.json()["data"].clone();
        if ["succeed", "failed"].contains(&data["task_status"].as_str().unwrap()) {
            return data;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

/// The link to the result of a prompt.
async fn result(simulator: &Simulator, prompt: &str) -> String {
    let id = accepted(simulator, TEXT, &json!({ "prompt": prompt })).await;
    let data = end(simulator, TEXT, &id).await;
    data["task_result"]["videos"][0]["url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn text_becomes_a_clip() {
    let simulator = Simulator::start().await;
    let order = json!({
        "model_name": "kling-v1-6",
        "prompt": "a fox crosses a snowy bridge",
        "negative_prompt": "",
        "cfg_scale": 0.5,
        "mode": "std",
        "aspect_ratio": "9:16",
        "duration": "5",
        "external_task_id": "job_1",
    });
    let answer = submit(&simulator, TEXT, &order).await.json();
    assert_eq!(answer["message"], "SUCCEED");
    let data = &answer["data"];
    assert_eq!(data["task_status"], "submitted");
    assert_eq!(data["task_info"]["external_task_id"], "job_1");
    assert!(data["created_at"].as_u64().unwrap() > 1_500_000_000_000, "milliseconds");
    let id = data["task_id"].as_str().unwrap();
    assert!(id.len() == 18 && id.parse::<u64>().is_ok(), "{id}");

    let by_external_id = end(&simulator, TEXT, "job_1").await;
    assert_eq!(by_external_id["task_id"], id);
    let video = &by_external_id["task_result"]["videos"][0];
    assert_eq!(video["duration"], "5.1");
    let file = simulator.fetch(video["url"].as_str().unwrap()).await;
    assert_eq!(file.header("content-type"), "video/mp4");
    let (format, facts) = facts(&file.body);
    assert_eq!(format, Format::Mp4);
    assert_eq!((facts.width, facts.height), (Some(720), Some(1280)));
    assert!((facts.duration_seconds.unwrap() - 5.1).abs() < 0.05, "{facts:?}");

    let again = end(&simulator, TEXT, id).await;
    assert_eq!(again["task_result"]["videos"][0]["url"], video["url"]);
    assert_eq!(poll(&simulator, IMAGE, id).await.json()["code"], 1203, "the other family");
    assert_eq!(poll(&simulator, IMAGE, "job_1").await.json()["code"], 1203, "the other family");
    let twice =
        submit(&simulator, IMAGE, &json!({ "image": picture(300, 300), "external_task_id": "job_1" })).await;
    assert_eq!((twice.status, &twice.json()["code"]), (400, &json!(1201)));
    assert_eq!(simulator.running.paid("snowy bridge"), 1);
    let counts = simulator.counts("kling");
    assert_eq!(counts["submits_received"], 2);
    assert_eq!(counts["key_leaks"], 0);
}

#[tokio::test]
async fn a_picture_becomes_a_clip_of_its_form() {
    let simulator = Simulator::start().await;
    let order = json!({
        "model_name": "kling-v2-1",
        "image": picture(600, 600),
        "duration": "10",
        "aspect_ratio": "nonsense is ignored here",
    });
    let id = accepted(&simulator, IMAGE, &order).await;
    let data = end(&simulator, IMAGE, &id).await;
    let file = simulator.fetch(data["task_result"]["videos"][0]["url"].as_str().unwrap()).await;
    let (_, facts) = facts(&file.body);
    assert_eq!((facts.width, facts.height), (Some(720), Some(720)));
    assert!((facts.duration_seconds.unwrap() - 10.1).abs() < 0.05, "{facts:?}");
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "kling_active": 1000 })).await;
    let text = |more: Value| (TEXT, with(json!({ "prompt": "a fox" }), more));
    let image = |more: Value| (IMAGE, with(json!({ "image": "https://example.com/a.png" }), more));
    let tail = |more: Value| image(with(json!({ "image_tail": "https://example.com/b.png" }), more));
    let cases = [
        (text(json!({})), 0),
        (text(json!({ "model": "kling-v9", "unheard": 1 })), 0),
        (text(json!({ "duration": 5 })), 1201),
        (text(json!({ "duration": "7" })), 1201),
        (text(json!({ "duration": "7", "model_name": "kling-v3" })), 0),
        (text(json!({ "duration": "16", "model_name": "kling-v3" })), 1201),
        (text(json!({ "prompt": "" })), 1201),
        (text(json!({ "prompt": 5 })), 1201),
        (text(json!({ "prompt": "a".repeat(2501) })), 1201),
        (text(json!({ "negative_prompt": "a".repeat(2501) })), 1201),
        (text(json!({ "model_name": "kling-v9" })), 1203),
        (text(json!({ "model_name": "kling-v1-5" })), 1201),
        (text(json!({ "model_name": "kling-v3-omni" })), 1201),
        (text(json!({ "mode": "fast" })), 1201),
        (text(json!({ "mode": "4k" })), 1201),
        (text(json!({ "mode": "4k", "model_name": "kling-v3" })), 0),
        (text(json!({ "cfg_scale": 1.5 })), 1201),
        (text(json!({ "cfg_scale": 0.5, "model_name": "kling-v2-6" })), 0),
        (text(json!({ "cfg_scale": "0.5" })), 1201),
        (text(json!({ "aspect_ratio": "4:3" })), 1201),
        (text(json!({ "sound": "on" })), 1201),
        (text(json!({ "sound": "on", "model_name": "kling-v2-6" })), 1201),
        (text(json!({ "sound": "on", "model_name": "kling-v2-6", "mode": "pro" })), 0),
        (text(json!({ "sound": "on", "model_name": "kling-v3" })), 0),
        (text(json!({ "sound": true, "model_name": "kling-v3" })), 1201),
        (text(json!({ "callback_url": "nowhere" })), 1201),
        (text(json!({ "camera_control": { "type": "down_back" } })), 0),
        (text(json!({ "camera_control": { "type": "down_back" }, "duration": "10" })), 1201),
        (text(json!({ "camera_control": { "type": "simple", "config": { "pan": 3 } } })), 0),
        (text(json!({ "camera_control": { "type": "simple", "config": { "pan": 3, "tilt": 1 } } })), 1201),
        (text(json!({ "camera_control": { "type": "simple", "config": { "pan": 11 } } })), 1201),
        (text(json!({ "multi_shot": true, "shot_type": "customize" })), 1201),
        (text(shots("3", "2")), 0),
        (text(shots("3", "3")), 1201),
        ((IMAGE, json!({ "prompt": "no picture" })), 1201),
        (image(json!({})), 0),
        (image(json!({ "image": "data:image/png;base64,AAAA" })), 1201),
        (image(json!({ "image": picture(300, 200) })), 1201),
        (image(json!({ "image": picture(300, 800) })), 1201),
        (image(json!({ "model_name": "kling-v1-5" })), 0),
        (tail(json!({})), 0),
        (tail(json!({ "duration": "10" })), 1201),
        (tail(json!({ "model_name": "kling-v1-6" })), 1201),
        (tail(json!({ "model_name": "kling-v1-6", "mode": "pro" })), 0),
        (tail(json!({ "model_name": "kling-v2-master", "mode": "pro" })), 1201),
        (tail(json!({ "model_name": "kling-v2-6", "mode": "pro", "sound": "on" })), 1201),
        (tail(json!({ "model_name": "kling-v3" })), 0),
        (tail(json!({ "static_mask": "https://example.com/m.png" })), 1201),
        (
            image(
                json!({ "dynamic_masks": [{ "mask": "https://example.com/m.png", "trajectories": [{ "x": 1, "y": 2 }] }] }),
            ),
            1201,
        ),
        (image(json!({ "voice_list": [{ "voice_id": "a" }] })), 1201),
        (image(json!({ "element_list": [{ "element_id": 1 }], "model_name": "kling-v3" })), 0),
        (image(json!({ "element_list": [{ "element_id": "1" }], "model_name": "kling-v3" })), 1201),
    ];
    for ((path, body), code) in cases {
        let answer = submit(&simulator, path, &body).await;
        let status = match code {
            0 => 200,
            1203 => 404,
            _ => 400,
        };
        let answer = (answer.status, answer.json());
        assert_eq!((answer.0, &answer.1["code"]), (status, &json!(code)), "{path} {body}: {answer:?}");
        assert!(answer.1["request_id"].is_string());
    }
}

pub(crate) fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn shots(first: &str, second: &str) -> Value {
    json!({
        "model_name": "kling-v3",
        "multi_shot": true,
        "shot_type": "customize",
        "multi_prompt": [
            { "index": 1, "prompt": "a fox", "duration": first },
            { "index": 2, "prompt": "a bridge", "duration": second },
        ],
    })
}

#[tokio::test]
async fn callers_have_to_tell_who_they_are() {
    let simulator = Simulator::start().await;
    let cases: [(Headers<'_>, u16, u16); 5] = [
        (&[JSON], 401, 1001),
        (&[JSON, ("authorization", "sim-kling-key")], 401, 1000),
        (&[JSON, ("authorization", "Bearer wrong")], 401, 1002),
        (&[KEY], 400, 1201),
        (&[KEY, ("content-type", "text/plain")], 400, 1201),
    ];
    for (headers, status, code) in cases {
        let answer = simulator.call("POST", TEXT, headers, r#"{"prompt":"a fox"}"#).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{headers:?}");
    }
    assert_eq!(simulator.call("GET", &format!("{TEXT}/1"), &[], "").await.status, 401);
    assert_eq!(simulator.call("GET", TEXT, &[], "").await.status, 401);
    assert_eq!(simulator.call("GET", "/kling/nothing", &[], "").await.status, 401);
    let counts = simulator.counts("kling");
    assert_eq!((&counts["submits_received"], &counts["submits_paid"]), (&json!(5), &json!(0)));
    assert_eq!(counts["refused"]["401 1001"], 4);
}

#[tokio::test]
async fn lists_paths_and_methods() {
    let simulator = Simulator::start().await;
    for number in 0..3 {
        accepted(&simulator, TEXT, &json!({ "prompt": format!("fox {number}") })).await;
    }
    let page = simulator.call("GET", &format!("{TEXT}?pageNum=2&pageSize=2"), &[KEY], "").await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    for (method, path, status, code) in [
        ("GET", format!("{TEXT}?pageSize=501"), 400, 1201),
        ("DELETE", format!("{TEXT}/1"), 404, 1202),
        ("PUT", TEXT.to_owned(), 404, 1202),
        ("POST", "/kling/v1/videos/nothing".to_owned(), 404, 1203),
    ] {
        let answer = simulator.call(method, &path, &[KEY], "").await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{method} {path}");
    }
    assert_eq!(simulator.counts("kling")["cancels"], 1);
}

#[tokio::test]
async fn an_account_has_so_many_places() {
    let simulator = Simulator::start().await;
    for number in 0..20 {
        accepted(&simulator, TEXT, &json!({ "prompt": format!("[vendor:hang] {number}") })).await;
    }
    let answer = submit(&simulator, TEXT, &json!({ "prompt": "one more" })).await;
    assert_eq!((answer.status, &answer.json()["code"]), (429, &json!(1303)));
    assert_eq!(simulator.running.paid("one more"), 0);
    simulator.running.reset();
    accepted(&simulator, TEXT, &json!({ "prompt": "one more" })).await;
}

#[tokio::test]
async fn submits_meet_faults() {
    let simulator = Simulator::start().await;
    for (prompt, answers) in [
        ("[vendor:busy:2]", [(429, 1303), (429, 1303), (200, 0)]),
        ("[kling:500]", [(500, 5000), (200, 0), (200, 0)]),
        ("[vendor:no-credit]", [(429, 1102), (200, 0), (200, 0)]),
        ("[vendor:unauthorized]", [(401, 1002), (200, 0), (200, 0)]),
        ("[vendor:moderate]", [(400, 1301), (400, 1301), (400, 1301)]),
        ("[bfl:busy]", [(200, 0), (200, 0), (200, 0)]),
    ] {
        for (status, code) in answers {
            let answer = submit(&simulator, TEXT, &json!({ "prompt": prompt })).await;
            assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{prompt}");
        }
        let paid = answers.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!(simulator.running.paid(prompt), paid, "{prompt}");
    }
}

#[tokio::test]
async fn a_lost_answer_can_be_found_again() {
    let simulator = Simulator::start().await;
    let order = json!({ "prompt": "[vendor:lost] a fox", "external_task_id": "job_2" }).to_string();
    simulator.open("POST", TEXT, &[KEY, JSON], order.clone()).await.unwrap_err();
    assert_eq!(simulator.running.paid("[vendor:lost] a fox"), 1);
    assert_eq!(end(&simulator, TEXT, "job_2").await["task_status"], "succeed");
    assert_eq!(simulator.call("POST", TEXT, &[KEY, JSON], &order).await.status, 400);
    assert_eq!(simulator.running.paid("[vendor:lost] a fox"), 1);
}

#[tokio::test]
async fn tasks_meet_faults() {
    let simulator = Simulator::start().await;
    for (prompt, status, word) in [
        ("[vendor:fail]", "failed", "Generation failed"),
        ("[vendor:moderate-output]", "failed", "risk control"),
        ("[vendor:empty]", "succeed", ""),
        ("[vendor:unknown-state]", "succeed", ""),
    ] {
        let id = accepted(&simulator, TEXT, &json!({ "prompt": prompt })).await;
        let data = end(&simulator, TEXT, &id).await;
        assert_eq!(data["task_status"], status, "{prompt}");
        assert!(data["task_status_msg"].as_str().unwrap().contains(word), "{prompt}");
        if prompt == "[vendor:empty]" {
            assert_eq!(data["task_result"]["videos"], json!([]));
        }
    }
    let id = accepted(
        &simulator,
        TEXT,
        &json!({ "prompt": "[vendor:garbage:2] [vendor:late] [vendor:poll-500:3]" }),
    )
    .await;
    let late = poll(&simulator, TEXT, &id).await;
    assert_eq!((late.status, &late.json()["code"]), (404, &json!(1203)));
    let garbage = poll(&simulator, TEXT, &id).await;
    assert_eq!((garbage.status, garbage.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(poll(&simulator, TEXT, &id).await.status, 500);
    assert_eq!(end(&simulator, TEXT, &id).await["task_status"], "succeed");
}

#[tokio::test]
async fn states_follow_each_other() {
    let simulator = Simulator::start_at(0.01).await;
    let state = async |prompt: &str| {
        let id = accepted(&simulator, TEXT, &json!({ "prompt": prompt })).await;
        let data = poll(&simulator, TEXT, &id).await.json()["data"].clone();
        assert!(data["task_result"].is_null());
        data["task_status"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("slow by speed").await, "submitted");
    simulator.control("/settings", &json!({ "speed": 1000 })).await;
    assert_eq!(state("[vendor:slow:500]").await, "submitted");
    let id = accepted(&simulator, TEXT, &json!({ "prompt": "[vendor:hang] [vendor:unknown-state]" })).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let data = poll(&simulator, TEXT, &id).await.json()["data"].clone();
    assert_eq!(data["task_status"], "rehearsing");
}

#[tokio::test]
async fn files_meet_faults() {
    let simulator = Simulator::start().await;
    let dead = simulator.fetch(&result(&simulator, "[vendor:badlink]").await).await;
    assert_eq!(dead.status, 404);
    let page = simulator.fetch(&result(&simulator, "[vendor:html-file]").await).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let away = simulator.fetch(&result(&simulator, "[vendor:redirect]").await).await;
    assert_eq!((away.status, away.header("location")), (302, "http://169.254.169.254/latest/meta-data/"));

    let stalled = simulator.open("GET", &result(&simulator, "[vendor:stall]").await, &[], "").await.unwrap();
    let length: usize = stalled.headers()["content-length"].to_str().unwrap().parse().unwrap();
    let mut body = stalled.into_body();
    assert_eq!(take(&mut body, length / 2).await, length / 2);
    let more = tokio::time::timeout(Duration::from_millis(50), take(&mut body, 1)).await;
    assert!(more.is_err(), "nothing more comes, and no end either");

    let huge = simulator.open("GET", &result(&simulator, "[vendor:huge]").await, &[], "").await.unwrap();
    assert!(!huge.headers().contains_key("content-length"));
    assert!(take(&mut huge.into_body(), 20_000_000).await >= 20_000_000);
}

#[tokio::test]
async fn changes_are_called_back() {
    let simulator = Simulator::start_at(20.0).await;
    let mut listener = Listener::start().await;
    let order = json!({ "prompt": "a fox [vendor:callback-twice]", "callback_url": listener.url });
    let id = accepted(&simulator, TEXT, &order).await;
    let mut told = Vec::new();
    for _ in 0..4 {
        let (_, _, task) = listener.next().await;
        assert_eq!(task["task_id"], id);
        told.push(task["task_status"].as_str().unwrap().to_owned());
    }
    assert_eq!(told, ["submitted", "processing", "succeed", "succeed"]);
    let silent = json!({ "prompt": "a fox [vendor:no-callback]", "callback_url": listener.url });
    let id = accepted(&simulator, TEXT, &silent).await;
    end(&simulator, TEXT, &id).await;
    assert!(listener.is_silent());
    assert_eq!(simulator.counts("kling")["callbacks"], 4);
}
