//! Veo on Google's cloud.

use crate::client::{Answer, Simulator, facts, picture};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use media::Format;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MODEL: &str =
    "projects/sim-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// What a client claims that does everything right.
fn claims() -> Value {
    json!({
        "iss": "sim-vertex@sim-project.iam.gserviceaccount.com",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now(),
        "exp": now() + 3600,
    })
}

/// Claims, signed with the account's private key.
fn assertion(alg: &str, claims: &Value) -> String {
    let file: Value = serde_json::from_str(include_str!("../../sdk/vertex_account.json")).unwrap();
    let pem = file["private_key"].as_str().unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).unwrap()).unwrap();
    let head = json!({ "alg": alg, "typ": "JWT" }).to_string();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn exchange(simulator: &Simulator, grant: &str, assertion: &str) -> Answer {
    let body = format!("grant_type={grant}&assertion={assertion}");
    simulator.call("POST", "/vertex/token", &[FORM], &body).await
}

const GRANT: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

async fn bearer(simulator: &Simulator) -> String {
    let told = exchange(simulator, GRANT, &assertion("RS256", &claims())).await.json();
    format!("Bearer {}", told["access_token"].as_str().unwrap())
}

async fn post(simulator: &Simulator, method: &str, bearer: &str, body: &Value) -> Answer {
    let headers = [("authorization", bearer), ("content-type", "application/json")];
    simulator.call("POST", &format!("/vertex/v1/{method}"), &headers, &body.to_string()).await
}

async fn submit(simulator: &Simulator, bearer: &str, body: &Value) -> Answer {
    post(simulator, &format!("{MODEL}:predictLongRunning"), bearer, body).await
}

async fn poll(simulator: &Simulator, bearer: &str, name: &str) -> Answer {
    post(simulator, &format!("{MODEL}:fetchPredictOperation"), bearer, &json!({ "operationName": name }))
        .await
}

fn order(instance: Value, parameters: Value) -> Value {
    json!({ "instances": [instance], "parameters": parameters })
}

