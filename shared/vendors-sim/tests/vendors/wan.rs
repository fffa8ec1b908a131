//! Alibaba's Wan.

use crate::client::{Answer, Headers, Simulator, facts, picture};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::{Format, VoiceSpec};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Bearer sim-wan-key");
const JSON: (&str, &str) = ("content-type", "application/json");
const TASK: (&str, &str) = ("x-dashscope-async", "enable");
const ALL: Headers<'static> = &[KEY, JSON, TASK];
const FOX: &str = "https://example.com/fox.png";
const WALK: &str = "https://example.com/walk.mp4";
const USUAL: &str = "/wan/api/v1/services/aigc/video-generation/video-synthesis";
const BETWEEN: &str = "/wan/api/v1/services/aigc/image2video/video-synthesis";

async fn submit(simulator: &Simulator, path: &str, body: &Value) -> Answer {
    simulator.call("POST", path, ALL, &body.to_string()).await
}

async fn accepted(simulator: &Simulator, body: &Value) -> String {
    let path = if body["model"].as_str().unwrap().contains("kf2v") { BETWEEN } else { USUAL };
    let answer = submit(simulator, path, body).await;
    let output = &answer.json()["output"];
    assert_eq!(
        (answer.status, &output["task_status"]),
        (200, &json!("PENDING")),
        "{body}: {:?}",
        answer.body
    );
    output["task_id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("/wan/api/v1/tasks/{id}"), &[KEY], "").await
}

async fn status(simulator: &Simulator, id: &str) -> Value {
    poll(simulator, id).await.json()["output"]["task_status"].clone()
}

/// Polls until the task has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let told = poll(simulator, id).await.json();
        if !["PENDING", "RUNNING"].contains(&told["output"]["task_status"].as_str().unwrap_or_default()) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("task {id} has not ended");
}

fn order(model: &str, input: Value, parameters: Value) -> Value {
    json!({ "model": model, "input": input, "parameters": parameters })
}

fn text(prompt: &str) -> Value {
    order("wan2.2-t2v-plus", json!({ "prompt": prompt }), json!({ "size": "832*480" }))
}

/// The order with some fields more in one of its parts; those with `null` count as absent.
fn with(mut order: Value, part: &str, more: Value) -> Value {
    order[part].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order
}

fn data_link(width: u32, height: u32) -> String {
    format!("data:image/png;base64,{}", picture(width, height))
}

