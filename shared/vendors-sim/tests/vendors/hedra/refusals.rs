//! What Hedra refuses, in its own words.

use super::{ALL, JSON, KEY, accepted, end, film, mp3, png, speech, submit, upload, uploaded, with};
use crate::client::Simulator;
use serde_json::json;

#[tokio::test]
async fn wrong_orders_are_refused_with_all_that_is_wrong() {
    let simulator = Simulator::start().await;
    let good = film(&simulator, "a fox").await;
    let (face, voice) = (good["input"]["start_image"].clone(), good["input"]["audio"].clone());
    let short = uploaded(&simulator, &mp3("")).await;
    let long = "a".repeat(5001);
    let altered = json!({ "source": "url", "url": format!("{}&more=1", face["url"].as_str().unwrap()) });
    let films = [
        (json!({ "prompt": "-" }), "input.prompt", "required"),
        (json!({ "prompt": " " }), "input.prompt", "min_length"),
        (json!({ "prompt": 5 }), "input.prompt", "type"),
        (json!({ "aspect_ratio": "-" }), "input.aspect_ratio", "required"),
        (json!({ "aspect_ratio": "5:4" }), "input.aspect_ratio", "enum"),
        (json!({ "resolution": "4k" }), "input.resolution", "enum"),
        (json!({ "resolution": "-" }), "input.resolution", "required"),
        (json!({ "duration_ms": "5000" }), "input.duration_ms", "type"),
        (json!({ "duration_ms": 0 }), "input.duration_ms", "minimum"),
        (json!({ "duration_ms": 600_001 }), "input.duration_ms", "maximum"),
        (json!({ "num_outputs": 2 }), "input.num_outputs", "maximum"),
        (json!({ "start_image": "-" }), "input.start_image", "required"),
        (json!({ "start_image": "https://example.com/a.png" }), "input.start_image", "type"),
        (json!({ "start_image": { "source": "url" } }), "input.start_image", "type"),
        (
            json!({ "start_image": { "source": "url", "url": "https://example.com/a.png" } }),
            "input.start_image",
            "external_url",
        ),
        (json!({ "start_image": altered }), "input.start_image", "external_url"),
        (json!({ "start_image": voice }), "input.start_image", "content_type"),
        (json!({ "audio": "-" }), "input.audio", "required"),
        (json!({ "audio": face }), "input.audio", "content_type"),
        (json!({ "audio": [] }), "input.audio", "max_items"),
        (json!({ "audio": [voice, voice, voice, voice, voice] }), "input.audio", "max_items"),
        (json!({ "audio": [voice, face] }), "input.audio[1]", "content_type"),
        (json!({ "audio": short }), "input.audio", "duration"),
        (json!({ "bounding_box_target": [[0.5, 1.5]] }), "input.bounding_box_target", "type"),
        (json!({ "seed": 7 }), "input.seed", "unknown_field"),
        (json!({ "text": "Hello" }), "input.text", "unknown_field"),
    ];
    let speeches = [
        (json!({ "text": "-" }), "input.text", "required"),
        (json!({ "text": long }), "input.text", "max_length"),
        (json!({ "voice_id": "-" }), "input.voice_id", "required"),
        (json!({ "voice_id": "Sarah" }), "input.voice_id", "unknown_voice"),
        (json!({ "speed": 0.6 }), "input.speed", "minimum"),
        (json!({ "speed": 1.3 }), "input.speed", "maximum"),
        (json!({ "speed": "1.0" }), "input.speed", "type"),
        (json!({ "stability": 1.5 }), "input.stability", "maximum"),
        (json!({ "language": 1 }), "input.language", "type"),
        (json!({ "prompt": "x" }), "input.prompt", "unknown_field"),
    ];
    let films = films.into_iter().map(|case| ("hedra-character-3", good.clone(), case));
    let speeches = speeches.into_iter().map(|case| ("elevenlabs-v3", speech("Hello"), case));
    for (model, order, (more, field, reason)) in films.chain(speeches) {
        let answer = submit(&simulator, model, ALL, &with(order, more.clone())).await;
        let error = &answer.json()["error"];
        assert_eq!((answer.status, &error["code"]), (400, &json!("INVALID_ARGUMENT")), "{more}: {error}");
        assert_eq!(
            (&error["param"], &error["details"][0]["reason"]),
            (&json!(field), &json!(reason)),
            "{more}: {error}"
        );
    }
    // All at once, and what would be right.
    let wrong = with(good.clone(), json!({ "aspect_ratio": "-", "else": 2, "resolution": "4k", "what": 1 }));
    let error = submit(&simulator, "hedra-avatar", ALL, &wrong).await.json()["error"].clone();
    let fields: Vec<_> =
        error["details"].as_array().unwrap().iter().map(|detail| detail["field"].clone()).collect();
    assert_eq!(fields, ["input.else", "input.what", "input.aspect_ratio", "input.resolution"]);
    assert_eq!(error["details"][3]["allowed"], json!(["540p", "720p", "1080p"]));
    assert_eq!(error["message"], "4 input fields are invalid; see details.");
    // Beside the input.
    for (body, param) in [
        (json!({}), "input"),
        (json!({ "input": 5 }), "input"),
        (json!({ "input": good["input"], "idempotency_key": "x" }), "idempotency_key"),
        (json!({ "input": good["input"], "webhook": "nonsense" }), "webhook"),
        (json!([]), "body"),
    ] {
        let answer = submit(&simulator, "hedra-character-3", ALL, &body).await;
        assert_eq!((answer.status, &answer.json()["error"]["param"]), (400, &json!(param)), "{body}");
    }
    assert_eq!(
        submit(&simulator, "hedra-character-3", &[KEY], &good).await.status,
        400,
        "no type of content"
    );
    let answer = submit(&simulator, "character-9", ALL, &good).await;
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (404, &json!("NOT_FOUND")));
    assert_eq!(simulator.counts("hedra")["submits_paid"], 0);
}

