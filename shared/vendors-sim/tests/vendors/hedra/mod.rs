//! Hedra.

mod refusals;
mod scripts;

use crate::client::{Answer, Headers, Listener, Simulator, facts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::{Format, PictureFormat, PictureSpec, VoiceSpec};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

const KEY: (&str, &str) = ("authorization", "Bearer sim-hedra-key:sim-hedra-secret");
const JSON: (&str, &str) = ("content-type", "application/json");
const ALL: Headers<'static> = &[KEY, JSON];
const SARAH: &str = "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a01";

fn png() -> Vec<u8> {
    media::picture(&PictureSpec { text: "", width: 64, height: 64, seed: 1 }, PictureFormat::Png)
}

fn mp3(text: &str) -> Vec<u8> {
    media::voice_mp3(&VoiceSpec { text, voice: "sarah", speed: 1.0 })
}

async fn upload(simulator: &Simulator, file: &[u8]) -> Answer {
    let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
                content-type: text/plain\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--b--\r\n"].concat();
    let headers = [KEY, ("content-type", "multipart/form-data; boundary=b")];
    simulator.send("POST", "/hedra/v3/files", &headers, body).await
}

/// A file that was uploaded, as an order names it.
async fn uploaded(simulator: &Simulator, file: &[u8]) -> Value {
    let answer = upload(simulator, file).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    json!({ "source": "url", "url": answer.json()["url"] })
}

async fn submit(simulator: &Simulator, model: &str, headers: Headers<'_>, body: &Value) -> Answer {
    simulator.call("POST", &format!("/hedra/v3/models/{model}"), headers, &body.to_string()).await
}

async fn accepted(simulator: &Simulator, model: &str, body: &Value) -> String {
    let answer = submit(simulator, model, ALL, body).await;
    assert_eq!(answer.status, 202, "{body}: {answer:?}");
    let told = answer.json();
    let id = told["job_id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/v3/jobs/{id}"));
    assert_eq!((&told["status"], &told["model"]), (&json!("IN_QUEUE"), &json!(model)));
    id
}

async fn look(simulator: &Simulator, id: &str) -> Answer {
    simulator.call("GET", &format!("/hedra/v3/jobs/{id}"), &[KEY], "").await
}

/// Looks until the job has ended.
async fn end(simulator: &Simulator, id: &str) -> Value {
    for _ in 0..500 {
        let job = look(simulator, id).await.json();
        if ["COMPLETED", "FAILED"].contains(&job["status"].as_str().unwrap_or_default()) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("job {id} has not ended");
}

fn speech(text: &str) -> Value {
    json!({ "input": { "text": text, "voice_id": SARAH } })
}

async fn film(simulator: &Simulator, prompt: &str) -> Value {
    let (face, voice) =
        (uploaded(simulator, &png()).await, uploaded(simulator, &mp3("Hello there, how are you")).await);
    json!({ "input": {
        "prompt": prompt, "aspect_ratio": "9:16", "resolution": "540p", "start_image": face, "audio": voice,
    } })
}

/// The order with some fields of its input more, or without them if they are `"-"`.
fn with(mut order: Value, more: Value) -> Value {
    let input = order["input"].as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        if value == "-" {
            input.remove(name);
        } else {
            input.insert(name.clone(), value.clone());
        }
    }
    order
}

async fn balance(simulator: &Simulator) -> f64 {
    simulator.call("GET", "/hedra/v3/balance", &[KEY], "").await.json()["balance"].as_f64().unwrap()
}

