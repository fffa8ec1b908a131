//! Pictures, clips and recordings that come with an order.

use super::bucket::Bucket;
use super::wire::Refusal;
use crate::inputs::{self, Input, Visit};
use media::{Format, Kind};

/// Bytes of a picture, a clip and a recording, at most.
const MOST_PICTURE_BYTES: usize = 10 * 1024 * 1024;
const MOST_REFERENCE_BYTES: usize = 20 * 1024 * 1024;
const MOST_CLIP_BYTES: usize = 100 * 1024 * 1024;
const MOST_RECORDING_BYTES: usize = 15 * 1024 * 1024;
/// Pixels of a picture's sides.
const SIDES: std::ops::RangeInclusive<u32> = 240..=8000;
/// References of an order, at most: in all, and clips among them.
const MOST_REFERENCES: usize = 5;
const MOST_CLIPS: usize = 3;
/// Seconds of clips that are charged, at most.
const MOST_CHARGED: f64 = 5.0;

/// Where files are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'account> {
    pub(super) bucket: &'account Bucket,
    /// Whether the call asked for uploads to be looked up.
    pub(super) resolves: bool,
}

impl Source<'_> {
    /// Looks at a file by its address or as an upload.
    async fn fetch(self, text: &str) -> Result<Input, Refusal> {
        if let Some(key) = text.strip_prefix("oss://") {
            let found = self.bucket.find(key).filter(|_| self.resolves);
            return found.ok_or_else(Refusal::not_fetched);
        }
        inputs::visit(text, Visit::Get).await.map_err(|_| Refusal::not_fetched())
    }

    /// Checks a picture to start from or to end with. Returns width to height, if it was seen.
    pub(super) async fn picture(self, field: &str, text: &str) -> Result<Option<f64>, Refusal> {
        // The vendor's page asks for a data link, and a published client sends bare base64.
        let sent = inputs::data_uri(text).map(|(_, input)| input).or_else(|| match inputs::input(text) {
            Some(Input::Address) | None => None,
            bytes => bytes,
        });
        let picture = match sent {
            Some(picture) => picture,
            None if is_link(text) => self.fetch(text).await?,
            None => return Err(Refusal::invalid(format!("{field} must be a valid url"))),
        };
        is_picture(field, &picture, MOST_PICTURE_BYTES)?;
        Ok(picture.size().map(|(width, height)| f64::from(width) / f64::from(height)))
    }

    /// Checks a recording to which the clip is made.
    pub(super) async fn recording(self, text: &str) -> Result<(), Refusal> {
        if !is_link(text) {
            return Err(Refusal::invalid("audio_url must be a valid url"));
        }
        let recording = self.fetch(text).await?;
        let Input::Bytes { length, format, .. } = recording else { return Ok(()) };
        if !matches!(format, Some(Format::Mp3 | Format::Wav)) {
            return Err(Refusal::invalid("audio_url must be wav or mp3"));
        }
        let is_short_or_long = recording.seconds().is_some_and(|seconds| !(3.0..=30.0).contains(&seconds));
        if length > MOST_RECORDING_BYTES || is_short_or_long {
            return Err(Refusal::invalid("audio_url must have 3 to 30 seconds and 15 MB at most"));
        }
        Ok(())
    }

    /// Checks references. Returns the seconds of the clips among them, as far as they are charged.
    pub(super) async fn references(self, texts: &[&str]) -> Result<i64, Refusal> {
        if !(1..=MOST_REFERENCES).contains(&texts.len()) {
            return Err(Refusal::invalid("reference_urls must have 1 to 5 entries"));
        }
        let (mut clips, mut seconds) = (0, 0.0);
        for text in texts {
            if !is_link(text) {
                return Err(Refusal::invalid("reference_urls must be valid urls"));
            }
            let file = self.fetch(text).await?;
            let is_clip = match file {
                Input::Bytes { .. } => file.may_be(Kind::Video),
                Input::Address => has_ending(text, &[".mp4", ".mov"]),
            };
            if is_clip {
                clips += 1;
                seconds += clip_seconds(&file)?;
            } else {
                is_picture("reference_urls", &file, MOST_REFERENCE_BYTES)?;
            }
        }
        if clips > MOST_CLIPS {
            return Err(Refusal::invalid("reference_urls must have 3 videos at most"));
        }
        Ok(seconds.min(MOST_CHARGED).round() as i64)
    }
}

/// How long a clip is; one that nobody saw has the usual length.
fn clip_seconds(clip: &Input) -> Result<f64, Refusal> {
    let Input::Bytes { length, format, .. } = *clip else { return Ok(MOST_CHARGED) };
    let seconds = clip.seconds().unwrap_or(MOST_CHARGED);
    let good = matches!(format, Some(Format::Mp4 | Format::Mov));
    if !good || length > MOST_CLIP_BYTES || !(1.0..=30.0).contains(&seconds) {
        return Err(Refusal::invalid(
            "a video of reference_urls must be mp4 or mov with 1 to 30 seconds and 100 MB",
        ));
    }
    Ok(seconds)
}

fn is_picture(field: &str, picture: &Input, most: usize) -> Result<(), Refusal> {
    let Input::Bytes { length, format, .. } = *picture else { return Ok(()) };
    if !matches!(format, Some(Format::Png | Format::Jpeg | Format::Webp)) {
        return Err(Refusal::invalid(format!("{field} must be a picture in JPEG, PNG, BMP or WEBP")));
    }
    let fits = |(width, height): (u32, u32)| SIDES.contains(&width) && SIDES.contains(&height);
    if length > most || !picture.size().is_none_or(fits) {
        return Err(Refusal::invalid(format!(
            "{field} must have sides of 240 to 8000 pixels, and not so many bytes"
        )));
    }
    Ok(())
}

fn is_link(text: &str) -> bool {
    inputs::is_address(text) || text.starts_with("oss://")
}

fn has_ending(address: &str, endings: &[&str]) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    endings.iter().any(|ending| path.ends_with(ending))
}
