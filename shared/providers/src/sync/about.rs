//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Sync.so (lip sync)",
    key: "Make an account at sync.so and an API key in its settings.",
    secret: r#"{"apiKey":"...","webhookSecret":"whsec_..."}"#,
    limits: &[
        "1 to 15 jobs at a time by plan; more are refused with 429.",
        "60 orders a minute.",
        "Recordings up to 300 s, videos up to 20 s (free) to 30 min.",
    ],
    quirks: &[
        "Plans below Creator put a watermark on the video.",
        "Nothing tells the price before; it goes by frames.",
        "A lost order is sent again under the same key, and answered with the one that there is.",
        "There is no way to stop a job.",
        "A callback comes once or not at all, so the vendor is asked all the same.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a video is ordered by `POST /v2/generate` with the key in `x-api-key`",
        ),
        fact(Shown::Order, Sure::Page, "`Idempotency-Key` is heeded"),
        fact(Shown::Look, Sure::Sdk, "`GET /v2/generate/{id}` tells `status`"),
        fact(Shown::Result, Sure::Sdk, "a video is `outputUrl`"),
        fact(Shown::File, Sure::Guess, "links need no key"),
    ],
};
