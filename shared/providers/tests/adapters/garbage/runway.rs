//! Runway.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "runway",
    job: ("VIDEO", "gen4.5"),
    tickets: &["8f2c"],
    notes: &["look", "stop waiting", "stop working", "announce", "send runway://8f2c"],
    names: &["id", "status", "output", "failureCode", "error", "code", "progress"],
    words: &["SUCCEEDED"],
    statuses: &["PENDING", "THROTTLED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"id": "8f2c", "status": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for status in [400, 401, 404, 405, 429, 500, 503] {
            let issues = json!([{"code": words, "path": [words], "message": words}]);
            news.push((question.clone(), "", status, json!({"error": words, "issues": issues})));
        }
    }
    for code in ["SAFETY.INPUT.TEXT", "ASSET.INVALID", "INTERNAL", words] {
        let body = json!({"id": "8f2c", "status": "FAILED", "failure": words, "failureCode": code});
        news.push((polled(&SAMPLES), "", 200, body));
    }
    news
}
