//! ElevenLabs.

use super::{BadNews, Samples};
use crate::given::GivenQuestion;
use serde_json::{Value, json};

pub(super) const SAMPLES: Samples = Samples {
    vendor: "elevenlabs",
    job: ("AUDIO", "eleven_v3"),
    tickets: &[],
    notes: &["voice", "speech", "history", "audio"],
    names: &[
        "voices",
        "voice_id",
        "name",
        "history",
        "history_item_id",
        "text",
        "detail",
        "code",
        "param",
        "message",
        "status",
    ],
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
    for question in [GivenQuestion::Submit, GivenQuestion::Recover(0)] {
        for note in ["voice", "speech", "history", "audio"] {
            for code in
                ["text_too_long", "voice_not_found", "invalid_parameters", "unauthorized", "conflict", words]
            {
                let body =
                    json!({"detail": {"code": code, "status": words, "message": words, "param": words}});
                news.push((question.clone(), note, 400, body));
            }
        }
    }
    let private = json!({"voices": [{"voice_id": "8319", "name": words, "category": "cloned"}]});
    news.push((GivenQuestion::Submit, "voice", 200, private));
    news
}
