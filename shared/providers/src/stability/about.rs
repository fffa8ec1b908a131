//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Stability AI",
    key: "Make an account at platform.stability.ai, buy credits (1 credit is $0.01) and make a key.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &["150 calls in ten seconds, then a minute of 429; not sure.", "10 MiB for a whole order."],
    quirks: &[
        "Prompts must be English.",
        "No 4:3 and no 3:4; the nearest is 5:4.",
        "A picture that the rules hold back comes blurred, with HTTP 200 and a word beside it; it is told as moderation.",
        "A lost answer is a lost picture: it is asked for once more.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a picture is ordered by `POST /v2beta/stable-image/generate/...` as a form of several parts, with `Authorization: Bearer`",
        ),
        fact(
            Shown::Result,
            Sure::Told,
            "with `Accept: application/json` the answer holds `image` in base64, `finish_reason` and `seed`",
        ),
        fact(Shown::File, Sure::Sdk, "the picture is of the format that was asked for"),
    ],
};
