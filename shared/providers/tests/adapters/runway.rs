//! Runway's way with large pictures: announced, uploaded without our key, and named by a handle.

use crate::{
    given::{API_KEY, GivenJob, GivenQuestion, SECRET_KEY, step},
    shown::shown,
};
use http::{HeaderMap, StatusCode};
use jobs::account::Hidden;
use providers::{Access, Call, Next, Reply};
use serde_json::{Value, json};

fn access() -> Access {
    Access { secret_key: Some(Hidden::new(SECRET_KEY)), ..Access::by_key(Hidden::new(API_KEY)) }
}

/// A job with two pictures; the large ones are too large for a request.
fn job(sizes: [usize; 2]) -> GivenJob {
    let media = sizes.map(|size| format!("image/png:{}", "x".repeat(size)));
    let (image, last_image) = ("https://example.com/a.png", "https://example.com/b.png");
    serde_json::from_value(json!({
        "kind": "VIDEO", "model": "gen3a_turbo", "text": "a fox", "media": media,
        "image": image, "last_image": last_image,
    }))
    .unwrap()
}

fn answer(job: &GivenJob, note: &str, status: u16, body: &Value) -> Next {
    let body = body.to_string();
    let status = StatusCode::from_u16(status).unwrap();
    let reply = Reply { status, headers: &HeaderMap::new(), body: body.as_bytes() };
    step("runway", job, &access(), &GivenQuestion::Submit, Some((note, reply)))
}

fn call(next: Next) -> Call {
    match next {
        Next::Call(call) => *call,
        Next::News(_) => panic!("{}", shown(&next)),
    }
}

fn place(handle: &str) -> Value {
    json!({
        "uploadUrl": "https://store.example.com/bucket",
        "fields": { "key": "uploads/1", "x-amz-signature": "0815" },
        "runwayUri": handle,
    })
}

#[test]
fn large_pictures_are_uploaded_one_after_the_other() {
    let job = job([4_000_000, 4_000_001]);
    let mut next = call(step("runway", &job, &access(), &GivenQuestion::Submit, None));
    for (number, before) in [(1, ""), (2, " runway://1")] {
        assert_eq!((next.what, next.paid), ("runway announce an upload", false));
        assert_eq!(next.note, format!("announce{before}"));
        let announced: Value = serde_json::from_slice(next.request.body()).unwrap();
        assert_eq!(announced, json!({ "filename": "picture.png", "type": "ephemeral" }));

        next = call(answer(&job, &next.note, 200, &place(&format!("runway://{number}"))));
        assert_eq!((next.what, next.paid), ("runway upload", false));
        assert_eq!(next.request.uri(), "https://store.example.com/bucket");
        assert!(!next.request.headers().contains_key("authorization"), "the store is not the vendor");
        assert_eq!(next.note, format!("send{before} runway://{number}"));
        let form = String::from_utf8_lossy(next.request.body());
        let field = |name: &str| form.find(&format!("name=\"{name}\"")).unwrap();
        assert!(
            field("key") < field("file") && field("x-amz-signature") < field("file"),
            "the file is the last"
        );
        assert!(form.len() > 4_000_000);

        next = call(answer(&job, &next.note, 204, &Value::Null));
    }
    assert_eq!((next.what, next.paid, next.note.as_str()), ("runway submit", true, ""));
    let body: Value = serde_json::from_slice(next.request.body()).unwrap();
    let expected = json!([
        { "uri": "runway://1", "position": "first" },
        { "uri": "runway://2", "position": "last" },
    ]);
    assert_eq!(body["promptImage"], expected);
}

#[test]
fn a_small_picture_needs_no_upload() {
    let job = job([10, 4_000_000]);
    let announced = call(step("runway", &job, &access(), &GivenQuestion::Submit, None));
    let sent = call(answer(&job, &announced.note, 200, &place("runway://only")));
    let submit = call(answer(&job, &sent.note, 204, &Value::Null));
    let body: Value = serde_json::from_slice(submit.request.body()).unwrap();
    assert_eq!(body["promptImage"][0]["uri"], "data:image/png;base64,eHh4eHh4eHh4eA==");
    assert_eq!(body["promptImage"][1]["uri"], "runway://only");
}

#[test]
fn an_upload_that_fails_costs_nothing_and_is_told_as_a_refusal() {
    let job = job([4_000_000, 10]);
    let bad_field =
        json!({ "uploadUrl": "https://s.example", "fields": { "a\"b": "" }, "runwayUri": "runway://1" });
    let cases = [
        ("announce", 401, json!({ "error": "bad key" }), "operator"),
        ("announce", 429, json!({ "error": "slow down" }), "busy"),
        ("announce", 500, json!({ "error": "oh" }), "unavailable"),
        ("announce", 200, json!("nonsense"), "unavailable"),
        ("announce", 200, place("https://elsewhere.example"), "unavailable"),
        ("announce", 200, place("runway://a b"), "unavailable"),
        ("announce", 200, bad_field, "unavailable"),
        ("send runway://1", 403, Value::Null, "unavailable"),
        ("send runway://1", 500, Value::Null, "unavailable"),
    ];
    for (note, status, body, expected) in cases {
        let next = shown(&answer(&job, note, status, &body));
        assert_eq!(next["refused"]["kind"], expected, "{note} {status} {body}");
    }
}
