//! Veo on Google's cloud.

use super::{BadNews, Samples, asked, polled};
use serde_json::{Value, json};

const TICKET: &str =
    "projects/a-project/locations/us-central1/publishers/google/models/veo-3.1/operations/8f2c";

pub(super) const SAMPLES: Samples = Samples {
    vendor: "vertex",
    job: ("VIDEO", "veo-3.1-generate-001"),
    tickets: &[TICKET],
    notes: &["token", "files\ngs://bucket/a.mp4", "files", "files\n"],
    names: &[
        "name",
        "done",
        "response",
        "videos",
        "bytesBase64Encoded",
        "gcsUri",
        "error",
        "access_token",
        "code",
        "message",
    ],
    words: &[TICKET],
    statuses: &[],
    running,
    bad_news,
};

/// It has no word for the state of an operation that runs; what it may tell beside is not looked at.
fn running(word: &str) -> Vec<(&'static str, Value)> {
    let tells = json!({"name": TICKET, "metadata": {"state": word}, "done": false, "status": word});
    vec![(TICKET, json!({"name": TICKET})), (TICKET, tells)]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let mut news = Vec::new();
    for question in asked(&SAMPLES) {
        for status in [400, 401, 403, 404, 413, 429, 500, 503] {
            let error =
                json!({"code": words, "message": words, "status": words, "details": [{"reason": words}]});
            news.push((question.clone(), "", status, json!({"error": error})));
            news.push((
                question.clone(),
                "token",
                status,
                json!({"error": words, "error_description": words}),
            ));
        }
    }
    for code in [json!(3), json!(7), json!(8), json!(13), json!(words)] {
        let body = json!({"name": TICKET, "done": true, "error": {"code": code, "message": words}});
        news.push((polled(&SAMPLES), "", 200, body));
    }
    let filtered = json!({"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [words]});
    news.push((polled(&SAMPLES), "", 200, json!({"name": TICKET, "done": true, "response": filtered})));
    news
}
