//! Sync.so.

use crate::client::{Answer, Headers, Listener, Simulator, facts};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use media::{ClipSpec, Format, PictureFormat, PictureSpec, VoiceSpec};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;
use tokio::net::TcpListener;

const ALL: Headers<'static> = &[("x-api-key", "sim-sync-key"), ("content-type", "application/json")];
const CLIP: &str = "https://example.com/fox.mp4";
const RECORDING: &str = "https://example.com/fox.wav";
const PICTURE: &str = "https://example.com/fox.png";
const VOICE: &str = "EXAVITQu4vr4xnSDxMaL";

async fn submit(simulator: &Simulator, body: &Value) -> Answer {
    simulator.call("POST", "/sync/v2/generate", ALL, &body.to_string()).await
}

async fn accepted(simulator: &Simulator, body: &Value) -> String {
    let answer = submit(simulator, body).await;
    let told = answer.json();
    assert_eq!((answer.status, &told["status"]), (201, &json!("PENDING")), "{body}: {told}");
    told["id"].as_str().unwrap().to_owned()
}

async fn poll(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("/sync/v2/generate/{id}"), ALL, "").await
}

/// Polls until the generation has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let told = poll(simulator, id).await.json();
        if !["PENDING", "PROCESSING"].contains(&told["status"].as_str().unwrap_or_default()) {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("generation {id} has not ended");
}

fn video(url: &str) -> Value {
    json!({ "type": "video", "url": url })
}

fn audio(url: &str) -> Value {
    json!({ "type": "audio", "url": url })
}

fn text(script: &str) -> Value {
    let provider = json!({ "name": "elevenlabs", "voiceId": VOICE, "script": script });
    json!({ "type": "text", "provider": provider })
}

fn order(input: &[Value], more: Value) -> Value {
    let mut order = json!({ "model": "lipsync-2", "input": input });
    order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order
}

fn spoken(script: &str) -> Value {
    order(&[video(CLIP), text(script)], json!({}))
}

/// Serves a clip of two seconds, one of sixteen, a picture, and a recording of several seconds.
async fn files() -> (String, f64) {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let film = |seconds| {
        let spec =
            ClipSpec { text: "", width: 320, height: 240, duration_seconds: seconds, seed: 1, sound: false };
        Bytes::from(media::clip(&spec))
    };
    let still = PictureSpec { text: "", width: 300, height: 400, seed: 1 };
    let speech = VoiceSpec { text: "one two three four five six seven", voice: "", speed: 1.0 };
    let speech = Bytes::from(media::voice_mp3(&speech));
    let seconds = facts(&speech).1.duration_seconds.unwrap();
    let mut router = axum::Router::new();
    for (path, file) in [
        ("/short.mp4", film(2.0)),
        ("/long.mp4", film(16.0)),
        ("/still.png", media::picture(&still, PictureFormat::Png).into()),
        ("/speech.mp3", speech),
        ("/page", Bytes::from("<html>")),
    ] {
        router = router.route(path, axum::routing::get(move || async move { file.clone() }));
    }
    tokio::spawn(async { axum::serve(socket, router).await });
    (url, seconds)
}

#[tokio::test]
async fn clips_are_as_they_were_ordered() {
    let simulator = Simulator::start().await;
    let (files, speech) = files().await;
    let (short, long) = (video(&format!("{files}/short.mp4")), video(&format!("{files}/long.mp4")));
    let still = json!({ "type": "image", "url": format!("{files}/still.png") });
    let heard = audio(&format!("{files}/speech.mp3"));
    let mode = |word: &str| json!({ "options": { "sync_mode": word } });
    for (body, size, seconds) in [
        (order(&[short.clone(), heard.clone()], mode("cut_off")), (320, 240), 2.0),
        (order(&[heard.clone(), short.clone()], mode("loop")), (320, 240), speech),
        (order(&[short.clone(), heard.clone()], mode("remap")), (320, 240), speech),
        (order(&[short.clone(), heard.clone()], json!({})), (320, 240), speech),
        (order(&[long.clone(), heard.clone()], mode("cut_off")), (320, 240), speech),
        (order(&[long.clone(), heard.clone()], mode("silence")), (320, 240), 16.0),
        (order(&[short.clone(), text(&"a".repeat(90))], mode("bounce")), (320, 240), 6.0),
        (order(&[still, heard], json!({ "model": "sync-3" })), (300, 400), speech),
    ] {
        let id = accepted(&simulator, &body).await;
        let told = end(&simulator, &id).await;
        assert!((told["outputDuration"].as_f64().unwrap() - seconds).abs() < 0.05, "{body}: {told}");
        let file = simulator.fetch(told["outputUrl"].as_str().unwrap()).await;
        let (format, facts) = facts(&file.body);
        assert_eq!((format, facts.width.zip(facts.height)), (Format::Mp4, Some(size)), "{body}");
        assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.05, "{body}: {facts:?}");
        assert_eq!((&told["input"], &told["error"]), (&body["input"], &Value::Null));
    }
    assert_eq!(simulator.counts("sync")["key_leaks"], 0);
}