/// The operation's end.
async fn end(simulator: &Simulator, bearer: &str, body: &Value) -> Value {
    let answer = submit(simulator, bearer, body).await;
    assert_eq!(answer.status, 200, "{body}: {:?}", answer.body);
    let name = answer.json()["name"].as_str().unwrap().to_owned();
    assert!(name.starts_with(&format!("{MODEL}/operations/")), "{name}");
    for _ in 0..500 {
        let answer = poll(simulator, bearer, &name).await;
        if answer.status == 200 && answer.header("content-type") == "application/json" {
            let told = answer.json();
            assert_eq!(told["name"], name.as_str());
            if told["done"] == true {
                return told;
            }
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{name} has not ended");
}

#[tokio::test]
async fn only_what_the_account_signed_brings_a_token() {
    let simulator = Simulator::start().await;
    let good = exchange(&simulator, GRANT, &assertion("RS256", &claims())).await;
    let told = good.json();
    assert_eq!(
        (good.status, &told["token_type"], &told["expires_in"]),
        (200, &json!("Bearer"), &json!(3599))
    );

    let forged = assertion("RS256", &claims()).replace("ey", "eY");
    let (signed, _) =
        assertion("RS256", &claims()).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let changed = |field: &str, value: Value| {
        let mut changed = claims();
        changed[field] = value;
        assertion("RS256", &changed)
    };
    for (grant, assertion, error) in [
        (GRANT, forged, "invalid_grant"),
        (GRANT, format!("{signed}.AAAA"), "invalid_grant"),
        (GRANT, format!("{signed}."), "invalid_grant"),
        (GRANT, assertion("none", &claims()), "invalid_grant"),
        (GRANT, assertion("HS256", &claims()), "invalid_grant"),
        (GRANT, "nonsense".into(), "invalid_grant"),
        (GRANT, changed("iss", json!("else@sim-project.iam.gserviceaccount.com")), "invalid_grant"),
        (GRANT, changed("aud", json!("http://127.0.0.1/vertex/token")), "invalid_grant"),
        (GRANT, changed("exp", json!(now() - 60)), "invalid_grant"),
        (GRANT, changed("exp", json!(now() + 3700)), "invalid_grant"),
        (GRANT, changed("iat", json!(now() + 120)), "invalid_grant"),
        (GRANT, changed("iat", json!("now")), "invalid_grant"),
        (
            GRANT,
            changed("scope", json!("https://www.googleapis.com/auth/devstorage.read_only")),
            "invalid_scope",
        ),
        (GRANT, changed("scope", Value::Null), "invalid_scope"),
        ("refresh_token", assertion("RS256", &claims()), "unsupported_grant_type"),
        ("", assertion("RS256", &claims()), "unsupported_grant_type"),
    ] {
        let answer = exchange(&simulator, grant, &assertion).await;
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!(error)), "{grant} {assertion}");
    }
    let body = format!("grant_type={GRANT}&assertion={}", assertion("RS256", &claims()));
    let json = simulator.call("POST", "/vertex/token", &[("content-type", "application/json")], &body).await;
    assert_eq!((json.status, &json.json()["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn only_a_token_opens_the_project() {
    let simulator = Simulator::start().await;
    let body = order(json!({ "prompt": "a fox" }), json!({}));
    let good = bearer(&simulator).await;
    let bare = good.strip_prefix("Bearer ").unwrap();
    for wrong in ["Bearer ya29.wrong", "Bearer sim-vertex-key", bare, "Basic x"] {
        let answer = submit(&simulator, wrong, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["status"]),
            (401, &json!("UNAUTHENTICATED")),
            "{wrong}"
        );
    }
    let path = format!("/vertex/v1/{MODEL}:predictLongRunning");
    let key = [("x-goog-api-key", "sim-google-key")];
    assert_eq!(simulator.call("POST", &path, &key, &body.to_string()).await.status, 401);
    let other = MODEL.replace("sim-project", "other-project");
    let answer = post(&simulator, &format!("{other}:predictLongRunning"), &good, &body).await;
    assert_eq!((answer.status, &answer.json()["error"]["status"]), (403, &json!("PERMISSION_DENIED")));
    assert_eq!(poll(&simulator, "Bearer x", &format!("{MODEL}/operations/1")).await.status, 401);
    assert_eq!(poll(&simulator, "Bearer x", "nonsense").await.status, 401, "that comes first");
    let object = "/vertex/storage/v1/b/bucket/o/a.mp4?alt=media";
    assert_eq!(simulator.call("GET", object, &[], "").await.status, 401);
    assert_eq!(simulator.running.paid("a fox"), 0);
}

#[tokio::test]
async fn words_and_pictures_become_clips_in_the_answer() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let image = || json!({ "bytesBase64Encoded": picture(64, 64), "mimeType": "image/png" });
    let reference = || json!({ "image": image(), "referenceType": "asset" });
    for (instance, parameters, count, size, seconds) in [
        (json!({ "prompt": "a fox" }), json!({ "durationSeconds": 4 }), 1, (1280, 720), 4.0),
        (
            json!({ "prompt": "a fox", "image": image() }),
            json!({ "aspectRatio": "9:16", "durationSeconds": 6, "sampleCount": 2, "seed": 7 }),
            2,
            (720, 1280),
            6.0,
        ),
        (
            json!({ "image": image(), "lastFrame": image() }),
            json!({ "durationSeconds": 4 }),
            1,
            (1280, 720),
            4.0,
        ),
        (
            json!({ "prompt": "a fox", "referenceImages": [reference(), reference(), reference()] }),
            json!({ "generateAudio": false, "negativePrompt": "rain" }),
            1,
            (1280, 720),
            8.0,
        ),
    ] {
        let told = end(&simulator, &bearer, &order(instance.clone(), parameters)).await;
        let videos = told["response"]["videos"].as_array().unwrap();
        assert_eq!(videos.len(), count, "{instance}");
        for video in videos {
            let file = STANDARD.decode(video["bytesBase64Encoded"].as_str().unwrap()).unwrap();
            let (format, facts) = facts(&file);
            assert_eq!((format, facts.width, facts.height), (Format::Mp4, Some(size.0), Some(size.1)));
            assert!((facts.duration_seconds.unwrap() - seconds).abs() < 0.2, "{facts:?}");
        }
    }
}

#[tokio::test]
async fn clips_lie_in_a_bucket_behind_the_token() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let body = order(
        json!({ "prompt": "a fox" }),
        json!({ "durationSeconds": 4, "storageUri": "gs://bucket/clips/" }),
    );
    let told = end(&simulator, &bearer, &body).await;
    let place = told["response"]["videos"][0]["gcsUri"].as_str().unwrap().to_owned();
    let name = place.strip_prefix("gs://bucket/").unwrap().replace('/', "%2F");
    assert!(name.starts_with("clips%2F") && name.ends_with("%2Fsample_0.mp4"), "{name}");
    let path = format!("/vertex/storage/v1/b/bucket/o/{name}");
    let headers = [("authorization", bearer.as_str())];
    assert_eq!(simulator.call("GET", &path, &headers, "").await.json()["contentType"], "video/mp4");
    let file = simulator.call("GET", &format!("{path}?alt=media"), &headers, "").await;
    assert_eq!((file.status, facts(&file.body).0), (200, Format::Mp4));
    assert_eq!(simulator.call("GET", &format!("{path}?alt=media"), &[], "").await.status, 401);
    let missing = path.replace("sample_0", "sample_1");
    assert_eq!(simulator.call("GET", &missing, &headers, "").await.status, 404);

    let body = order(json!({ "prompt": "[vendor:hang]" }), json!({ "storageUri": "gs://bucket/clips" }));
    let name = submit(&simulator, &bearer, &body).await.json()["name"].as_str().unwrap().to_owned();
    let early =
        format!("/vertex/storage/v1/b/bucket/o/clips%2F{}%2Fsample_0.mp4", name.rsplit('/').next().unwrap());
    assert_eq!(simulator.call("GET", &early, &headers, "").await.status, 404, "it is not made yet");
}

