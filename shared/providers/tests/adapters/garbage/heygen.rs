//! HeyGen.

use super::{BadNews, Samples, asked, polled};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "heygen",
    job: ("AVATAR", "avatar_iv"),
    tickets: &["8319"],
    notes: &BEFORE,
    names: &[
        "data",
        "video_id",
        "id",
        "status",
        "video_url",
        "title",
        "failure_code",
        "has_more",
        "next_token",
        "voice_id",
        "voices",
        "name",
        "asset_id",
        "error",
        "code",
        "message",
    ],
    words: &["completed"],
    statuses: &["waiting", "pending", "queued", "processing", "completed", "failed"],
    running,
    bad_news,
};

/// Notes of the calls before the paid one.
const BEFORE: [&str; 10] = [
    r#"{"at":"seek"}"#,
    r#"{"at":"look"}"#,
    r#"{"at":"own-groups"}"#,
    r#"{"at":"groups","page":3}"#,
    r#"{"at":"looks"}"#,
    r#"{"at":"voice"}"#,
    r#"{"at":"own-voices"}"#,
    r#"{"at":"voices","page":2}"#,
    r#"{"at":"describe"}"#,
    r#"{"at":"upload"}"#,
];

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8319", json!({"data": {"id": "8319", "status": word}}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    let codes = [
        "validation_error",
        "invalid_parameter",
        "avatar_not_found",
        "resource_access_denied",
        "insufficient_credit",
        "video_not_found",
        "request_in_progress",
        "rate_limit_exceeded",
        "internal_error",
        words,
    ];
    for code in codes {
        let body = json!({"error": {"code": code, "message": words, "param": words, "doc_url": words}});
        for status in [200, 400, 404, 409] {
            news.extend(asked(&SAMPLES).into_iter().map(|question| (question, "", status, body.clone())));
        }
        if code == words {
            for status in [400, 403, 500] {
                news.extend(BEFORE.map(|note| (GivenQuestion::Submit, note, status, body.clone())));
            }
        }
    }
    // Names are those of the vendor's, or of the operator's avatars and voices.
    let named = json!({"data": [{"id": "1", "voice_id": "1", "name": words}], "has_more": false});
    news.extend(BEFORE.map(|note| (GivenQuestion::Submit, note, 200, named.clone())));
    let failed =
        json!({"data": {"id": "8319", "status": "failed", "failure_code": words, "failure_message": words}});
    news.push((polled(&SAMPLES), "", 200, failed));
    news
}
