//! ByteDance.

use super::{BadNews, Samples, asked};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "bytedance",
    job: ("VIDEO", "seedance-1-0-pro-250528"),
    tickets: &["8f2c"],
    notes: &["1", "2"],
    names: &[
        "id",
        "status",
        "content",
        "video_url",
        "error",
        "code",
        "message",
        "param",
        "data",
        "url",
        "items",
        "total",
        "safety_identifier",
    ],
    words: &["succeeded"],
    statuses: &["queued", "running", "succeeded", "failed", "cancelled", "expired"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"id": "8f2c", "status": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for code in [
            "InvalidParameter",
            "InputTextSensitiveContentDetected",
            "AuthenticationError",
            "NotFound",
            words,
        ] {
            let error = json!({"code": code, "message": words, "param": words});
            let failed = json!({"id": "8f2c", "status": "failed", "error": error});
            news.push((question.clone(), "1", 404, json!({"error": error})));
            news.push((question.clone(), "1", 200, failed));
        }
    }
    news
}
