//! Google Gemini.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "google",
    job: ("VIDEO", "gemini-omni-1.1-flash"),
    tickets: &["8f2c"],
    notes: &[],
    names: &["id", "status", "steps", "content", "uri", "type", "errors", "error", "code", "message", "data"],
    words: &["completed", "video"],
    statuses: &["completed", "incomplete", "cancelled", "failed"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"id": "8f2c", "status": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for status in [400, 401, 404, 413, 429, 500, 503] {
            let error =
                json!({"code": words, "message": words, "status": words, "details": [{"reason": words}]});
            news.push((question.clone(), "", status, json!({"error": error})));
        }
    }
    for code in ["SAFETY", "INVALID_ARGUMENT", "UNAVAILABLE", words] {
        let errors = json!([{"code": code, "message": words}]);
        let body = json!({"id": "8f2c", "status": "failed", "errors": errors, "finish_reason": words});
        news.push((polled(&SAMPLES), "", 200, body));
    }
    news
}