#[tokio::test]
async fn files_are_what_their_bytes_are_for_an_hour() {
    let simulator = Simulator::start().await;
    let answer = upload(&simulator, &png()).await.json();
    assert_eq!(answer["content_type"], "image/png", "whatever the form says");
    for file in [&b""[..], b"not a file of media"] {
        let answer = upload(&simulator, file).await;
        assert_eq!((answer.status, &answer.json()["error"]["param"]), (400, &json!("file")));
    }
    let other = b"--b\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n".to_vec();
    let kind = ("content-type", "multipart/form-data; boundary=b");
    assert_eq!(simulator.send("POST", "/hedra/v3/files", &[KEY, kind], other).await.status, 400);
    assert_eq!(simulator.send("POST", "/hedra/v3/files", &[kind], Vec::new()).await.status, 401);
    let order = film(&simulator, "a fox").await;
    simulator.control("/settings", &json!({ "link_seconds": 0 })).await;
    let late = with(order, json!({ "start_image": uploaded(&simulator, &png()).await }));
    let error = submit(&simulator, "hedra-character-3", ALL, &late).await.json()["error"].clone();
    assert_eq!(
        (&error["param"], &error["details"][0]["reason"]),
        (&json!("input.start_image"), &json!("expired"))
    );
}

#[tokio::test]
async fn a_key_is_a_pair() {
    let simulator = Simulator::start().await;
    let body = speech("Hello").to_string();
    for (key, status) in [
        (None, 401),
        (Some("Bearer sim-hedra-key"), 401),
        (Some("Bearer sim-hedra-key:wrong"), 401),
        (Some("Token sim-hedra-key:sim-hedra-secret"), 401),
        (Some("Key sim-hedra-key:sim-hedra-secret"), 202),
        (Some("Bearer sim-hedra-key:sim-hedra-secret"), 202),
    ] {
        let headers: Vec<_> = key.map(|key| ("authorization", key)).into_iter().chain([JSON]).collect();
        let answer = simulator.call("POST", "/hedra/v3/models/elevenlabs-v3", &headers, &body).await;
        assert_eq!(answer.status, status, "{key:?}");
        if status == 401 {
            assert_eq!(answer.json()["error"]["code"], "UNAUTHORIZED");
            for path in ["jobs", "jobs/job_1", "jobs/job_1/status", "balance", "webhooks/public-key"] {
                let answer = simulator.call("GET", &format!("/hedra/v3/{path}"), &headers, "").await;
                assert_eq!(answer.status, 401, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn bad_days() {
    let simulator = Simulator::start().await;
    for (word, status, code) in [
        ("busy", 429, "RESOURCE_EXHAUSTED"),
        ("no-credit", 402, "INSUFFICIENT_BALANCE"),
        ("unauthorized", 401, "UNAUTHORIZED"),
        ("500", 500, "INTERNAL"),
        ("moderate", 422, "MODERATION_FAILED"),
    ] {
        let answer = submit(&simulator, "elevenlabs-v3", ALL, &speech(&format!("[hedra:{word}]"))).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["error"]["code"]), (status, &json!(code)));
        assert_eq!(body["trace_id"], answer.header("x-trace-id"));
        match status {
            429 => {
                assert_eq!((answer.header("retry-after"), &body["error"]["retry_after"]), ("1", &json!(1)));
                assert_eq!(answer.header("x-ratelimit-limit"), "60");
            }
            402 => assert_eq!(body["error"]["billing"]["balance"], 0),
            _ => {}
        }
    }
    assert_eq!(simulator.counts("hedra")["submits_paid"], 0);
    for (word, code) in [("fail", "INTERNAL"), ("moderate-output", "MODERATION_FAILED")] {
        let id = accepted(&simulator, "elevenlabs-v3", &speech(&format!("[hedra:{word}]"))).await;
        let job = end(&simulator, &id).await;
        assert_eq!(
            (&job["error"]["code"], &job["cost"], &job["outputs"]),
            (&json!(code), &json!(0.0), &json!([]))
        );
    }
    let id = accepted(&simulator, "elevenlabs-v3", &speech("[hedra:empty]")).await;
    assert_eq!(end(&simulator, &id).await["outputs"], json!([]));
    simulator.arm("hedra", "upload", "no-credit").await;
    assert_eq!(upload(&simulator, &png()).await.status, 402, "uploads are paused");
    simulator.arm("hedra", "list", "500").await;
    assert_eq!(simulator.call("GET", "/hedra/v3/models/elevenlabs-v3/voices", &[], "").await.status, 500);
    for path in ["jobs/job_unheard-of", "jobs/job_unheard-of/status", "what"] {
        let answer = simulator.call("GET", &format!("/hedra/v3/{path}"), &[KEY], "").await;
        assert_eq!((answer.status, &answer.json()["error"]["code"]), (404, &json!("NOT_FOUND")), "{path}");
    }
    assert_eq!(simulator.call("DELETE", "/hedra/v3/jobs/job_1", &[KEY], "").await.status, 405);
}
