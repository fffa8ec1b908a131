//! Formats whose facts stand at a fixed place at the very start.

use super::{Facts, Reader, Step};
use crate::bytes::{array, be32, be64, le16, le24, le32};

/// Reads one head of fixed length.
#[derive(Debug)]
pub(super) struct ImageHead {
    length: usize,
    read: fn(&[u8]) -> Option<Facts>,
    facts: Facts,
}

impl ImageHead {
    /// Signature, then the IHDR chunk.
    pub(super) fn png() -> Self {
        Self::new(24, |head| {
            (array(head, 12)? == *b"IHDR").then(|| Facts::of_size(be32(head, 16), be32(head, 20)))
        })
    }

    /// The logical screen.
    pub(super) fn gif() -> Self {
        Self::new(10, |head| {
            head.starts_with(b"GIF8")
                .then(|| Facts::of_size(le16(head, 6).map(u32::from), le16(head, 8).map(u32::from)))
        })
    }

    /// One of the three first chunks that WebP knows.
    pub(super) fn webp() -> Self {
        Self::new(30, webp)
    }

    /// STREAMINFO is always the first block; it may leave the number of samples open with 0.
    pub(super) fn flac() -> Self {
        Self::new(26, |head| {
            let packed = be64(head, 18)?;
            let (rate, samples) = (packed >> 44, packed & 0xf_ffff_ffff);
            let seconds = (rate > 0 && samples > 0).then(|| samples as f64 / rate as f64);
            Some(Facts::of_duration(seconds))
        })
    }

    fn new(length: usize, read: fn(&[u8]) -> Option<Facts>) -> Self {
        Self { length, read, facts: Facts::default() }
    }
}

impl Reader for ImageHead {
    fn first(&self) -> usize {
        self.length
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        self.facts = (self.read)(piece).unwrap_or_default();
        Step::DONE
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        self.facts
    }
}

fn webp(head: &[u8]) -> Option<Facts> {
    match &array(head, 12)? {
        // Extended: canvas size minus one, 24 bits each.
        b"VP8X" => Some(Facts::of_size(Some(le24(head, 24)? + 1), Some(le24(head, 27)? + 1))),
        // Lossless: a signature byte, then 14 bits each of size minus one.
        b"VP8L" => {
            let size = (*head.get(20)? == 0x2f).then(|| le32(head, 21)).flatten()?;
            Some(Facts::of_size(Some((size & 0x3fff) + 1), Some((size >> 14 & 0x3fff) + 1)))
        }
        // Lossy: a start code, then 14 bits each; the two upper bits are a scaling hint.
        b"VP8 " => (array(head, 23)? == [0x9d, 0x01, 0x2a]).then(|| {
            let pixels = |at| le16(head, at).map(|value| u32::from(value & 0x3fff));
            Facts::of_size(pixels(26), pixels(28))
        }),
        _ => None,
    }
}
