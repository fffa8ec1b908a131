//! What Runway refuses in an order: all that is wrong at once, and fields that a model does not know, too.

use super::order::{Family, MODELS, Model, Order, RATIOS, TEXT_RATIOS};
use super::wire::{Issue, Refusal};
use crate::fields;
use crate::inputs::{self, Input, Visit};
use crate::loopback;
use crate::world::World;
use media::Format;
use serde_json::{Map, Value};

/// What the handle of an uploaded file begins with.
pub(super) const UPLOADED: &str = "runway://";

/// UTF-16 code units of a prompt, at most.
const MOST_PROMPT: usize = 1000;
/// Characters of a data URI, at most.
const MOST_DATA_URI: usize = 5 * 1024 * 1024;
/// Bytes of a picture behind an address, at most.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The duration where the caller leaves it open.
const USUAL_SECONDS: u32 = 5;

const COMMON: [&str; 5] = ["model", "promptText", "ratio", "duration", "seed"];
const MODERATION: &str = "contentModeration";
const FORMATS: [&str; 2] = ["outputFormat", "proresProfile"];

/// Reads an order.
pub(super) async fn order(world: &World, family: Family, body: &[u8]) -> Result<Order, Refusal> {
    let body = object(body)?;
    let mut form = Form { body: &body, issues: Vec::new() };
    let Some(model) = model(&mut form, family) else { return Err(Refusal::body(form.issues)) };
    known_fields(&mut form, family, model);
    let prompt = prompt(&mut form, model);
    let ratios = if family == Family::Text { &TEXT_RATIOS[..] } else { &RATIOS[..] };
    let ratio = form.choice("ratio", true, ratios);
    let seconds = form.whole("duration", model.newer, 2, 10);
    form.whole("seed", false, 0, i64::from(u32::MAX));
    settings(&mut form, model);
    let picture = if family == Family::Image { picture(&mut form) } else { None };
    let (Some(ratio), true) = (ratio, form.issues.is_empty()) else {
        return Err(Refusal::body(form.issues));
    };
    let picture_is_good = match picture {
        Some(uri) => is_good(world, uri).await,
        None => true,
    };
    Ok(Order {
        model,
        prompt: prompt.unwrap_or_default().to_owned(),
        size: size(ratio),
        seconds: seconds.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(USUAL_SECONDS),
        picture_is_good,
    })
}

/// Reads the announcement of an upload.
pub(super) fn upload(body: &[u8]) -> Result<(), Refusal> {
    let body = object(body)?;
    let mut form = Form { body: &body, issues: Vec::new() };
    form.choice("type", true, &["ephemeral"]);
    form.text("filename", true, 255);
    if form.issues.is_empty() { Ok(()) } else { Err(Refusal::body(form.issues)) }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        _ => Err(Refusal::body(vec![Issue::new(&[], "invalid_type", "Expected an object")])),
    }
}

/// A body on its way to an order.
struct Form<'body> {
    body: &'body Map<String, Value>,
    issues: Vec<Issue>,
}

impl<'body> Form<'body> {
    fn wrong(&mut self, path: &[&str], code: &'static str, message: impl Into<String>) {
        self.issues.push(Issue::new(path, code, message));
    }

