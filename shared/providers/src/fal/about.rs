//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "fal",
    key: "Make an account at fal.ai and a key in its dashboard; it is a pair with a colon, used as a whole.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &["2 jobs at a time at first, up to 40 with bought credits; more wait at the vendor."],
    quirks: &[
        "`COMPLETED` only means that the work has ended: it may have failed.",
        "Pictures that the safety check holds back come black, with a flag beside them; they are told as moderation.",
        "Whoever has a link can read the file, for a week at least.",
        "Any model that fal hosts can be added as a row of the catalogue, without code.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "an order is `POST https://queue.fal.run/{model}` with `Authorization: Key`",
        ),
        fact(Shown::Order, Sure::Sdk, "the answer tells `request_id`, `status_url` and `response_url`"),
        fact(Shown::Look, Sure::Sdk, "`status_url` tells `IN_QUEUE`, `IN_PROGRESS` or `COMPLETED`"),
        fact(Shown::Result, Sure::Sdk, "pictures are `images[].url` at `response_url`"),
        fact(Shown::File, Sure::Guess, "links need no key"),
    ],
};