#[tokio::test]
async fn bad_orders_are_refused() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let image = || json!({ "bytesBase64Encoded": picture(64, 64), "mimeType": "image/png" });
    let reference = || json!({ "image": image(), "referenceType": "ASSET" });
    let fox = || json!({ "prompt": "a fox" });
    let shows = |field: &str, value: Value| json!({ "prompt": "a fox", field: value });
    for body in [
        json!({}),
        json!({ "instances": [] }),
        json!({ "instances": [fox(), fox()] }),
        json!({ "instances": fox() }),
        json!({ "instances": [fox()], "contents": [] }),
        order(json!({}), json!({})),
        order(json!({ "prompt": 5 }), json!({})),
        order(shows("style", json!("cinematic")), json!({})),
        order(shows("image", json!("https://example.com/a.png")), json!({})),
        order(shows("image", json!({ "bytesBase64Encoded": picture(64, 64) })), json!({})),
        order(
            shows("image", json!({ "bytesBase64Encoded": picture(64, 64), "mimeType": "image/webp" })),
            json!({}),
        ),
        order(shows("image", json!({ "bytesBase64Encoded": "AAAA", "mimeType": "image/png" })), json!({})),
        order(shows("image", json!({ "inlineData": picture(64, 64), "mimeType": "image/png" })), json!({})),
        order(
            shows("image", json!({ "gcsUri": "https://example.com/a.png", "mimeType": "image/png" })),
            json!({}),
        ),
        order(shows("lastFrame", image()), json!({})),
        order(
            shows("referenceImages", json!([reference(), reference(), reference(), reference()])),
            json!({}),
        ),
        order(shows("referenceImages", json!([{ "image": image() }])), json!({})),
        order(shows("referenceImages", json!([{ "image": image(), "referenceType": "style" }])), json!({})),
        order(shows("referenceImages", json!([reference()])), json!({ "durationSeconds": 4 })),
        order(shows("referenceImages", json!([reference()])), json!({ "aspectRatio": "9:16" })),
        order(json!({ "referenceImages": [reference()] }), json!({})),
        order(json!({ "prompt": "a", "image": image(), "referenceImages": [reference()] }), json!({})),
        order(fox(), json!({ "durationSeconds": 5 })),
        order(fox(), json!({ "durationSeconds": "8" })),
        order(fox(), json!({ "durationSeconds": 4, "resolution": "1080p" })),
        order(fox(), json!({ "resolution": "480p" })),
        order(fox(), json!({ "aspectRatio": "1:1" })),
        order(fox(), json!({ "sampleCount": 5 })),
        order(fox(), json!({ "sampleCount": 0 })),
        order(fox(), json!({ "seed": 4_294_967_296_u64 })),
        order(fox(), json!({ "generateAudio": "yes" })),
        order(fox(), json!({ "enhancePrompt": false })),
        order(fox(), json!({ "personGeneration": "everybody" })),
        order(fox(), json!({ "storageUri": "https://example.com" })),
        order(fox(), json!({ "duration": 8 })),
    ] {
        let answer = submit(&simulator, &bearer, &body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["status"]),
            (400, &json!("INVALID_ARGUMENT")),
            "{body}"
        );
    }
    let lite = MODEL.replace("3.1-generate", "3.1-lite-generate");
    let method = format!("{lite}:predictLongRunning");
    for body in [
        order(fox(), json!({ "resolution": "4k" })),
        order(shows("referenceImages", json!([reference()])), json!({})),
    ] {
        assert_eq!(post(&simulator, &method, &bearer, &body).await.status, 400, "{body}");
    }
    for (method, status) in [
        (format!("{}:predictLongRunning", MODEL.replace("3.1", "9")), 404),
        (format!("{MODEL}:generateContent"), 404),
        (MODEL.to_owned(), 404),
    ] {
        assert_eq!(
            post(&simulator, &method, &bearer, &order(fox(), json!({}))).await.status,
            status,
            "{method}"
        );
    }
}

