//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Google Gemini (Omni clips, pictures)",
    key: "Make a key in Google AI Studio, in a project with billing: clips have no free tier.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &["By project, model and tier; not known.", "Up to 20 MB of input pictures in a call."],
    quirks: &[
        "A clip that the rules forbid is `completed` without a clip, and told as moderation.",
        "A clip must be fetched with the key, and the redirect that follows without it.",
        "Lost orders can't be looked for. A picture is asked for once more, a clip is not.",
        "The length is a text with an `s`; a bare number is refused.",
        "Imagen and Veo can't be had with such a key any more; their names are answered by these models.",
        "Clips of people can't be edited from the EEA, Switzerland and the UK.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /v1beta/interactions` with `background: true` and the key in `x-goog-api-key`",
        ),
        fact(
            Shown::Order,
            Sure::Sdk,
            "a picture is ordered by `POST /v1beta/models/{model}:generateContent`",
        ),
        fact(Shown::Look, Sure::Sdk, "`GET /v1beta/interactions/{id}` tells `status`"),
        fact(Shown::Result, Sure::Sdk, "a clip is a part of the type `video` in a step `model_output`"),
        fact(Shown::Result, Sure::Sdk, "a picture is `inlineData` of a part, in base64"),
        fact(
            Shown::File,
            Sure::Told,
            "a clip's link answers with the key, by a redirect, and is good for 48 hours",
        ),
    ],
};
