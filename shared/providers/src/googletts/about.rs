//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Google Cloud Text-to-Speech",
    key: "Switch on the Text-to-Speech API in a Google Cloud project with billing, and make an API key that is restricted to it.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "1,000 calls a minute; 500 for Studio, 200 for Chirp 3.",
        "5,000 bytes of text in a call; longer texts are cut at sentences and the parts joined.",
    ],
    quirks: &[
        "The model is a part of the voice's name, `en-US-Wavenet-D`; a name that is not one is looked up.",
        "The limit counts bytes: a Cyrillic letter is two.",
        "Chirp and Studio take no pitch.",
        "There is no moderation.",
        "Kazakh is not among the languages.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Page,
            "speech is `POST /v1/text:synthesize` with the key in `x-goog-api-key`",
        ),
        fact(Shown::Result, Sure::Sdk, "the sound is `audioContent`, in base64"),
        fact(Shown::File, Sure::Sdk, "`LINEAR16` has the head of a WAV file"),
        fact(Shown::Order, Sure::Sdk, "`GET /v1/voices` lists all voices at once"),
    ],
};
