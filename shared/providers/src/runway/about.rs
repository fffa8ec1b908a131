//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Runway",
    key: "Make an organization in Runway's developer portal (dev.runwayml.com), buy credits (1 credit is $0.01) and make a secret.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "1 to 20 jobs at a time by tier; more wait at the vendor (`THROTTLED`).",
        "50 to 30,000 jobs a day by tier; beyond that 429.",
        "A text has 1,000 UTF-16 units at most.",
    ],
    quirks: &[
        "The vendor looks at a picture's link with HEAD, which a link signed for GET refuses; so pictures are fetched and handed over.",
        "To delete a finished task destroys its file, so a cancel asks for the state first.",
        "Forbidden content is charged, and repeated orders of it may close the account.",
        "No credit is a 400, like bad input.",
        "The terms ask for a notice \"Powered by Runway\" where end users see results.",
        "A lost order can't be looked for, and is not sent again.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /v1/text_to_video` or `image_to_video` with `Authorization: Bearer` and `X-Runway-Version: 2024-11-06`",
        ),
        fact(Shown::Order, Sure::Told, "`gen3a_turbo` is not taken any more"),
        fact(Shown::Look, Sure::Sdk, "`GET /v1/tasks/{id}` tells `status` and `progress`"),
        fact(Shown::Result, Sure::Sdk, "clips are the links in `output`"),
        fact(Shown::File, Sure::Told, "links need no key and are good for a day"),
    ],
};
