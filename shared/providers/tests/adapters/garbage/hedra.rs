//! Hedra.

use super::{BadNews, Samples};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

/// A film, and speech that waits for its film.
const FILM: &str = "job_8f2c";
const SPEECH: &str = "speech job_8319 https://a.example/face?sig=0815 https://gw.example/callbacks/1";

pub(super) const SAMPLES: Samples = Samples {
    vendor: "hedra",
    job: ("AVATAR", "hedra-character-3"),
    tickets: &[FILM, SPEECH],
    notes: &[
        "voices",
        "search",
        "portrait ",
        "portrait voice_8319",
        "recording https://a.example/x",
        "speech https://a.example/x",
        "film",
        "orders money",
        "orders age",
    ],
    names: &[
        "job_id",
        "status",
        "outputs",
        "asset_id",
        "url",
        "error",
        "code",
        "message",
        "details",
        "reason",
        "retry_after",
        "data",
        "id",
        "name",
        "model",
        "created_at",
    ],
    words: &["COMPLETED", "hedra-character-3"],
    statuses: &["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED"],
    running,
    bad_news,
};

fn running(word: &str) -> Vec<(&'static str, Value)> {
    vec![
        (FILM, json!({"job_id": "job_8f2c", "status": word})),
        (SPEECH, json!({"job_id": "job_8319", "status": word})),
    ]
}

fn bad_news(words: &str) -> Vec<BadNews> {
    let error = |code: &str| {
        let details = json!([{"field": words, "message": words, "reason": words, "allowed": [words]}]);
        json!({"code": code, "message": words, "retryable": false, "param": words, "details": details})
    };
    let codes = [
        (400, "INVALID_ARGUMENT"),
        (402, "INSUFFICIENT_BALANCE"),
        (404, "NOT_FOUND"),
        (409, "ALREADY_EXISTS"),
        (422, "MODERATION_FAILED"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (400, words),
    ];
    let polled = |ticket: &str| GivenQuestion::Poll(ticket.to_owned());
    let submits = SAMPLES.notes.iter().filter(|note| !note.starts_with("orders"));
    let polls = ["", "film", "orders money"].map(|note| (polled(SPEECH), note));
    let places = submits.map(|note| (GivenQuestion::Submit, *note)).chain(polls).chain([(polled(FILM), "")]);
    let mut news = Vec::new();
    for (question, note) in places {
        for (status, code) in codes {
            news.push((question.clone(), note, status, json!({"error": error(code), "trace_id": words})));
        }
    }
    for ticket in [FILM, SPEECH] {
        let id = if ticket == FILM { "job_8f2c" } else { "job_8319" };
        for (_, code) in codes {
            let failed = json!({"job_id": id, "status": "FAILED", "error": error(code)});
            news.push((polled(ticket), "", 200, failed));
            let outputs = json!([{"status": "FAILED", "url": null, "error": error(code)}]);
            let completed = json!({"job_id": id, "status": "COMPLETED", "outputs": outputs});
            news.push((polled(ticket), "", 200, completed));
        }
    }
    for note in ["voices", "search"] {
        let voices = json!({"data": [{"id": words, "name": words}], "next_cursor": null});
        news.push((GivenQuestion::Submit, note, 200, voices));
    }
    news
}