#[tokio::test]
async fn keys_are_checked() {
    let simulator = Simulator::start().await;
    let body = spoken("a fox").to_string();
    for (header, message) in [
        (("x-api-key", "other"), "Unauthorized"),
        (("authorization", "Bearer sim-sync-key"), "Either Cookie or x-api-key header must be provided"),
    ] {
        let headers = [("content-type", "application/json"), header];
        let answer = simulator.call("POST", "/sync/v2/generate", &headers, &body).await;
        assert_eq!((answer.status, &answer.json()["message"]), (401, &json!(message)));
        for path in ["/sync/v2/generate/1", "/sync/v2/generations", "/sync/v2/models"] {
            assert_eq!(simulator.call("GET", path, &headers, "").await.status, 401, "{path}");
        }
    }
    assert_eq!(
        simulator.call("GET", "/sync/v2/voices", ALL, "").await.json()["message"],
        "Cannot GET /v2/voices"
    );
    assert_eq!(simulator.call("GET", "/sync/v2/generate", ALL, "").await.status, 404);
}

#[tokio::test]
async fn orders_are_refused_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let (files, _) = files().await;
    let gone = format!("{}/nowhere.mp4", simulator.running.url());
    let page = format!("{files}/page");
    let one = |input: Value| order(&[video(CLIP), input], json!({}));
    let more = |more: Value| order(&[video(CLIP), audio(RECORDING)], more);
    let options = |options: Value| more(json!({ "options": options }));
    let image = json!({ "type": "image", "url": PICTURE });
    let say = |name: &str, value: Value| {
        let mut item = text("a fox");
        item["provider"][name] = value;
        one(item)
    };
    let heard = |url: &str, name: &str| json!({ "type": "audio", "url": url, "refId": name });
    let parts = |voices: [Value; 2], segment: Value| {
        let [first, second] = voices;
        order(&[video(CLIP), first, second], json!({ "segments": [segment] }))
    };
    let two = || [heard(RECORDING, "a"), heard(RECORDING, "b")];
    let span =
        |name: &str, start: f64| json!({ "startTime": start, "endTime": 2, "audioInput": { "refId": name } });
    let invalid = "generation_input_validation_failed";
    let face = "generation_input_face_selection_invalid";
    let cases = [
        (201, "", more(json!({}))),
        (400, "model should not", more(json!({ "model": null }))),
        (400, "model must be a string", more(json!({ "model": 2 }))),
        (400, "generation_unsupported_model", more(json!({ "model": "lipsync-9" }))),
        (400, "input must be an array", more(json!({ "input": "a" }))),
        (400, "input.0 must be an object", more(json!({ "input": ["a"] }))),
        (400, "input.0.type", order(&[json!({ "url": CLIP })], json!({}))),
        (400, invalid, order(&[video(CLIP)], json!({}))),
        (400, invalid, order(&[audio(RECORDING)], json!({}))),
        (
            400,
            "generation_input_too_many_visual",
            order(&[video(CLIP), image.clone(), audio(RECORDING)], json!({})),
        ),
        (400, invalid, order(&[image.clone(), audio(RECORDING)], json!({}))),
        (201, "", order(&[image.clone(), text("a fox")], json!({ "model": "sync-3" }))),
        (400, "input.1.url", one(audio("fox.wav"))),
        (400, "input.1.url", one(json!({ "type": "audio" }))),
        (404, "asset_not_found", one(json!({ "type": "audio", "assetId": "1" }))),
        (422, "generation_input_video_inaccessible", order(&[video(&gone), audio(RECORDING)], json!({}))),
        (422, "generation_input_audio_inaccessible", one(audio(&gone))),
        (422, "generation_input_video_invalid", order(&[video(&page), audio(RECORDING)], json!({}))),
        (422, "generation_input_audio_invalid", one(audio(&page))),
        (201, "", one(audio(&format!("{files}/short.mp4")))),
        (
            400,
            "generation_model_duration_exceeded",
            order(&[video(&format!("{files}/long.mp4")), audio(RECORDING)], json!({ "model": "react-1" })),
        ),
        (400, "input.1.provider.name", say("name", json!("google"))),
        (400, "input.1.provider.voiceId", say("voiceId", json!(""))),
        (404, "voice_not_found", say("voiceId", json!("sarah"))),
        (201, "", say("voiceId", json!("6f1c7b1e-0d6a-4a3e-9d55-1c1a2b3c4d5e"))),
        (400, "input.1.provider.script", say("script", json!(" "))),
        (201, "", say("script", json!("a".repeat(5000)))),
        (400, "generation_text_length_exceeded", say("script", json!("a".repeat(5001)))),
        (400, "input.1.provider.stability", say("stability", json!(1.5))),
        (400, "similarityBoost must be a number", say("similarityBoost", json!("1"))),
        (400, "options must be an object", options(json!([]))),
        (400, "options.sync_mode", options(json!({ "sync_mode": "extend_end" }))),
        (400, "options.temperature", options(json!({ "temperature": 1.1 }))),
        (400, "options.model_mode", options(json!({ "model_mode": "body" }))),
        (400, "options.prompt", options(json!({ "prompt": "be happy" }))),
        (400, "occlusion_detection_enabled", options(json!({ "occlusion_detection_enabled": "yes" }))),
        (201, "", options(json!({ "active_speaker_detection": { "auto_detect": true } }))),
        (400, face, options(json!({ "active_speaker_detection": { "frame_number": 3 } }))),
        (
            400,
            face,
            options(json!({ "active_speaker_detection": { "frame_number": 3, "coordinates": [1] } })),
        ),
        (400, face, options(json!({ "active_speaker_detection": { "bounding_boxes": [null, [1, 2, 3]] } }))),
        (
            400,
            face,
            order(
                &[image, text("a fox")],
                json!({ "model": "sync-3", "options": { "active_speaker_detection": { "auto_detect": true } } }),
            ),
        ),
        (400, invalid, order(&[video(CLIP), audio(RECORDING), text("a fox")], json!({}))),
        (201, "", parts(two(), span("a", 0.5))),
        (400, "generation_input_segments_invalid", parts(two(), span("c", 0.5))),
        (400, "generation_input_segments_invalid", parts(two(), span("a", 3.0))),
        (
            400,
            "generation_input_segments_invalid",
            parts([heard(RECORDING, "a"), heard(RECORDING, "a")], span("a", 0.0)),
        ),
        (
            400,
            "generation_input_segments_invalid",
            parts([heard(RECORDING, "a"), audio(RECORDING)], span("a", 0.0)),
        ),
        (400, "webhookUrl", more(json!({ "webhookUrl": "http://example.com/hook" }))),
        (201, "", more(json!({ "webhookUrl": "https://example.com/hook" }))),
        (400, "outputFileName", more(json!({ "outputFileName": "a b" }))),
        (201, "", more(json!({ "outputFileName": "gen_1-2" }))),
    ];
    for (status, why, body) in cases {
        let answer = submit(&simulator, &body).await;
        let told = answer.json();
        assert_eq!(answer.status, status, "{body}: {told}");
        let code = told["errorCode"].as_str().unwrap_or_default();
        if status != 201 {
            assert_eq!(told["statusCode"], status);
            let named = code == why || (code.is_empty() && told["message"].to_string().contains(why));
            assert!(named, "{why}: {told}");
        }
    }
    let plain = [("x-api-key", "sim-sync-key"), ("content-type", "text/plain")];
    let body = spoken("a fox").to_string();
    assert_eq!(simulator.call("POST", "/sync/v2/generate", &plain, &body).await.status, 400);
}

