//! Reads size and duration out of a file while it streams by.
//!
//! Files come from outside and may lie. Each format has a [`Reader`] that is fed pieces of exactly
//! the length it asked for; cutting the stream into those pieces happens in one place, so how the
//! stream was chunked cannot change what is read. Memory grows with bytes received, never with a
//! length that a file claims.

mod image;
mod jpeg;
mod moov;
pub(crate) mod mp3;
mod mp4;
mod ogg;
#[cfg(test)]
mod tests;
mod wav;
mod webm;

use crate::Format;

/// What a file says of itself. A value that is missing, zero or beyond our bounds is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Facts {
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Duration in seconds.
    pub duration_seconds: Option<f64>,
}

impl Facts {
    /// Facts of a picture; zero counts as unknown.
    fn of_size(width: Option<u32>, height: Option<u32>) -> Self {
        Self {
            width: width.filter(|pixels| *pixels > 0),
            height: height.filter(|pixels| *pixels > 0),
            duration_seconds: None,
        }
    }

    /// Facts of a sound; only a finite duration of zero or more counts.
    fn of_duration(seconds: Option<f64>) -> Self {
        Self {
            duration_seconds: seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0),
            ..Self::default()
        }
    }
}

/// Reads the facts of one file as its bytes stream through, in any chunks.
///
/// Holds at most [`Probe::MOST_HELD_BYTES`] and never fails: what cannot be read stays `None`.
#[derive(Debug)]
pub struct Probe {
    reader: Box<dyn Reader>,
    next: Step,
    held: Vec<u8>,
    seen: u64,
}

impl Probe {
    /// The most bytes of a file that are held at once: the index of an MP4. An hour of video has an
    /// index well below one mebibyte.
    pub const MOST_HELD_BYTES: usize = 8 * 1024 * 1024;

    /// A probe for a file of this format.
    #[must_use]
    pub fn new(format: Format) -> Self {
        let reader: Box<dyn Reader> = match format {
            Format::Png => Box::new(image::ImageHead::png()),
            Format::Gif => Box::new(image::ImageHead::gif()),
            Format::Webp => Box::new(image::ImageHead::webp()),
            Format::Flac => Box::new(image::ImageHead::flac()),
            Format::Jpeg => Box::new(jpeg::Jpeg::default()),
            Format::Mp4 | Format::Mov | Format::M4a => Box::new(mp4::Mp4::default()),
            Format::Webm => Box::new(webm::Webm::default()),
            Format::Mp3 => Box::new(mp3::Mp3::default()),
            Format::Wav => Box::new(wav::Wav::default()),
            Format::Ogg => Box::new(ogg::Ogg::default()),
        };
        let next = Step::read(reader.first());
        Self { reader, next, held: Vec::new(), seen: 0 }
    }

    /// Takes the next bytes of the file, in order.
    pub fn feed(&mut self, mut chunk: &[u8]) {
        while !chunk.is_empty() && self.next.read > 0 {
            if self.next.skip > 0 {
                let skipped =
                    usize::try_from(self.next.skip).map_or(chunk.len(), |skip| skip.min(chunk.len()));
                chunk = self.take(chunk, skipped).1;
                // `skipped` is at most `skip`, so nothing is lost here.
                self.next.skip = self.next.skip.saturating_sub(skipped as u64);
                continue;
            }
            let missing = self.next.read.saturating_sub(self.held.len());
            let (piece, rest) = self.take(chunk, missing.min(chunk.len()));
            chunk = rest;
            if piece.len() < missing {
                self.held.extend_from_slice(piece);
            } else if self.held.is_empty() {
                self.next = self.reader.piece(piece, self.seen);
            } else {
                self.held.extend_from_slice(piece);
                self.next = self.reader.piece(&self.held, self.seen);
                self.held = Vec::new();
            }
        }
        self.seen = self.seen.saturating_add(chunk.len() as u64);
    }

    /// What was read, once the last byte has been fed (or the file broke off).
    #[must_use]
    pub fn finish(self) -> Facts {
        self.reader.facts(self.seen)
    }

    /// Splits `count` bytes off and counts them as seen.
    fn take<'bytes>(&mut self, chunk: &'bytes [u8], count: usize) -> (&'bytes [u8], &'bytes [u8]) {
        self.seen = self.seen.saturating_add(count as u64);
        chunk.split_at_checked(count).unwrap_or((chunk, &[]))
    }
}

/// What a reader wants next: `skip` bytes to pass by, then a piece of `read` bytes. Nothing more if `read` is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    skip: u64,
    read: usize,
}

impl Step {
    /// The reader knows enough, or cannot go on.
    const DONE: Self = Self { skip: 0, read: 0 };

    const fn read(read: usize) -> Self {
        Self { skip: 0, read }
    }

    const fn skip(skip: u64, read: usize) -> Self {
        Self { skip, read }
    }
}

/// The reading of one format.
trait Reader: std::fmt::Debug + Send + Sync {
    /// How many bytes the first piece has.
    fn first(&self) -> usize;

    /// Takes the piece that was asked for. `place` is where the piece ends, in bytes from the start of the file.
    fn piece(&mut self, piece: &[u8], place: u64) -> Step;

    /// The facts, given how many bytes the file had.
    fn facts(&self, file_bytes: u64) -> Facts;
}