#[tokio::test]
async fn clips_are_as_they_were_ordered() {
    let simulator = Simulator::start().await;
    let say = |model: &str, parameters: Value| order(model, json!({ "prompt": "a fox" }), parameters);
    let show =
        |model: &str, parameters: Value, image: String| order(model, json!({ "img_url": image }), parameters);
    let refer = |model: &str, urls: Value, parameters: Value| {
        order(model, json!({ "prompt": "character1 runs", "reference_urls": urls }), parameters)
    };
    let ends = json!({ "first_frame_url": FOX, "last_frame_url": data_link(300, 300) });
    for (order, size, seconds, sound, usage) in [
        (
            say("wan2.2-t2v-plus", json!({})),
            (1920, 1080),
            5.0,
            false,
            json!({ "video_duration": 5, "video_ratio": "1920*1080", "video_count": 1 }),
        ),
        (
            say("wan2.5-t2v-preview", json!({ "size": "480*832", "duration": 10, "audio": false })),
            (480, 832),
            10.0,
            false,
            json!({ "video_duration": 10, "video_ratio": "480*832", "video_count": 1 }),
        ),
        (
            say("wan2.6-t2v", json!({ "size": "1088*832", "duration": 2, "audio": false })),
            (1088, 832),
            2.0,
            true,
            json!({ "duration": 2.0, "input_video_duration": 0, "output_video_duration": 2, "size": "1088*832", "SR": 720, "video_count": 1 }),
        ),
        (
            show("wan2.2-i2v-plus", json!({ "resolution": "480P" }), FOX.to_owned()),
            (832, 480),
            5.0,
            false,
            json!({ "video_duration": 5, "SR": 480, "video_count": 1 }),
        ),
        // The shape is the picture's, given as a data link or as a published client sends it.
        (
            show("wan2.5-i2v-preview", json!({ "resolution": "480P" }), data_link(300, 600)),
            (448, 896),
            5.0,
            true,
            json!({ "video_duration": 5, "SR": 480, "video_count": 1 }),
        ),
        (
            show(
                "wan2.6-i2v-flash",
                json!({ "resolution": "720P", "duration": 3, "audio": false }),
                picture(300, 300),
            ),
            (960, 960),
            3.0,
            false,
            json!({ "duration": 3.0, "input_video_duration": 0, "output_video_duration": 3, "SR": 720, "video_count": 1 }),
        ),
        (
            order("wan2.1-kf2v-plus", ends, json!({})),
            (1280, 720),
            5.0,
            false,
            json!({ "video_duration": 5, "video_ratio": "standard", "video_count": 1 }),
        ),
        (
            refer("wan2.6-r2v", json!([FOX, WALK]), json!({ "size": "960*960", "duration": 2 })),
            (960, 960),
            2.0,
            true,
            json!({ "duration": 7.0, "input_video_duration": 5, "output_video_duration": 2, "size": "960*960", "SR": 720, "video_count": 1 }),
        ),
    ] {
        let id = accepted(&simulator, &order).await;
        let told = end(&simulator, &id).await;
        assert_eq!(
            (&told["output"]["task_status"], &told["usage"]),
            (&json!("SUCCEEDED"), &usage),
            "{order}"
        );
        let file = simulator.fetch(told["output"]["video_url"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width.zip(facts.height)), (Format::Mp4, Some(size)), "{order}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.05, "{order}: {facts:?}");
        let has_sound = file.body.windows(4).any(|bytes| bytes == b"mp4a");
        assert_eq!(has_sound, sound, "{order}");
    }
    assert_eq!(simulator.counts("wan")["key_leaks"], 0);
}

#[tokio::test]
async fn a_task_tells_of_its_words_and_times() {
    let simulator = Simulator::start().await;
    let id = accepted(&simulator, &text("a fox")).await;
    let output = end(&simulator, &id).await["output"].clone();
    assert_eq!((&output["orig_prompt"], output["task_id"].as_str()), (&json!("a fox"), Some(id.as_str())));
    assert!(output["actual_prompt"].as_str().unwrap().starts_with("a fox"), "{output}");
    for field in ["submit_time", "scheduled_time", "end_time"] {
        assert_eq!(output[field].as_str().unwrap().len(), "2026-11-21 18:00:00.007".len(), "{field}");
    }
    // Nobody rewrites what is not to be rewritten, and the later ones do it in silence. What is too long is cut.
    let plain = with(text(&"a".repeat(801)), "parameters", json!({ "prompt_extend": false }));
    let later =
        order("wan2.6-t2v", json!({ "prompt": "a fox" }), json!({ "size": "1280*720", "duration": 2 }));
    for (order, length) in [(plain, 800), (later, 5)] {
        let output = end(&simulator, &accepted(&simulator, &order).await).await["output"].clone();
        assert_eq!(output["orig_prompt"].as_str().unwrap().len(), length);
        assert_eq!(output["actual_prompt"], Value::Null);
    }
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let (gone, page) =
        (format!("{}/nowhere.png", simulator.running.url()), format!("{}/health", simulator.running.url()));
    let text = |part: &str, more: Value| (USUAL, with(text("a fox"), part, more));
    let of = |model: &str, parameters: Value| (USUAL, order(model, json!({ "prompt": "a fox" }), parameters));
    let image = |model: &str, more: Value| {
        (USUAL, with(order(model, json!({ "img_url": FOX }), json!({})), "input", more))
    };
    let refer = |urls: Value, more: Value| {
        let input = json!({ "prompt": "character1", "reference_urls": urls });
        (USUAL, order("wan2.6-r2v", input, more))
    };
    let invalid = "InvalidParameter";
    let cases = [
        (text("input", json!({})), ""),
        (text("input", json!({ "prompt": null })), invalid),
        (text("input", json!({ "prompt": 5 })), invalid),
        // Unknown fields are no matter.
        (text("input", json!({ "extend_prompt": true, "function": "video-synthesis" })), ""),
        (text("parameters", json!({ "size": "1280*720" })), invalid),
        (text("parameters", json!({ "size": "832x480" })), invalid),
        (text("parameters", json!({ "size": "+832*480" })), invalid),
        (text("parameters", json!({ "size": "16:9" })), invalid),
        (text("parameters", json!({ "duration": 5 })), ""),
        (text("parameters", json!({ "duration": 6 })), invalid),
        (text("parameters", json!({ "duration": "5" })), invalid),
        (text("parameters", json!({ "seed": -1 })), invalid),
        (text("parameters", json!({ "seed": 2_147_483_648_i64 })), invalid),
        (text("parameters", json!({ "prompt_extend": "no" })), invalid),
        (text("parameters", json!({ "watermark": 1 })), invalid),
        (text("parameters", json!({ "shot_type": "many" })), invalid),
        (of("wan2.5-t2v-preview", json!({ "size": "1280*720", "duration": 7 })), invalid),
        (of("wan2.6-t2v", json!({ "size": "832*480" })), invalid),
        (of("wan2.6-t2v", json!({ "duration": 16 })), invalid),
        (of("wan2.6-t2v", json!({ "duration": 1 })), invalid),
        (of("wan2.6-r2v", json!({})), invalid),
        (of("wan9-t2v", json!({})), "Model.NotExist"),
        // Elsewhere it is there.
        (of("wanx2.1-t2v-plus", json!({})), "Model.NotExist"),
        (of("wan2.1-kf2v-plus", json!({})), invalid),
        ((BETWEEN, text("input", json!({})).1), invalid),
        ((USUAL, json!({ "model": "", "input": {} })), "BadRequest.EmptyModel"),
        ((USUAL, json!({ "model": "wan2.2-t2v-plus" })), "BadRequest.EmptyInput"),
        ((USUAL, json!([])), invalid),
        (image("wan2.2-i2v-plus", json!({})), ""),
        (image("wan2.2-i2v-plus", json!({ "img_url": null })), invalid),
        (image("wan2.2-i2v-plus", json!({ "img_url": "fox.png" })), invalid),
        (image("wan2.2-i2v-plus", json!({ "img_url": data_link(100, 300) })), invalid),
        (image("wan2.2-i2v-plus", json!({ "img_url": gone })), "InvalidParameter.DataInspection"),
        (image("wan2.2-i2v-plus", json!({ "img_url": page })), invalid),
        (image("wan2.5-i2v-preview", json!({ "audio_url": "https://example.com/a.mp3" })), ""),
        (image("wan2.5-i2v-preview", json!({ "audio_url": "a.mp3" })), invalid),
        (image("wan2.5-i2v-preview", json!({ "audio_url": page })), invalid),
        (image("wan2.2-i2v-plus", json!({ "audio_url": page })), ""),
        (refer(json!([FOX, WALK]), json!({})), ""),
        (refer(json!([FOX]), json!({ "duration": 11 })), invalid),
        (refer(json!([]), json!({})), invalid),
        (refer(json!([FOX, FOX, FOX, FOX, FOX, FOX]), json!({})), invalid),
        (refer(json!([WALK, WALK, WALK, WALK]), json!({})), invalid),
        (refer(json!([data_link(300, 300)]), json!({})), invalid),
        (refer(json!([page]), json!({})), invalid),
        (refer(json!("fox"), json!({})), invalid),
    ];
    for ((path, body), expected) in cases {
        let answer = submit(&simulator, path, &body).await;
        let told = answer.json();
        assert_eq!(told["code"].as_str().unwrap_or_default(), expected, "{path} {body}: {told}");
        let status = match expected {
            "" => 200,
            "Model.NotExist" => 404,
            _ => 400,
        };
        assert_eq!(answer.status, status, "{body}");
    }
    let bad = image("wan2.2-i2v-plus", json!({}));
    let tier = |name: &str| with(bad.1.clone(), "parameters", json!({ "resolution": name }));
    for (name, status) in [("480P", 200), ("480p", 400), ("720P", 400), ("1080P", 200)] {
        assert_eq!(submit(&simulator, USUAL, &tier(name)).await.status, status, "{name}");
    }
}

#[tokio::test]
async fn a_call_needs_a_key_and_a_submit_the_wish_for_a_task() {
    let simulator = Simulator::start().await;
    let body = text("a fox").to_string();
    for (headers, status, code, message) in [
        (&[JSON, TASK][..], 401, "InvalidApiKey", "No API-key provided."),
        (
            &[JSON, TASK, ("authorization", "Bearer sim-vidu-key")],
            401,
            "InvalidApiKey",
            "Invalid API-key provided.",
        ),
        (&[KEY, JSON], 403, "AccessDenied", "current user api does not support synchronous calls"),
    ] {
        let answer = simulator.call("POST", USUAL, headers, &body).await;
        let told = answer.json();
        assert_eq!((answer.status, &told["code"], &told["message"]), (status, &json!(code), &json!(message)));
    }
    for path in ["tasks", "tasks/1", "uploads?action=getPolicy&model=a"] {
        let answer = simulator.call("GET", &format!("/wan/api/v1/{path}"), &[], "").await;
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("InvalidApiKey")), "{path}");
    }
    assert_eq!(simulator.call("GET", USUAL, ALL, "").await.status, 404);
}

