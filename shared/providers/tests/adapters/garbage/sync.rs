//! Sync.so.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "sync",
    job: ("AVATAR", "lipsync-2"),
    tickets: &["8f2c"],
    notes: &["named/8f2c"],
    names: &[
        "id",
        "status",
        "outputUrl",
        "error",
        "errorCode",
        "error_code",
        "statusCode",
        "message",
        "generationId",
        "retryAfterSeconds",
    ],
    words: &["COMPLETED", "IDEMPOTENCY_OUTCOME_UNKNOWN"],
    statuses: &["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REJECTED"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"id": "8f2c", "status": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    let refusals = [
        (400, "generation_input_validation_failed"),
        (400, words),
        (401, ""),
        (402, "account_payment_required"),
        (404, "generation_not_found"),
        (409, "IDEMPOTENCY_OUTCOME_UNKNOWN"),
        (422, "generation_input_video_inaccessible"),
        (429, "concurrency_limit_reached"),
        (500, "internal_error"),
    ];
    for question in asked(&SAMPLES) {
        for (status, code) in refusals {
            let body =
                json!({"statusCode": status, "errorCode": code, "message": words, "suggestion": words});
            news.push((question.clone(), "", status, body));
        }
        news.push((question.clone(), "", 400, json!({"statusCode": 400, "message": [words, words]})));
    }
    for status in ["FAILED", "REJECTED"] {
        for code in [words, "generation_pipeline_failed", "generation_input_video_invalid"] {
            let body = json!({"id": "8f2c", "status": status, "error": words, "errorCode": code});
            news.push((polled(&SAMPLES), "", 200, body));
        }
    }
    news
}
