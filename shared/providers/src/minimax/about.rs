//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "MiniMax (Hailuo)",
    key: "Make an account at minimax.io, charge its balance, and make a pay-as-you-go key; keys of a subscription have other limits.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "20 orders a minute (Hailuo), 300 a minute and 30 jobs at a time (H3).",
        "Input pictures under 20 MB, over 300 pixels on the short side.",
    ],
    quirks: &[
        "Keys belong to a region: `baseUrl` `https://api.minimaxi.com` is mainland China, where a global key is no key.",
        "Errors come with HTTP 200 and a code in `base_resp`.",
        "A finished clip is a file id; its link is asked for separately and is good for an hour.",
        "1080p is made for 6 s alone.",
        "A lost order of Hailuo can't be looked for, and is not sent again; one of H3 is looked for in the list.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /v1/video_generation` with `Authorization: Bearer`",
        ),
        fact(Shown::Order, Sure::Told, "`MiniMax-H3` is ordered by `POST /v2/video_generation`"),
        fact(Shown::Look, Sure::Sdk, "`GET /v1/query/video_generation?task_id=` tells `status`"),
        fact(Shown::Result, Sure::Sdk, "`GET /v1/files/retrieve?file_id=` tells `download_url`"),
        fact(Shown::File, Sure::Sdk, "links need no key"),
    ],
};
