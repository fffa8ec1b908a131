//! Stability.

use crate::client::{Answer, Headers, Simulator, facts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::{Format, PictureFormat, PictureSpec};
use serde_json::{Value, json};

const KEY: (&str, &str) = ("authorization", "Bearer sim-stability-key");
const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=line");
const AS_JSON: (&str, &str) = ("accept", "application/json");

/// Texts of a form by their names.
type Fields<'form> = &'form [(&'form str, &'form str)];

/// The fields of a form, and a picture.
fn form(fields: Fields<'_>, picture: Option<&[u8]>) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in fields {
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend(part.as_bytes());
    }
    if let Some(picture) = picture {
        form.extend(
            b"--line\r\nContent-Disposition: form-data; name=\"image\"; filename=\"image.png\"\r\n\r\n",
        );
        form.extend(picture);
        form.extend(b"\r\n");
    }
    form.extend(b"--line--\r\n");
    form
}

fn png(width: u32, height: u32) -> Vec<u8> {
    media::picture(&PictureSpec { text: "", width, height, seed: 1 }, PictureFormat::Png)
}

async fn call(simulator: &Simulator, endpoint: &str, headers: Headers<'_>, body: Vec<u8>) -> Answer {
    let path = format!("/stability/v2beta/stable-image/generate/{endpoint}");
    simulator.send("POST", &path, headers, body).await
}

async fn generate(
    simulator: &Simulator,
    endpoint: &str,
    fields: Fields<'_>,
    picture: Option<&[u8]>,
) -> Answer {
    call(simulator, endpoint, &[KEY, FORM, AS_JSON], form(fields, picture)).await
}

