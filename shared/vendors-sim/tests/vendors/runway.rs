//! Runway.

use crate::client::{Answer, Headers, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Bearer sim-runway-key");
const VERSION: (&str, &str) = ("x-runway-version", "2024-11-06");
const JSON: (&str, &str) = ("content-type", "application/json");
const ALL: Headers<'static> = &[KEY, VERSION, JSON];
const TEXT: &str = "/runway/v1/text_to_video";
const IMAGE: &str = "/runway/v1/image_to_video";

fn text(prompt: &str) -> Value {
    json!({ "model": "gen4.5", "promptText": prompt, "ratio": "1280:720", "duration": 5 })
}

fn image(uri: &str) -> Value {
    json!({ "model": "gen4_turbo", "promptImage": uri, "ratio": "960:960" })
}

/// The order with some fields more, or without them if they are `"-"`.
fn with(mut order: Value, more: Value) -> Value {
    let fields = order.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        if value == "-" {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    order
}

fn data_uri() -> String {
    format!("data:image/png;base64,{}", picture(64, 64))
}

async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, ALL, &body.to_string()).await
}

async fn accepted(simulator: &Simulator, path: &str, body: &Value) -> String {
    let answer = submit(simulator, path, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("/runway/v1/tasks/{id}"), ALL, "").await
}

async fn delete(simulator: &Simulator, id: &str) -> u16 {
    simulator.call("DELETE", &format!("/runway/v1/tasks/{id}"), ALL, "").await.status
}

async fn balance(simulator: &Simulator) -> i64 {
    let told = simulator.call("GET", "/runway/v1/organization", ALL, "").await.json();
    told["creditBalance"].as_i64().unwrap()
}