#[tokio::test]
async fn a_portrait_speaks_a_recording() {
    let simulator = Simulator::start().await;
    let before = balance(&simulator).await;
    let order = film(&simulator, "a fox nods on a snowy bridge").await;
    let seconds = facts(&mp3("Hello there, how are you")).1.duration_seconds.unwrap();
    let job = end(&simulator, &accepted(&simulator, "hedra-character-3", &order).await).await;
    assert_eq!((&job["status"], &job["error"]), (&json!("COMPLETED"), &Value::Null), "{job}");
    let output = &job["outputs"][0];
    assert_eq!((&output["width"], &output["height"]), (&json!(540), &json!(960)));
    let (format, facts) = facts(&simulator.fetch(output["url"].as_str().unwrap()).await.body);
    assert_eq!((format, facts.width, facts.height), (Format::Mp4, Some(540), Some(960)));
    assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.1, "{facts:?}, not {seconds}");
    let cost = job["cost"].as_f64().unwrap();
    assert!(cost > 0.0 && (before - balance(&simulator).await - cost).abs() < 1e-9, "{job}");
    assert_eq!(simulator.running.paid("snowy bridge"), 1);
    // Cut to a length, and with several who speak.
    let voices = [order["input"]["audio"].clone(), order["input"]["audio"].clone()];
    for (more, expected) in
        [(json!({ "duration_ms": 2000 }), 2.0), (json!({ "audio": voices, "num_outputs": 1 }), 2.0 * seconds)]
    {
        let id = accepted(&simulator, "hedra-avatar", &with(order.clone(), more.clone())).await;
        let told = end(&simulator, &id).await["outputs"][0]["duration_ms"].as_f64().unwrap() / 1000.0;
        assert!((told - expected).abs() < 0.01, "{more}: {told}");
    }
}

#[tokio::test]
async fn a_script_is_spoken_and_then_shown() {
    let simulator = Simulator::start().await;
    let text = "The quick brown fox speaks";
    let order = json!({ "input": {
        "text": text, "voice_id": SARAH, "speed": 1.2, "stability": 0.0, "language": "en",
    } });
    let id = accepted(&simulator, "elevenlabs-v3", &order).await;
    let spoken = end(&simulator, &id).await;
    let output = &spoken["outputs"][0];
    assert_eq!((&output["content_type"], &output["width"]), (&json!("audio/mpeg"), &Value::Null));
    let (format, facts) = facts(&simulator.fetch(output["url"].as_str().unwrap()).await.body);
    assert_eq!(format, Format::Mp3);
    let seconds = facts.duration_seconds.unwrap();
    assert!((seconds * 1000.0 - output["duration_ms"].as_f64().unwrap()).abs() < 100.0);
    assert!(spoken.get("prompt").is_none(), "{spoken}");
    let audio = json!({ "source": "asset", "asset_id": output["asset_id"] });
    let order = with(film(&simulator, "a fox speaks").await, json!({ "audio": audio }));
    let job = end(&simulator, &accepted(&simulator, "hedra-character-3", &order).await).await;
    assert_eq!(job["outputs"][0]["duration_ms"], output["duration_ms"]);
    // An asset is named by its own id, and a film is no recording.
    for asset in [json!(id), job["outputs"][0]["asset_id"].clone(), json!("asset_unheard-of")] {
        let audio = json!({ "source": "asset", "asset_id": asset });
        let answer =
            submit(&simulator, "hedra-avatar", ALL, &with(order.clone(), json!({ "audio": audio }))).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["param"]),
            (400, &json!("input.audio")),
            "{asset}"
        );
    }
}

#[tokio::test]
async fn the_same_order_under_the_same_key_is_the_same_job() {
    let simulator = Simulator::start().await;
    let headers = [KEY, JSON, ("idempotency-key", "gen_1-speech")];
    let order = speech("once and never again [hedra:lost]");
    let lost = simulator.open("POST", "/hedra/v3/models/elevenlabs-v3", &headers, order.to_string()).await;
    assert!(lost.is_err(), "the answer should be lost");
    let first = submit(&simulator, "elevenlabs-v3", &headers, &order).await;
    let again = submit(&simulator, "elevenlabs-v3", &headers, &order).await;
    for answer in [&first, &again] {
        assert_eq!((answer.status, answer.header("x-idempotent-replayed")), (202, "true"));
    }
    assert_eq!(first.json()["job_id"], again.json()["job_id"]);
    assert_eq!(simulator.running.paid("once and never again"), 1);
    let other = [KEY, JSON, ("idempotency-key", "gen_2-speech")];
    let other = submit(&simulator, "elevenlabs-v3", &other, &order).await;
    assert_eq!(other.header("x-idempotent-replayed"), "");
    assert_ne!(other.json()["job_id"], first.json()["job_id"]);
    // The key is not the job's name.
    assert_eq!(look(&simulator, "gen_1-speech").await.status, 404);
}

