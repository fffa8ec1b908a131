//! WAV: a header, then samples.

use bytes::{BufMut, Bytes, BytesMut};

/// What a WAV file holds.
struct Sound {
    /// The chunk that says how samples are written.
    format: Bytes,
    samples: Bytes,
}

/// One header, then the samples of all parts.
pub(super) fn join(parts: &[Bytes]) -> Option<Vec<Bytes>> {
    let sounds: Vec<Sound> = parts.iter().map(read).collect::<Option<_>>()?;
    let format = sounds.first()?.format.clone();
    if sounds.iter().any(|sound| sound.format != format) {
        return None;
    }
    let length: usize = sounds.iter().map(|sound| sound.samples.len()).sum();
    let head = header(&format, length)?;
    Some(std::iter::once(head).chain(sounds.into_iter().map(|sound| sound.samples)).collect())
}

fn header(format: &Bytes, length: usize) -> Option<Bytes> {
    let mut head = BytesMut::with_capacity(28 + format.len());
    head.put_slice(b"RIFF");
    head.put_u32_le(u32::try_from(length + format.len() + 20).ok()?);
    head.put_slice(b"WAVEfmt ");
    head.put_u32_le(u32::try_from(format.len()).ok()?);
    head.put_slice(format);
    head.put_slice(b"data");
    head.put_u32_le(u32::try_from(length).ok()?);
    Some(head.freeze())
}

fn read(file: &Bytes) -> Option<Sound> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut place, mut format) = (12, None);
    loop {
        let name = file.get(place..place + 4)?;
        let length: [u8; 4] = file.get(place + 4..place + 8)?.try_into().ok()?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let begin = place + 8;
        match name {
            b"fmt " => {
                format = Some(file.slice(begin..begin.checked_add(length).filter(|end| *end <= file.len())?))
            }
            b"data" => {
                // A file that was written while it was spoken may claim any length.
                let end = begin.saturating_add(length).min(file.len());
                let end = if length == 0 { file.len() } else { end };
                return Some(Sound { format: format?, samples: file.slice(begin..end) });
            }
            _ => {}
        }
        // Chunks begin at even places.
        place = begin.checked_add(length)?.checked_add(length % 2)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wave(rate: u32, samples: &[u8], claimed: u32) -> Bytes {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend(rate.to_le_bytes());
        file.extend((rate * 2).to_le_bytes());
        file.extend(b"\x02\0\x10\0data");
        file.extend(claimed.to_le_bytes());
        file.extend(samples);
        file.into()
    }

    #[test]
    fn samples_follow_each_other_under_one_header() {
        let whole =
            join(&[wave(8000, b"abcd", 4), wave(8000, b"efgh", u32::MAX), wave(8000, b"ij", 0)]).unwrap();
        let whole = whole.concat();
        assert_eq!(whole.len(), 44 + 10);
        assert_eq!(&whole[44..], b"abcdefghij");
        assert_eq!(&whole[..4], b"RIFF");
        assert_eq!(whole[4..8], (whole.len() as u32 - 8).to_le_bytes());
        assert_eq!(whole[24..28], 8000_u32.to_le_bytes());
        assert_eq!(whole[40..44], 10_u32.to_le_bytes());
    }

    #[test]
    fn parts_of_different_rates_are_not_joined() {
        assert_eq!(join(&[wave(8000, b"abcd", 4), wave(16_000, b"efgh", 4)]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(start in any::<bool>(), bytes: Vec<u8>) {
            let file = if start { [b"RIFF\0\0\0\0WAVE".as_slice(), &bytes].concat() } else { bytes };
            join(&[file.clone().into(), file.into()]);
        }
    }
}