/// Polls until the task has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let task = poll(simulator, id).await.json();
        if ["SUCCEEDED", "FAILED"].contains(&task["status"].as_str().unwrap()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

#[tokio::test]
async fn text_becomes_a_silent_clip() {
    let simulator = Simulator::start().await;
    let before = balance(&simulator).await;
    let order = with(text("a fox crosses a snowy bridge"), json!({ "ratio": "720:1280", "duration": 3 }));
    let answer = submit(&simulator, TEXT, &order).await.json();
    assert_eq!(answer["estimatedCost"]["credits"], 36);
    let task = end(&simulator, answer["id"].as_str().unwrap()).await;
    assert_eq!((&task["status"], &task["cost"]["credits"]), (&json!("SUCCEEDED"), &json!(36)));
    let file = simulator.fetch(task["output"][0].as_str().unwrap()).await;
    let (format, facts) = facts(&file.body);
    assert_eq!(format, Format::Mp4);
    assert_eq!((facts.width, facts.height), (Some(720), Some(1280)));
    assert!((facts.duration_seconds.unwrap() - 3.0).abs() < 0.05, "{facts:?}");
    assert_eq!(balance(&simulator).await, before - 36);
    assert_eq!(simulator.running.paid("snowy bridge"), 1);
}

#[tokio::test]
async fn pictures_come_in_four_ways() {
    let simulator = Simulator::start_at(20.0).await;
    let place = simulator
        .call("POST", "/runway/v1/uploads", ALL, r#"{"filename":"a.png","type":"ephemeral"}"#)
        .await
        .json();
    let handle = place["runwayUri"].as_str().unwrap();
    let form = |signature: &str| {
        format!(
            "--b\r\ncontent-disposition: form-data; name=\"signature\"\r\n\r\n{signature}\r\n--b\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n"
        )
    };
    let png = media::picture(
        &media::PictureSpec { text: "", width: 64, height: 64, seed: 1 },
        media::PictureFormat::Png,
    );
    for (signature, expected) in [("wrong", 403), (place["fields"]["signature"].as_str().unwrap(), 204)] {
        let body = [form(signature).as_bytes(), &png, b"\r\n--b--\r\n"].concat();
        let kind = [("content-type", "multipart/form-data; boundary=b")];
        let url = place["uploadUrl"].as_str().unwrap();
        assert_eq!(simulator.open("POST", url, &kind, body).await.unwrap().status(), expected, "{signature}");
    }
    let listed = json!([{ "uri": data_uri(), "position": "first" }]);
    let not_a_picture = "data:image/png;base64,bm90IGEgcGljdHVyZQ==";
    // Nothing but a health check is to be had there, and it is no picture.
    let health = format!("{}/health", simulator.running.url());
    for (uri, expected) in [
        (json!("https://example.com/a.png"), "SUCCEEDED"),
        (json!(data_uri()), "SUCCEEDED"),
        (listed, "SUCCEEDED"),
        (json!(handle), "SUCCEEDED"),
        (json!("runway://unheard-of"), "FAILED"),
        (json!(not_a_picture), "FAILED"),
        (json!(health), "FAILED"),
    ] {
        let id = accepted(&simulator, IMAGE, &with(image(""), json!({ "promptImage": uri }))).await;
        let task = end(&simulator, &id).await;
        assert_eq!(task["status"], expected, "{uri}");
        if expected == "FAILED" {
            assert_eq!(
                (&task["failureCode"], &task["cost"]["credits"]),
                (&json!("ASSET.INVALID"), &json!(0))
            );
        }
    }
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let url = "https://example.com/a.png";
    let picture = |more: Value| (IMAGE, with(image(url), more));
    let newer = |more: Value| (IMAGE, with(with(image(url), text("a fox")), more));
    let text = |more: Value| (TEXT, with(text("a fox"), more));
    let long = "🦊".repeat(500);
    let cases = [
        (text(json!({})), ""),
        (text(json!({ "promptText": long })), ""),
        (text(json!({ "promptText": format!("{long}x") })), "promptText"),
        (text(json!({ "promptText": "" })), "promptText"),
        (text(json!({ "promptText": "-" })), "promptText"),
        (text(json!({ "promptText": 5 })), "promptText"),
        (text(json!({ "promptText": null })), "promptText"),
        (text(json!({ "duration": "-" })), "duration"),
        (text(json!({ "duration": "5" })), "duration"),
        (text(json!({ "duration": 2.5 })), "duration"),
        (text(json!({ "duration": 1 })), "duration"),
        (text(json!({ "duration": 11 })), "duration"),
        (text(json!({ "ratio": "-" })), "ratio"),
        (text(json!({ "ratio": "16:9" })), "ratio"),
        (text(json!({ "ratio": "960:960" })), "ratio"),
        (text(json!({ "seed": -1 })), "seed"),
        (text(json!({ "seed": 4_294_967_295_u32 })), ""),
        (text(json!({ "seed": 4_294_967_296_u64 })), "seed"),
        (text(json!({ "model": "gen4_turbo" })), "model"),
        (text(json!({ "model": "gen-9" })), "model"),
        (text(json!({ "model": "-" })), "model"),
        (text(json!({ "promptImage": url })), "unrecognized_keys"),
        (text(json!({ "sound": true })), "unrecognized_keys"),
        (text(json!({ "contentModeration": { "publicFigureThreshold": "low" } })), ""),
        (text(json!({ "contentModeration": { "publicFigureThreshold": "none" } })), "contentModeration"),
        (text(json!({ "outputFormat": "mp4" })), ""),
        (text(json!({ "outputFormat": "gif" })), "outputFormat"),
        (picture(json!({})), ""),
        (picture(json!({ "promptText": "she smiles", "duration": 10 })), ""),
        (picture(json!({ "promptText": "" })), "promptText"),
        (picture(json!({ "outputFormat": "mp4" })), "unrecognized_keys"),
        (picture(json!({ "model": "gen3a_turbo" })), "model"),
        (picture(json!({ "promptImage": "-" })), "promptImage"),
        (picture(json!({ "promptImage": "http://example.com/a.png" })), "promptImage"),
        (picture(json!({ "promptImage": "https://192.0.2.1/a.png" })), "promptImage"),
        (picture(json!({ "promptImage": "data:image/gif;base64,AAAA" })), "promptImage"),
        (picture(json!({ "promptImage": "a.png" })), "promptImage"),
        (picture(json!({ "promptImage": [{ "uri": url, "position": "last" }] })), "promptImage"),
        (picture(json!({ "promptImage": [] })), "promptImage"),
        (newer(json!({ "ratio": "1584:672" })), ""),
        (newer(json!({ "promptText": "-" })), "promptText"),
        (newer(json!({ "duration": "-" })), "duration"),
    ];
    for ((path, body), expected) in cases {
        let answer = submit(&simulator, path, &body).await;
        if expected.is_empty() {
            assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
            continue;
        }
        let told = answer.json();
        assert_eq!((answer.status, &told["error"]), (400, &json!("Validation of body failed")), "{body}");
        let issue = &told["issues"][0];
        assert!(issue["path"][0] == expected || issue["code"] == expected, "{body}: {told}");
    }
    let all = submit(&simulator, TEXT, &json!({ "model": "gen4.5" })).await.json();
    assert_eq!(all["issues"].as_array().unwrap().len(), 3, "{all}");
    assert_eq!(submit(&simulator, TEXT, &json!([])).await.status, 400);
}

#[tokio::test]
async fn calls_need_a_key_a_version_and_a_path() {
    let simulator = Simulator::start().await;
    let cases: [(&str, &str, Headers<'_>, u16); 8] = [
        ("POST", TEXT, &[VERSION, JSON], 401),
        ("POST", TEXT, &[("authorization", "Bearer other"), VERSION, JSON], 401),
        ("POST", TEXT, &[KEY, JSON], 400),
        ("GET", "/runway/v1/tasks/x", &[KEY], 400),
        ("GET", "/runway/v1/tasks/x", ALL, 404),
        ("DELETE", "/runway/v1/tasks/x", ALL, 404),
        ("GET", TEXT, ALL, 405),
        ("GET", "/runway/v1/unheard", ALL, 404),
    ];
    for (method, path, headers, expected) in cases {
        let answer = simulator.call(method, path, headers, &text("a fox").to_string()).await;
        assert_eq!(answer.status, expected, "{method} {path} {headers:?}");
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(simulator.counts("runway")["refused"]["401"], 2);
    assert_eq!(simulator.running.paid(""), 0);
}

#[tokio::test]
async fn a_delete_stops_a_task_and_destroys_an_output() {
    let simulator = Simulator::start_at(2.0).await;
    let before = balance(&simulator).await;
    let waiting = accepted(&simulator, TEXT, &text("a letter")).await;
    assert_eq!(poll(&simulator, &waiting).await.json()["status"], "PENDING");
    assert_eq!(delete(&simulator, &waiting).await, 204);
    assert_eq!((poll(&simulator, &waiting).await.status, delete(&simulator, &waiting).await), (404, 404));
    assert_eq!(balance(&simulator).await, before, "what only waited is given back");

    simulator.control("/settings", &json!({ "speed": 1000 })).await;
    let id = accepted(&simulator, TEXT, &text("a fox")).await;
    let link = end(&simulator, &id).await["output"][0].as_str().unwrap().to_owned();
    assert_eq!(simulator.fetch(&link).await.status, 200);
    assert_eq!(delete(&simulator, &id).await, 204);
    assert_eq!((poll(&simulator, &id).await.status, simulator.fetch(&link).await.status), (404, 404));
    assert_eq!(balance(&simulator).await, before - 60, "what was made is paid");
    assert_eq!(simulator.counts("runway")["cancels"], 3);
}

#[tokio::test]
async fn tasks_over_the_limit_are_held_back() {
    let simulator = Simulator::start_at(10.0).await;
    simulator.control("/settings", &json!({ "runway_active": 1 })).await;
    let first = accepted(&simulator, TEXT, &text("one")).await;
    let second = accepted(&simulator, TEXT, &text("two")).await;
    assert_eq!(poll(&simulator, &second).await.json()["status"], "THROTTLED");
    assert_eq!(end(&simulator, &first).await["status"], "SUCCEEDED");
    assert_eq!(end(&simulator, &second).await["status"], "SUCCEEDED");
}

#[tokio::test]
async fn faults_come_as_the_vendor_tells_them() {
    let simulator = Simulator::start().await;
    for (word, status, words) in [
        ("busy", 429, "daily limit"),
        ("500", 500, "Internal"),
        ("no-credit", 400, "enough credits"),
        ("unauthorized", 401, "key"),
    ] {
        let answer = submit(&simulator, TEXT, &text(&format!("[vendor:{word}] a fox"))).await;
        assert_eq!(answer.status, status, "{word}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{word}: {answer:?}");
    }
    for (word, code, credits) in [
        ("fail", "INTERNAL.BAD_OUTPUT.CODE01", 0),
        ("moderate", "SAFETY.INPUT.TEXT", 60),
        ("moderate-output", "SAFETY.OUTPUT.VIDEO", 60),
    ] {
        let id = accepted(&simulator, TEXT, &text(&format!("[runway:{word}] a fox"))).await;
        let task = end(&simulator, &id).await;
        assert_eq!(
            (&task["failureCode"], &task["cost"]["credits"]),
            (&json!(code), &json!(credits)),
            "{word}"
        );
    }
    let id = accepted(&simulator, TEXT, &text("[vendor:late] [vendor:empty] a fox")).await;
    assert_eq!(poll(&simulator, &id).await.status, 404);
    assert_eq!(end(&simulator, &id).await["output"], json!([]));
}