    /// `null` is not the same as absent here.
    fn value(&mut self, name: &'static str, required: bool) -> Option<&'body Value> {
        let value = self.body.get(name);
        if value.is_none() && required {
            self.wrong(&[name], "invalid_type", "Required");
        }
        value
    }

    /// A text that is not empty, of so many UTF-16 code units at most.
    fn text(&mut self, name: &'static str, required: bool, most: usize) -> Option<&'body str> {
        let value = self.value(name, required)?;
        let Some(text) = value.as_str() else {
            self.wrong(&[name], "invalid_type", "Expected a string");
            return None;
        };
        match text.encode_utf16().count() {
            0 => self.wrong(&[name], "too_small", "String must contain at least 1 character"),
            units if units > most => {
                self.wrong(&[name], "too_big", format!("String must contain at most {most} characters"));
            }
            _ => {}
        }
        Some(text)
    }

    fn whole(&mut self, name: &'static str, required: bool, least: i64, most: i64) -> Option<i64> {
        let value = self.value(name, required)?;
        match fields::whole(value) {
            None => self.wrong(&[name], "invalid_type", "Expected an integer"),
            Some(number) if number < least => {
                self.wrong(&[name], "too_small", format!("Number must be greater than or equal to {least}"));
            }
            Some(number) if number > most => {
                self.wrong(&[name], "too_big", format!("Number must be less than or equal to {most}"));
            }
            Some(number) => return Some(number),
        }
        None
    }

    fn choice(&mut self, name: &'static str, required: bool, known: &[&str]) -> Option<&'body str> {
        let text = self.value(name, required)?.as_str().filter(|text| known.contains(text));
        if text.is_none() {
            self.wrong(&[name], "invalid_enum_value", format!("Expected one of {}", known.join(", ")));
        }
        text
    }
}

fn model(form: &mut Form<'_>, family: Family) -> Option<&'static Model> {
    let able: Vec<&Model> = MODELS.iter().filter(|model| family == Family::Image || model.newer).collect();
    let found = form.body.get("model").and_then(Value::as_str);
    let found = able.iter().find(|model| Some(model.id) == found).copied();
    if found.is_none() {
        let known: Vec<&str> = able.iter().map(|model| model.id).collect();
        let message = format!("Invalid discriminator value. Expected {}", known.join(" | "));
        form.wrong(&["model"], "invalid_union_discriminator", message);
    }
    found
}

fn known_fields(form: &mut Form<'_>, family: Family, model: &Model) {
    let known = |name: &str| {
        COMMON.contains(&name)
            || name == MODERATION
            || (name == "promptImage" && family == Family::Image)
            || (FORMATS.contains(&name) && model.newer)
    };
    let unknown: Vec<&str> = form.body.keys().map(String::as_str).filter(|name| !known(name)).collect();
    if !unknown.is_empty() {
        form.wrong(
            &[],
            "unrecognized_keys",
            format!("Unrecognized key(s) in object: {}", unknown.join(", ")),
        );
    }
}

fn prompt<'body>(form: &mut Form<'body>, model: &Model) -> Option<&'body str> {
    form.text("promptText", model.newer, MOST_PROMPT)
}

/// Settings that change nothing here. Formats other than MP4 can't be written and are refused like unknown ones.
fn settings(form: &mut Form<'_>, model: &Model) {
    if let Some(moderation) = form.value(MODERATION, false) {
        let threshold = moderation.as_object().map(|settings| settings.get("publicFigureThreshold"));
        let known = threshold.is_some_and(|threshold| {
            threshold.is_none_or(|threshold| matches!(threshold.as_str(), Some("auto" | "low")))
        });
        if !known {
            let path = [MODERATION, "publicFigureThreshold"];
            form.wrong(&path, "invalid_enum_value", "Expected one of auto, low");
        }
    }
    if model.newer {
        form.choice("outputFormat", false, &["mp4"]);
        if form.body.contains_key("proresProfile") {
            form.wrong(&["proresProfile"], "custom", "proresProfile is only valid with ProRes formats");
        }
    }
}

/// The picture to begin with, as a text or as a list of one with its place.
fn picture<'body>(form: &mut Form<'body>) -> Option<&'body str> {
    const NAME: &str = "promptImage";
    let value = form.value(NAME, true)?;
    let uri = match value {
        Value::Array(list) => {
            let [only] = list.as_slice() else {
                form.wrong(&[NAME], "too_big", "Array must contain exactly 1 element");
                return None;
            };
            if only.get("position").and_then(Value::as_str) != Some("first") {
                form.wrong(&[NAME, "0", "position"], "invalid_literal", "Expected first");
            }
            only.get("uri")
        }
        other => Some(other),
    };
    let uri = uri.and_then(Value::as_str);
    match uri {
        Some(uri) if is_uri(uri) => {}
        Some(uri) if uri.len() > MOST_DATA_URI => {
            form.wrong(&[NAME], "too_big", "The data URI must be no larger than 5MB");
        }
        _ => form.wrong(
            &[NAME],
            "invalid_string",
            "Expected an HTTPS URL, an upload URI or a data URI of an image",
        ),
    }
    uri
}

/// An address with TLS (without it on this machine alone, where there is none), an upload, or a picture in the request.
fn is_uri(uri: &str) -> bool {
    if let Some((media_type, _)) = inputs::data_uri(uri) {
        return ["image/jpeg", "image/png", "image/webp"].contains(&media_type) && uri.len() <= MOST_DATA_URI;
    }
    let by_name = url::Url::parse(uri).is_ok_and(|url| url.scheme() == "https" && url.domain().is_some());
    uri.starts_with(UPLOADED) || by_name || loopback::is_here(uri)
}

/// Whether a picture can be used. The vendor asks for the head of an address first and follows no redirects.
async fn is_good(world: &World, uri: &str) -> bool {
    let input = if let Some(id) = uri.strip_prefix(UPLOADED) {
        world.uploads.find(id).and_then(|upload| upload.file())
    } else if let Some((_, input)) = inputs::data_uri(uri) {
        Some(input)
    } else {
        inputs::visit(uri, Visit::HeadThenGet).await.ok()
    };
    match input {
        Some(Input::Address) => true,
        Some(Input::Bytes { length, format, .. }) => {
            // An upload may be larger; nothing here is.
            length <= MOST_BYTES && matches!(format, Some(Format::Jpeg | Format::Png | Format::Webp))
        }
        None => false,
    }
}

fn size(ratio: &str) -> (u32, u32) {
    let side = |text: &str| text.parse().unwrap_or(720);
    ratio.split_once(':').map_or((1280, 720), |(width, height)| (side(width), side(height)))
}
