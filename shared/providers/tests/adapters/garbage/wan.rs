//! Alibaba's Wan.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "wan",
    job: ("VIDEO", "wan2.2-t2v-plus"),
    tickets: &["8f2c"],
    notes: &["stop", "stopped", "kept", "list:1", "list:4 1795255140000:8f2c", "look:0 1795255140000:8f2c"],
    names: &[
        "output",
        "task_id",
        "task_status",
        "video_url",
        "orig_prompt",
        "usage",
        "video_duration",
        "video_ratio",
        "code",
        "message",
        "data",
        "status",
        "gmt_create",
        "total_page",
    ],
    words: &["SUCCEEDED", "1920*1080"],
    statuses: &["PENDING", "RUNNING", "SUSPENDED", "SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![("8f2c", json!({"output": {"task_id": "8f2c", "task_status": word}}))]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        let codes = [
            (200, "InternalError"),
            (400, "InvalidParameter"),
            (400, "InvalidParameter.DataInspection"),
            (400, "DataInspectionFailed"),
            (400, "Arrearage"),
            (401, "InvalidApiKey"),
            (403, "AccessDenied.Unpurchased"),
            (404, "ModelNotFound"),
            (429, "Throttling.RateQuota"),
            (500, "InternalError.Algo"),
            (503, "ModelUnavailable"),
            (400, words),
        ];
        for (status, code) in codes {
            let body = json!({"code": code, "message": words, "request_id": words});
            news.push((question.clone(), "", status, body));
        }
    }
    for code in ["InvalidParameter", "DataInspectionFailed", "InternalError", words] {
        let output = json!({"task_id": "8f2c", "task_status": "FAILED", "code": code, "message": words});
        news.push((polled(&SAMPLES), "", 200, json!({"request_id": words, "output": output})));
    }
    news
}
