//! What an operator should know of this vendor.

use crate::about::{About, Shown, Sure, fact};

pub(super) static ABOUT: About = About {
    name: "Google Cloud (Veo)",
    key: "Make a service account in a Google Cloud project with billing and Agent Platform (once Vertex AI) switched on, give it the role Vertex AI User, and make a key file for it; the secret holds that file as it is.",
    secret: r#"{"apiKey":"account@project.iam.gserviceaccount.com","secretKey":"-----BEGIN PRIVATE KEY-----...","projectId":"..."}"#,
    limits: &["By project, region and model; not known."],
    quirks: &[
        "The secret may be the key file itself. `region` and `bucket` (`gs://a-bucket/a/folder`) may be added to it.",
        "Each step exchanges a signed sentence for a token first.",
        "Without a bucket a clip comes in the answer, in base64.",
        "Operations can't be listed or stopped, so a lost order is not sent again.",
        "A list that others keep has Veo 3.1 end on 2026-11-17.",
    ],
    facts: &[
        fact(
            Shown::Order,
            Sure::Sdk,
            "a token is given by `POST https://oauth2.googleapis.com/token` for a sentence that the account has signed",
        ),
        fact(Shown::Order, Sure::Sdk, "a clip is ordered by `:predictLongRunning` of the model"),
        fact(Shown::Look, Sure::Sdk, "`:fetchPredictOperation` tells `done`"),
        fact(Shown::Result, Sure::Sdk, "a clip is in `response.videos`, as base64 or as a place in a bucket"),
        fact(Shown::File, Sure::Sdk, "a clip in base64 is the whole file"),
    ],
};
