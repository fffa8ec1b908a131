//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Luma Dream Machine (Ray 2)",
    key: "Make an account at lumalabs.ai/dream-machine/api, buy credits and make a key.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &["About 10 jobs at a time and 20 orders a minute; not sure."],
    quirks: &[
        "Pictures are taken by public link alone.",
        "A callback is repeated within half a second only, so one that meets a cold start is lost; it is asked all the same.",
        "The vendor calls this API older than its Agents API; nobody knows until when it lasts.",
        "There is no way to stop a job.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /dream-machine/v1/generations/video` with `Authorization: Bearer`",
        ),
        fact(Shown::Order, Sure::Sdk, "lengths are `5s` and `9s`"),
        fact(Shown::Look, Sure::Sdk, "`GET /generations/{id}` tells `state`"),
        fact(Shown::Result, Sure::Sdk, "a clip is `assets.video`"),
        fact(Shown::File, Sure::Guess, "links need no key"),
    ],
};
