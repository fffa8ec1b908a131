//! Kling.

use super::{BadNews, Samples, asked, polled};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "kling",
    job: ("VIDEO", "kling-v2-6"),
    tickets: &["text2video/8319", "avatar/image2video/8319", "tasks/8319"],
    notes: &["faces"],
    names: &[
        "code",
        "message",
        "data",
        "task_id",
        "task_status",
        "task_result",
        "videos",
        "url",
        "id",
        "external_id",
        "status",
        "outputs",
        "type",
        "session_id",
        "face_data",
        "face_id",
        "start_time",
        "end_time",
    ],
    words: &["succeed", "succeeded", "video"],
    statuses: &["submitted", "processing", "succeed", "succeeded", "failed"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    let classic = json!({"code": 0, "data": {"task_id": "8319", "task_status": word}});
    vec![
        ("text2video/8319", classic.clone()),
        ("advanced-lip-sync/8319", classic),
        ("tasks/8319", json!({"code": 0, "data": [{"id": "8319", "status": word}]})),
    ]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    let codes = || (1000..1005).chain(1100..1104).chain(1200..1204).chain(1300..1305).chain([5000, 7777]);
    for code in codes() {
        let body = json!({"code": code, "message": words});
        news.extend(asked(&SAMPLES).into_iter().map(|question| (question, "", 400, body.clone())));
        news.push((GivenQuestion::Submit, "faces", 400, body));
    }
    let failed =
        json!({"code": 0, "data": {"task_id": "8319", "task_status": "failed", "task_status_msg": words}});
    news.push((polled(&SAMPLES), "", 200, failed));
    let failed = json!({"code": 0, "data": [{"id": "8319", "status": "failed", "message": words}]});
    news.push((GivenQuestion::Poll("tasks/8319".to_owned()), "", 200, failed));
    news
}
