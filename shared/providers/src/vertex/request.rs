//! From an order to a request.

use super::operation::Operation;
use crate::{Media, Need, Next, Question, Task, kit};
use jobs::{Fault, FaultKind, Job};
use serde::Serialize;

/// All pictures of an order together, in bytes. The vendor names 20 MB for one; a request with more than that in it is
/// refused by others of its servers.
const MOST_BYTES: usize = 14 * 1024 * 1024;

/// The kinds of pictures that the vendor takes.
const PICTURES: [&str; 2] = ["image/jpeg", "image/png"];

/// The caller's pictures, which go along in the request.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    kit::picture_needs(job, MOST_BYTES as u64)
}

/// Why the order can't be sent, if it can't.
pub(super) fn unfit(task: &Task<'_>) -> Option<Fault> {
    let refused = |message: &str| Some(Fault::new(FaultKind::InvalidInput, message));
    if task.media.iter().any(|media| !PICTURES.contains(&media.media_type)) {
        return refused("the provider takes pictures in JPEG and PNG alone");
    }
    if task.job.plan.options.text("resolution") == Some("4k") && bucket(task).is_none() {
        let fault = refused("clips of 4k are not set up for this provider");
        // An order does not make the vendor ill, so it is no fault of the operator's either.
        return fault.map(|fault| {
            fault.with_detail("they are too large for an answer: the secret has to name a bucket")
        });
    }
    kit::too_large(task, MOST_BYTES)
}

/// The paid call.
pub(super) fn submit(task: &Task<'_>, token: &str) -> Next {
    let url = Operation::next(task).and_then(|operation| operation.address(task, "predictLongRunning"));
    kit::Draft::post("vertex submit", url, &Body::of(task)).bearer(token).paid(task).next(Question::Submit)
}

/// Where the clip is to be laid down.
fn bucket<'a>(task: &Task<'a>) -> Option<&'a str> {
    task.access.project.as_ref()?.bucket.as_deref()
}

#[derive(Serialize)]
struct Body<'a> {
    instances: [Instance<'a>; 1],
    parameters: Parameters<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Instance<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Picture<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_frame: Option<Picture<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_images: Vec<Reference<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Picture<'a> {
    bytes_base64_encoded: String,
    mime_type: &'a str,
}

impl<'a> From<&'a Media> for Picture<'a> {
    fn from(media: &'a Media) -> Picture<'a> {
        Picture { bytes_base64_encoded: media.base64(), mime_type: media.media_type }
    }
}

/// A picture to be like, not to be shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    image: Picture<'a>,
    /// `asset` is who or what is to be seen; `style` is taken by older models alone.
    reference_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters<'a> {
    sample_count: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolution: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generate_audio: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_uri: Option<&'a str>,
}

impl<'a> Body<'a> {
    fn of(task: &Task<'a>) -> Body<'a> {
        let (plan, input, options) = (&task.job.plan, &task.job.order.input, &task.job.plan.options);
        // In the order of the needs.
        let mut media = task.media.iter();
        let first = input.image.as_ref().and_then(|_| media.next());
        let last = input.last_image.as_ref().and_then(|_| media.next());
        let prompt = plan.prompt.as_deref().filter(|text| !text.is_empty());
        let instance = if input.images.is_empty() {
            Instance {
                prompt,
                image: first.map(Picture::from),
                last_frame: last.map(Picture::from),
                reference_images: Vec::new(),
            }
        } else {
            // References and frames exclude each other.
            let all = first.into_iter().chain(last).chain(media);
            let reference = |media| Reference { image: Picture::from(media), reference_type: "asset" };
            Instance { prompt, image: None, last_frame: None, reference_images: all.map(reference).collect() }
        };
        Body {
            instances: [instance],
            parameters: Parameters {
                sample_count: 1,
                duration_seconds: options.whole("duration"),
                resolution: options.text("resolution"),
                aspect_ratio: options.text("aspectRatio"),
                generate_audio: options.flag("sound"),
                negative_prompt: options.text("negativePrompt"),
                seed: options.whole("seed"),
                storage_uri: bucket(task),
            },
        }
    }
}
