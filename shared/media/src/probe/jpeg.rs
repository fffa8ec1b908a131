//! JPEG: marker by marker up to the first frame header.

use super::{Facts, Reader, Step};
use crate::bytes::be16;

#[derive(Debug, Default)]
pub(super) struct Jpeg {
    state: State,
    facts: Facts,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Start,
    /// Two bytes: 0xff and the marker's code.
    Marker,
    /// One byte: the code, after a fill byte.
    Code,
    /// Two bytes: the length of a segment, which is a frame header or not.
    Length { frame: bool },
    /// Five bytes: precision, height, width.
    Frame,
}

impl Reader for Jpeg {
    fn first(&self) -> usize {
        2
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        match (&self.state, piece) {
            (State::Start, [0xff, 0xd8]) => self.go(State::Marker, Step::read(2)),
            (State::Marker, [0xff, code]) | (State::Code, [code]) => self.marker(*code),
            (State::Length { frame: true }, _) => self.go(State::Frame, Step::read(5)),
            (State::Length { frame: false }, _) => {
                match be16(piece, 0).and_then(|length| length.checked_sub(2)) {
                    Some(length) => self.go(State::Marker, Step::skip(length.into(), 2)),
                    None => Step::DONE,
                }
            }
            (State::Frame, _) => {
                self.facts = Facts::of_size(be16(piece, 3).map(u32::from), be16(piece, 1).map(u32::from));
                Step::DONE
            }
            _ => Step::DONE,
        }
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        self.facts
    }
}

impl Jpeg {
    fn marker(&mut self, code: u8) -> Step {
        match code {
            0xff => self.go(State::Code, Step::read(1)),
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => self.go(State::Marker, Step::read(2)),
            // The end, or pixels before any frame header.
            0x00 | 0xd8..=0xda => Step::DONE,
            // Huffman tables, an extension and arithmetic tables lie among the frame headers.
            0xc4 | 0xc8 | 0xcc => self.go(State::Length { frame: false }, Step::read(2)),
            0xc0..=0xcf => self.go(State::Length { frame: true }, Step::read(2)),
            _ => self.go(State::Length { frame: false }, Step::read(2)),
        }
    }

    fn go(&mut self, state: State, step: Step) -> Step {
        self.state = state;
        step
    }
}