#[tokio::test]
async fn words_in_the_prompt_bring_faults() {
    let simulator = Simulator::start().await;
    for (word, status, code) in [
        ("busy", 429, "Throttling.RateQuota"),
        ("500", 500, "InternalError"),
        ("unauthorized", 401, "InvalidApiKey"),
        ("no-credit", 400, "Arrearage"),
    ] {
        let order = text(&format!("a fox [wan:{word}]"));
        let answer = submit(&simulator, USUAL, &order).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)));
        accepted(&simulator, &order).await;
    }
    let moderated = submit(&simulator, USUAL, &text("[wan:moderate]")).await;
    assert_eq!((moderated.status, &moderated.json()["code"]), (400, &json!("DataInspectionFailed")));
    let order = text("a lost fox [wan:lost]").to_string();
    assert!(simulator.open("POST", USUAL, ALL, order).await.is_err());
    assert_eq!(simulator.running.paid("a lost fox"), 1);
    for (word, status, code) in [
        ("fail", "FAILED", json!("InternalError.Algo")),
        ("moderate-output", "FAILED", json!("DataInspectionFailed")),
        ("empty", "SUCCEEDED", Value::Null),
    ] {
        let told = end(&simulator, &accepted(&simulator, &text(&format!("[wan:{word}]"))).await).await;
        let output = &told["output"];
        assert_eq!((&output["task_status"], &output["code"]), (&json!(status), &code));
        assert_eq!(output["video_url"], Value::Null, "{word}");
    }
    let id = accepted(&simulator, &text("[wan:late]")).await;
    let answer = poll(&simulator, &id).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["output"]), (200, &json!({ "task_id": id, "task_status": "UNKNOWN" })));
    assert_ne!(status(&simulator, &id).await, "UNKNOWN");
    let id = accepted(&simulator, &text("[wan:unknown-state] [wan:hang]")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(status(&simulator, &id).await, "REHEARSING");
}

