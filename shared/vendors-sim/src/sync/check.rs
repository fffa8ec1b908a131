//! What Sync.so refuses in an order.

use super::body::Body;
use super::media::{self, Voice};
use super::models;
use super::options;
use super::order::{Order, length};
use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs;
use crate::loopback;
use serde_json::Value;

/// Characters of a file's name, at most.
const MOST_NAME: usize = 255;

/// Reads an order.
pub(super) async fn order(body: Body, key: Option<String>) -> Result<Order, Refusal> {
    let fields = Fields(&body.fields);
    let name = fields.text("model")?.ok_or_else(|| Refusal::bad(["model should not be empty"]))?;
    let model = models::find(name).ok_or_else(Refusal::unsupported_model)?;
    let input = fields.list("input")?.unwrap_or_default();
    let seen = media::seen(model, input, &body).await?;
    let wishes = options::read(fields.object("options")?, seen.visual.is_picture)?;
    segments(fields.list("segments")?, &seen.voices)?;
    let webhook_url = fields.text("webhookUrl")?.filter(|url| !url.is_empty());
    if webhook_url.is_some_and(|url| !url.starts_with("https://") && !loopback::is_here(url)) {
        return Err(Refusal::bad(["webhookUrl must be a URL address"]));
    }
    let file_name = fields.text("outputFileName")?;
    if file_name.is_some_and(|name| !is_file_name(name)) {
        return Err(Refusal::bad([
            "outputFileName may have letters, digits, underscores and hyphens, 255 at most",
        ]));
    }
    let spoken: f64 = seen.voices.iter().map(|voice| voice.seconds).fold(0.0, f64::max);
    let seconds = match fields.value("segments") {
        Some(_) => seen.visual.seconds,
        None => length(&seen.visual, spoken, wishes.sync_mode),
    };
    let scripts: Vec<&str> = seen.voices.iter().filter_map(|voice| voice.script.as_deref()).collect();
    Ok(Order {
        model,
        prompt: if scripts.is_empty() { seen.addresses.join(" ") } else { scripts.join(" ") },
        size: seen.visual.size,
        seconds,
        webhook_url: webhook_url.map(str::to_owned),
        file_name: file_name.map(str::to_owned),
        key,
        input: body.fields.get("input").cloned().unwrap_or_default(),
        options: body.fields.get("options").cloned().unwrap_or_default(),
        segments: body.fields.get("segments").cloned().unwrap_or_default(),
        content: body.content,
    })
}

fn is_file_name(name: &str) -> bool {
    (1..=MOST_NAME).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Several voices, each for a part of the clip.
fn segments(segments: Option<&[Value]>, voices: &[Voice]) -> Result<(), Refusal> {
    let Some(segments) = segments else {
        return match voices {
            [_] => Ok(()),
            _ => Err(Refusal::invalid_input("Several audio inputs need segments.")),
        };
    };
    let names: Option<Vec<&str>> = voices.iter().map(|voice| voice.ref_id.as_deref()).collect();
    let names = names.ok_or_else(|| Refusal::segments("Every audio input needs a refId."))?;
    if (1..names.len()).any(|index| names.iter().take(index).any(|name| names.get(index) == Some(name))) {
        return Err(Refusal::segments("Every refId must be another."));
    }
    if segments.is_empty() {
        return Err(Refusal::segments("There must be a segment."));
    }
    for segment in segments {
        let segment = Fields(segment.as_object().ok_or_else(|| Refusal::bad(["segments must be objects"]))?);
        span(segment, true)?;
        let heard = segment.object("audioInput")?.ok_or_else(|| Refusal::segments("No audioInput."))?;
        span(heard, false)?;
        if !heard.text("refId")?.is_some_and(|name| names.contains(&name)) {
            return Err(Refusal::segments("A segment names an audio input that is not there."));
        }
    }
    Ok(())
}

/// Begin and end come together, the one before the other.
fn span(fields: Fields<'_>, required: bool) -> Result<(), Refusal> {
    match (fields.number("startTime")?, fields.number("endTime")?) {
        (Some(start), Some(end)) if 0.0 <= start && start <= end => Ok(()),
        (None, None) if !required => Ok(()),
        _ => Err(Refusal::segments("startTime must be before endTime.")),
    }
}

/// An address of something to be fetched.
pub(super) fn address<'body>(item: Fields<'body>, number: usize) -> Result<&'body str, Refusal> {
    if let Some(id) = item.text("assetId")? {
        return Err(Refusal::no_such_asset(id));
    }
    let url = item.text("url")?.filter(|url| inputs::is_address(url));
    url.ok_or_else(|| Refusal::bad([format!("input.{number}.url must be a URL address")]))
}
