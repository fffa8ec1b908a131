//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Luma Agents (Ray 3.2)",
    key: "Make an account of Luma's Agents API and a key there; keys of Dream Machine don't work.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &["Calls a minute and jobs at a time by plan; 429 says when to come back."],
    quirks: &[
        "10 s are not made from a picture.",
        "HDR needs an account that has it.",
        "A lost order can't be looked for, and is not sent again.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST https://agents.lumalabs.ai/v1/generations` with `type: video`",
        ),
        fact(Shown::Look, Sure::Sdk, "`GET /generations/{id}` tells `state`"),
        fact(Shown::Result, Sure::Sdk, "a clip is `output[].url`"),
        fact(Shown::File, Sure::Sdk, "links need no key and are good for an hour; each look gives a new one"),
    ],
};
