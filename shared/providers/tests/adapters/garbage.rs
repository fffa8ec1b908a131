//! Whatever a vendor answers, or somebody between us: no panic, nothing believed that was not said, nothing quoted.

use crate::{
    given::{API_KEY, GivenJob, GivenQuestion, PROMPT, SECRET_KEY, step},
    shown::shown,
};
use http::{HeaderMap, StatusCode};
use jobs::{Event, account::Hidden};
use proptest::prelude::*;
use providers::{Access, News, Next, Reply};
use serde_json::{Value, json};

/// The vendors that answer at all.
#[rustfmt::skip]
const VENDORS: &[&str] = &[
    "bfl",
    "bytedance",
    "elevenlabs",
    "fal",
    "google",
    "googletts",
    "kling",
    "luma",
    "lumaagents",
    "minimax",
    "runway",
    "stability",
    "vidu",
];

/// Every note that a call may carry.
#[rustfmt::skip]
const NOTES: &[&str] = &[
    "", "what",
    // ElevenLabs
    "voice", "speech", "history", "audio",
    // ByteDance
    "1", "2",
    // fal
    "result", "stopped",
    // MiniMax
    "file", "stop",
    // Google's speech
    "voices", "speak 0 en-US-Wavenet-D",
    // Runway
    "look", "stop waiting", "stop working", "announce", "send runway://8f2c",
    // Vidu
    "stop", "stopped",
];

fn access() -> Access {
    Access {
        api_key: Hidden::new(API_KEY),
        secret_key: Some(Hidden::new(SECRET_KEY)),
        webhook_secret: None,
        base_url: None,
    }
}

fn job(vendor: &str) -> GivenJob {
    match vendor {
        "bfl" => GivenJob::of("IMAGE", "flux-dev"),
        "bytedance" => GivenJob::of("VIDEO", "seedance-1-0-pro-250528"),
        "elevenlabs" => GivenJob::of("AUDIO", "eleven_v3"),
        "fal" => GivenJob::of("IMAGE", "fal-ai/flux/dev"),
        "stability" => GivenJob::of("IMAGE", "sd3.5-large"),
        "luma" => GivenJob::of("VIDEO", "ray-2"),
        "vidu" => GivenJob::of("VIDEO", "viduq2"),
        "lumaagents" => GivenJob::of("VIDEO", "ray-3.2"),
        "minimax" => GivenJob::of("VIDEO", "MiniMax-H3"),
        "googletts" => GivenJob::of("AUDIO", "Wavenet"),
        "google" => GivenJob::of("VIDEO", "gemini-omni-1.1-flash"),
        "runway" => GivenJob::of("VIDEO", "gen4.5"),
        _ => GivenJob::of("VIDEO", "kling-v2-6"),
    }
}

fn read(vendor: &str, question: &GivenQuestion, note: &str, status: u16, body: &[u8]) -> Next {
    let reply = Reply { status: StatusCode::from_u16(status).unwrap(), headers: &HeaderMap::new(), body };
    step(vendor, &job(vendor), &access(), question, Some((note, reply)))
}

fn is_believed(next: &Next) -> bool {
    matches!(next, Next::News(News::Finished(_) | News::Event(Event::Accepted { .. })))
}

fn ticket(vendor: &str) -> String {
    match vendor {
        "kling" => "text2video/8319".to_owned(),
        "google" => "8f2c".to_owned(),
        "luma" | "lumaagents" => "8f2c".to_owned(),
        "fal" => "8f2c".to_owned(),
        "bytedance" => "8f2c".to_owned(),
        "minimax" => "v2/8319".to_owned(),
        "runway" => "8f2c".to_owned(),
        "vidu" => "8319".to_owned(),
        _ => "8f2c https://api.bfl.ai/v1/get_result?id=8f2c".to_owned(),
    }
}

fn any_vendor() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(VENDORS)
}

fn any_question() -> impl Strategy<Value = GivenQuestion> {
    prop_oneof![
        Just(GivenQuestion::Submit),
        (0u32..9).prop_map(GivenQuestion::Recover),
        prop_oneof![Just("v1/8319"), Just("v2/8319")]
            .prop_map(|ticket| GivenQuestion::Poll(ticket.to_owned())),
        Just(GivenQuestion::Cancel("v2/8319".to_owned())),
        any_vendor().prop_map(|vendor| GivenQuestion::Poll(ticket(vendor))),
        any::<String>().prop_map(GivenQuestion::Poll),
        any::<String>().prop_map(GivenQuestion::Cancel),
    ]
}

