//! From an order to a form.

use super::USUAL_BASE;
use crate::{Need, Next, Question, Task, kit};
use http::Method;
use jobs::{Event, Job, Kind};

/// A whole request may have 10 MiB; what is not the picture is some kilobytes.
const MOST_PICTURE_BYTES: u64 = 10 * 1024 * 1024 - 64 * 1024;

/// The vendor's three ways of making pictures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Ultra,
    Core,
    /// The models of Stable Diffusion, told by a field.
    Sd3,
}

impl Endpoint {
    fn of(model: &str) -> Endpoint {
        match model {
            "ultra" => Endpoint::Ultra,
            "core" => Endpoint::Core,
            _ => Endpoint::Sd3,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Endpoint::Ultra => "ultra",
            Endpoint::Core => "core",
            Endpoint::Sd3 => "sd3",
        }
    }
}

/// The picture to start from, for models that take one.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    if Endpoint::of(&job.plan.vendor_model) == Endpoint::Core {
        return Vec::new();
    }
    let input = &job.order.input;
    let first = match (&input.image, input.images.first()) {
        (Some(url), _) => Some(("input.image", url)),
        (None, url) => url.map(|url| ("input.images", url)),
    };
    first
        .map(|(field, url)| Need {
            field,
            url: url.clone(),
            kind: Kind::Image,
            most_bytes: MOST_PICTURE_BYTES,
        })
        .into_iter()
        .collect()
}

/// The paid call. A form, with a picture in it or without: anything else is refused.
pub(super) fn submit(task: &Task<'_>) -> Next {
    let picture = task.media.first();
    if picture.is_some_and(|picture| !matches!(picture.media_type, "image/png" | "image/jpeg" | "image/webp"))
    {
        let fault = kit::refused_option("image")
            .with_detail("the picture is of a format that the vendor does not take");
        return kit::event(Event::Refused(fault));
    }
    let (plan, endpoint) = (&task.job.plan, Endpoint::of(&task.job.plan.vendor_model));
    let options = &plan.options;
    let seed = options.whole("seed").map(|seed| seed.to_string());
    let number = |name: &str| options.number(name).map(|number| number.to_string());
    let format = match options.text("format") {
        Some("jpeg" | "jpg") => "jpeg",
        Some("webp") => "webp",
        _ => "png",
    };
    let from_picture = picture.is_some();
    let of_sd3 = |value: Option<String>| value.filter(|_| endpoint == Endpoint::Sd3);
    let mode = if from_picture { "image-to-image" } else { "text-to-image" };
    let fields = [
        ("prompt", plan.prompt.clone()),
        ("negative_prompt", options.text("negativePrompt").map(str::to_owned)),
        // A picture keeps its own shape.
        ("aspect_ratio", options.text("aspectRatio").filter(|_| !from_picture).map(str::to_owned)),
        ("seed", seed),
        ("output_format", Some(format.to_owned())),
        ("style_preset", options.text("style").filter(|_| endpoint == Endpoint::Core).map(str::to_owned)),
        ("strength", number("strength").or(Some(USUAL_STRENGTH.to_owned())).filter(|_| from_picture)),
        ("model", of_sd3(Some(plan.vendor_model.clone()))),
        ("mode", of_sd3(Some(mode.to_owned()))),
        ("cfg_scale", of_sd3(number("cfgScale"))),
    ];
    let form = fields.into_iter().fold(kit::Form::default(), |form, (name, value)| match value {
        Some(value) => form.text(name, value),
        None => form,
    });
    let form = picture.into_iter().fold(form, |form, picture| form.file("image", picture));
    let (media_type, body) = form.finish();
    let path = ["v2beta", "stable-image", "generate", endpoint.path()];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[]);
    // As a message, not as the file itself: it tells whether the picture was blurred.
    kit::Draft::send("stability picture", Method::POST, url, &media_type, body)
        .bearer(task.access.api_key.reveal())
        .paid(task)
        .brings_large_message()
        .next(Question::Submit)
}

/// How far a picture may be left when nobody said; the vendor must be told something.
const USUAL_STRENGTH: &str = "0.6";
