//! Files that are sent before an order.

use super::wire::Refusal;
use crate::inputs::Input;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use bytes::Bytes;
use media::Format;

/// Bytes of a file, at most.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A file that came, all checked.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) bytes: Bytes,
    pub(super) media_type: &'static str,
}

/// Reads the file of a form.
pub(super) async fn read(form: Result<Multipart, MultipartRejection>) -> Result<Asset, Refusal> {
    let unreadable = || Refusal::bad("the body is no multipart form");
    let mut form = form.map_err(|_| unreadable())?;
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        if part.name() != Some("file") {
            continue;
        }
        if part.file_name().is_none_or(str::is_empty) {
            return Err(Refusal::invalid("file", "has no name"));
        }
        let bytes = part.bytes().await.map_err(|_| unreadable())?;
        if bytes.len() > MOST_BYTES {
            return Err(Refusal::too_large());
        }
        let media_type = media_type(&bytes).ok_or_else(|| Refusal::invalid("file", "is of no known type"))?;
        return Ok(Asset { bytes, media_type });
    }
    Err(Refusal::lacking("file"))
}

/// The type of a file that the vendor takes.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        return Some("application/pdf");
    }
    let Input::Bytes { format: Some(format), .. } = Input::seen(bytes) else { return None };
    let taken = [Format::Png, Format::Jpeg, Format::Mp4, Format::Webm, Format::Mp3, Format::Wav];
    taken.contains(&format).then(|| format.media_type())
}
