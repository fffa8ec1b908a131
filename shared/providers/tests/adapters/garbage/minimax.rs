//! MiniMax.

use super::{BadNews, Samples, asked};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "minimax",
    job: ("VIDEO", "MiniMax-H3"),
    tickets: &["v2/8319", "v1/8319"],
    notes: &["file", "stop"],
    names: &[
        "base_resp",
        "status_code",
        "status_msg",
        "task_id",
        "status",
        "file_id",
        "file",
        "download_url",
        "task",
        "content",
        "type",
        "action",
        "output",
        "error",
        "code",
    ],
    words: &["success", "Success", "video"],
    statuses: &[
        "Preparing",
        "Queueing",
        "Processing",
        "Success",
        "Fail",
        "success",
        "succeeded",
        "fail",
        "failed",
        "expired",
        "Expired",
        "Cancelled",
        "cancelled",
        "Succeeded",
        "queued",
        "running",
    ],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("v1/8319", json!({"task_id": "8319", "status": word, "base_resp": {"status_code": 0}})),
        ("v2/8319", json!({"task": {"id": "8319", "status": word}})),
    ]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for code in [1000, 1002, 1004, 1008, 1026, 1027, 1042, 2013, 2038, 7777] {
            let first = json!({"status": "Fail", "base_resp": {"status_code": code, "status_msg": words}});
            let second =
                json!({"type": "error", "error": {"type": words, "message": format!("{words} ({code})")}});
            let failed = json!({"task": {"status": "failed", "error": {"code": code, "message": words}}});
            news.push((question.clone(), "", 200, first));
            news.push((question.clone(), "", 400, second));
            news.push((question.clone(), "", 200, failed));
        }
    }
    news
}