/// JSON that uses the vendors' own words in all the wrong places.
fn any_json() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &[
        "succeed",
        "SUCCEEDED",
        "success",
        "completed",
        "video",
        "Ready",
        "Pending",
        "COMPLETED",
        "SUCCESS",
        "failed",
        "8319",
        "8f2c",
        "https://a.example/x",
        "a/../b",
        "",
    ];
    const NAMES: &[&str] = &[
        "code",
        "message",
        "data",
        "task_id",
        "task_status",
        "task_result",
        "videos",
        "url",
        "id",
        "status",
        "result",
        "sample",
        "polling_url",
        "progress",
        "detail",
        "loc",
        "msg",
        "voices",
        "voice_id",
        "name",
        "history",
        "history_item_id",
        "text",
        "param",
        "video_url",
        "items",
        "total",
        "safety_identifier",
        "base_resp",
        "status_code",
        "status_msg",
        "file_id",
        "file",
        "download_url",
        "task",
        "content",
        "type",
        "action",
        "output",
        "failureCode",
        "image",
        "images",
        "finish_reason",
        "errors",
        "request_id",
        "status_url",
        "response_url",
        "cancel_url",
        "error_type",
        "has_nsfw_concepts",
        "error",
        "state",
        "assets",
        "video",
        "type",
        "failure_code",
        "generations",
        "creations",
        "err_code",
        "reason",
        "tasks",
        "payload",
        "errors",
        "steps",
        "content",
        "uri",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0), any::<i64>()].prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(WORDS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(proptest::sample::select(NAMES), inner, 0..6)
                .prop_map(|entries| json!(entries)),
        ]
    })
}

proptest! {
    #[test]
    fn bytes_are_never_believed(
        vendor in any_vendor(), question in any_question(), note in proptest::sample::select(NOTES),
        status in 100u16..1000, body: Vec<u8>,
    ) {
        let next = read(vendor, &question, note, status, &body);
        prop_assert!(!is_believed(&next), "{}", shown(&next));
    }

    #[test]
    fn nothing_is_believed_that_the_vendor_does_not_call_a_success(
        vendor in any_vendor(), question in any_question(), note in proptest::sample::select(NOTES),
        status in prop_oneof![100u16..200, 300u16..1000], body in any_json(),
    ) {
        let next = read(vendor, &question, note, status, body.to_string().as_bytes());
        prop_assert!(!is_believed(&next), "{}", shown(&next));
    }

    #[test]
    fn an_accepted_task_can_always_be_asked_about(vendor in any_vendor(), body in any_json(), id in "[!-~]{0,40}") {
        let bodies = [
            body.clone(),
            json!({"code": 0, "data": {"task_id": id}}),
            json!({"id": id, "polling_url": body}),
            json!({"task_id": id}),
            json!({"request_id": id, "status_url": body, "response_url": body, "cancel_url": "https://queue.fal.run/x"}),
        ];
        for body in bodies {
            let next = read(vendor, &GivenQuestion::Submit, "", 200, body.to_string().as_bytes());
            if let Next::News(News::Event(Event::Accepted { ticket })) = next {
                let question = GivenQuestion::Poll(ticket.0);
                let call = step(vendor, &job(vendor), &access(), &question, None);
                prop_assert!(matches!(call, Next::Call(_)), "{}", shown(&call));
            }
        }
    }

    #[test]
    fn a_status_that_nobody_knows_means_that_it_runs(word in "[A-Z]?[a-z ]{0,20}") {
        let known = [
            "submitted", "processing", "succeed", "failed", "Pending", "Reasoning", "Generating", "Ready",
            "Request Moderated", "Content Moderated", "Error", "Failed", "Task not found",
            "PENDING", "THROTTLED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED",
            "queued", "dreaming", "completed", "created", "queueing", "success",
            "Success", "success", "succeeded", "Fail", "fail", "expired", "Expired", "Cancelled", "cancelled",
            "Succeeded", "queued", "running",
            "completed", "incomplete", "cancelled",
        ];
        prop_assume!(!known.contains(&word.as_str()) && !word.is_empty());
        let kling = json!({"code": 0, "data": {"task_id": "8319", "task_status": word}});
        let bfl = json!({"id": "8f2c", "status": word, "result": null});
        let runway = json!({"id": "8f2c", "status": word});
        let luma = json!({"id": "8f2c", "state": word});
        let first = json!({"task_id": "8319", "status": word, "base_resp": {"status_code": 0}});
        let second = json!({"task": {"id": "8319", "status": word}});
        for (vendor, ticket, body) in [
            ("kling", ticket("kling"), kling),
            ("bfl", ticket("bfl"), bfl),
            ("bytedance", ticket("bytedance"), runway.clone()),
            ("google", ticket("google"), runway.clone()),
            ("runway", ticket("runway"), runway),
            ("minimax", "v1/8319".to_owned(), first),
            ("minimax", "v2/8319".to_owned(), second),
            ("luma", ticket("luma"), luma.clone()),
            ("lumaagents", ticket("lumaagents"), luma.clone()),
            ("vidu", ticket("vidu"), luma),
            ("fal", ticket("fal"), json!({"request_id": "8f2c", "status": word})),
        ] {
            let next = read(vendor, &GivenQuestion::Poll(ticket), "", 200, body.to_string().as_bytes());
            prop_assert!(matches!(next, Next::News(News::Event(Event::StillRunning { .. }))), "{}", shown(&next));
        }
    }

    #[test]
    fn callers_never_see_what_the_vendor_wrote_and_logs_see_no_secrets(word in "zq[a-z0-9]{10,30}") {
        let words = format!("{word} {API_KEY} {SECRET_KEY} '{PROMPT}' https://a.example/x?sig=0815 {word}");
        for (vendor, question, note, status, body) in quoting(&words) {
            let next = read(vendor, &question, note, status, body.to_string().as_bytes());
            let (message, detail) = match &next {
                Next::News(News::Event(Event::Failed(fault) | Event::Refused(fault))) => {
                    (fault.message.as_str(), fault.detail.as_str())
                }
                Next::News(News::AskLater { detail, .. }) => ("", detail.as_str()),
                _ => continue,
            };
            for told in [word.as_str(), API_KEY, SECRET_KEY, "8319", "8f2c", "http"] {
                prop_assert!(!message.contains(told), "{message} quotes {told}");
            }
            for hidden in [API_KEY, SECRET_KEY, PROMPT, "a.example"] {
                prop_assert!(!detail.contains(hidden), "{detail} quotes {hidden}");
            }
        }
    }
}

