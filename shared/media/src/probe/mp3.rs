//! MP3: the frame count of a Xing, Info or VBRI head, else all frames counted as they pass.

use super::{Facts, Reader, Step};
use crate::bytes::{array, be32};

/// The four bytes before each frame of MPEG audio layer III, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHead {
    /// Bytes of the frame, head included: 24 to 2881.
    pub(crate) length: usize,
    samples: u32,
    rate: u32,
    /// Bytes from the start of the frame to where a Xing or Info head stands, after the side information.
    pub(crate) xing_at: usize,
}

impl FrameHead {
    /// `None` if these are no such bytes; the free format, without a bit rate, is not read.
    pub(crate) fn parse(bytes: [u8; 4]) -> Option<Self> {
        const KILOBITS_1: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
        const KILOBITS_2: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let head = u32::from_be_bytes(bytes);
        let layer_three = head >> 17 & 0b11 == 0b01;
        if head >> 21 != 0x7ff || !layer_three {
            return None;
        }
        // MPEG 1, or 2 at half and 2.5 at a quarter of the rate.
        let (halvings, kilobits) = match head >> 19 & 0b11 {
            0b11 => (0, KILOBITS_1),
            0b10 => (1, KILOBITS_2),
            0b00 => (2, KILOBITS_2),
            _ => return None,
        };
        let kilobits = *kilobits.get((head >> 12 & 0b1111).checked_sub(1)? as usize)?;
        let rate = [44_100_u32, 48_000, 32_000].get((head >> 10 & 0b11) as usize)? >> halvings;
        let padding = head >> 9 & 1;
        let mono = head >> 6 & 0b11 == 0b11;
        let samples = if halvings == 0 { 1152 } else { 576 };
        let length = samples / 8 * kilobits * 1000 / rate + padding;
        Some(Self {
            length: length as usize,
            samples,
            rate,
            xing_at: match (halvings == 0, mono) {
                (true, false) => 36,
                (true, true) | (false, false) => 21,
                (false, true) => 13,
            },
        })
    }

    /// Whether another frame can belong to the same sound. The bit rate may change.
    pub(crate) fn same_stream(self, other: Self) -> bool {
        (self.samples, self.rate) == (other.samples, other.rate)
    }
}

#[derive(Debug, Default)]
pub(super) struct Mp3 {
    state: State,
    stream: Option<FrameHead>,
    frames: u64,
}

#[derive(Debug, Default)]
enum State {
    /// Four bytes: the head of a frame or the start of a tag.
    #[default]
    Head,
    /// The other six bytes of a tag's head.
    Tag,
    /// What follows the head of the first frame.
    FirstFrame,
    /// One byte: the sync is lost, these were the last four bytes.
    Lost([u8; 4]),
}

impl Reader for Mp3 {
    fn first(&self) -> usize {
        4
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        match (&self.state, piece) {
            (State::Head, _) => match array(piece, 0) {
                Some(head) => self.head(head),
                None => Step::DONE,
            },
            (State::Lost([_, second, third, fourth]), [next]) => self.head([*second, *third, *fourth, *next]),
            (State::Tag, [_, flags, size @ ..]) => {
                // Seven bits a byte. A footer repeats the ten bytes of the head.
                let size = size.iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
                let footer = if flags & 0x10 == 0 { 0 } else { 10 };
                self.state = State::Head;
                Step::skip(size + footer, 4)
            }
            (State::FirstFrame, body) => match self.stream.and_then(|head| told_frames(head, body)) {
                Some(frames) => {
                    self.frames = frames.into();
                    Step::DONE
                }
                None => {
                    self.frames = 1;
                    self.state = State::Head;
                    Step::read(4)
                }
            },
            _ => Step::DONE,
        }
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        let seconds = self
            .stream
            .filter(|_| self.frames > 0)
            .map(|head| self.frames as f64 * f64::from(head.samples) / f64::from(head.rate));
        Facts::of_duration(seconds)
    }
}

impl Mp3 {
    fn head(&mut self, bytes: [u8; 4]) -> Step {
        if bytes.starts_with(b"ID3") {
            self.state = State::Tag;
            return Step::read(6);
        }
        match (FrameHead::parse(bytes), self.stream) {
            (Some(head), None) => {
                self.stream = Some(head);
                self.state = State::FirstFrame;
                Step::read(head.length - 4)
            }
            (Some(head), Some(stream)) if head.same_stream(stream) => {
                self.frames += 1;
                self.state = State::Head;
                Step::skip(head.length as u64 - 4, 4)
            }
            _ => {
                self.state = State::Lost(bytes);
                Step::read(1)
            }
        }
    }
}

/// The number of frames that the first frame tells, if it is a head without sound. `body` lacks the frame's first four bytes.
fn told_frames(head: FrameHead, body: &[u8]) -> Option<u32> {
    let xing_at = head.xing_at - 4;
    if matches!(array(body, xing_at), Some([b'X', b'i', b'n', b'g'] | [b'I', b'n', b'f', b'o'])) {
        let has_frames = be32(body, xing_at + 4)? & 1 == 1;
        return be32(body, xing_at + 8).filter(|frames| has_frames && *frames > 0);
    }
    (array(body, 32) == Some(*b"VBRI")).then(|| be32(body, 46)).flatten().filter(|frames| *frames > 0)
}
