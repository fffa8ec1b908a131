//! MP4: the boxes of the top level as they stream by; the index is held, the media passed by.

use super::moov::Movie;
use super::{Facts, Probe, Reader, Step};
use crate::bytes::{array, be32, be64};

#[derive(Debug, Default)]
pub(super) struct Mp4 {
    state: State,
    movie: Option<Movie>,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    /// Eight bytes: size and name of a box.
    #[default]
    Head,
    /// Eight bytes: the size of a box too large for 32 bits.
    LargeSize { name: [u8; 4] },
    /// The whole body of a `moov`.
    Movie,
    /// The whole body of a `moof`.
    Fragment,
}

impl Reader for Mp4 {
    fn first(&self) -> usize {
        8
    }

    fn piece(&mut self, piece: &[u8], _place: u64) -> Step {
        self.step(piece).unwrap_or(Step::DONE)
    }

    fn facts(&self, _file_bytes: u64) -> Facts {
        self.movie.as_ref().map_or_else(Facts::default, Movie::facts)
    }
}

impl Mp4 {
    fn step(&mut self, piece: &[u8]) -> Option<Step> {
        match self.state {
            State::Head => {
                let name = array(piece, 4)?;
                match be32(piece, 0)? {
                    1 => {
                        self.state = State::LargeSize { name };
                        Some(Step::read(8))
                    }
                    // 0 is "up to the end of the file"; only media is written so.
                    size => self.body(name, u64::from(size).checked_sub(8)?),
                }
            }
            State::LargeSize { name } => self.body(name, be64(piece, 0)?.checked_sub(16)?),
            State::Movie => {
                self.movie = Some(Movie::parse(piece));
                self.head(0)
            }
            State::Fragment => {
                if let Some(movie) = &mut self.movie {
                    movie.add_fragment(piece);
                }
                self.head(0)
            }
        }
    }

    fn body(&mut self, name: [u8; 4], length: u64) -> Option<Step> {
        self.state = match &name {
            b"moov" if self.movie.is_none() => State::Movie,
            b"moof" if self.movie.is_some() => State::Fragment,
            _ => return self.head(length),
        };
        let length = usize::try_from(length).ok()?;
        match length {
            0 => self.head(0),
            1..=Probe::MOST_HELD_BYTES => Some(Step::read(length)),
            // Without the whole index no fact is sure.
            _ => {
                self.movie = None;
                None
            }
        }
    }

    fn head(&mut self, skip: u64) -> Option<Step> {
        self.state = State::Head;
        Some(Step::skip(skip, 8))
    }
}
