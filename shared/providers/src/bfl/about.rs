//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Black Forest Labs (FLUX)",
    key: "Make an account in the vendor's API console (api.bfl.ai), buy credits there (1 credit is $0.01) and make a key; it does not expire.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "24 jobs at a time, 6 of `flux-kontext-max`; beyond that the order is refused with 429.",
        "Input pictures up to 20 MB or 20 megapixels.",
    ],
    quirks: &[
        "A result's link is good for ten minutes from completion and can't be renewed, so the file is copied in the step that sees it.",
        "`flux-pro` (FLUX.1 pro 1.0) is gone; the name is answered by `flux-pro-1.1`.",
        "A lost order can't be looked for: it is sent once more, and may then be paid twice by us, never by the caller.",
        "`baseUrl` may be `https://api.eu.bfl.ai` or `https://api.us.bfl.ai`, which keep data in a region.",
    ],
    facts: &[
        fact(Shown::Order, Sure::Sdk, "an order is `POST /v1/{model}` with the key in the header `x-key`"),
        fact(Shown::Order, Sure::Sdk, "the answer tells `id` and `polling_url`"),
        fact(
            Shown::Order,
            Sure::Told,
            "`safety_tolerance` 2 and the output formats jpeg, png and webp are taken",
        ),
        fact(
            Shown::Look,
            Sure::Sdk,
            "the state is told at `polling_url`, under a host that ends in `.bfl.ai`",
        ),
        fact(Shown::Look, Sure::Told, "`Reasoning` and `Generating` are states of a running job"),
        fact(Shown::Result, Sure::Sdk, "the result is `result.sample`, a link"),
        fact(
            Shown::File,
            Sure::Page,
            "the link needs no key, and the file is of the format that was asked for",
        ),
    ],
};