type Answer = (&'static str, GivenQuestion, &'static str, u16, Value);

/// Bad news of every kind and vendor, with `words` wherever a vendor may write words.
fn quoting(words: &str) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    let questions = |vendor: &str| {
        [GivenQuestion::Submit, GivenQuestion::Poll(ticket(vendor)), GivenQuestion::Recover(3)]
    };
    for question in questions("kling") {
        for code in (1000..1005).chain(1100..1104).chain(1200..1204).chain(1300..1305).chain([5000, 7777]) {
            answers.push(("kling", question.clone(), "", 400, json!({"code": code, "message": words})));
        }
    }
    let failed =
        json!({"code": 0, "data": {"task_id": "8319", "task_status": "failed", "task_status_msg": words}});
    answers.push(("kling", GivenQuestion::Poll(ticket("kling")), "", 200, failed));
    for question in questions("bfl") {
        for status in [400, 401, 402, 403, 404, 409, 418, 422, 429, 500] {
            let fields = json!({"detail": [{"loc": ["body", words], "msg": words}]});
            answers.push(("bfl", question.clone(), "", status, json!({"detail": words})));
            answers.push(("bfl", question.clone(), "", status, fields));
        }
    }
    for state in ["Error", "Failed", "Request Moderated", "Content Moderated", "Task not found"] {
        let body = json!({"id": "8f2c", "status": state, "details": {"why": words}});
        answers.push(("bfl", GivenQuestion::Poll(ticket("bfl")), "", 200, body));
    }
    for question in questions("google") {
        for status in [400, 401, 404, 413, 429, 500, 503] {
            let error =
                json!({"code": words, "message": words, "status": words, "details": [{"reason": words}]});
            answers.push(("google", question.clone(), "", status, json!({"error": error})));
        }
    }
    for code in ["SAFETY", "INVALID_ARGUMENT", "UNAVAILABLE", words] {
        let errors = json!([{"code": code, "message": words}]);
        let body = json!({"id": "8f2c", "status": "failed", "errors": errors, "finish_reason": words});
        answers.push(("google", GivenQuestion::Poll(ticket("google")), "", 200, body));
    }
    for question in questions("runway") {
        for status in [400, 401, 404, 405, 429, 500, 503] {
            let issues = json!([{"code": words, "path": [words], "message": words}]);
            answers.push(("runway", question.clone(), "", status, json!({"error": words, "issues": issues})));
        }
    }
    for code in ["SAFETY.INPUT.TEXT", "ASSET.INVALID", "INTERNAL", words] {
        let body = json!({"id": "8f2c", "status": "FAILED", "failure": words, "failureCode": code});
        answers.push(("runway", GivenQuestion::Poll(ticket("runway")), "", 200, body));
    }
    for question in [GivenQuestion::Submit, GivenQuestion::Recover(0)] {
        for note in ["voice", "speech", "history", "audio"] {
            for code in
                ["text_too_long", "voice_not_found", "invalid_parameters", "unauthorized", "conflict", words]
            {
                let body =
                    json!({"detail": {"code": code, "status": words, "message": words, "param": words}});
                answers.push(("elevenlabs", question.clone(), note, 400, body));
            }
        }
    }
    for question in questions("vidu") {
        let reasons = [
            "BadRequest",
            "FieldInvalid",
            "PageSizeOutOfRange",
            "CreationPolicyViolation",
            "CreditInsufficient",
            "TaskNotFound",
            "QuotaExceeded",
            "InternalServiceFailure",
            words,
        ];
        for reason in reasons {
            let body =
                json!({"code": 400, "reason": reason, "message": words, "metadata": {"trace_id": words}});
            answers.push(("vidu", question.clone(), "", 400, body));
        }
    }
    let failed = json!({"state": "failed", "err_code": words, "creations": []});
    answers.push(("vidu", GivenQuestion::Poll(ticket("vidu")), "", 200, failed));
    for vendor in ["luma", "lumaagents"] {
        for question in questions(vendor) {
            for status in [400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 503] {
                let fields = json!({"detail": [{"loc": ["body", words], "msg": words}]});
                answers.push((vendor, question.clone(), "", status, json!({"detail": words})));
                answers.push((vendor, question.clone(), "", status, fields));
            }
        }
        let failed = json!({"id": "8f2c", "state": "failed", "failure_code": words, "failure_reason": words});
        answers.push((vendor, GivenQuestion::Poll(ticket(vendor)), "", 200, failed));
    }
    for question in [
        GivenQuestion::Submit,
        GivenQuestion::Poll("v1/8319".to_owned()),
        GivenQuestion::Poll("v2/8319".to_owned()),
    ] {
        for code in [1000, 1002, 1004, 1008, 1026, 1027, 1042, 2013, 2038, 7777] {
            let first = json!({"status": "Fail", "base_resp": {"status_code": code, "status_msg": words}});
            let second =
                json!({"type": "error", "error": {"type": words, "message": format!("{words} ({code})")}});
            let failed = json!({"task": {"status": "failed", "error": {"code": code, "message": words}}});
            answers.push(("minimax", question.clone(), "", 200, first));
            answers.push(("minimax", question.clone(), "", 400, second));
            answers.push(("minimax", question.clone(), "", 200, failed));
        }
    }
    for question in [GivenQuestion::Submit, GivenQuestion::Poll("8f2c".to_owned()), GivenQuestion::Recover(3)]
    {
        for code in [
            "InvalidParameter",
            "InputTextSensitiveContentDetected",
            "AuthenticationError",
            "NotFound",
            words,
        ] {
            let error = json!({"code": code, "message": words, "param": words});
            let failed = json!({"id": "8f2c", "status": "failed", "error": error});
            answers.push(("bytedance", question.clone(), "1", 404, json!({"error": error})));
            answers.push(("bytedance", question.clone(), "1", 200, failed));
        }
    }
    for question in questions("fal") {
        for note in ["", "result"] {
            for status in [400, 401, 402, 403, 404, 409, 422, 429, 500, 503, 504] {
                let problems = json!({"detail": [{"loc": ["body", words], "msg": words, "type": words}]});
                for body in [json!({"detail": words}), json!({"message": words}), problems] {
                    answers.push(("fal", question.clone(), note, status, body));
                }
            }
        }
    }
    let over = json!({"status": "COMPLETED", "error": words, "error_type": "startup_timeout"});
    answers.push(("fal", GivenQuestion::Poll(ticket("fal")), "", 200, over));
    for name in ["content_moderation", "invalid_language", "internal_error", "payment_required", words] {
        for status in [400, 401, 402, 403, 404, 413, 422, 429, 500, 503] {
            let body = json!({"id": words, "name": name, "errors": [words]});
            answers.push(("stability", GivenQuestion::Submit, "", status, body));
        }
    }
    let private = json!({"voices": [{"voice_id": "8319", "name": words, "category": "cloned"}]});
    answers.push(("elevenlabs", GivenQuestion::Submit, "voice", 200, private));
    answers
}