#[tokio::test]
async fn states_and_links() {
    let simulator = Simulator::start_at(1.0).await;
    let order = film(&simulator, "[hedra:slow:1] a fox").await;
    let id = accepted(&simulator, "hedra-character-3", &order).await;
    let mut seen: Vec<Value> = Vec::new();
    let done = loop {
        let told = simulator.call("GET", &format!("/hedra/v3/jobs/{id}/status"), &[KEY], "").await.json();
        if seen.last() != Some(&told["status"]) {
            seen.push(told["status"].clone());
        }
        let progress = told["progress"].as_f64().unwrap();
        if told["status"] == "COMPLETED" {
            assert_eq!((progress, &told["estimated_completion_at"]), (1.0, &Value::Null));
            break look(&simulator, &id).await.json();
        }
        assert!(progress < 1.0 && told["estimated_completion_at"].is_string(), "{told}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(seen, ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]);
    // Each look signs a link of its own, and none lives for ever.
    let (first, second) = (done["outputs"][0]["url"].clone(), look(&simulator, &id).await.json());
    assert_ne!(first, second["outputs"][0]["url"]);
    for url in [&first, &second["outputs"][0]["url"]] {
        assert_eq!(simulator.fetch(url.as_str().unwrap()).await.status, 200);
    }
    simulator.control("/settings", &json!({ "link_seconds": 0 })).await;
    assert_eq!(simulator.fetch(first.as_str().unwrap()).await.status, 403);
    let id = accepted(&simulator, "elevenlabs-v3", &speech("[hedra:unknown-state] [hedra:slow:1]")).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(look(&simulator, &id).await.json()["status"], "REHEARSING");
}

#[tokio::test]
async fn jobs_are_listed_in_pages() {
    let simulator = Simulator::start().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(accepted(&simulator, "elevenlabs-v3", &speech(&format!("number {number}"))).await);
    }
    ids.reverse();
    let page = async |query: String| {
        simulator.call("GET", &format!("/hedra/v3/jobs{query}"), &[KEY], "").await.json()
    };
    let named = |page: &Value| -> Vec<String> {
        let jobs = page["data"].as_array().unwrap();
        jobs.iter().map(|job| job["job_id"].as_str().unwrap().to_owned()).collect()
    };
    let all = page(String::new()).await;
    assert_eq!((named(&all), &all["next_cursor"]), (ids.clone(), &Value::Null));
    assert_eq!(all["data"][0]["model"], "elevenlabs-v3");
    let first = page("?limit=3".to_owned()).await;
    let rest = page(format!("?limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!((named(&first), named(&rest)), (ids[..3].to_vec(), ids[3..].to_vec()));
    assert_eq!(rest["next_cursor"], Value::Null);
    for query in ["?limit=0", "?limit=101", "?limit=x", "?cursor=x"] {
        let answer = simulator.call("GET", &format!("/hedra/v3/jobs{query}"), &[KEY], "").await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[tokio::test]
async fn models_and_voices_are_open_to_everybody() {
    let simulator = Simulator::start().await;
    let get = async |path: &str| simulator.call("GET", &format!("/hedra/v3/models{path}"), &[], "").await;
    let models = get("").await.json();
    assert_eq!(models["data"][0]["id"], "hedra-character-3");
    assert!(get("/hedra-avatar").await.json()["price_description"].is_string());
    assert_eq!(get("/what").await.status, 404);
    let voices = get("/elevenlabs-v3/voices").await.json();
    assert_eq!((&voices["data"][0]["id"], &voices["next_cursor"]), (&json!(SARAH), &Value::Null));
    assert!(!voices.to_string().contains("Monica"), "only a search finds her");
    let found = get("/elevenlabs-v3/voices/search?q=warm+british+narrator&gender=female").await.json();
    assert_eq!(found["data"][0]["name"], "Monica");
    for query in ["", "?q=", "?q=x&limit=0", "?q=x&gender=other", "?q=x&language=english"] {
        let answer = get(&format!("/elevenlabs-v3/voices/search{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (400, &json!("INVALID_ARGUMENT")),
            "{query}"
        );
    }
    let answer = get("/hedra-avatar/voices").await;
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (400, &json!("FAILED_PRECONDITION")));
    let bad = [("authorization", "Bearer wrong")];
    assert_eq!(simulator.call("GET", "/hedra/v3/models", &bad, "").await.status, 401);
}

#[tokio::test]
async fn an_estimate_costs_nothing() {
    let simulator = Simulator::start().await;
    let order = film(&simulator, "a fox").await;
    let estimate = async |model: &str, body: &Value| {
        simulator.call("POST", &format!("/hedra/v3/models/{model}/estimate"), ALL, &body.to_string()).await
    };
    let told =
        estimate("hedra-character-3", &with(order.clone(), json!({ "duration_ms": 9500 }))).await.json();
    assert_eq!(told, json!({ "model": "hedra-character-3", "cost": 0.5, "currency": "USD" }));
    assert_eq!(estimate("elevenlabs-v3", &speech("Hello")).await.json()["cost"], 0.0005);
    assert_eq!(estimate("elevenlabs-v3", &order).await.status, 400);
    assert_eq!(
        (balance(&simulator).await, &simulator.counts("hedra")["submits_received"]),
        (10_000.0, &json!(0))
    );
}

#[tokio::test]
async fn the_end_is_told_with_a_signature() {
    let simulator = Simulator::start().await;
    let mut listener = Listener::start().await;
    let key = simulator.call("GET", "/hedra/v3/webhooks/public-key", &[KEY], "").await.json();
    assert_eq!(key["algorithm"], "ed25519");
    let key = key["public_key"].as_str().unwrap();
    let seed = include_str!("../../../../../infra/local/seed.py");
    assert!(seed.contains(key), "the local run has to know {key}");
    let key = STANDARD.decode(key).unwrap();
    for (text, event, status) in
        [("Hello", "job.completed", "COMPLETED"), ("[hedra:fail]", "job.failed", "FAILED")]
    {
        let order = json!({ "input": speech(text)["input"], "webhook": listener.url });
        let id = accepted(&simulator, "elevenlabs-v3", &order).await;
        // They come at least once: one about a job before may come again.
        let (headers, body, told) = loop {
            let heard = listener.next().await;
            if heard.2["job_id"] == id {
                break heard;
            }
        };
        let header = |name: &str| headers[&format!("x-hedra-webhook-{name}")].to_str().unwrap();
        assert_eq!((header("id"), header("event"), header("redelivery")), (id.as_str(), event, "false"));
        let hash = hex::encode(Sha256::digest(&body));
        let signed = format!("{}\n{id}\n{event}\nfalse\n{hash}", header("timestamp"));
        let signature = hex::decode(header("signature")).unwrap();
        UnparsedPublicKey::new(&ED25519, &key).verify(signed.as_bytes(), &signature).unwrap();
        assert_eq!((&told["job_id"], &told["status"]), (&json!(id), &json!(status)));
        assert!(told.get("cost").is_none() && told.get("currency").is_none(), "{told}");
    }
}
