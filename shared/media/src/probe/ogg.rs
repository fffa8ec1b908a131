//! Ogg: page by page; the last position of the first stream is its length in samples.

use super::{Facts, Reader, Step};
use crate::bytes::{array, le16, le32};

#[derive(Debug, Default)]
pub(super) struct Ogg {
    state: State,
    stream: Option<Stream>,
    last_position: u64,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    /// 27 bytes of a page; the last one says how many lengths follow.
    #[default]
    Page,
    /// The lengths whose sum is the length of the body.
    Lengths { serial: u32 },
    /// The first bytes of the first page's body; so many bytes follow.
    Codec { serial: u32, rest: u64 },
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    serial: u32,
    rate: u32,
    /// Samples that a player drops at the start.
    dropped: u64,
}

/// The longest codec head that we look into: FLAC in Ogg, up to its sample rate.
const CODEC_BYTES: u64 = 30;

impl Reader for Ogg {
    fn first(&self) -> usize {
        27
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        match self.state {
            State::Page => self.page(piece).unwrap_or(Step::DONE),
            State::Lengths { serial } => {
                let body = piece.iter().map(|length| u64::from(*length)).sum::<u64>();
                if self.stream.is_some() {
                    self.state = State::Page;
                    return Step::skip(body, 27);
                }
                let read = body.min(CODEC_BYTES);
                self.state = State::Codec { serial, rest: body - read };
                // A stream begins with its codec; a body without bytes ends the reading.
                Step::read(read as usize)
            }
            State::Codec { serial, rest } => {
                self.stream = codec(serial, piece);
                self.state = State::Page;
                match self.stream {
                    Some(_) => Step::skip(rest, 27),
                    None => Step::DONE,
                }
            }
        }
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        let seconds = self
            .stream
            .filter(|_| self.last_position > 0)
            .map(|stream| self.last_position.saturating_sub(stream.dropped) as f64 / f64::from(stream.rate));
        Facts::of_duration(seconds)
    }
}

impl Ogg {
    fn page(&mut self, head: &[u8]) -> Option<Step> {
        if array(head, 0)? != *b"OggS" {
            return None;
        }
        let position = array(head, 6).map(u64::from_le_bytes)?;
        let serial = le32(head, 14)?;
        // All bits set: no packet ends on this page. Positions beyond 62 bits are nonsense.
        if self.stream.is_some_and(|stream| stream.serial == serial) && position < 1 << 62 {
            self.last_position = self.last_position.max(position);
        }
        match usize::from(*head.get(26)?) {
            0 => Some(Step::read(27)),
            lengths => {
                self.state = State::Lengths { serial };
                Some(Step::read(lengths))
            }
        }
    }
}

fn codec(serial: u32, body: &[u8]) -> Option<Stream> {
    let (rate, dropped) = if body.starts_with(b"\x01vorbis") {
        (le32(body, 12)?, 0)
    } else if body.starts_with(b"OpusHead") {
        // Opus counts at 48 kHz whatever went in.
        (48_000, le16(body, 10)?.into())
    } else if body.starts_with(b"\x7fFLAC") {
        let [high, middle, low] = array(body, 27)?;
        (u32::from_be_bytes([0, high, middle, low]) >> 4, 0)
    } else {
        return None;
    };
    (rate > 0).then_some(Stream { serial, rate, dropped })
}
