//! Black Forest Labs.

use crate::client::{Answer, Headers, Simulator, facts, picture};
use media::Format;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("x-key", "sim-bfl-key");

async fn submit(simulator: &Simulator, model: &str, body: &Value) -> Answer {
    simulator.call("POST", &format!("/bfl/v1/{model}"), &[KEY], &body.to_string()).await
}

async fn accepted(simulator: &Simulator, model: &str, body: &Value) -> Value {
    let answer = submit(simulator, model, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    answer.json()
}

async fn poll(simulator: &Simulator, created: &Value) -> Answer {
    simulator.call("GET", created["polling_url"].as_str().unwrap(), &[KEY], "").await
}

/// Polls until the task has ended.
async fn end(simulator: &Simulator, created: &Value) -> Value {
    for _ in 0..500 {
        let told = poll(simulator, created).await;
        if told.header("content-type") == "application/json" && told.status == 200 {
            let told = told.json();
            let status = told["status"].as_str().unwrap();
            if !["Pending", "Daydreaming", "Task not found"].contains(&status) {
                return told;
            }
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {created} has not ended");
}

async fn result(simulator: &Simulator, model: &str, body: &Value) -> String {
    let created = accepted(simulator, model, body).await;
    let told = end(simulator, &created).await;
    assert_eq!(told["status"], "Ready", "{told}");
    told["result"]["sample"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn text_becomes_a_picture() {
    let simulator = Simulator::start().await;
    let order = json!({
        "prompt": "a red door", "width": 1344, "height": 768, "seed": 42, "output_format": "png",
    });
    let created = accepted(&simulator, "flux-pro-1.1", &order).await;
    assert_eq!(
        (&created["cost"], &created["output_mp"], &created["input_mp"]),
        (&json!(4.0), &json!(1.03), &json!(0.0))
    );
    let url = simulator.running.url();
    let id = created["id"].as_str().unwrap();
    assert_eq!(created["polling_url"], format!("{url}/bfl/v1/get_result?id={id}"));
    let told = end(&simulator, &created).await;
    assert_eq!((&told["result"]["seed"], &told["result"]["prompt"]), (&json!(42), &json!("a red door")));
    let sample = told["result"]["sample"].as_str().unwrap();
    assert!(sample.contains("/sample.png?se=") && sample.contains("&sig="), "{sample}");
    let file = simulator.fetch(sample).await;
    assert_eq!(file.header("content-type"), "image/png");
    let (format, facts) = facts(&file.body);
    assert_eq!((format, facts.width, facts.height), (Format::Png, Some(1344), Some(768)));
    assert_eq!(simulator.running.paid("a red door"), 1);
    let credits = simulator.call("GET", "/bfl/v1/credits", &[KEY], "").await.json();
    assert_eq!(credits["credits"], 9996.0);
}

#[tokio::test]
async fn sizes_formats_and_prices() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "bfl_active": 1000 })).await;
    let cases = [
        ("flux-dev", json!({}), 2.5, Format::Jpeg, (1024, 768)),
        ("flux-pro-1.1", json!({ "width": 256, "output_format": "png" }), 4.0, Format::Png, (256, 768)),
        ("flux-pro-1.1-ultra", json!({ "aspect_ratio": "1:1" }), 6.0, Format::Jpeg, (2048, 2048)),
        ("flux-kontext-pro", json!({ "prompt": "x" }), 4.0, Format::Png, (1024, 1024)),
        (
            "flux-kontext-max",
            json!({ "prompt": "x", "input_image": picture(400, 300) }),
            8.0,
            Format::Png,
            (1184, 880),
        ),
        ("flux-kontext-pro", json!({ "prompt": "x", "aspect_ratio": "16:9" }), 4.0, Format::Png, (1392, 752)),
        (
            "flux-2-pro",
            json!({ "prompt": "x", "width": 1360, "height": 768 }),
            3.0,
            Format::Jpeg,
            (1360, 768),
        ),
        (
            "flux-2-flex",
            json!({ "prompt": "x", "width": 2048, "height": 1024, "steps": 20 }),
            10.0,
            Format::Jpeg,
            (2048, 1024),
        ),
        (
            "flux-2-max",
            json!({ "prompt": "x", "input_image": "https://example.com/a.png" }),
            10.0,
            Format::Jpeg,
            (1024, 1024),
        ),
        ("flux-2-klein-4b", json!({ "prompt": "x" }), 1.4, Format::Jpeg, (1024, 1024)),
        ("flux-dev", json!({ "image_prompt": picture(400, 300) }), 2.5, Format::Jpeg, (1024, 768)),
        (
            "flux-pro-1.0-fill",
            json!({ "image": picture(400, 304), "mask": picture(400, 304), "output_format": "webp" }),
            5.0,
            Format::Webp,
            (400, 304),
        ),
        (
            "flux-pro-1.0-expand",
            json!({ "image": picture(400, 304), "left": 100, "right": 28, "top": 16 }),
            5.0,
            Format::Jpeg,
            (528, 320),
        ),
        (
            "flux-2-klein-9b",
            json!({ "prompt": "x", "output_format": "webp" }),
            1.5,
            Format::Webp,
            (1024, 1024),
        ),
    ];
    for (model, order, cost, format, (width, height)) in cases {
        let created = accepted(&simulator, model, &order).await;
        assert_eq!(created["cost"], cost, "{model}");
        let told = end(&simulator, &created).await;
        let file = simulator.fetch(told["result"]["sample"].as_str().unwrap()).await;
        let (found, facts) = facts(&file.body);
        assert_eq!(
            (found, facts.width, facts.height),
            (format, Some(width), Some(height)),
            "{model} {order}"
        );
    }
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    simulator.control("/settings", &json!({ "bfl_active": 1000 })).await;
    let cases = [
        ("flux-dev", json!({ "width": 200 }), "width", "greater_than_equal"),
        ("flux-dev", json!({ "width": 1472 }), "width", "less_than_equal"),
        ("flux-dev", json!({ "width": 300 }), "width", "multiple_of"),
        ("flux-dev", json!({ "width": "1024" }), "width", "int_type"),
        ("flux-dev", json!({ "prompt": 5 }), "prompt", "string_type"),
        ("flux-dev", json!({ "steps": 51 }), "steps", "less_than_equal"),
        ("flux-dev", json!({ "guidance": 1.0 }), "guidance", "greater_than_equal"),
        ("flux-dev", json!({ "prompt_upsampling": "yes" }), "prompt_upsampling", "bool_type"),
        ("flux-dev", json!({ "output_format": "gif" }), "output_format", "enum"),
        ("flux-dev", json!({ "image_prompt": "https://example.com/a.png" }), "image_prompt", "value_error"),
        ("flux-dev", json!({ "safety_tolerance": 7 }), "safety_tolerance", "less_than_equal"),
        (
            "flux-2-pro",
            json!({ "prompt": "x", "safety_tolerance": 6 }),
            "safety_tolerance",
            "less_than_equal",
        ),
        ("flux-2-pro", json!({}), "prompt", "missing"),
        ("flux-2-pro", json!({ "prompt": "x", "width": 0 }), "width", "greater_than_equal"),
        ("flux-2-pro", json!({ "prompt": "x", "width": 1000 }), "width", "multiple_of"),
        (
            "flux-2-pro",
            json!({ "prompt": "x", "input_image_8": "nonsense!" }),
            "input_image_8",
            "value_error",
        ),
        ("flux-kontext-pro", json!({ "prompt": "x", "aspect_ratio": "22:9" }), "aspect_ratio", "value_error"),
        ("flux-dev", json!({ "image_prompt": "AAAA" }), "image_prompt", "value_error"),
        ("flux-pro-1.0-fill", json!({ "prompt": "x" }), "image", "missing"),
        ("flux-pro-1.0-fill", json!({ "image": "https://example.com/a.png" }), "image", "value_error"),
        (
            "flux-pro-1.0-fill",
            json!({ "image": picture(64, 64), "mask": picture(64, 32) }),
            "mask",
            "value_error",
        ),
        (
            "flux-pro-1.0-fill",
            json!({ "image": picture(64, 64), "steps": 14 }),
            "steps",
            "greater_than_equal",
        ),
        ("flux-pro-1.0-expand", json!({ "image": picture(64, 64), "left": 2049 }), "left", "less_than_equal"),
        ("flux-pro-1.0-expand", json!({ "image": picture(64, 64), "top": -1 }), "top", "greater_than_equal"),
        (
            "flux-kontext-pro",
            json!({ "prompt": "x", "webhook_url": "nowhere" }),
            "webhook_url",
            "url_parsing",
        ),
    ];
    for (model, body, field, kind) in cases {
        let answer = submit(&simulator, model, &body).await;
        let detail = answer.json()["detail"][0].clone();
        assert_eq!(answer.status, 422, "{model} {body}");
        assert_eq!(
            (&detail["loc"], &detail["type"]),
            (&json!(["body", field]), &json!(kind)),
            "{model} {body}"
        );
    }
    let large =
        submit(&simulator, "flux-2-pro", &json!({ "prompt": "x", "width": 4096, "height": 2048 })).await;
    assert_eq!((large.status, &large.json()["detail"][0]["loc"]), (422, &json!(["body"])));
    for ignored in [json!({ "steps": 99, "aspect_ratio": "no" }), json!({ "seed": null, "width": null })] {
        accepted(&simulator, "flux-pro-1.1", &ignored).await;
    }
    accepted(&simulator, "flux-2-klein-4b", &json!({ "prompt": "x", "input_image_5": "nonsense!" })).await;
}

#[tokio::test]
async fn clips_begin_with_words_or_pictures() {
    let simulator = Simulator::start().await;
    let order = |more: Value| {
        let mut order = json!({ "mode": "t2v", "prompt": "x" });
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        order
    };
    let frame = || picture(64, 64);
    let here = "https://example.com/a.png";
    for (more, size, seconds) in [
        (json!({}), (1280, 720), 5.0),
        (json!({ "aspect_ratio": "9:16", "resolution": "fhd", "duration": 6 }), (1080, 1920), 6.0),
        (json!({ "mode": "i2v", "keyframes": [here], "aspect_ratio": "1:1" }), (720, 720), 5.0),
        (json!({ "mode": "i2v", "keyframes": [frame(), [4.5, here]] }), (1280, 720), 5.0),
        (json!({ "mode": "i2v", "keyframes": [here, here, here], "duration": 8 }), (1280, 720), 8.0),
    ] {
        let created = accepted(&simulator, "flux-3-video", &order(more.clone())).await;
        let told = end(&simulator, &created).await;
        assert!(told["result"]["draft_cache"].is_string() && told["result"].get("seed").is_none(), "{told}");
        let file = simulator.fetch(told["result"]["sample"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width, facts.height), (Format::Mp4, Some(size.0), Some(size.1)), "{more}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.2, "{facts:?}");
    }
    for (more, field, kind) in [
        (json!({ "mode": null }), "mode", "missing"),
        (json!({ "mode": "a2v" }), "mode", "enum"),
        (json!({ "mode": "v2v", "start_video": here }), "mode", "value_error"),
        (json!({ "mode": "i2v" }), "keyframes", "value_error"),
        (json!({ "keyframes": [here] }), "keyframes", "value_error"),
        (json!({ "mode": "i2v", "keyframes": here }), "keyframes", "list_type"),
        (json!({ "mode": "i2v", "keyframes": [] }), "keyframes", "value_error"),
        (
            json!({ "mode": "i2v", "keyframes": [format!("data:image/png;base64,{}", frame())] }),
            "keyframes",
            "value_error",
        ),
        (json!({ "mode": "i2v", "keyframes": [here, here, here] }), "duration", "value_error"),
        (json!({ "prompt": null }), "prompt", "missing"),
        (json!({ "duration": 4 }), "duration", "greater_than_equal"),
        (json!({ "duration": "5" }), "duration", "int_type"),
        (json!({ "resolution": "720p" }), "resolution", "enum"),
        (json!({ "aspect_ratio": "3:2" }), "aspect_ratio", "enum"),
        (json!({ "safety_tolerance": 5 }), "safety_tolerance", "less_than_equal"),
        (json!({ "generate_audio": "yes" }), "generate_audio", "bool_type"),
    ] {
        let answer = submit(&simulator, "flux-3-video", &order(more.clone())).await;
        let detail = answer.json()["detail"][0].clone();
        assert_eq!(
            (answer.status, &detail["loc"], &detail["type"]),
            (422, &json!(["body", field]), &json!(kind)),
            "{more}"
        );
    }
}

#[tokio::test]
async fn paths_and_keys() {
    let simulator = Simulator::start().await;
    let cases: [(&str, Headers<'_>, u16, Value); 6] = [
        ("/bfl/v1/flux-pro", &[KEY], 404, json!("Not Found")),
        ("/bfl/v1/flux-kontext", &[KEY], 404, json!("Not Found")),
        ("/bfl/v1/flux-dev", &[], 403, json!("Not authenticated")),
        ("/bfl/v1/flux-dev", &[("x-key", "wrong")], 403, json!("Not authenticated")),
        ("/bfl/v1/flux-dev", &[("x-key", "two words")], 422, json!("Invalid API key format")),
        ("/bfl/v1/flux-dev", &[("authorization", "Bearer sim-bfl-key")], 403, json!("Not authenticated")),
    ];
    for (path, headers, status, detail) in cases {
        let answer = simulator.call("POST", path, headers, "{}").await;
        assert_eq!((answer.status, &answer.json()["detail"]), (status, &detail), "{path} {headers:?}");
    }
    let unknown = simulator.call("GET", "/bfl/v1/get_result?id=nothing", &[KEY], "").await;
    assert_eq!((unknown.status, &unknown.json()["status"]), (404, &json!("Task not found")));
    assert_eq!(simulator.call("GET", "/bfl/v1/get_result", &[KEY], "").await.status, 422);
    assert_eq!(simulator.call("GET", "/bfl/v1/get_result?id=x", &[], "").await.status, 403);
    assert_eq!(simulator.call("GET", "/bfl/v1/credits", &[], "").await.status, 403);
}

#[tokio::test]
async fn a_webhook_takes_the_place_of_the_polling_address() {
    let simulator = Simulator::start().await;
    let created =
        accepted(&simulator, "flux-dev", &json!({ "webhook_url": "https://example.com/hook" })).await;
    assert_eq!(
        (&created["status"], &created["webhook_url"]),
        (&json!("Pending"), &json!("https://example.com/hook"))
    );
    assert!(created.get("polling_url").is_none());
    let path = format!("/bfl/v1/get_result?id={}", created["id"].as_str().unwrap());
    assert_eq!(simulator.call("GET", &path, &[KEY], "").await.status, 200);
}

#[tokio::test]
async fn links_die() {
    let simulator = Simulator::start().await;
    let created = accepted(&simulator, "flux-dev", &json!({ "prompt": "a red door" })).await;
    let sample = end(&simulator, &created).await["result"]["sample"].as_str().unwrap().to_owned();
    assert_eq!(simulator.fetch(&sample).await.status, 200);
    let forged = sample.replace("&sig=", "&sig=0");
    assert_eq!(simulator.fetch(&forged).await.status, 403);
    simulator.control("/settings", &json!({ "link_seconds": 0 })).await;
    assert_eq!(simulator.fetch(&sample).await.status, 403);
    let again = end(&simulator, &created).await["result"]["sample"].as_str().unwrap().to_owned();
    assert_eq!(again, sample, "another look does not renew the link");
    assert_eq!(simulator.fetch(&again).await.status, 403);
}

#[tokio::test]
async fn an_account_has_so_many_places() {
    let simulator = Simulator::start().await;
    let order = json!({ "prompt": "[vendor:hang]" });
    for _ in 0..6 {
        accepted(&simulator, "flux-kontext-max", &order).await;
    }
    assert_eq!(submit(&simulator, "flux-kontext-max", &order).await.status, 429);
    for _ in 0..18 {
        accepted(&simulator, "flux-dev", &order).await;
    }
    assert_eq!(submit(&simulator, "flux-dev", &order).await.status, 429);
}

#[tokio::test]
async fn tasks_meet_faults() {
    let simulator = Simulator::start().await;
    for (prompt, status, reason) in [
        ("[vendor:fail]", "Error", Value::Null),
        ("[vendor:moderate]", "Request Moderated", json!(["Derivative Works Filter"])),
        ("[vendor:moderate-output]", "Content Moderated", json!(["Safety Filter"])),
        ("[vendor:unknown-state]", "Ready", Value::Null),
        ("[vendor:late:2] [vendor:garbage:4] [vendor:poll-500:6]", "Ready", Value::Null),
    ] {
        let created = accepted(&simulator, "flux-dev", &json!({ "prompt": prompt })).await;
        let told = end(&simulator, &created).await;
        assert_eq!(told["status"], status, "{prompt}");
        assert_eq!(told["details"]["Moderation Reasons"], reason, "{prompt}");
    }
    let created = accepted(&simulator, "flux-dev", &json!({ "prompt": "[vendor:empty]" })).await;
    let told = end(&simulator, &created).await;
    assert_eq!((&told["status"], &told["result"]), (&json!("Ready"), &Value::Null));
    let created = accepted(&simulator, "flux-dev", &json!({ "prompt": "[vendor:late]" })).await;
    let late = poll(&simulator, &created).await;
    assert_eq!((late.status, &late.json()["status"]), (200, &json!("Task not found")));
    let page = result(&simulator, "flux-dev", &json!({ "prompt": "[vendor:html-file]" })).await;
    assert_eq!(simulator.fetch(&page).await.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn submits_meet_faults() {
    let simulator = Simulator::start().await;
    for (prompt, status) in [
        ("[vendor:busy]", 429),
        ("[vendor:500]", 500),
        ("[vendor:no-credit]", 402),
        ("[bfl:unauthorized]", 403),
    ] {
        assert_eq!(
            submit(&simulator, "flux-dev", &json!({ "prompt": prompt })).await.status,
            status,
            "{prompt}"
        );
        assert_eq!(simulator.running.paid(prompt), 0, "{prompt}");
        assert_eq!(
            submit(&simulator, "flux-dev", &json!({ "prompt": prompt })).await.status,
            200,
            "{prompt}"
        );
    }
    let order = json!({ "prompt": "[vendor:lost]" }).to_string();
    simulator.open("POST", "/bfl/v1/flux-dev", &[KEY], order).await.unwrap_err();
    assert_eq!(simulator.running.paid("[vendor:lost]"), 1);
}