fn decoded(answer: &Answer) -> Vec<u8> {
    STANDARD.decode(answer.json()["image"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn pictures_come_as_bytes_or_in_json() {
    let simulator = Simulator::start().await;
    let fields =
        [("prompt", "a red door"), ("seed", "42"), ("aspect_ratio", "16:9"), ("model", "sd3.5-flash")];
    let told = generate(&simulator, "sd3", &fields, None).await;
    assert_eq!((told.status, told.header("content-type")), (200, "application/json; type=image/png"));
    assert_eq!((&told.json()["finish_reason"], &told.json()["seed"]), (&json!("SUCCESS"), &json!(42)));
    let bytes = call(&simulator, "sd3", &[KEY, FORM, ("accept", "image/*")], form(&fields, None)).await;
    assert_eq!((bytes.status, bytes.header("content-type")), (200, "image/png"));
    assert_eq!((bytes.header("finish-reason"), bytes.header("seed")), ("SUCCESS", "42"));
    assert!(!bytes.header("x-request-id").is_empty());
    assert_eq!(decoded(&told), bytes.body);
    let (format, facts) = facts(&bytes.body);
    assert_eq!((format, facts.width, facts.height), (Format::Png, Some(1344), Some(768)));
    let balance = simulator.call("GET", "/stability/v1/user/balance", &[KEY], "").await.json();
    assert_eq!(balance, json!({ "credits": 9995.0 }));
}

#[tokio::test]
async fn endpoints_make_what_they_make() {
    let simulator = Simulator::start().await;
    let start = png(320, 256);
    let from = Some(start.as_slice());
    type Case<'case> = (&'case str, Fields<'case>, Option<&'case [u8]>, Format, (u32, u32));
    let cases: [Case<'_>; 6] = [
        ("core", &[("style_preset", "anime")], None, Format::Png, (1536, 1536)),
        ("core", &[("output_format", "webp"), ("aspect_ratio", "1:1")], None, Format::Webp, (1536, 1536)),
        (
            "ultra",
            &[("output_format", "jpeg"), ("negative_prompt", "rain")],
            None,
            Format::Jpeg,
            (1024, 1024),
        ),
        ("ultra", &[("strength", "0.5")], from, Format::Png, (320, 256)),
        (
            "sd3",
            &[("mode", "image-to-image"), ("strength", "1"), ("cfg_scale", "4.5")],
            from,
            Format::Png,
            (320, 256),
        ),
        ("sd3", &[("aspect_ratio", "9:16")], None, Format::Png, (768, 1344)),
    ];
    for (endpoint, fields, picture, format, size) in cases {
        let fields: Vec<_> = fields.iter().copied().chain([("prompt", "a red door")]).collect();
        let answer = generate(&simulator, endpoint, &fields, picture).await;
        assert_eq!(answer.status, 200, "{endpoint} {fields:?}: {:?}", answer.body);
        let (found, facts) = facts(&decoded(&answer));
        assert_eq!((found, facts.width.zip(facts.height)), (format, Some(size)), "{endpoint} {fields:?}");
    }
}

#[tokio::test]
async fn wrong_forms_are_refused() {
    let simulator = Simulator::start().await;
    let (good, tiny) = (png(64, 64), png(63, 200));
    let cases: [(&str, Fields<'_>, Option<&[u8]>, &str); 14] = [
        ("core", &[], None, "prompt"),
        ("core", &[("prompt", "x"), ("aspect_ratio", "4:3")], None, "aspect_ratio"),
        ("core", &[("prompt", "x"), ("style_preset", "baroque")], None, "style_preset"),
        ("core", &[("prompt", "x"), ("output_format", "gif")], None, "output_format"),
        ("core", &[("prompt", "x"), ("seed", "4294967295")], None, "seed"),
        ("core", &[("prompt", "x"), ("seed", "much")], None, "seed"),
        ("sd3", &[("prompt", "x"), ("model", "sd9")], None, "model"),
        ("sd3", &[("prompt", "x"), ("cfg_scale", "11")], None, "cfg_scale"),
        ("sd3", &[("prompt", "x"), ("mode", "image-to-image"), ("strength", "0.5")], None, "image"),
        ("sd3", &[("prompt", "x"), ("strength", "0.5")], Some(&good), "mode"),
        ("sd3", &[("prompt", "x"), ("mode", "image-to-image")], Some(&good), "strength"),
        (
            "sd3",
            &[("prompt", "x"), ("mode", "image-to-image"), ("strength", "0.5"), ("aspect_ratio", "1:1")],
            Some(&good),
            "aspect_ratio",
        ),
        ("ultra", &[("prompt", "x"), ("strength", "0.5")], Some(&tiny), "image"),
        ("ultra", &[("prompt", "x"), ("strength", "2")], Some(&good), "strength"),
    ];
    for (endpoint, fields, picture, field) in cases {
        let answer = generate(&simulator, endpoint, fields, picture).await;
        let told = answer.json();
        assert_eq!((answer.status, &told["name"]), (400, &json!("bad_request")), "{fields:?}");
        assert!(told["errors"][0].as_str().unwrap().starts_with(&format!("{field}:")), "{fields:?}: {told}");
    }
    assert_eq!(simulator.counts("stability")["submits_paid"], 0);
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let simulator = Simulator::start().await;
    let body = || form(&[("prompt", "a red door")], None);
    let any = ("accept", "*/*");
    let cases: [(&str, Headers<'_>, Vec<u8>, u16, &str); 7] = [
        ("core", &[FORM], body(), 401, "unauthorized"),
        ("core", &[("authorization", "sim-stability-key"), FORM], body(), 401, "unauthorized"),
        ("core", &[KEY, ("content-type", "application/json")], b"{}".to_vec(), 400, "bad_request"),
        ("core", &[KEY, FORM, any], body(), 400, "bad_request"),
        ("sd3.5-large", &[KEY, FORM], body(), 404, "not_found"),
        ("core", &[KEY, FORM], form(&[("prompt", "лиса на мосту")], None), 422, "invalid_language"),
        ("ultra", &[KEY, FORM], form(&[("prompt", "x")], Some(&vec![0; 11 << 20])), 413, "payload_too_large"),
    ];
    for (endpoint, headers, body, status, name) in cases {
        let answer = call(&simulator, endpoint, headers, body).await;
        assert_eq!((answer.status, &answer.json()["name"]), (status, &json!(name)), "{endpoint} {headers:?}");
    }
}

#[tokio::test]
async fn faults_are_told_as_the_vendor_does() {
    let simulator = Simulator::start().await;
    let with = async |fault: &str| -> (u16, Value) {
        let prompt = format!("a red door [vendor:{fault}]");
        let answer = generate(&simulator, "core", &[("prompt", &prompt)], None).await;
        (answer.status, answer.json())
    };
    for (fault, status, name) in [
        ("busy", 429, "rate_limit_exceeded"),
        ("500", 500, "internal_error"),
        ("fail", 500, "internal_error"),
        ("unauthorized", 401, "unauthorized"),
        ("no-credit", 402, "payment_required"),
        ("moderate", 403, "content_moderation"),
    ] {
        let (told, body) = with(fault).await;
        assert_eq!((told, &body["name"]), (status, &json!(name)), "{fault}");
    }
    assert_eq!(with("moderate-output").await.1["finish_reason"], "CONTENT_FILTERED");
    assert_eq!(with("empty").await.1["image"], "");
    let blurred = form(&[("prompt", "a red door [vendor:moderate-output]")], None);
    let blurred = call(&simulator, "core", &[KEY, FORM], blurred).await;
    assert_eq!(blurred.header("finish-reason"), "CONTENT_FILTERED");
}
