//! What Veo refuses in an order. Fields that it does not know are refused, too.

use super::object_of;
use super::order::{Order, Place};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs;
use media::Kind;
use serde_json::{Map, Value};

/// A model with what it can do.
struct Model {
    id: &'static str,
    resolutions: &'static [&'static str],
    references: bool,
}

const MODELS: [Model; 3] = [
    Model { id: "veo-3.1-generate-001", resolutions: &["720p", "1080p", "4k"], references: true },
    Model { id: "veo-3.1-fast-generate-001", resolutions: &["720p", "1080p", "4k"], references: true },
    Model { id: "veo-3.1-lite-generate-001", resolutions: &["720p", "1080p"], references: false },
];

const INSTANCE: [&str; 4] = ["prompt", "image", "lastFrame", "referenceImages"];
const PARAMETERS: [&str; 12] = [
    "aspectRatio",
    "durationSeconds",
    "enhancePrompt",
    "generateAudio",
    "negativePrompt",
    "personGeneration",
    "resizeMode",
    "resolution",
    "sampleCount",
    "seed",
    "storageUri",
    "compressionQuality",
];

/// Bytes of a picture, at most.
const MOST_PICTURE_BYTES: usize = 20_000_000;
const MOST_REFERENCES: usize = 3;
const MOST_CLIPS: i64 = 4;

/// Reads an order.
pub(super) fn order(place: Place, body: &[u8]) -> Result<Order, Refusal> {
    let model = MODELS.iter().find(|model| model.id == place.model);
    let model = model.ok_or_else(|| {
        Refusal::missing(format!(
            "Publisher Model `{}` was not found or your project does not have access to it.",
            place.resource()
        ))
    })?;
    let body = object_of(body)?;
    known("", &body, &["instances", "parameters", "labels"])?;
    let body = Fields(&body);
    let [Value::Object(instance)] = body.list("instances")?.unwrap_or_default() else {
        return Err(Refusal::at("instances", "instances must hold one object"));
    };
    let shown = shown(model, instance)?;
    let empty = Map::new();
    let parameters = body.object("parameters")?.unwrap_or(Fields(&empty));
    known("parameters.", parameters.0, &PARAMETERS)?;
    ordered(model, parameters, shown, place)
}

/// The name of the operation that is asked about, if it is one of the model.
pub(super) fn operation(place: &Place, body: &[u8]) -> Result<String, Refusal> {
    let body = object_of(body)?;
    known("", &body, &["operationName"])?;
    let name = Fields(&body).text("operationName")?.unwrap_or_default();
    match name.strip_prefix(&place.resource()).and_then(|rest| rest.strip_prefix("/operations/")) {
        Some(id) if !id.is_empty() && !id.contains('/') => Ok(name.to_owned()),
        _ => Err(Refusal::at("operation_name", format!("Invalid operation name: {name}"))),
    }
}

fn known(place: &str, map: &Map<String, Value>, fields: &[&str]) -> Result<(), Refusal> {
    match map.keys().find(|name| !fields.contains(&name.as_str())) {
        Some(name) => Err(Refusal::at(
            &format!("{place}{name}"),
            format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."),
        )),
        None => Ok(()),
    }
}

/// What the model is shown.
struct Shown {
    prompt: String,
    references: bool,
}

fn shown(model: &Model, instance: &Map<String, Value>) -> Result<Shown, Refusal> {
    known("instances.", instance, &INSTANCE)?;
    let fields = Fields(instance);
    let prompt = fields.text("prompt")?.unwrap_or_default();
    let first = fields.object("image")?;
    let last = fields.object("lastFrame")?;
    for (name, frame) in [("image", first), ("lastFrame", last)] {
        frame.map_or(Ok(()), |frame| picture(name, frame))?;
    }
    let references = fields.list("referenceImages")?.unwrap_or_default();
    for reference in references {
        let wrong = || Refusal::at("referenceImages", "referenceImages must hold images with their types");
        let reference = reference.as_object().map(Fields).ok_or_else(wrong)?;
        known("instances.referenceImages.", reference.0, &["image", "referenceType"])?;
        picture("referenceImages", reference.object("image")?.ok_or_else(wrong)?)?;
        if !reference.text("referenceType")?.is_some_and(|kind| kind.eq_ignore_ascii_case("asset")) {
            return Err(Refusal::at("referenceType", "Only asset reference images are supported."));
        }
    }
    let wrong = |field, message: &str| Err(Refusal::at(field, message));
    if !references.is_empty() {
        if !model.references {
            return wrong("referenceImages", "Reference images are not supported by this model.");
        }
        if references.len() > MOST_REFERENCES {
            return wrong("referenceImages", "At most 3 reference images are supported.");
        }
        if first.is_some() || last.is_some() {
            return wrong("referenceImages", "Image, video and last frame exclude reference images.");
        }
    }
    if last.is_some() && first.is_none() {
        return wrong("lastFrame", "A last frame needs an image.");
    }
    if prompt.trim().is_empty() && first.is_none() {
        return wrong("prompt", "Text prompt is required.");
    }
    Ok(Shown { prompt: prompt.to_owned(), references: !references.is_empty() })
}

