//! What `:generateContent` refuses in an order of a picture. Fields that it does not know are refused, too.

use super::order::{Order, Ordered};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input};
use media::Kind;
use serde_json::{Map, Value};

/// A model with what it can do.
struct Model {
    id: &'static str,
    /// Very long and very high pictures, and the smallest size.
    many_shapes: bool,
    most_pictures: usize,
}

const MODELS: [Model; 4] = [
    Model { id: "gemini-3.1-flash-image", many_shapes: true, most_pictures: 14 },
    Model { id: "gemini-3-pro-image", many_shapes: false, most_pictures: 14 },
    Model { id: "gemini-3.1-flash-lite-image", many_shapes: false, most_pictures: 14 },
    Model { id: "gemini-nano-banana-2.1", many_shapes: true, most_pictures: 14 },
];
const FIELDS: [&str; 6] =
    ["contents", "generationConfig", "safetySettings", "systemInstruction", "tools", "toolConfig"];
const CONFIG_FIELDS: [&str; 9] = [
    "responseModalities",
    "imageConfig",
    "seed",
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "maxOutputTokens",
    "thinkingConfig",
];
const RATIOS: [&str; 10] = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
const LONG_RATIOS: [&str; 4] = ["1:4", "4:1", "1:8", "8:1"];

/// Reads an order. `call` is the model with the name of the method.
pub(super) fn order(call: &str, body: &Map<String, Value>) -> Result<Order, Refusal> {
    let model =
        call.strip_suffix(":generateContent").and_then(|id| MODELS.iter().find(|model| model.id == id));
    let Some(model) = model else {
        let model = call.split(':').next().unwrap_or_default();
        let gone = ["veo-", "imagen-"].iter().any(|start| model.starts_with(start));
        let words = if gone { "is no longer available" } else { "is not found for API version v1beta" };
        return Err(Refusal::gone(format!("models/{model} {words}.")));
    };
    known("", body, &FIELDS)?;
    let body = Fields(body);
    let prompt = contents(model, body)?;
    let empty = Map::new();
    let config = body.object("generationConfig")?.unwrap_or(Fields(&empty));
    known("generation_config.", config.0, &CONFIG_FIELDS)?;
    modalities(config)?;
    let seed = config.whole("seed")?.unwrap_or_default();
    if i32::try_from(seed).is_err() {
        return Err(Refusal::at("generation_config.seed", "Invalid value (TYPE_INT32)"));
    }
    let image = config.object("imageConfig")?.unwrap_or(Fields(&empty));
    known("generation_config.image_config.", image.0, &["aspectRatio", "imageSize"])?;
    let size = size(model, image)?;
    let ordered = Ordered::Picture { size, seed: seed.unsigned_abs() };
    Ok(Order { model: model.id.to_owned(), prompt, ordered })
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

/// Checks what the model is shown. Returns the words.
fn contents(model: &Model, body: Fields<'_>) -> Result<String, Refusal> {
    let wrong = |words: &str| Refusal::at("contents", words);
    let contents = body.list("contents")?.filter(|list| !list.is_empty());
    let contents = contents.ok_or_else(|| wrong("contents is not specified"))?;
    let (mut words, mut pictures) = (String::new(), 0);
    for content in contents {
        let content = content.as_object().map(Fields).ok_or_else(|| wrong("contents must hold objects"))?;
        known("contents.", content.0, &["role", "parts"])?;
        if content.text("role")?.is_some_and(|role| !["user", "model"].contains(&role)) {
            return Err(wrong("Please use a valid role: user, model."));
        }
        for part in content.list("parts")?.ok_or_else(|| wrong("contents.parts must not be empty."))? {
            let part = part.as_object().map(Fields).ok_or_else(|| wrong("parts must hold objects"))?;
            known("contents.parts.", part.0, &["text", "inlineData", "fileData"])?;
            words += part.text("text")?.unwrap_or_default();
            pictures += usize::from(picture(part)?);
        }
    }
    if words.trim().is_empty() && pictures == 0 {
        return Err(wrong("contents must not be empty"));
    }
    if pictures > model.most_pictures {
        return Err(wrong("Too many images in the request"));
    }
    Ok(words)
}

/// Whether a part is a picture.
fn picture(part: Fields<'_>) -> Result<bool, Refusal> {
    let wrong = |words: &str| Refusal::at("contents.parts", words);
    let (inline, file) = (part.object("inlineData")?, part.object("fileData")?);
    // Names of fields may come in either way of writing; the vendor's SDK mixes them here.
    let mime_type = |of: Fields<'_>| -> Result<String, Refusal> {
        let told = of.text("mimeType")?.or(of.text("mime_type")?);
        Ok(told.unwrap_or_default().to_owned())
    };
    let (mime_type, input) = match (inline, file) {
        (None, None) => return Ok(false),
        (Some(inline), None) => {
            let data = inline.text("data")?.filter(|data| !inputs::is_address(data));
            (mime_type(inline)?, data.and_then(inputs::input))
        }
        (None, Some(file)) => {
            let uri = file.text("fileUri")?.filter(|uri| inputs::is_address(uri));
            (mime_type(file)?, uri.map(|_| Input::Address))
        }
        (Some(_), Some(_)) => return Err(wrong("oneof field 'data' is already set")),
    };
    if !mime_type.starts_with("image/") {
        return Err(wrong("Unsupported MIME type"));
    }
    match input.filter(|input| input.may_be(Kind::Image)) {
        Some(_) => Ok(true),
        None => Err(wrong("Unable to process input image.")),
    }
}

fn modalities(config: Fields<'_>) -> Result<(), Refusal> {
    let wanted = config.list("responseModalities")?.unwrap_or_default();
    if wanted.iter().all(|word| ["TEXT", "IMAGE"].map(Value::from).contains(word)) {
        return Ok(());
    }
    Err(Refusal::at("generation_config.response_modalities", "Invalid value"))
}

/// Width and height: of the area of the size, in the shape.
fn size(model: &Model, image: Fields<'_>) -> Result<(u32, u32), Refusal> {
    let ratio = image.text("aspectRatio")?.unwrap_or("1:1");
    let able = RATIOS.contains(&ratio) || (model.many_shapes && LONG_RATIOS.contains(&ratio));
    if !able {
        return Err(Refusal::at(
            "generation_config.image_config.aspect_ratio",
            "aspect_ratio is not supported",
        ));
    }
    let side = match image.text("imageSize")? {
        Some("512") if model.many_shapes => 512.0,
        None | Some("1K") => 1024.0,
        Some("2K") => 2048.0,
        Some("4K") => 4096.0,
        Some(_) => {
            return Err(Refusal::at(
                "generation_config.image_config.image_size",
                "image_size is not supported",
            ));
        }
    };
    let (wide, high) = ratio.split_once(':').unwrap_or(("1", "1"));
    let shape: f64 = wide.parse().unwrap_or(1.0) / high.parse().unwrap_or(1.0);
    let round = |length: f64| (length / 16.0).round() as u32 * 16;
    Ok((round(side * shape.sqrt()), round(side / shape.sqrt())))
}
