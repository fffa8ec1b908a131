//! Kling.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "kling",
    job: ("VIDEO", "kling-v2-6"),
    tickets: &["text2video/8319"],
    notes: &[],
    names: &["code", "message", "data", "task_id", "task_status", "task_result", "videos", "url"],
    words: &["succeed"],
    statuses: &["submitted", "processing", "succeed", "failed"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("text2video/8319", json!({"code": 0, "data": {"task_id": "8319", "task_status": word}}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for code in (1000..1005).chain(1100..1104).chain(1200..1204).chain(1300..1305).chain([5000, 7777]) {
            news.push((question.clone(), "", 400, json!({"code": code, "message": words})));
        }
    }
    let failed =
        json!({"code": 0, "data": {"task_id": "8319", "task_status": "failed", "task_status_msg": words}});
    news.push((polled(&SAMPLES), "", 200, failed));
    news
}