#[tokio::test]
async fn an_order_with_a_key_is_made_once() {
    let simulator = Simulator::start().await;
    let headers = [ALL, &[("idempotency-key", "gen_1")]].concat();
    let call = async |body: &str| simulator.call("POST", "/sync/v2/generate", &headers, body).await;
    let body = spoken("a fox, once [sync:lost]").to_string();
    assert!(simulator.open("POST", "/sync/v2/generate", &headers, body.clone()).await.is_err());
    let (second, third) = (call(&body).await, call(&format!(" {body} ")).await);
    assert_eq!((second.status, third.status), (201, 201));
    let id = second.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(third.json()["id"], id.as_str());
    assert_eq!(simulator.running.paid("a fox, once"), 1);
    assert_eq!(end(&simulator, &id).await["status"], "COMPLETED");
    assert_eq!(call(&body).await.json()["status"], "COMPLETED", "the state that it has now");
    let other = call(&spoken("another fox").to_string()).await;
    assert_eq!((other.status, &other.json()["errorCode"]), (409, &json!("IDEMPOTENCY_CONFLICT")));
    assert_ne!(accepted(&simulator, &spoken("a fox, once")).await, id, "without the key it is another");
    let bad = [ALL, &[("idempotency-key", "gen 1")]].concat();
    let refused = simulator.call("POST", "/sync/v2/generate", &bad, &body).await;
    assert_eq!((refused.status, &refused.json()["errorCode"]), (400, &json!("INVALID_IDEMPOTENCY_KEY")));
}

