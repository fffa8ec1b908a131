//! Black Forest Labs.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "bfl",
    job: ("IMAGE", "flux-dev"),
    tickets: &["8f2c https://api.bfl.ai/v1/get_result?id=8f2c"],
    notes: &[],
    names: &["id", "polling_url", "status", "result", "sample", "progress", "detail", "loc", "msg"],
    words: &["Ready", "Pending"],
    statuses: &[
        "Pending",
        "Reasoning",
        "Generating",
        "Ready",
        "Request Moderated",
        "Content Moderated",
        "Error",
        "Failed",
        "Task not found",
    ],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![(
        "8f2c https://api.bfl.ai/v1/get_result?id=8f2c",
        json!({"id": "8f2c", "status": word, "result": null}),
    )]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for status in [400, 401, 402, 403, 404, 409, 418, 422, 429, 500] {
            let fields = json!({"detail": [{"loc": ["body", words], "msg": words}]});
            news.push((question.clone(), "", status, json!({"detail": words})));
            news.push((question.clone(), "", status, fields));
        }
    }
    for state in ["Error", "Failed", "Request Moderated", "Content Moderated", "Task not found"] {
        let body = json!({"id": "8f2c", "status": state, "details": {"why": words}});
        news.push((polled(&SAMPLES), "", 200, body));
    }
    news
}
