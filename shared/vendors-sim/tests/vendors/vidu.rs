//! Vidu.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use media::Format;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

const ALL: Headers<'static> =
    &[("authorization", "Token sim-vidu-key"), ("content-type", "application/json")];
const FOX: &str = "https://example.com/fox.png";

async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", &format!("/vidu/ent/v2/{path}"), ALL, &body.to_string()).await
}

async fn accepted(simulator: &Simulator, path: &str, body: &Value) -> String {
    let answer = submit(simulator, path, body).await;
    assert_eq!(
        (answer.status, &answer.json()["state"]),
        (200, &json!("created")),
        "{body}: {:?}",
        answer.body
    );
    answer.json()["task_id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("/vidu/ent/v2/tasks/{id}/creations"), ALL, "").await
}

/// Polls until the task has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let task = poll(simulator, id).await.json();
        if ["success", "failed"].contains(&task["state"].as_str().unwrap_or_default()) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

fn text(prompt: &str) -> Value {
    json!({ "model": "viduq2", "prompt": prompt, "duration": 2, "resolution": "540p" })
}

fn data_link(width: u32, height: u32) -> String {
    format!("data:image/png;base64,{}", picture(width, height))
}

#[tokio::test]
async fn clips_are_as_they_were_ordered() {
    let simulator = Simulator::start().await;
    for (path, order, size, seconds) in [
        (
            "text2video",
            json!({ "model": "viduq2", "prompt": "a fox", "aspect_ratio": "3:4", "duration": 1 }),
            (720, 960),
            1.0,
        ),
        (
            "text2video",
            json!({ "model": "viduq1", "prompt": "a fox", "style": "anime", "aspect_ratio": "1:1" }),
            (1080, 1080),
            5.0,
        ),
        (
            "text2video",
            json!({ "model": "viduq3-pro", "prompt": "a fox", "duration": 3, "audio": false }),
            (1280, 720),
            3.0,
        ),
        (
            "img2video",
            json!({ "model": "viduq2-turbo", "images": [data_link(300, 600)], "duration": 2, "resolution": "540p" }),
            (540, 1080),
            2.0,
        ),
        (
            "start-end2video",
            json!({ "model": "viduq2-pro", "images": [FOX, FOX], "duration": 2 }),
            (1280, 720),
            2.0,
        ),
        (
            "reference2video",
            json!({ "model": "viduq2", "prompt": "a fox", "images": [FOX], "duration": 2, "aspect_ratio": "21:9", "resolution": "540p" }),
            (1260, 540),
            2.0,
        ),
        (
            "reference2video",
            json!({ "model": "vidu2.0", "prompt": "a fox", "images": [FOX] }),
            (640, 360),
            4.0,
        ),
    ] {
        let id = accepted(&simulator, path, &order).await;
        let task = end(&simulator, &id).await;
        let file = simulator.fetch(task["creations"][0]["url"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width.zip(facts.height)), (Format::Mp4, Some(size)), "{order}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.05, "{order}: {facts:?}");
    }
    assert_eq!(simulator.counts("vidu")["key_leaks"], 0);
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let (gone, page) =
        (format!("{}/nowhere.png", simulator.running.url()), format!("{}/health", simulator.running.url()));
    let text = |more: Value| ("text2video", with(text("a fox"), more));
    let image = |more: Value| {
        ("img2video", with(json!({ "model": "viduq2-pro", "images": [FOX], "duration": 2 }), more))
    };
    let ends = |more: Value| ("start-end2video", image(more).1);
    let references = |more: Value| {
        ("reference2video", with(json!({ "model": "viduq2-pro", "prompt": "a fox", "images": [FOX] }), more))
    };
    let cases = [
        (text(json!({})), ""),
        (text(json!({ "model": null })), "FieldLacking"),
        (text(json!({ "model": "viduq9" })), "FieldInvalid"),
        (text(json!({ "model": "viduq2-turbo" })), "FieldInvalid"),
        (text(json!({ "duration": "2" })), "FieldInvalid"),
        (text(json!({ "duration": 11 })), "FieldInvalid"),
        (text(json!({ "seed": -1 })), "FieldInvalid"),
        (text(json!({ "resolution": "4k" })), "FieldInvalid"),
        (text(json!({ "aspect_ratio": "21:9" })), "FieldInvalid"),
        (text(json!({ "prompt": null })), "FieldLacking"),
        (text(json!({ "prompt": null, "is_rec": true })), ""),
        (text(json!({ "prompt": "a".repeat(5001) })), "FieldInvalid"),
        (text(json!({ "style": "anime" })), "FieldUnwanted"),
        (text(json!({ "images": [FOX] })), "FieldUnwanted"),
        (text(json!({ "audio": "on" })), "FieldInvalid"),
        (text(json!({ "wm_position": 5 })), "FieldInvalid"),
        (text(json!({ "movement_amplitude": "huge" })), "FieldInvalid"),
        (text(json!({ "callback_url": "here" })), "FieldInvalid"),
        (text(json!({ "model": "viduq3-pro", "bgm": true })), "FieldUnwanted"),
        (image(json!({ "images": null })), "FieldLacking"),
        (image(json!({ "images": [FOX, FOX] })), "FieldItemCountOutOfRange"),
        (image(json!({ "images": [picture(300, 300)] })), "FieldInvalid"),
        (image(json!({ "images": [data_link(900, 200)] })), "PageSizeOutOfRange"),
        (image(json!({ "images": [gone] })), "ImageDownloadFailure"),
        (image(json!({ "images": [page] })), "ImageFormatInvalid"),
        (image(json!({ "aspect_ratio": "16:9" })), "FieldUnwanted"),
        (image(json!({ "subjects": [] })), "FieldUnwanted"),
        (ends(json!({ "images": [FOX] })), "FieldItemCountOutOfRange"),
        (ends(json!({ "images": [data_link(300, 300), data_link(600, 300)] })), "PageSizeOutOfRange"),
        (ends(json!({ "images": [FOX, FOX], "duration": 9 })), "FieldInvalid"),
        (references(json!({ "images": vec![FOX; 8] })), "FieldItemCountOutOfRange"),
        (references(json!({ "images": null })), "FieldLacking"),
        (references(json!({ "images": [data_link(100, 300)] })), "PageSizeOutOfRange"),
        (references(json!({ "videos": [FOX], "images": vec![FOX; 5] })), "FieldItemCountOutOfRange"),
        (references(json!({ "videos": [FOX] })), ""),
        (references(json!({ "model": "viduq2", "videos": [FOX] })), "FieldUnwanted"),
        (references(json!({ "images": null, "subjects": [{ "name": "fox", "images": [FOX] }] })), ""),
        (references(json!({ "images": null, "subjects": [{ "images": [FOX] }] })), "FieldLacking"),
        (references(json!({ "model": "viduq3", "duration": 2 })), "FieldInvalid"),
    ];
    for ((path, body), expected) in cases {
        let answer = submit(&simulator, path, &body).await;
        let told = answer.json();
        assert_eq!(told["reason"].as_str().unwrap_or_default(), expected, "{path} {body}: {told}");
        assert_eq!(answer.status, if expected.is_empty() { 200 } else { 400 });
    }
}

/// The order with some fields more; those with `null` count as absent.
fn with(mut order: Value, more: Value) -> Value {
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order
}

#[tokio::test]
async fn words_in_the_prompt_bring_faults() {
    let simulator = Simulator::start().await;
    for (word, status, reason) in [
        ("busy", 429, "QuotaExceeded"),
        ("500", 500, "InternalServiceFailure"),
        ("unauthorized", 401, "Unauthorized"),
        ("no-credit", 400, "CreditInsufficient"),
    ] {
        let order = text(&format!("a fox [vidu:{word}]"));
        let answer = submit(&simulator, "text2video", &order).await;
        assert_eq!((answer.status, &answer.json()["reason"]), (status, &json!(reason)));
        accepted(&simulator, "text2video", &order).await;
    }
    let moderated = submit(&simulator, "text2video", &text("[vidu:moderate]")).await;
    assert_eq!(moderated.json()["reason"], "AuditSubmitIllegal");
    let order = text("a lost fox [vidu:lost]").to_string();
    assert!(simulator.open("POST", "/vidu/ent/v2/text2video", ALL, order).await.is_err());
    assert_eq!(simulator.running.paid("a lost fox"), 1);
    for (word, state, reason) in [
        ("fail", "failed", "InternalServiceFailure"),
        ("moderate-output", "failed", "CreationPolicyViolation"),
        ("empty", "success", ""),
    ] {
        let id = accepted(&simulator, "text2video", &text(&format!("[vidu:{word}]"))).await;
        let task = end(&simulator, &id).await;
        assert_eq!((task["state"].as_str(), task["err_code"].as_str()), (Some(state), Some(reason)));
        assert_eq!(task["creations"], json!([]), "{word}");
    }
    let id = accepted(&simulator, "text2video", &text("[vidu:late]")).await;
    assert_eq!(poll(&simulator, &id).await.json()["reason"], "TaskNotFound");
    let id = accepted(&simulator, "text2video", &text("[vidu:unknown-state] [vidu:hang]")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(poll(&simulator, &id).await.json()["state"], "rehearsing");
}

#[tokio::test]
async fn tasks_wait_are_listed_and_can_be_stopped() {
    let simulator = Simulator::start_at(1.0).await;
    simulator.control("/settings", &json!({ "vidu_active": 1 })).await;
    let (first, second) = (
        accepted(&simulator, "text2video", &text("one [vidu:slow:0]")).await,
        accepted(&simulator, "text2video", &text("two [vidu:hang]")).await,
    );
    let third = accepted(&simulator, "text2video", &text("three")).await;
    assert_eq!(poll(&simulator, &third).await.json()["state"], "queueing");
    let stop = async |id: &str| {
        let path = format!("/vidu/ent/v2/tasks/{id}/cancel");
        simulator.call("POST", &path, ALL, &json!({ "id": id }).to_string()).await
    };
    let stopped = stop(&third).await;
    assert_eq!((stopped.status, stopped.json()), (200, json!({})));
    assert_eq!(poll(&simulator, &third).await.json()["err_code"], "UserCancelled");
    assert_eq!(stop(&third).await.json()["message"], "task state is finished, can not cancel");
    assert_eq!(stop("1").await.json()["reason"], "TaskNotFound");
    end(&simulator, &first).await;
    let list = async |query: &str| {
        let path = format!("/vidu/ent/v2/tasks?{query}");
        simulator.call("GET", &path, ALL, "").await.json()
    };
    let told = list("created_at.from=2026-01-01T00:00:00.000Z&pager.page=0&pager.pagesz=100").await;
    let ids: Vec<&str> =
        told["tasks"].as_array().unwrap().iter().filter_map(|task| task["id"].as_str()).collect();
    assert_eq!(ids, [third.as_str(), &second, &first]);
    assert_eq!(list("states=failed").await["tasks"][0]["prompt"], "three");
    assert_eq!(list("created_at.from=2099-01-01T00:00:00Z").await["tasks"], json!([]));
    assert_eq!(list("pager.pagesz=101").await["reason"], "PageSizeOutOfRange");
}

#[tokio::test]
async fn callbacks_are_signed() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let order = with(text("a fox"), json!({ "callback_url": listener.url, "payload": "job_1" }));
    accepted(&simulator, "text2video", &order).await;
    // A slow machine may miss the moment at which the work begins.
    loop {
        let (headers, _, told) = listener.next().await;
        assert_eq!(told["payload"], "job_1");
        let header = |name: &str| headers[name].to_str().unwrap();
        let (date, nonce) = (header("date"), header("x-request-nonce"));
        let text = format!("POST\n/hooks\njob=1\nvidu\n{date}\nDate:{date}\nx-request-nonce:{nonce}\n");
        let mut hmac = Hmac::<Sha256>::new_from_slice(b"sim-vidu-key").unwrap();
        hmac.update(text.as_bytes());
        assert_eq!(header("x-hmac-signature"), STANDARD.encode(hmac.finalize().into_bytes()));
        match told["state"].as_str() {
            Some("processing") => {}
            state => break assert_eq!(state, Some("success")),
        }
    }
}
