//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "ElevenLabs",
    key: "Make an account at elevenlabs.io and, in its settings, an API key with leave for text to speech, for reading voices and for reading the history.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "Jobs at a time by plan: 2 (free) to 15; more wait a moment and are then refused with 429.",
        "Text up to 5,000 characters (v3), 10,000 (multilingual v2), 40,000 (flash v2.5).",
    ],
    quirks: &[
        "Voices are ids; a plain name is looked up in a table of the usual ones, then in the account's voices.",
        "`emotion` is a word in brackets before the text and works with v3 alone; it is charged like text.",
        "The free plan refuses calls from cloud addresses.",
        "MP3 with 192 kbit/s needs the Creator plan.",
        "A lost order is looked for in the account's history.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "speech is `POST /v1/text-to-speech/{voice}` with the key in `xi-api-key`",
        ),
        fact(Shown::Order, Sure::Told, "v3 takes a stability of 0, 0.5 or 1 alone"),
        fact(Shown::Result, Sure::Sdk, "the answer is the sound itself"),
        fact(Shown::File, Sure::Sdk, "the sound is of the format that `output_format` asks for"),
    ],
};
