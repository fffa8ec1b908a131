//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Kling (Kuaishou)",
    key: "Make an account of Kling's developer platform, buy a package of units there, and make an access key with its secret key, or the newer single key.",
    secret: r#"{"apiKey":"...","secretKey":"..."}"#,
    limits: &[
        "Jobs at a time by package: 5 to 20; more are refused.",
        "Input pictures up to 10 MB, 300 pixels a side at least.",
    ],
    quirks: &[
        "With a `secretKey` each call carries a token that is signed anew; without one the key itself.",
        "429 also means that the package is used up, which only the operator can mend.",
        "A length is a text, not a number.",
        "There is no way to stop a job; it is charged.",
        "A lost order is looked for by our own id.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Page,
            "a clip is ordered by `POST /v1/videos/text2video` or `image2video` with a signed token",
        ),
        fact(Shown::Order, Sure::Page, "`external_task_id` is taken and must be new"),
        fact(Shown::Order, Sure::Told, "the models before 2.5 are still taken"),
        fact(
            Shown::Look,
            Sure::Page,
            "the state is told below the address of the order, by task id or by our own id",
        ),
        fact(Shown::Result, Sure::Page, "a clip is `data.task_result.videos[].url`"),
        fact(Shown::File, Sure::Told, "links need no key"),
    ],
};
