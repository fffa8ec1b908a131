//! MP3: frames that stand for themselves, in some files after a tag and a frame that tells the length of all.

use bytes::Bytes;

/// Kilobits in a second by the number in a frame's head, for the older and the newer kind of sound.
const OLDER: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const NEWER: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/// Where in its frame a word stands that makes it one without sound.
const WORD_WITHIN: usize = 48;

/// The frames of all parts. What tells the length of one part alone would be untrue of the whole, and is left out.
pub(super) fn join(parts: &[Bytes]) -> Option<Vec<Bytes>> {
    parts.iter().map(sound).collect()
}

/// The part from its first frame with sound on.
fn sound(part: &Bytes) -> Option<Bytes> {
    let begin = after_tag(part);
    let frame = part.get(begin..)?;
    let length = frame_length(frame)?;
    let tells = frame.get(..length.min(WORD_WITHIN))?.windows(4);
    let tells = tells.into_iter().any(|word| matches!(word, b"Xing" | b"Info" | b"VBRI"));
    let begin = if tells { begin + length } else { begin };
    (begin <= part.len()).then(|| part.slice(begin..))
}

/// Where a tag at the beginning ends.
fn after_tag(part: &[u8]) -> usize {
    match part {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            // Seven bits of each byte count.
            10 + [a, b, c, d].iter().fold(0, |sum, byte| sum << 7 | usize::from(**byte & 0x7f))
        }
        _ => 0,
    }
}

/// How many bytes the frame has; none if it is no frame of MP3.
fn frame_length(frame: &[u8]) -> Option<usize> {
    let [0xff, kind, rates, ..] = frame else { return None };
    let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
    if kind >> 5 != 7 || version == 1 || layer != 1 {
        return None;
    }
    let is_older = version == 3;
    let kilobits =
        *(if is_older { OLDER } else { NEWER }).get(usize::from(rates >> 4)).filter(|rate| **rate > 0)?;
    let hertz = *[44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 3))?;
    let (hertz, samples) = match version {
        3 => (hertz, 144_000),
        2 => (hertz / 2, 72_000),
        _ => (hertz / 4, 72_000),
    };
    Some(samples * kilobits / hertz + usize::from(rates >> 1 & 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A frame of the newer kind: 32 kilobits, 24,000 samples in a second, so 96 bytes.
    fn frame(content: &[u8]) -> Vec<u8> {
        let mut frame = vec![0xff, 0xf3, 0x44, 0xc0];
        frame.extend(content);
        frame.resize(96, 0);
        frame
    }

    fn tag(bytes: u8) -> Vec<u8> {
        let mut tag = b"ID3\x04\0\0\0\0\0".to_vec();
        tag.push(bytes);
        tag.resize(10 + usize::from(bytes), b'x');
        tag
    }

    #[test]
    fn frames_without_sound_are_left_out() {
        let sound = [frame(b"one"), frame(b"two")].concat();
        let info = frame(&[&[0; 9][..], b"Info"].concat());
        let parts = [
            sound.clone(),
            [info.clone(), sound.clone()].concat(),
            [tag(5), sound.clone()].concat(),
            [tag(0), info, sound.clone()].concat(),
        ];
        let joined = join(&parts.map(Bytes::from)).unwrap();
        assert_eq!(joined, vec![Bytes::from(sound); 4]);
    }

    #[test]
    fn lengths_of_frames_are_those_of_the_format() {
        for (head, expected) in [
            ([0xff, 0xfb, 0x90, 0x64], Some(417)),
            ([0xff, 0xfb, 0x92, 0x64], Some(418)),
            ([0xff, 0xf3, 0x44, 0xc0], Some(96)),
            ([0xff, 0xe3, 0x18, 0xc0], Some(72)),
            ([0xff, 0xfb, 0x00, 0x64], None),
            ([0xff, 0xfb, 0xf0, 0x64], None),
            ([0xff, 0xfb, 0x9c, 0x64], None),
            ([0xff, 0xfd, 0x90, 0x64], None),
            (*b"RIFF", None),
        ] {
            assert_eq!(frame_length(&head), expected, "{head:x?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(start in 0_usize..3, bytes: Vec<u8>) {
            let start: &[u8] = [&b"ID3"[..], b"\xff\xf3\x44", b""][start];
            let file: Bytes = [start, &bytes].concat().into();
            join(&[file.clone(), file]);
        }
    }
}
