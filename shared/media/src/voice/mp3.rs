//! A sound as MP3, frame by frame.

use super::Sound;
use crate::bytes::array;
use crate::probe::mp3::FrameHead;
use shine_rs::{Mp3Encoder, Mp3EncoderConfig, StereoMode};

/// Enough for one voice at 24 kHz.
const KILOBITS_PER_SECOND: u32 = 48;

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
        let mut file = self.frames.first().map(|first| self.count(first)).unwrap_or_default();
        file.extend(self.frames.concat());
        file
    }

    /// The frame with the count, built like the first frame of the sound.
    fn count(&self, first: &[u8]) -> Vec<u8> {
        const HAS_FRAMES_AND_BYTES: u32 = 0b11;
        let Some(head) = array(first, 0).and_then(FrameHead::parse) else {
            return Vec::new();
        };
        let mut count = first.get(..4).unwrap_or_default().to_vec();
        count.resize(head.xing_at, 0);
        count.extend(b"Info");
        count.extend(HAS_FRAMES_AND_BYTES.to_be_bytes());
        count.extend((self.frames.len() as u32).to_be_bytes());
        let bytes = self.frames.iter().map(Vec::len).sum::<usize>() + head.length;
        count.extend((bytes as u32).to_be_bytes());
        count.resize(head.length, 0);
        count
    }
}

/// Encodes a sound of at least one sample.
#[expect(
    clippy::expect_used,
    reason = "the encoder fails only for settings that MP3 lacks; these are fixed and tested"
)]
pub(super) fn encode(sound: &Sound) -> Mp3 {
    let settings = Mp3EncoderConfig::new()
        .sample_rate(sound.sample_rate)
        .bitrate(KILOBITS_PER_SECOND)
        .channels(1)
        .stereo_mode(StereoMode::Mono);
    let mut encoder = Mp3Encoder::new(settings).expect("could not set up the sound encoder");
    let samples_per_frame = encoder.samples_per_frame() as u32;
    let mut bytes = encoder.encode_interleaved(&sound.samples).expect("could not encode sound").concat();
    bytes.extend(encoder.finish().expect("could not end the sound"));
    Mp3 {
        frames: frames(&bytes),
        sample_rate: sound.sample_rate,
        samples_per_frame,
        bits_per_second: KILOBITS_PER_SECOND * 1000,
    }
}

/// Cuts a stream into its frames: the encoder hands its bytes out with little regard for their borders.
fn frames(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(head) = array(bytes, 0).and_then(FrameHead::parse) {
        let (frame, rest) = bytes.split_at_checked(head.length).unwrap_or((bytes, &[]));
        frames.push(frame.to_vec());
        bytes = rest;
    }
    frames
}
