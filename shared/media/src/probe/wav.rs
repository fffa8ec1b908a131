//! WAV: chunk by chunk up to the samples.

use super::{Facts, Reader, Step};
use crate::bytes::{array, le32};

#[derive(Debug, Default)]
pub(super) struct Wav {
    state: State,
    bytes_per_second: u32,
    data: Option<Data>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Start,
    /// Eight bytes: name and length of a chunk.
    ChunkHead,
    /// The first twelve bytes of a format chunk; so many bytes follow.
    Format { rest: u64 },
}

/// Where the samples begin and how many bytes they claim to have.
#[derive(Debug, Clone, Copy)]
struct Data {
    from: u64,
    claimed: u32,
}

impl Reader for Wav {
    fn first(&self) -> usize {
        12
    }

    fn piece(&mut self, piece: &[u8], place: u64) -> Step {
        match self.state {
            State::Start => {
                self.state = State::ChunkHead;
                Step::read(8)
            }
            State::ChunkHead => {
                let (Some(name), Some(length)) = (array::<4>(piece, 0), le32(piece, 4)) else {
                    return Step::DONE;
                };
                // Chunks are padded to an even length.
                let padded = u64::from(length) + u64::from(length % 2);
                match &name {
                    b"data" => {
                        self.data = Some(Data { from: place, claimed: length });
                        Step::DONE
                    }
                    b"fmt " if length >= 12 => {
                        self.state = State::Format { rest: padded - 12 };
                        Step::read(12)
                    }
                    _ => Step::skip(padded, 8),
                }
            }
            State::Format { rest } => {
                self.bytes_per_second = le32(piece, 8).unwrap_or(0);
                self.state = State::ChunkHead;
                Step::skip(rest, 8)
            }
        }
    }

    fn facts(&self, file_bytes: u64) -> Facts {
        let seconds = self.data.filter(|_| self.bytes_per_second > 0).map(|data| {
            let received = file_bytes.saturating_sub(data.from);
            // Whoever writes while still making the sound leaves 0 or the greatest number behind.
            let bytes = match data.claimed {
                0 | u32::MAX => received,
                claimed => received.min(claimed.into()),
            };
            bytes as f64 / f64::from(self.bytes_per_second)
        });
        Facts::of_duration(seconds)
    }
}
