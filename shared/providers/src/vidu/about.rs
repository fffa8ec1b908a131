//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Vidu (ShengShu)",
    key: "Make an account of Vidu's platform (platform.vidu.com), buy credits (1 credit is $0.005) and make a key.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "5 jobs at a time by organization; more wait at the vendor.",
        "Pictures up to 50 MB, a whole order up to 20 MB.",
    ],
    quirks: &[
        "The word before the key is `Token`, not `Bearer`.",
        "No credit and forbidden content are both a 400; the reason tells them apart.",
        "Callbacks are signed with the key that ordered the job.",
        "Sound is on by default with Q3, so it is always told whether there is to be any.",
        "Only a job that still waits can be stopped.",
        "A lost order is looked for in the list, by our own name or by what it asked for.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Page,
            "a clip is ordered by `POST /ent/v2/text2video`, `img2video`, `start-end2video` or `reference2video` with `Authorization: Token`",
        ),
        fact(Shown::Order, Sure::Page, "`payload` is taken"),
        fact(Shown::Look, Sure::Page, "`GET /ent/v2/tasks/{id}/creations` tells `state`"),
        fact(Shown::Result, Sure::Page, "a clip is `creations[].url`"),
        fact(Shown::File, Sure::Told, "links need no key and are good for a day"),
    ],
};