#[tokio::test]
async fn words_in_the_script_bring_faults() {
    let simulator = Simulator::start().await;
    for (word, status, code) in [
        ("busy", 429, json!("concurrency_limit_reached")),
        ("500", 500, json!("internal_error")),
        ("unauthorized", 401, Value::Null),
        ("no-credit", 402, json!("account_payment_required")),
    ] {
        let order = spoken(&format!("a fox [sync:{word}]"));
        let answer = submit(&simulator, &order).await;
        assert_eq!((answer.status, &answer.json()["errorCode"]), (status, &code), "{word}");
        accepted(&simulator, &order).await;
    }
    for (word, status, code, link) in [
        ("fail", "FAILED", json!("generation_pipeline_failed"), false),
        ("moderate", "REJECTED", Value::Null, false),
        ("moderate-output", "FAILED", json!("generation_pipeline_failed"), false),
        ("empty", "COMPLETED", Value::Null, false),
        ("slow:0", "COMPLETED", Value::Null, true),
    ] {
        let id = accepted(&simulator, &spoken(&format!("[sync:{word}]"))).await;
        let told = end(&simulator, &id).await;
        assert_eq!((told["status"].as_str(), &told["errorCode"]), (Some(status), &code), "{word}");
        assert_eq!(told["outputUrl"].is_string(), link, "{word}");
        assert_eq!(told["error"].is_string(), ["FAILED", "REJECTED"].contains(&status), "{word}");
    }
    // Where there is no script, the addresses have the words.
    let asked = order(&[video(&format!("{CLIP}#[sync:fail]")), audio(RECORDING)], json!({}));
    assert_eq!(end(&simulator, &accepted(&simulator, &asked).await).await["status"], "FAILED");
    let id = accepted(&simulator, &spoken("[sync:late]")).await;
    assert_eq!(poll(&simulator, &id).await.json()["errorCode"], "generation_not_found");
    let id = accepted(&simulator, &spoken("[sync:unknown-state] [sync:hang]")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(poll(&simulator, &id).await.json()["status"], "REHEARSING");
}

#[tokio::test]
async fn generations_are_listed_and_deleted() {
    let simulator = Simulator::start_at(1.0).await;
    simulator.control("/settings", &json!({ "sync_active": 2 })).await;
    let done = accepted(&simulator, &spoken("one [sync:slow:0]")).await;
    end(&simulator, &done).await;
    let (second, third) = (
        accepted(&simulator, &spoken("two [sync:hang]")).await,
        accepted(&simulator, &spoken("three [sync:hang]")).await,
    );
    let busy = submit(&simulator, &spoken("four")).await;
    assert_eq!((busy.status, &busy.json()["retryAfterSeconds"]), (429, &json!(1)));
    let ids = async |query: &str| {
        let told = simulator.call("GET", &format!("/sync/v2/generations{query}"), ALL, "").await.json();
        told.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [third.as_str(), &second, &done]);
    assert_eq!(ids("?status=COMPLETED,FAILED").await, [done.as_str()]);
    assert_eq!(ids("?status=PENDING&status=PROCESSING").await, [third.as_str(), &second]);
    assert_eq!(ids("?status=%5B%22COMPLETED%22%2C%22FAILED%22%5D").await, [done.as_str()]);
    assert_eq!(ids(&format!("?ids={second},{done}&status=PENDING")).await, [second.as_str()]);
    let delete = async |id: &str| simulator.call("DELETE", &format!("/sync/v2/generate/{id}"), ALL, "").await;
    let early = delete(&second).await;
    assert_eq!(
        (early.status, &early.json()["errorCode"]),
        (409, &json!("generation_not_deletable_while_processing"))
    );
    let url = end(&simulator, &done).await["outputUrl"].as_str().unwrap().to_owned();
    assert_eq!(delete(&done).await.status, 200);
    assert_eq!((poll(&simulator, &done).await.status, simulator.fetch(&url).await.status), (404, 404));
    assert_eq!(delete(&done).await.status, 404);
}

#[tokio::test]
async fn costs_and_models_are_told() {
    let simulator = Simulator::start().await;
    let (files, _) = files().await;
    let body = order(
        &[video(&format!("{files}/short.mp4")), text(&"a".repeat(300))],
        json!({ "options": { "sync_mode": "cut_off" } }),
    );
    let cost = simulator.call("POST", "/sync/v2/analyze/cost", ALL, &body.to_string()).await;
    assert_eq!(
        (cost.status, cost.json()),
        (201, json!([{ "estimatedFrameCount": 50.0, "estimatedGenerationCost": 0.1 }]))
    );
    let bad = simulator.call("POST", "/sync/v2/analyze/cost", ALL, r#"{"model":"lipsync-2"}"#).await;
    assert_eq!(bad.status, 400);
    assert_eq!(simulator.running.paid(""), 0);
    let models = simulator.call("GET", "/sync/v2/models", ALL, "").await.json();
    let ids: Vec<&str> = models.as_array().unwrap().iter().filter_map(|model| model["id"].as_str()).collect();
    assert_eq!(ids, ["sync-3", "lipsync-2-pro", "lipsync-2", "lipsync-1.9.0-beta", "react-1"]);
}

#[tokio::test]
async fn files_may_come_in_a_form() {
    let simulator = Simulator::start().await;
    let spec = ClipSpec { text: "", width: 160, height: 120, duration_seconds: 1.0, seed: 1, sound: false };
    let clip = media::clip(&spec);
    let form = |parts: &[(&str, Option<&str>, &[u8])]| {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.extend(
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
            );
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        body
    };
    let send = async |body: Vec<u8>| {
        let headers = [("x-api-key", "sim-sync-key"), ("content-type", "multipart/form-data; boundary=x")];
        simulator.send("POST", "/sync/v2/generate", &headers, body).await
    };
    let heard = audio(RECORDING).to_string();
    let mode = r#"{"sync_mode":"cut_off"}"#;
    let parts: [(&str, Option<&str>, &[u8]); 4] = [
        ("model", None, b"lipsync-2"),
        ("video", Some("fox.mp4"), &clip),
        ("input", None, heard.as_bytes()),
        ("options", None, mode.as_bytes()),
    ];
    let answer = send(form(&parts)).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let told = end(&simulator, answer.json()["id"].as_str().unwrap()).await;
    assert_eq!((&told["outputDuration"], &told["model"]), (&json!(1), &json!("lipsync-2")));
    for (bad, status) in [
        (form(&parts[..2]), 400),
        (form(&[parts[0], ("video", Some("fox.mp4"), b"<html>"), parts[2]]), 422),
        (form(&[parts[0], parts[1], ("input", None, b"fox")]), 400),
        (form(&[parts[0], ("video", Some("fox.mp4"), &vec![0; 20 * 1024 * 1024 + 1]), parts[2]]), 413),
        (b"no form".to_vec(), 400),
    ] {
        assert_eq!(send(bad).await.status, status);
    }
}

#[tokio::test]
async fn callbacks_are_signed_and_come_once() {
    let simulator = Simulator::start_at(50.0).await;
    let mut listener = Listener::start().await;
    let with = |script: &str| order(&[video(CLIP), text(script)], json!({ "webhookUrl": listener.url }));
    let (good, bad, none) = (with("a fox"), with("[sync:fail] [sync:slow:1]"), with("[sync:moderate]"));
    let ids = [accepted(&simulator, &good).await, accepted(&simulator, &bad).await];
    accepted(&simulator, &none).await;
    for (id, status, code) in
        [(&ids[0], "COMPLETED", Value::Null), (&ids[1], "FAILED", json!("generation_pipeline_failed"))]
    {
        let (headers, body, told) = listener.next().await;
        assert_eq!((&told["id"], &told["status"]), (&json!(id), &json!(status)));
        assert_eq!((&told["error_code"], told.get("errorCode")), (&code, None));
        assert_eq!(told["outputUrl"].is_string(), status == "COMPLETED");
        let header = headers["sync-signature"].to_str().unwrap();
        let (moment, signature) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
        let mut hmac = Hmac::<Sha256>::new_from_slice(b"whsec_sim-sync").unwrap();
        hmac.update(format!("{moment}.").as_bytes());
        hmac.update(&body);
        assert_eq!(signature, hex::encode(hmac.finalize().into_bytes()));
        assert_eq!(moment.len(), 10);
    }
    assert!(listener.is_silent(), "what is rejected is not told, and nothing is told twice");
}
