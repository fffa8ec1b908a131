//! Luma Agents.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "lumaagents",
    job: ("VIDEO", "ray-3.2"),
    tickets: &["8f2c"],
    notes: &[],
    names: &["id", "state", "output", "type", "url", "failure_code", "detail"],
    words: &["completed", "video"],
    statuses: &["queued", "dreaming", "processing", "completed", "failed"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"id": "8f2c", "state": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for status in [400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 503] {
            let fields = json!({"detail": [{"loc": ["body", words], "msg": words}]});
            news.push((question.clone(), "", status, json!({"detail": words})));
            news.push((question.clone(), "", status, fields));
        }
    }
    let failed = json!({"id": "8f2c", "state": "failed", "failure_code": words, "failure_reason": words});
    news.push((polled(&SAMPLES), "", 200, failed));
    news
}
