//! Stability.

use super::{BadNews, Samples};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "stability",
    job: ("IMAGE", "sd3.5-large"),
    tickets: &[],
    notes: &[],
    names: &["image", "finish_reason", "errors", "name", "id"],
    words: &["SUCCESS"],
    statuses: &[],
    running,
    bad_news,
};

fn running(_: &str) -> Vec<(&'static str, Value)> {
    Vec::new()
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for name in ["content_moderation", "invalid_language", "internal_error", "payment_required", words] {
        for status in [400, 401, 402, 403, 404, 413, 422, 429, 500, 503] {
            let body = json!({"id": words, "name": name, "errors": [words]});
            news.push((GivenQuestion::Submit, "", status, body));
        }
    }
    news
}
