//! What Vidu refuses in an order.

use super::media::{self, Sent};
use super::models::{self, Family, Model};
use super::order::Order;
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs;
use crate::random;
use serde_json::Value;

/// Characters of a prompt, at most.
const MOST_PROMPT: usize = 5000;
/// Bytes of a body, at most.
const MOST_BODY: usize = 20 * 1024 * 1024;
/// Characters that come back as they are, at most.
const MOST_PAYLOAD: usize = 1_048_576;
const MOST_SEED: i64 = 2_147_483_647;
/// Shapes of every model, and those of the second and third generation besides.
const RATIOS: [&str; 3] = ["16:9", "9:16", "1:1"];
const MORE_RATIOS: [&str; 2] = ["3:4", "4:3"];

/// Reads an order.
pub(super) async fn order(family: Family, body: &[u8]) -> Result<Order, Refusal> {
    if body.len() > MOST_BODY {
        return Err(Refusal::bad("the body is larger than 20 MB"));
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::bad("the body is no JSON object"));
    };
    let body = Fields(&body);
    let name = body.text("model")?.ok_or_else(|| Refusal::lacking("model"))?;
    let unsupported = || Refusal::invalid("model", &format!("{name} is not supported here"));
    let model = models::find(name).ok_or_else(unsupported)?;
    let length = model.length(family).ok_or_else(unsupported)?;
    let seconds = body.whole("duration")?.unwrap_or_else(|| model.usual_seconds());
    if !length.takes(seconds) {
        return Err(Refusal::invalid("duration", &format!("{seconds} is not supported by {name}")));
    }
    let resolution = one_of(body, "resolution", model.resolutions)?;
    let resolution = resolution.unwrap_or_else(|| model.usual_resolution(seconds));
    let seed = body.whole("seed")?.unwrap_or_default();
    if !(0..=MOST_SEED).contains(&seed) {
        return Err(Refusal::invalid("seed", &format!("{seed} is out of range")));
    }
    let recommended = body.bool("is_rec")?.unwrap_or(false);
    let prompt = prompt(family, recommended, body)?;
    let sent = media::sent(family, model, body).await?;
    let (aspect_ratio, ratio) = ratio(family, model, &sent, body)?;
    let movement = one_of(body, "movement_amplitude", &["auto", "small", "medium", "large"])?;
    style(family, model, body)?;
    let bgm = body.bool("bgm")?.unwrap_or(false);
    if bgm && model.is_of("viduq3") {
        return Err(Refusal::unwanted("bgm"));
    }
    one_of(body, "audio_type", &["all", "speech_only", "sound-effect_only"])?;
    body.text("voice_id")?;
    let audio = body.bool("audio")?.unwrap_or(model.is_of("viduq3"));
    Ok(Order {
        family,
        model,
        prompt,
        images: sent.images,
        seconds,
        // No seed is any seed, and the one in use is told.
        seed: if seed == 0 { (random::number() >> 33) as i64 } else { seed },
        resolution,
        aspect_ratio,
        ratio,
        movement: movement.unwrap_or("auto"),
        sound: audio && !model.is_of("viduq1") && !model.is_of("vidu2"),
        bgm,
        off_peak: body.bool("off_peak")?.unwrap_or(false),
        watermark: watermark(body)?,
        recommended,
        payload: payload(body)?,
        callback_url: callback(body)?,
    })
}

/// A text that has to be one of the allowed.
pub(super) fn one_of(
    body: Fields<'_>,
    field: &'static str,
    allowed: &[&'static str],
) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = body.text(field)? else { return Ok(None) };
    let known = allowed.iter().find(|value| **value == given).copied();
    known.map(Some).ok_or_else(|| Refusal::invalid(field, &format!("{given} is not supported")))
}

/// Where the vendor writes the prompt itself, none is needed.
fn prompt(family: Family, recommended: bool, body: Fields<'_>) -> Result<String, Refusal> {
    let prompt = body.text("prompt")?.unwrap_or_default();
    if prompt.chars().count() > MOST_PROMPT {
        return Err(Refusal::invalid("prompt", "too long"));
    }
    let needed = matches!(family, Family::Text | Family::Reference) && !recommended;
    if needed && prompt.trim().is_empty() {
        return Err(Refusal::lacking("prompt"));
    }
    Ok(prompt.to_owned())
}

/// The ordered shape as it was written, and the shape of the clip.
fn ratio(family: Family, model: &Model, sent: &Sent, body: Fields<'_>) -> Result<(String, f64), Refusal> {
    let Some(given) = body.text("aspect_ratio")? else {
        let own = sent.ratio.filter(|_| matches!(family, Family::Image | Family::StartEnd));
        return Ok((String::new(), own.unwrap_or(16.0 / 9.0)));
    };
    let free = family == Family::Reference && (model.is_of("viduq2") || model.is_of("viduq3"));
    let usual = RATIOS.contains(&given) || (!model.is_of("viduq1") && MORE_RATIOS.contains(&given));
    match (family, parsed(given)) {
        (Family::Image | Family::StartEnd, _) => Err(Refusal::unwanted("aspect_ratio")),
        (Family::Reference, _) if given == "auto" => Ok((given.to_owned(), sent.ratio.unwrap_or(16.0 / 9.0))),
        (_, Some(ratio)) if usual || free => Ok((given.to_owned(), ratio)),
        _ => Err(Refusal::invalid("aspect_ratio", &format!("{given} is not supported"))),
    }
}

fn parsed(ratio: &str) -> Option<f64> {
    let (width, height) = ratio.split_once(':')?;
    let (width, height) = (width.parse::<u32>().ok()?, height.parse::<u32>().ok()?);
    let ratio = f64::from(width) / f64::from(height);
    (0.25..=4.0).contains(&ratio).then_some(ratio)
}

fn style(family: Family, model: &Model, body: Fields<'_>) -> Result<(), Refusal> {
    if one_of(body, "style", &["general", "anime"])?.is_some()
        && !(family == Family::Text && model.is_of("viduq1"))
    {
        return Err(Refusal::unwanted("style"));
    }
    Ok(())
}

fn watermark(body: Fields<'_>) -> Result<bool, Refusal> {
    if body.whole("wm_position")?.is_some_and(|place| !(1..=4).contains(&place)) {
        return Err(Refusal::invalid("wm_position", "must be 1 to 4"));
    }
    if body.text("wm_url")?.is_some_and(|url| !inputs::is_address(url)) {
        return Err(Refusal::invalid("wm_url", "is no address"));
    }
    body.text("meta_data")?;
    Ok(body.bool("watermark")?.unwrap_or(false))
}

fn payload(body: Fields<'_>) -> Result<String, Refusal> {
    let payload = body.text("payload")?.unwrap_or_default();
    if payload.chars().count() > MOST_PAYLOAD {
        return Err(Refusal::invalid("payload", "too long"));
    }
    Ok(payload.to_owned())
}

fn callback(body: Fields<'_>) -> Result<Option<String>, Refusal> {
    match body.text("callback_url")?.filter(|url| !url.is_empty()) {
        Some(url) if !inputs::is_address(url) => Err(Refusal::invalid("callback_url", "is no address")),
        url => Ok(url.map(str::to_owned)),
    }
}
