//! Recordings that come with an order.

use super::wire::Refusal;
use crate::fields::Fields;
use crate::inputs::{self, Input, Visit};
use media::Format;

/// Bytes of a recording, at most.
const MOST_BYTES: usize = 5 * 1024 * 1024;

/// A recording that was looked at.
#[derive(Debug)]
pub(super) struct Recording {
    /// Where it is, unless it came with the order.
    pub(super) address: Option<String>,
    /// Seconds; unknown where nobody can look.
    pub(super) seconds: Option<f64>,
}

/// Reads `sound_file`, or `audio_id`, of which this account has none: nobody orders speech here.
pub(super) async fn read(body: Fields<'_>, most_seconds: f64) -> Result<Recording, Refusal> {
    let filled = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    match (filled(body.text("sound_file")?), filled(body.text("audio_id")?)) {
        (Some(sound), None) => look(sound, most_seconds).await,
        (None, Some(_)) => Err(Refusal::parameter("audio_id is not found")),
        _ => Err(Refusal::parameter("either audio_id or sound_file must be provided, and not both")),
    }
}

async fn look(sound: String, most_seconds: f64) -> Result<Recording, Refusal> {
    let wrong = |what: &str| Refusal::parameter(format!("sound_file {what}"));
    let input = inputs::input(&sound).ok_or_else(|| wrong("must be a URL or base64 without a prefix"))?;
    let address = (input == Input::Address).then_some(sound);
    let input = match &address {
        Some(address) => {
            inputs::visit(address, Visit::Get).await.map_err(|_| wrong("can not be downloaded"))?
        }
        None => input,
    };
    if let Input::Bytes { length, format, .. } = input {
        if !matches!(format, Some(Format::Mp3 | Format::Wav | Format::M4a)) {
            return Err(wrong("must be mp3, wav, m4a or aac"));
        }
        if length > MOST_BYTES {
            return Err(wrong("must be no more than 5 MB"));
        }
    }
    let seconds = input.seconds();
    if seconds.is_some_and(|seconds| !(2.0..=most_seconds).contains(&seconds)) {
        return Err(wrong(&format!("duration must be between 2 and {most_seconds} seconds")));
    }
    Ok(Recording { address, seconds })
}
