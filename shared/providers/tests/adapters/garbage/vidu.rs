//! Vidu.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "vidu",
    job: ("VIDEO", "viduq2"),
    tickets: &["8319"],
    notes: &["stop", "stopped"],
    names: &["id", "task_id", "state", "creations", "url", "err_code", "reason", "tasks", "payload", "code"],
    words: &["success"],
    statuses: &["created", "queueing", "processing", "success", "failed"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8319", json!({"id": "8319", "state": word}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
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
            news.push((question.clone(), "", 400, body));
        }
    }
    let failed = json!({"state": "failed", "err_code": words, "creations": []});
    news.push((polled(&SAMPLES), "", 200, failed));
    news
}