#[tokio::test]
async fn operations_are_asked_about_at_their_model() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let name =
        submit(&simulator, &bearer, &order(json!({ "prompt": "a fox" }), json!({}))).await.json()["name"]
            .clone();
    assert_eq!(poll(&simulator, &bearer, name.as_str().unwrap()).await.status, 200);
    let other = MODEL.replace("3.1-generate", "3.1-fast-generate");
    let asked = json!({ "operationName": name });
    assert_eq!(
        post(&simulator, &format!("{other}:fetchPredictOperation"), &bearer, &asked).await.status,
        400
    );
    assert_eq!(poll(&simulator, &bearer, "operations/1").await.status, 400);
    let unknown = poll(&simulator, &bearer, &format!("{MODEL}/operations/1")).await;
    assert_eq!((unknown.status, &unknown.json()["error"]["status"]), (404, &json!("NOT_FOUND")));
}

#[tokio::test]
async fn operations_meet_faults() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let body = |words: &str| order(json!({ "prompt": words }), json!({ "durationSeconds": 4 }));
    let forbidden = end(&simulator, &bearer, &body("[vendor:moderate]")).await;
    assert_eq!(forbidden["error"]["code"], 3);
    assert!(forbidden["error"]["message"].as_str().unwrap().contains("usage guidelines"));
    let held = end(&simulator, &bearer, &body("[vendor:moderate-output]")).await;
    assert_eq!(
        (&held["response"]["raiMediaFilteredCount"], &held["response"]["videos"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(end(&simulator, &bearer, &body("[vendor:fail]")).await["error"]["code"], 13);
    let empty = end(&simulator, &bearer, &body("[vendor:empty]")).await;
    assert_eq!(empty["response"]["videos"], json!([]));
    for words in ["[vendor:unknown-state]", "[vendor:late:2] [vendor:garbage:4] [vendor:poll-500:6]"] {
        assert!(end(&simulator, &bearer, &body(words)).await["response"].is_object(), "{words}");
    }
    for (words, status) in [
        ("[vendor:busy]", 429),
        ("[vendor:500]", 500),
        ("[vendor:no-credit]", 403),
        ("[vertex:unauthorized]", 401),
    ] {
        assert_eq!(submit(&simulator, &bearer, &body(words)).await.status, status, "{words}");
        assert_eq!(simulator.running.paid(words), 0, "{words}");
        assert_eq!(submit(&simulator, &bearer, &body(words)).await.status, 200, "{words}");
    }
    simulator.arm("vertex", "list", "garbage").await;
    let page = exchange(&simulator, GRANT, &assertion("RS256", &claims())).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn an_account_has_so_many_places() {
    let simulator = Simulator::start().await;
    let bearer = bearer(&simulator).await;
    let body = order(json!({ "prompt": "[vendor:hang]" }), json!({}));
    for _ in 0..10 {
        assert_eq!(submit(&simulator, &bearer, &body).await.status, 200);
    }
    let full = submit(&simulator, &bearer, &body).await;
    assert_eq!((full.status, &full.json()["error"]["status"]), (429, &json!("RESOURCE_EXHAUSTED")));
}
