//! Files that came in parts, because a vendor takes only so much text at a time.

mod frames;
mod ogg;
mod wave;

use bytes::Bytes;

/// How the parts of a file make up the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// MP3: frames one after the other.
    Frames,
    /// WAV: one header for all samples.
    Wave,
    /// Ogg with Opus: one stream with pages in a row.
    Opus,
}

impl Joint {
    /// The whole file, as chunks in their order; mostly slices of the parts. None when the parts are not of the kind, or
    /// don't fit each other.
    pub fn join(self, parts: &[Bytes]) -> Option<Vec<Bytes>> {
        match (self, parts) {
            (_, []) => None,
            // Whatever it is: there is nothing to be joined.
            (_, [whole]) => Some(vec![whole.clone()]),
            (Joint::Frames, parts) => frames::join(parts),
            (Joint::Wave, parts) => wave::join(parts),
            (Joint::Opus, parts) => ogg::join(parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_is_the_whole_and_none_is_nothing() {
        for joint in [Joint::Frames, Joint::Wave, Joint::Opus] {
            assert_eq!(joint.join(&[]), None);
            let part = Bytes::from_static(b"anything");
            assert_eq!(joint.join(std::slice::from_ref(&part)), Some(vec![part]));
        }
        let parts = [Bytes::from_static(b"a"), Bytes::from_static(b"b")];
        for joint in [Joint::Frames, Joint::Wave, Joint::Opus] {
            assert_eq!(joint.join(&parts), None);
        }
    }
}
