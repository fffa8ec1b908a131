//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "ByteDance (Seedance, Seedream)",
    key: "Make an account of BytePlus ModelArk, open each model in its console, and make an API key there.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "Calls per minute by model and account; jobs beyond the account's places wait at the vendor.",
        "A job's record is kept for seven days.",
    ],
    quirks: &[
        "A model that was not opened in the console answers 404.",
        "Sound costs double with Seedance 1.5, so it is always told whether there is to be any.",
        "Only a job that still waits can be stopped; to delete one that has ended destroys its result, so the state is asked first.",
        "`baseUrl` `https://ark.cn-beijing.volces.com/api/v3` is the vendor's service in China, with other keys and names of models.",
        "Words such as ` --dur 5` in a prompt would be taken for settings; they are left out.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /contents/generations/tasks` with `Authorization: Bearer`, its settings as fields of the body",
        ),
        fact(
            Shown::Order,
            Sure::Sdk,
            "a picture is ordered by `POST /images/generations` and is in the answer",
        ),
        fact(Shown::Order, Sure::Page, "`watermark: false` is taken"),
        fact(Shown::Look, Sure::Sdk, "`GET /contents/generations/tasks/{id}` tells `status`"),
        fact(Shown::Result, Sure::Sdk, "a clip is `content.video_url`, a picture `data[].url`"),
        fact(Shown::File, Sure::Page, "links need no key and are good for 24 hours"),
    ],
};
