//! WebM: element by element; containers that hold what we look for are entered, all others passed by.

use super::{Facts, Reader, Step};
use crate::bytes::array;

#[derive(Debug)]
pub(super) struct Webm {
    state: State,
    /// Nanoseconds of one tick; a million unless the file says otherwise.
    tick: u64,
    ticks: Option<f64>,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// The first byte of an element's id, which tells the length of the id.
    Id,
    /// The other bytes of the id and the first of the size, which tells the length of the size.
    SizeStart { first: u8 },
    /// The other bytes of the size.
    Size { id: u32, first: u8 },
    /// The value of an element.
    Value { id: u32 },
}

mod id {
    pub(super) const SEGMENT: u32 = 0x1853_8067;
    pub(super) const INFO: u32 = 0x1549_a966;
    pub(super) const TICK: u32 = 0x002a_d7b1;
    pub(super) const DURATION: u32 = 0x4489;
    pub(super) const TRACKS: u32 = 0x1654_ae6b;
    pub(super) const TRACK: u32 = 0xae;
    pub(super) const VIDEO: u32 = 0xe0;
    pub(super) const WIDTH: u32 = 0xb0;
    pub(super) const HEIGHT: u32 = 0xba;
}

impl Default for Webm {
    fn default() -> Self {
        Self { state: State::Id, tick: 1_000_000, ticks: None, width: None, height: None }
    }
}

impl Reader for Webm {
    fn first(&self) -> usize {
        1
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        self.step(piece).unwrap_or(Step::DONE)
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        let seconds = self.ticks.map(|ticks| ticks * self.tick as f64 / 1e9);
        Facts {
            duration_seconds: Facts::of_duration(seconds.filter(|seconds| *seconds > 0.0)).duration_seconds,
            ..Facts::of_size(self.width, self.height)
        }
    }
}

impl Webm {
    fn step(&mut self, piece: &[u8]) -> Option<Step> {
        match self.state {
            State::Id => {
                let first = *piece.first()?;
                // Ids have one to four bytes: the other bytes, and one of the size.
                let others = first.leading_zeros() as usize;
                self.state = State::SizeStart { first };
                (others < 4).then_some(Step::read(others + 1))
            }
            State::SizeStart { first } => {
                let (size_start, id_rest) = piece.split_last()?;
                let id = id_rest.iter().fold(u32::from(first), |id, byte| id << 8 | u32::from(*byte));
                match size_start.leading_zeros() as usize {
                    0 => self.element(id, size(*size_start, &[])),
                    others @ 1..=7 => {
                        self.state = State::Size { id, first: *size_start };
                        Some(Step::read(others))
                    }
                    _ => None,
                }
            }
            State::Size { id, first } => self.element(id, size(first, piece)),
            State::Value { id } => {
                self.value(id, piece);
                self.state = State::Id;
                Some(Step::read(1))
            }
        }
    }

    /// What to do with an element of this size; `None` is a size that the writer left open.
    fn element(&mut self, id: u32, size: Option<u64>) -> Option<Step> {
        self.state = State::Id;
        match (id, size) {
            (id::SEGMENT | id::INFO | id::TRACKS | id::TRACK | id::VIDEO, _) => Some(Step::read(1)),
            (id::TICK | id::DURATION | id::WIDTH | id::HEIGHT, Some(size @ 1..=8)) => {
                self.state = State::Value { id };
                Some(Step::read(size as usize))
            }
            (_, Some(size)) => Some(Step::skip(size, 1)),
            // Live recordings leave their clusters open; what we look for comes before.
            (_, None) => None,
        }
    }

    fn value(&mut self, id: u32, bytes: &[u8]) {
        let whole = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let pixels = u32::try_from(whole).ok();
        match id {
            id::TICK => self.tick = whole,
            id::DURATION => {
                self.ticks = match bytes.len() {
                    4 => array(bytes, 0).map(|bytes| f64::from(f32::from_be_bytes(bytes))),
                    _ => array(bytes, 0).map(f64::from_be_bytes),
                }
            }
            // The first video track counts.
            id::WIDTH => self.width = self.width.or(pixels),
            id::HEIGHT => self.height = self.height.or(pixels),
            _ => {}
        }
    }
}

/// A size out of its first byte and the others; `None` if all its bits are set, which means that it is open.
fn size(first: u8, others: &[u8]) -> Option<u64> {
    let bits = 7 * (others.len() as u32 + 1);
    let kept = first
        .checked_shl(first.leading_zeros() + 1)
        .map_or(0, |kept| kept.checked_shr(first.leading_zeros() + 1).unwrap_or(0));
    let value = others.iter().fold(u64::from(kept), |value, byte| value << 8 | u64::from(*byte));
    (value != (1 << bits) - 1).then_some(value)
}
