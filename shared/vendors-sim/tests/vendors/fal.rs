//! fal.

use crate::client::{Answer, Headers, Listener, Simulator, facts, picture};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::HeaderMap;
use media::Format;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Key sim-fal-key");

async fn submit(simulator: &Simulator, model: &str, input: &Value) -> Answer {
    simulator.call("POST", &format!("/fal/{model}"), &[KEY], &input.to_string()).await
}

async fn accepted(simulator: &Simulator, model: &str, input: &Value) -> Value {
    let answer = submit(simulator, model, input).await;
    assert_eq!(answer.status, 200, "{input}: {:?}", answer.body);
    assert!(!answer.header("x-fal-request-id").is_empty());
    answer.json()
}

async fn get(simulator: &Simulator, request: &Value, address: &str) -> Answer {
    simulator.call("GET", request[address].as_str().unwrap(), &[KEY], "").await
}

/// Waits until the request is over. What its status told at last.
async fn over(simulator: &Simulator, request: &Value) -> Value {
    for _ in 0..500 {
        let told = get(simulator, request, "status_url").await;
        if told.status == 200 && told.header("content-type") == "application/json" {
            let told = told.json();
            assert_eq!(told["status"], "COMPLETED");
            return told;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("request {request} is not over");
}

async fn outcome(simulator: &Simulator, model: &str, input: &Value) -> Answer {
    let request = accepted(simulator, model, input).await;
    over(simulator, &request).await;
    get(simulator, &request, "response_url").await
}

#[tokio::test]
async fn text_becomes_pictures() {
    let simulator = Simulator::start().await;
    let input = json!({
        "prompt": "a red door", "image_size": {"width": 1280, "height": 736}, "num_images": 2, "seed": 42,
        "output_format": "png",
    });
    let request = accepted(&simulator, "fal-ai/flux/schnell", &input).await;
    let id = request["request_id"].as_str().unwrap();
    let address = format!("{}/fal/fal-ai/flux/requests/{id}", simulator.running.url());
    assert_eq!((&request["status"], &request["response_url"]), (&json!("IN_QUEUE"), &json!(address)));
    let told = over(&simulator, &request).await;
    assert!(told["logs"].is_null() && told["metrics"]["inference_time"].is_number(), "{told}");
    let result = get(&simulator, &request, "response_url").await.json();
    assert_eq!((&result["seed"], &result["has_nsfw_concepts"]), (&json!(42), &json!([false, false])));
    let mut files = Vec::new();
    for image in result["images"].as_array().unwrap() {
        let file = simulator.fetch(image["url"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width, facts.height), (Format::Png, Some(1280), Some(736)));
        files.push(file.body);
    }
    assert_ne!(files[0], files[1]);
    assert_eq!(simulator.counts("fal")["submits_paid"], 1);
}

#[tokio::test]
async fn models_make_what_they_make() {
    let simulator = Simulator::start().await;
    let picture = format!("data:image/png;base64,{}", picture(320, 300));
    let cases = [
        ("fal-ai/flux/dev", json!({}), "images", Format::Jpeg, Some((1024, 768))),
        (
            "fal-ai/flux-pro/v1.1-ultra",
            json!({"aspect_ratio": "1:1"}),
            "images",
            Format::Jpeg,
            Some((2048, 2048)),
        ),
        ("fal-ai/flux-pro/kontext", json!({"image_url": picture}), "images", Format::Jpeg, Some((1024, 768))),
        ("fal-ai/flux-2/edit", json!({"image_urls": [picture]}), "images", Format::Png, Some((1024, 768))),
        ("fal-ai/nano-banana", json!({"output_format": "webp"}), "images", Format::Webp, Some((1024, 1024))),
        ("fal-ai/nano-banana", json!({"aspect_ratio": "1:1"}), "images", Format::Png, Some((1024, 1024))),
        (
            "fal-ai/veo3.1",
            json!({"duration": "4s", "aspect_ratio": "9:16"}),
            "video",
            Format::Mp4,
            Some((720, 1280)),
        ),
        ("fal-ai/sora-2/text-to-video", json!({"duration": "4"}), "video", Format::Mp4, Some((1280, 720))),
    ];
    for (model, mut input, field, format, size) in cases {
        input["prompt"] = json!("a red door");
        let result = outcome(&simulator, model, &input).await.json();
        let made = if field == "images" { &result["images"][0] } else { &result[field] };
        let file = simulator.fetch(made["url"].as_str().unwrap_or_else(|| panic!("{model}: {result}"))).await;
        let (found, facts) = facts(&file.body);
        assert_eq!((found, facts.width.zip(facts.height)), (format, size), "{model}");
    }
    let result = outcome(&simulator, "fal-ai/elevenlabs/tts/turbo-v2.5", &json!({"text": "Hi"})).await.json();
    let file = simulator.fetch(result["audio"]["url"].as_str().unwrap()).await;
    assert_eq!(facts(&file.body).0, Format::Mp3);
}

#[tokio::test]
async fn wrong_inputs_show_when_the_model_looks_at_them() {
    let simulator = Simulator::start().await;
    let here = format!("{}/nothing.png", simulator.running.url());
    for (model, input, field, kind) in [
        ("fal-ai/flux/dev", json!({}), "prompt", "missing"),
        ("fal-ai/flux/dev", json!({"prompt": 5}), "prompt", "string_type"),
        ("fal-ai/flux/dev", json!({"prompt": "x", "num_images": 5}), "num_images", "less_than_equal"),
        ("fal-ai/flux/dev", json!({"prompt": "x", "num_images": "1"}), "num_images", "int_type"),
        ("fal-ai/flux/dev", json!({"prompt": "x", "image_size": "huge"}), "image_size", "literal_error"),
        (
            "fal-ai/flux/dev",
            json!({"prompt": "x", "output_format": "webp"}),
            "output_format",
            "literal_error",
        ),
        (
            "fal-ai/flux/schnell",
            json!({"prompt": "x", "num_inference_steps": 28}),
            "num_inference_steps",
            "less_than_equal",
        ),
        (
            "fal-ai/flux-pro/v1.1",
            json!({"prompt": "x", "safety_tolerance": 2}),
            "safety_tolerance",
            "literal_error",
        ),
        ("fal-ai/flux-pro/kontext", json!({"prompt": "x"}), "image_url", "missing"),
        (
            "fal-ai/flux-pro/kontext",
            json!({"prompt": "x", "image_url": here}),
            "image_url",
            "file_download_error",
        ),
        (
            "fal-ai/flux-pro/kontext",
            json!({"prompt": "x", "image_url": "data:image/png;base64,AAAA"}),
            "image_url",
            "image_load_error",
        ),
        ("fal-ai/veo3.1", json!({"prompt": "x", "duration": "8"}), "duration", "literal_error"),
        ("fal-ai/sora-2/text-to-video", json!({"prompt": "x", "duration": 8}), "duration", "literal_error"),
    ] {
        let request = accepted(&simulator, model, &input).await;
        over(&simulator, &request).await;
        for _ in 0..2 {
            let answer = get(&simulator, &request, "response_url").await;
            assert_eq!(answer.status, 422, "{model} {input}");
            assert!(!answer.header("x-fal-request-id").is_empty());
            let told = &answer.json()["detail"][0];
            assert_eq!((&told["loc"], &told["type"]), (&json!(["body", field]), &json!(kind)), "{input}");
        }
        let at_once = simulator.call("POST", &format!("/fal/run/{model}"), &[KEY], &input.to_string()).await;
        assert_eq!(at_once.status, 422, "{model} {input}");
    }
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let simulator = Simulator::start_at(0.01).await;
    let request = accepted(&simulator, "fal-ai/flux/dev", &json!({"prompt": "x"})).await;
    let id = request["request_id"].as_str().unwrap();
    let cases: [(&str, String, Headers<'_>, &str, u16); 9] = [
        ("POST", "/fal/fal-ai/flux/dev".into(), &[], "{}", 401),
        ("POST", "/fal/fal-ai/flux/dev".into(), &[("authorization", "Bearer sim-fal-key")], "{}", 401),
        ("POST", "/fal/fal-ai/flux".into(), &[KEY], "{}", 404),
        ("POST", "/fal/fal-ai/flux/dev".into(), &[KEY], "prompt=x", 400),
        ("GET", format!("/fal/fal-ai/flux/requests/{id}"), &[KEY], "", 400),
        ("GET", format!("/fal/fal-ai/flux/requests/{id}/status"), &[], "", 401),
        ("GET", format!("/fal/fal-ai/flux/dev/requests/{id}/status"), &[KEY], "", 405),
        ("GET", format!("/fal/fal-ai/flux-pro/requests/{id}/status"), &[KEY], "", 404),
        ("GET", "/fal/fal-ai/flux/requests/nothing/status".into(), &[KEY], "", 404),
    ];
    for (method, path, headers, body, status) in cases {
        let answer = simulator.call(method, &path, headers, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {:?}", answer.body);
        assert!(answer.json()["detail"].is_string());
    }
}

#[tokio::test]
async fn a_request_is_cancelled_while_it_waits() {
    let simulator = Simulator::start_at(0.01).await;
    simulator.control("/settings", &json!({ "fal_active": 1 })).await;
    let cancel = async |request: &Value| {
        let address = request["cancel_url"].as_str().unwrap().to_owned();
        simulator.call("PUT", &address, &[KEY], "").await
    };
    let working = accepted(&simulator, "fal-ai/flux/dev", &json!({"prompt": "x [vendor:slow:30]"})).await;
    let waiting = accepted(&simulator, "fal-ai/flux/dev", &json!({"prompt": "x"})).await;
    let told = get(&simulator, &waiting, "status_url").await;
    assert_eq!((told.status, &told.json()["status"]), (202, &json!("IN_QUEUE")));
    let stopped = cancel(&waiting).await;
    assert_eq!((stopped.status, stopped.json()), (200, json!({ "status": "OK" })));
    assert_eq!(get(&simulator, &waiting, "status_url").await.status, 404);
    let stopped = cancel(&waiting).await;
    assert_eq!((stopped.status, stopped.json()), (404, json!({ "status": "NOT_FOUND" })));
    assert_eq!(get(&simulator, &working, "status_url").await.status, 202);
    simulator.control("/settings", &json!({ "speed": 1000, "fal_active": 5 })).await;
    let done = accepted(&simulator, "fal-ai/flux/dev", &json!({"prompt": "x"})).await;
    over(&simulator, &done).await;
    let stopped = cancel(&done).await;
    assert_eq!((stopped.status, stopped.json()), (400, json!({ "status": "ALREADY_COMPLETED" })));
}

#[tokio::test]
async fn faults_are_told_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    for (fault, status) in [("busy", 429), ("500", 500), ("unauthorized", 401), ("no-credit", 403)] {
        let prompt = json!({"prompt": format!("a red door [vendor:{fault}]")});
        assert_eq!(submit(&simulator, "fal-ai/flux/dev", &prompt).await.status, status, "{fault}");
    }
    let of = async |model: &str, fault: &str| {
        outcome(&simulator, model, &json!({"prompt": format!("a red door [vendor:{fault}]")})).await
    };
    let moderated = of("fal-ai/flux/dev", "moderate").await;
    assert_eq!((moderated.status, &moderated.json()["detail"][0]["loc"]), (422, &json!(["body", "prompt"])));
    let blacked_out = of("fal-ai/flux/dev", "moderate-output").await;
    assert_eq!((blacked_out.status, &blacked_out.json()["has_nsfw_concepts"]), (200, &json!([true])));
    let held_back = of("fal-ai/veo3.1", "moderate-output").await;
    assert_eq!((held_back.status, &held_back.json()["detail"][0]["loc"]), (422, &json!(["body"])));
    assert_eq!(of("fal-ai/flux/dev", "fail").await.status, 500);
    assert_eq!(of("fal-ai/flux/dev", "empty").await.json()["images"], json!([]));
    let late = accepted(&simulator, "fal-ai/flux/dev", &json!({"prompt": "x [vendor:late:2]"})).await;
    assert_eq!(get(&simulator, &late, "status_url").await.status, 404);
    over(&simulator, &late).await;
}

/// The keys that callbacks are signed with; anybody may read them.
async fn keys(simulator: &Simulator) -> Vec<Vec<u8>> {
    let told = simulator.fetch("/fal/.well-known/jwks.json").await.json();
    let key = |key: &Value| {
        assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
        URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap()
    };
    told["keys"].as_array().unwrap().iter().map(key).collect()
}

fn is_signed(key: &[u8], headers: &HeaderMap, body: &Bytes) -> bool {
    let header = |name: &str| headers[&format!("x-fal-webhook-{name}")].to_str().unwrap();
    let signed =
        [header("request-id"), header("user-id"), header("timestamp"), &hex::encode(Sha256::digest(body))];
    let signature = hex::decode(header("signature")).unwrap();
    UnparsedPublicKey::new(&ED25519, key).verify(signed.join("\n").as_bytes(), &signature).is_ok()
}

/// A request that is called back about; its id.
async fn with_webhook(simulator: &Simulator, listener: &Listener, input: &Value) -> String {
    let webhook: String = url::form_urlencoded::byte_serialize(listener.url.as_bytes()).collect();
    let request = accepted(simulator, &format!("fal-ai/flux/dev?fal_webhook={webhook}"), input).await;
    request["request_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_over_is_called_back_with_a_signature() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let published = keys(&simulator).await;
    let [key] = published.as_slice() else { panic!("{published:?}") };
    for (word, status, error, place) in [
        ("", "OK", json!(null), "/images/0/url"),
        ("[fal:moderate]", "ERROR", json!("Invalid status code: 422"), "/detail/0/type"),
        ("[fal:fail]", "ERROR", json!("Invalid status code: 500"), "/detail"),
    ] {
        let id = with_webhook(&simulator, &listener, &json!({"prompt": format!("a red door {word}")})).await;
        let (headers, body, told) = listener.next().await;
        assert!(is_signed(key, &headers, &body), "{told}");
        assert!(!is_signed(key, &headers, &Bytes::from_static(b"{}")));
        assert_eq!([&told["request_id"], &told["gateway_request_id"]], [&json!(id); 2]);
        assert_eq!((&told["status"], &told["error"]), (&json!(status), &error));
        assert!(told["payload"].pointer(place).is_some_and(Value::is_string), "{told}");
        // Counted once it was taken, which the simulator hears a moment later.
        let seen = async || {
            let stats = simulator.fetch("/_control/stats?prompt=red%20door").await.json();
            let jobs = stats["jobs"].as_array().unwrap().clone();
            let job = jobs.into_iter().find(|job| job["id"] == id.as_str()).unwrap();
            (job["polls"].as_u64().unwrap(), job["callbacks"].as_u64().unwrap())
        };
        while seen().await != (0, 1) {
            tokio::task::yield_now().await;
        }
    }
    assert!(listener.is_silent(), "each is told once");
    // Whoever starts anew has another key.
    simulator.control("/reset", &Value::Null).await;
    assert_ne!(keys(&simulator).await, published);
}

#[tokio::test]
async fn no_callback_without_a_wish_or_an_end() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let lost = with_webhook(&simulator, &listener, &json!({"prompt": "x [fal:no-callback]"})).await;
    let hangs = with_webhook(&simulator, &listener, &json!({"prompt": "x [fal:hang]"})).await;
    for id in [&lost, &hangs] {
        let request = json!({"status_url": format!("/fal/fal-ai/flux/requests/{id}/status")});
        if *id == lost {
            over(&simulator, &request).await;
        }
        assert!(matches!(get(&simulator, &request, "status_url").await.status, 200 | 202));
    }
    simulator.control("/settings", &json!({ "fal_active": 1 })).await;
    let waits = with_webhook(&simulator, &listener, &json!({"prompt": "x"})).await;
    let cancel = format!("/fal/fal-ai/flux/requests/{waits}/cancel");
    assert_eq!(simulator.call("PUT", &cancel, &[KEY], "").await.status, 200);
    simulator.control("/settings", &json!({ "fal_active": 10 })).await;
    outcome(&simulator, "fal-ai/flux/dev", &json!({"prompt": "nobody is to be told"})).await;
    assert!(listener.is_silent());
    simulator.arm("fal", "list", "500").await;
    assert_eq!(simulator.fetch("/fal/.well-known/jwks.json").await.status, 500);
    simulator.arm("fal", "list", "garbage").await;
    let page = simulator.fetch("/fal/.well-known/jwks.json").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
}
