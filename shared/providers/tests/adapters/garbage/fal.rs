//! fal.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "fal",
    job: ("IMAGE", "fal-ai/flux/dev"),
    tickets: &["8f2c"],
    notes: &["result", "stopped"],
    names: &[
        "request_id",
        "status_url",
        "response_url",
        "cancel_url",
        "status",
        "error",
        "error_type",
        "has_nsfw_concepts",
        "images",
        "image",
        "video",
        "url",
        "detail",
        "loc",
        "msg",
        "type",
    ],
    words: &["COMPLETED"],
    statuses: &["COMPLETED", "IN_QUEUE", "IN_PROGRESS"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"request_id": "8f2c", "status": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for note in ["", "result"] {
            for status in [400, 401, 402, 403, 404, 409, 422, 429, 500, 503, 504] {
                let problems = json!({"detail": [{"loc": ["body", words], "msg": words, "type": words}]});
                for body in [json!({"detail": words}), json!({"message": words}), problems] {
                    news.push((question.clone(), note, status, body));
                }
            }
        }
    }
    let over = json!({"status": "COMPLETED", "error": words, "error_type": "startup_timeout"});
    news.push((polled(&SAMPLES), "", 200, over));
    news
}
