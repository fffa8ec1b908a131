//! Pictures: one call, whose answer holds the picture.

use super::{
    address, faults,
    picture_wire::{Answer, Part},
    signed,
};
use crate::{News, Next, Question, Reply, Source, Task, VendorFile, kit};
use base64::{Engine, engine::general_purpose::STANDARD};
use jobs::{Event, Kind};
use serde::Serialize;

/// The paid call.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let method = format!("{}:generateContent", task.job.plan.vendor_model);
    let draft = kit::Draft::post("google picture", address(task, &["models", &method]), &Body::of(task));
    signed(draft, task).paid(task).brings_large_message().next(Question::Submit)
}

/// Reads the answer.
pub(super) fn made(task: &Task<'_>, question: Question<'_>, reply: &Reply<'_>) -> Next {
    if !reply.status.is_success() {
        return faults::said_no(task, question, reply);
    }
    // Read in place: a second copy of the picture's text would be many megabytes.
    let Some(answer) = serde_json::from_slice::<Answer<'_>>(reply.body).ok().filter(Answer::says_something)
    else {
        return kit::unreadable(task, question, reply);
    };
    // Drafts that the model thought about come first, marked as such.
    let picture = answer.parts().filter(|part| !part.is_thought()).filter_map(Part::picture).last();
    match picture.map(|data| STANDARD.decode(data)) {
        Some(Ok(bytes)) => {
            let source = Source::Bytes(bytes.into());
            Next::News(News::Finished(vec![VendorFile { kind: Kind::Image, source }]))
        }
        Some(Err(_)) => kit::no_file(),
        None => kit::event(Event::Failed(faults::of_missing_picture(task, &answer, reply))),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    contents: [Content<'a>; 1],
    generation_config: Config<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'static str,
    parts: Vec<Shown<'a>>,
}

/// A part of what the model is shown: pictures first, words last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Shown<'a> {
    #[serde(rename_all = "camelCase")]
    InlineData {
        mime_type: &'a str,
        data: kit::InBase64<'a>,
    },
    Text(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    response_modalities: [&'static str; 1],
    #[serde(skip_serializing_if = "ImageConfig::is_empty")]
    image_config: ImageConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_size: Option<String>,
}

impl ImageConfig<'_> {
    fn is_empty(&self) -> bool {
        self.aspect_ratio.is_none() && self.image_size.is_none()
    }
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let options = &task.job.plan.options;
        let pictures = task.media.iter().map(|media| Shown::InlineData {
            mime_type: media.media_type,
            data: kit::InBase64(&media.bytes),
        });
        let words = task.job.plan.prompt.as_deref().filter(|text| !text.is_empty()).map(Shown::Text);
        Body {
            contents: [Content { role: "user", parts: pictures.chain(words).collect() }],
            generation_config: Config {
                response_modalities: ["IMAGE"],
                image_config: ImageConfig {
                    aspect_ratio: options.text("aspectRatio"),
                    // The letter has to be a capital.
                    image_size: options.text("resolution").map(str::to_ascii_uppercase),
                },
                seed: options.whole("seed"),
            },
        }
    }
}
