//! Pictures and recordings that come with an order.

use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input};
use crate::uploads::Uploads;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use media::{Format, Kind};

/// Bytes of a file, at most.
const MOST_BYTES: usize = 50 * 1024 * 1024;

/// The picture of the person who speaks.
pub(super) fn picture(uploads: &Uploads, body: Fields<'_>) -> Result<Input, Refusal> {
    let image = body.object("image")?.ok_or_else(|| Refusal::lacking("image"))?;
    match image.text("type")? {
        Some("url") => linked("image", image.text("url")?),
        Some("asset_id") => uploaded(uploads, "image", image.text("asset_id")?, Kind::Image),
        Some("base64") => {
            let media_type = image.text("media_type")?.ok_or_else(|| Refusal::lacking("image.media_type"))?;
            let data = image.text("data")?.ok_or_else(|| Refusal::lacking("image.data"))?;
            let bytes = STANDARD.decode(data).map_err(|_| Refusal::invalid("image", "data is no base64"))?;
            let input = Input::seen(&bytes);
            let format = match input {
                Input::Bytes { format, length, .. } if length <= MOST_BYTES => format,
                _ => return Err(Refusal::too_large()),
            };
            let fits = |format: &Format| {
                matches!(format, Format::Png | Format::Jpeg) && format.media_type() == media_type
            };
            format.filter(fits).map(|_| input).ok_or_else(|| Refusal::invalid("image", "is no such picture"))
        }
        Some(_) => Err(Refusal::invalid("image", "type must be one of url, asset_id, base64")),
        None => Err(Refusal::lacking("image.type")),
    }
}

/// The recording that the person speaks, if there is one.
pub(super) fn recording(uploads: &Uploads, body: Fields<'_>) -> Result<Option<Input>, Refusal> {
    match (body.text("audio_url")?, body.text("audio_asset_id")?) {
        (Some(_), Some(_)) => Err(Refusal::bad("audio_url and audio_asset_id exclude each other")),
        (Some(url), None) => linked("audio_url", Some(url)).map(Some),
        (None, Some(id)) => uploaded(uploads, "audio_asset_id", Some(id), Kind::Audio).map(Some),
        (None, None) => Ok(None),
    }
}

/// Whether something is to be behind the person.
pub(super) fn background(uploads: &Uploads, body: Fields<'_>) -> Result<bool, Refusal> {
    let Some(background) = body.object("background")? else { return Ok(false) };
    match background.text("type")? {
        Some("color") => {
            let digits = background.text("value")?.and_then(|value| value.strip_prefix('#'));
            let good =
                |digits: &str| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            if !digits.is_some_and(good) {
                return Err(Refusal::invalid("background", "value must be a colour such as #F2F4F7"));
            }
        }
        Some("image") => {
            match (background.text("url")?, background.text("asset_id")?) {
                (url, None) => linked("background", url)?,
                (None, id) => uploaded(uploads, "background", id, Kind::Image)?,
                _ => return Err(Refusal::invalid("background", "has a url and an asset_id")),
            };
        }
        _ => return Err(Refusal::invalid("background", "type must be one of color, image")),
    }
    Ok(true)
}

/// A file somewhere in the net: the vendor takes encrypted addresses alone, and here nobody looks.
fn linked(field: &'static str, url: Option<&str>) -> Result<Input, Refusal> {
    let url = url.ok_or_else(|| Refusal::invalid(field, "has no url"))?;
    if inputs::is_address(url) && url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")) {
        Ok(Input::Address)
    } else {
        Err(Refusal::invalid(field, "must be an HTTPS address"))
    }
}

fn uploaded(uploads: &Uploads, field: &'static str, id: Option<&str>, kind: Kind) -> Result<Input, Refusal> {
    let id = id.ok_or_else(|| Refusal::invalid(field, "has no asset_id"))?;
    let file = uploads.find(id).and_then(|upload| upload.file());
    let file = file.ok_or_else(|| Refusal::no_such_asset(field))?;
    file.may_be(kind).then_some(file).ok_or_else(|| Refusal::invalid(field, "is an asset of another kind"))
}
