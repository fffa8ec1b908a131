//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Wan (Alibaba)",
    key: "Make an account of Alibaba Cloud Model Studio, pick the region Singapore in its console, and make an API key there.",
    secret: r#"{"apiKey":"..."}"#,
    limits: &[
        "2 jobs at a time of wan-2.2, 5 of each later model; more wait at the vendor.",
        "20 looks a second.",
        "Pictures up to 10 MB with sides of 240 to 8,000 pixels; recordings up to 15 MB; reference clips up to 100 MB and 30 s.",
        "Jobs and links are kept for 24 hours.",
    ],
    quirks: &[
        "A key belongs to a region. For another one the secret has a `baseUrl`: `https://dashscope.aliyuncs.com` (Beijing), `https://dashscope-us.aliyuncs.com` (Virginia), or the host of a workspace.",
        "Beijing and Virginia have other models, lengths and prices than the catalogue tells.",
        "The vendor rewrites prompts unless `promptOptimizer` is false.",
        "That wan-2.5 can be told to be silent is on no page of the vendor's any more; others still do it.",
        "Errors of a job come with a good status, and so does the answer about a job that is not known (any more).",
        "Only a job that still waits can be stopped.",
        "There is no callback for a job. An account can send all its events to an address with EventBridge, which is not used here.",
        "A lost order is looked for by model, moment, words, size and length; what was made of pictures, clips or recordings can't be told apart and counts as lost.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a clip is ordered by `POST /api/v1/services/aigc/video-generation/video-synthesis` with `Authorization: Bearer` and `X-DashScope-Async: enable`",
        ),
        fact(Shown::Order, Sure::Page, "`parameters.size` is a size such as `832*480`"),
        fact(Shown::Look, Sure::Sdk, "`GET /api/v1/tasks/{id}` tells `output.task_status`"),
        fact(
            Shown::Result,
            Sure::Page,
            "a clip is `output.video_url`, and its words are `output.orig_prompt`",
        ),
        fact(Shown::File, Sure::Page, "links need no key and are good for 24 hours"),
    ],
};
