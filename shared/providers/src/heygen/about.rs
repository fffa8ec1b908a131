//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "HeyGen",
    key: "Make an account at heygen.com, charge its API wallet, and make an API key in its settings.",
    secret: r#"{"apiKey":"...","webhookSecret":"whsec_..."}"#,
    limits: &["10 jobs at a time; more are refused with 429.", "Pictures and recordings up to 50 MB."],
    quirks: &[
        "Only the third version of the API is used; the first two were to end in October 2026.",
        "Avatars and voices are ids; plain names are looked up, and an operator may give names a meaning in `catalogue.toml`.",
        "The length of speech is not known before it is made; the price is by an estimate from the text.",
        "There is no way to stop a job.",
        "A lost order is looked for by its title, and repeated under the same key.",
        "`webhookSecret` is shown once, when the endpoint is registered; without it callbacks are known by their address alone.",
    ],
    facts: &[
        fact(Shown::Order, Sure::Sdk, "a video is ordered by `POST /v3/videos` with the key in `X-Api-Key`"),
        fact(Shown::Order, Sure::Page, "`Idempotency-Key` is heeded on that call"),
        fact(
            Shown::Order,
            Sure::Sdk,
            "looks and voices are listed by `GET /v3/avatars/looks` and `GET /v3/voices`",
        ),
        fact(Shown::Look, Sure::Sdk, "`GET /v3/videos/{id}` tells `data.status`"),
        fact(Shown::Result, Sure::Sdk, "a video is `data.video_url`"),
        fact(Shown::File, Sure::Told, "links need no key"),
    ],
};
