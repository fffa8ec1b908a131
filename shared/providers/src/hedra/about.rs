//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Hedra",
    key: "Make a workspace at hedra.com, put money into its wallet, and make a key of the third version there: a pair with a colon. Keys that begin with `sk_hedra_` are those of the older version and don't work.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "60 calls a minute for everything.",
        "A portrait up to 10 MiB, a recording of 0.5 to 600 s and up to 100 MiB.",
    ],
    quirks: &[
        "All files are uploaded first; links of others are refused.",
        "A script is spoken first, by the vendor's own speech, and filmed when that is done; both are paid.",
        "An empty wallet is a 402 for every order.",
        "A repeated order under the same key is the same order.",
        "There is no way to stop a job.",
        "`webhookSecret` may hold the vendor's public key; callbacks that it did not sign are then put aside.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "files go to `POST /v3/files` with `Authorization: Bearer`, and are named by the address that is answered",
        ),
        fact(
            Shown::Order,
            Sure::Sdk,
            "a film is ordered by `POST /v3/models/{model}` with `Idempotency-Key`",
        ),
        fact(Shown::Order, Sure::Sdk, "a script is spoken by `POST /v3/models/elevenlabs-v3`"),
        fact(Shown::Look, Sure::Sdk, "`GET /v3/jobs/{id}` tells `status`"),
        fact(Shown::Result, Sure::Sdk, "a film is `outputs[].url`"),
        fact(Shown::File, Sure::Sdk, "links need no key"),
    ],
};