#[tokio::test]
async fn tasks_are_forgotten_with_their_links() {
    let simulator = Simulator::start().await;
    let id = accepted(&simulator, &text("a fox")).await;
    let link = end(&simulator, &id).await["output"]["video_url"].as_str().unwrap().to_owned();
    simulator.control("/settings", &json!({ "link_seconds": 0 })).await;
    assert_eq!(status(&simulator, &id).await, "UNKNOWN");
    assert_eq!(status(&simulator, "never-there").await, "UNKNOWN");
    assert_eq!(simulator.fetch(&link).await.status, 403);
    let list = simulator.call("GET", "/wan/api/v1/tasks", ALL, "").await.json();
    assert_eq!((&list["total"], &list["data"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn tasks_wait_are_listed_and_can_be_stopped() {
    let simulator = Simulator::start_at(1.0).await;
    simulator.control("/settings", &json!({ "wan_active": 1 })).await;
    let first = accepted(&simulator, &text("one [wan:slow:0]")).await;
    let second = accepted(&simulator, &text("two [wan:hang] [wan:slow:0]")).await;
    let third = accepted(&simulator, &text("three")).await;
    assert_eq!(status(&simulator, &third).await, "PENDING");
    let stop =
        async |id: &str| simulator.call("POST", &format!("/wan/api/v1/tasks/{id}/cancel"), &[KEY], "").await;
    let stopped = stop(&third).await;
    assert_eq!((stopped.status, stopped.json().as_object().unwrap().len()), (200, 1));
    assert_eq!(status(&simulator, &third).await, "CANCELED");
    // One at work is not stopped, nor one that has ended.
    end(&simulator, &first).await;
    assert_eq!(status(&simulator, &second).await, "RUNNING");
    for id in [&third, &second, &first, "never-there"] {
        let refused = stop(id).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("UnsupportedOperation")));
    }
    assert_eq!(status(&simulator, &second).await, "RUNNING");
    let list = async |query: &str| {
        simulator.call("GET", &format!("/wan/api/v1/tasks?{query}"), &[KEY], "").await.json()
    };
    let ids = |told: &Value| -> Vec<String> {
        let tasks = told["data"].as_array().unwrap_or_else(|| panic!("{told}"));
        tasks.iter().map(|task| task["task_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = list("model_name=wan2.2-t2v-plus&page_no=1&page_size=10").await;
    assert_eq!(ids(&all), [third.clone(), second.clone(), first.clone()]);
    for (listed, told) in all["data"].as_array().unwrap().iter().zip(all["tasks"].as_array().unwrap()) {
        assert_eq!((&listed["task_id"], &listed["status"]), (&told["task_id"], &told["task_status"]));
        assert!(told["submit_time"].is_string(), "{told}");
    }
    assert_eq!((&all["total"], &all["total_page"]), (&json!(3), &json!(1)));
    let task = &all["data"][2];
    assert!(task["gmt_create"].is_u64() && task["end_time"].is_u64(), "{task}");
    assert_eq!((&task["status"], &task["region"]), (&json!("SUCCEEDED"), &json!("ap-southeast-1")));
    // Nothing tells what was asked for.
    assert!(!all.to_string().contains("three"), "{all}");
    let page = list("page_no=2&page_size=2").await;
    assert_eq!((ids(&page), &page["total_page"]), (vec![first.clone()], &json!(2)));
    assert_eq!(ids(&list("status=CANCELED").await), std::slice::from_ref(&third));
    assert_eq!(ids(&list(&format!("task_id={second}")).await), [second]);
    assert_eq!(ids(&list("model_name=wan2.6-t2v").await), Vec::<String>::new());
    assert_eq!(ids(&list("start_time=20200101000000&end_time=20200101120000").await), Vec::<String>::new());
    for bad in ["start_time=20200101000000&end_time=20200103000000", "start_time=2020-01-01", "page_no=0"] {
        assert_eq!(list(bad).await["code"], "InvalidParameter", "{bad}");
    }
}

/// A form with these fields and a file at its end.
fn form(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--sim\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--sim\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--sim--\r\n");
    body
}

#[tokio::test]
async fn files_are_uploaded_with_a_policy() {
    let simulator = Simulator::start().await;
    let form_type = [("content-type", "multipart/form-data; boundary=sim")];
    let path = "/wan/api/v1/uploads?action=getPolicy&model=wan2.5-i2v-preview";
    let policy = simulator.call("GET", path, &[KEY], "").await.json()["data"].clone();
    let of = |name: &str| policy[name].as_str().unwrap().to_owned();
    let (host, folder) = (of("upload_host"), of("upload_dir"));
    let bring = async |key: &str, signature: &str, file: &[u8]| {
        let (policy, id) = (of("policy"), of("oss_access_key_id"));
        let fields = [
            ("OSSAccessKeyId", id.as_str()),
            ("Signature", signature),
            ("policy", &policy),
            ("key", key),
            ("success_action_status", "200"),
        ];
        simulator.send("POST", &host, &form_type, form(&fields, file)).await.status
    };
    let image = STANDARD.decode(picture(300, 300)).unwrap();
    let voice =
        media::voice_mp3(&VoiceSpec { text: "one two three four five six seven", voice: "a", speed: 0.5 });
    let (image_key, voice_key) = (format!("{folder}/a.png"), format!("{folder}/a.mp3"));
    let signature = of("signature");
    assert_eq!(bring(&image_key, &signature, &image).await, 200);
    assert_eq!(bring(&voice_key, &signature, &voice).await, 200);
    assert_eq!(bring(&image_key, &signature, &image).await, 409);
    assert_eq!(bring(&format!("{folder}/b.png"), "other", &image).await, 403);
    assert_eq!(bring("elsewhere/b.png", &signature, &image).await, 403);
    let order = |key: &str| {
        let input = json!({ "img_url": format!("oss://{image_key}"), "audio_url": format!("oss://{key}") });
        order("wan2.5-i2v-preview", input, json!({ "resolution": "480P" })).to_string()
    };
    let resolving = [KEY, JSON, TASK, ("x-dashscope-ossresourceresolve", "enable")];
    for (headers, key, code) in [
        (&resolving[..], voice_key.as_str(), Value::Null),
        (&resolving, "elsewhere/a.mp3", json!("InvalidParameter.DataInspection")),
        (&resolving, &image_key, json!("InvalidParameter")),
        (ALL, &voice_key, json!("InvalidParameter.DataInspection")),
    ] {
        assert_eq!(simulator.call("POST", USUAL, headers, &order(key)).await.json()["code"], code, "{key}");
    }
    let wrong = simulator.call("GET", "/wan/api/v1/uploads?model=a", &[KEY], "").await;
    assert_eq!(wrong.json()["code"], "InvalidParameter");
}