/// Looks at a picture. One in a bucket stays unseen.
fn picture(name: &'static str, picture: Fields<'_>) -> Result<(), Refusal> {
    let wrong = |message: &str| Err(Refusal::at(name, message));
    known(&format!("instances.{name}."), picture.0, &["bytesBase64Encoded", "gcsUri", "mimeType"])?;
    let mime_type = picture.text("mimeType")?.unwrap_or_default();
    if !["image/jpeg", "image/png"].contains(&mime_type) {
        return wrong("Unsupported MIME type: image/jpeg and image/png are supported.");
    }
    match (picture.text("bytesBase64Encoded")?, picture.text("gcsUri")?) {
        (None, Some(uri)) if uri.starts_with("gs://") => Ok(()),
        (Some(data), None) if data.len() > MOST_PICTURE_BYTES / 3 * 4 => wrong("The image is too large."),
        (Some(data), None) if !inputs::is_address(data) => match inputs::input(data) {
            Some(input) if input.may_be(Kind::Image) => Ok(()),
            _ => wrong("Unable to process input image."),
        },
        _ => wrong("One of bytesBase64Encoded and gcsUri is required."),
    }
}

fn ordered(model: &Model, parameters: Fields<'_>, shown: Shown, place: Place) -> Result<Order, Refusal> {
    let wrong = |field: &str, message: String| Refusal::at(field, message);
    let one_of = |field: &'static str, allowed: &[&str]| -> Result<Option<&str>, Refusal> {
        let value = parameters.text(field)?;
        match value.filter(|value| !allowed.contains(value)) {
            Some(value) => Err(wrong(field, format!("Unsupported {field} {value}"))),
            None => Ok(value),
        }
    };
    let ratio = one_of("aspectRatio", &["16:9", "9:16"])?.unwrap_or("16:9");
    let resolution = one_of("resolution", model.resolutions)?.unwrap_or("720p");
    one_of("personGeneration", &["allow_adult", "dont_allow", "allow_all"])?;
    one_of("resizeMode", &["pad", "crop", "PAD", "CROP"])?;
    one_of("compressionQuality", &["optimized", "lossless", "OPTIMIZED", "LOSSLESS"])?;
    parameters.text("negativePrompt")?;
    if parameters.bool("enhancePrompt")? == Some(false) {
        return Err(wrong("enhancePrompt", "Prompt enhancement can not be disabled.".into()));
    }
    let sound = parameters.bool("generateAudio")?.unwrap_or(true);
    if parameters.whole("seed")?.is_some_and(|seed| u32::try_from(seed).is_err()) {
        return Err(wrong("seed", "seed is out of range".into()));
    }
    let count = parameters.whole("sampleCount")?.unwrap_or(1);
    if !(1..=MOST_CLIPS).contains(&count) {
        return Err(wrong("sampleCount", format!("sampleCount must be from 1 to {MOST_CLIPS}")));
    }
    let seconds = parameters.whole("durationSeconds")?.unwrap_or(8);
    let allowed: &[i64] = if shown.references || resolution != "720p" { &[8] } else { &[4, 6, 8] };
    if !allowed.contains(&seconds) {
        let message = format!(
            "Unsupported output video duration {seconds} seconds, supported durations are {allowed:?}."
        );
        return Err(wrong("durationSeconds", message));
    }
    if shown.references && ratio == "9:16" && !place.model.contains("fast") {
        return Err(wrong("aspectRatio", "9:16 is not supported with reference images.".into()));
    }
    let storage = parameters.text("storageUri")?;
    if storage.is_some_and(|uri| !uri.starts_with("gs://") || uri.len() < 8) {
        return Err(wrong("storageUri", "storageUri must be a Cloud Storage URI".into()));
    }
    let (long, short) = match resolution {
        "1080p" => (1920, 1080),
        "4k" => (3840, 2160),
        _ => (1280, 720),
    };
    Ok(Order {
        place,
        prompt: shown.prompt,
        size: if ratio == "9:16" { (short, long) } else { (long, short) },
        // Both were just found to be few.
        seconds: u32::try_from(seconds).unwrap_or(8),
        count: usize::try_from(count).unwrap_or(1),
        sound,
        storage: storage.map(|uri| uri.trim_end_matches('/').to_owned()),
    })
}
