//! Google's speech.

use super::{BadNews, Samples};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "googletts",
    job: ("AUDIO", "Wavenet"),
    tickets: &[],
    notes: &["voices", "speak 0 en-US-Wavenet-D"],
    names: &["voices", "name", "error", "code", "message", "status"],
    words: &[],
    statuses: &[],
    running,
    bad_news,
};

fn running(_: &str) -> Vec<(&'static str, Value)> {
    Vec::new()
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for note in ["voices", "speak 0 en-US-Wavenet-D"] {
        for status in [400, 401, 403, 404, 429, 500, 503] {
            for reason in ["API_KEY_INVALID", "RESOURCE_EXHAUSTED", words] {
                let error = json!({"code": status, "message": words, "status": reason, "details": [{"reason": reason}]});
                news.push((GivenQuestion::Submit, note, status, json!({"error": error})));
            }
        }
    }
    news
}
