//! A sound as MP3: MPEG 2, layer III, one channel, every frame as long as the other.
//!
//! As little of the format as speech needs: long windows only, the same steps for all lines of a frame, no frame that
//! lends its bits to another, and no model of the ear.

mod codes;
mod filter;
mod granule;
#[cfg(test)]
mod tests;
mod window;

use super::SAMPLE_RATE;

/// Enough for one voice at 24 kHz.
const KILOBITS_PER_SECOND: u32 = 48;
/// Samples that a frame brings, and lines of the spectrum that they become.
const SAMPLES_PER_FRAME: usize = 576;
const LINES: usize = SAMPLES_PER_FRAME;
/// Bytes of a frame, its head included.
const FRAME_BYTES: usize = SAMPLES_PER_FRAME / 8 * KILOBITS_PER_SECOND as usize * 1000 / SAMPLE_RATE as usize;

/// The head of each frame: MPEG 2, layer III, no checksum; 48 kbit/s, 24 kHz; one channel, original.
const HEAD: [u8; 4] = [0xff, 0xf3, 0x64, 0xc4];
const _: () = assert!(KILOBITS_PER_SECOND == 48 && SAMPLE_RATE == 24_000, "the head tells other rates");

/// The frames of an MP3 file.
#[derive(Debug)]
pub(crate) struct Mp3 {
    pub(crate) frames: Vec<Vec<u8>>,
    pub(crate) sample_rate: u32,
    pub(crate) samples_per_frame: u32,
    pub(crate) bits_per_second: u32,
}

impl Mp3 {
    /// A file: a frame of silence that tells how many frames follow (without it players guess), then the sound.
    pub(super) fn into_file(self) -> Vec<u8> {
        let mut file = self.count();
        file.extend(self.frames.concat());
        file
    }

    /// The frame with the count, which stands where a frame of sound has its codes.
    fn count(&self) -> Vec<u8> {
        const HAS_FRAMES_AND_BYTES: u32 = 0b11;
        let mut count = HEAD.to_vec();
        count.resize(HEAD.len() + granule::SIDE_BYTES, 0);
        count.extend(b"Info");
        count.extend(HAS_FRAMES_AND_BYTES.to_be_bytes());
        count.extend((self.frames.len() as u32).to_be_bytes());
        let bytes = (self.frames.len() + 1) * FRAME_BYTES;
        count.extend((bytes as u32).to_be_bytes());
        count.resize(FRAME_BYTES, 0);
        count
    }
}

/// Encodes samples of [`SAMPLE_RATE`]; the last frame is filled with silence.
pub(super) fn encode(samples: &[i16]) -> Mp3 {
    let tables = codes::tables();
    let frame = |spectrum: &Vec<f32>| {
        let mut frame = HEAD.to_vec();
        frame.extend(granule::write(spectrum, &tables, FRAME_BYTES - HEAD.len()));
        frame.resize(FRAME_BYTES, 0);
        frame
    };
    Mp3 {
        frames: filter::spectra(samples).iter().map(frame).collect(),
        sample_rate: SAMPLE_RATE,
        samples_per_frame: SAMPLES_PER_FRAME as u32,
        bits_per_second: KILOBITS_PER_SECOND * 1000,
    }
}
