//! Which format a file has, by its first bytes and by nothing else.

use crate::bytes::array;
use crate::probe::mp3::FrameHead;

/// A media format that we recognise and keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline or progressive.
    Jpeg,
    /// WebP, lossy or lossless.
    Webp,
    /// Graphics Interchange Format.
    Gif,
    /// MPEG-4 file with any ISO brand that is not told apart below.
    Mp4,
    /// QuickTime movie: the same boxes as MP4, another media type.
    Mov,
    /// WebM.
    Webm,
    /// MPEG audio layer III.
    Mp3,
    /// MPEG-4 file with sound alone.
    M4a,
    /// RIFF wave.
    Wav,
    /// Ogg with Vorbis, Opus or FLAC.
    Ogg,
    /// Free Lossless Audio Codec.
    Flac,
}

/// What one does with a file: look at it, watch it, listen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A still or animated picture.
    Image,
    /// A clip, with or without sound.
    Video,
    /// Sound alone.
    Audio,
}

impl Format {
    /// All formats, in the order of the enum.
    pub const ALL: [Self; 12] = [
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Gif,
        Self::Mp4,
        Self::Mov,
        Self::Webm,
        Self::Mp3,
        Self::M4a,
        Self::Wav,
        Self::Ogg,
        Self::Flac,
    ];

    /// The media type for a `Content-Type` header.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Webm => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::Flac => "audio/flac",
        }
    }

    /// The usual end of a file name, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Webm => "webm",
            Self::Mp3 => "mp3",
            Self::M4a => "m4a",
            Self::Wav => "wav",
            Self::Ogg => "ogg",
            Self::Flac => "flac",
        }
    }

    /// Picture, clip or sound.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Png | Self::Jpeg | Self::Webp | Self::Gif => Kind::Image,
            Self::Mp4 | Self::Mov | Self::Webm => Kind::Video,
            Self::Mp3 | Self::M4a | Self::Wav | Self::Ogg | Self::Flac => Kind::Audio,
        }
    }
}

/// The format that the first bytes of a file show; `None` for everything else (pages, JSON, text, archives).
///
/// Give at least 512 bytes, or the whole file if it is shorter: fewer bytes make fewer formats recognisable.
#[must_use]
pub fn sniff(first_bytes: &[u8]) -> Option<Format> {
    const MAGIC: [(&[u8], Format); 8] = [
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"\xff\xd8\xff", Format::Jpeg),
        (b"GIF87a", Format::Gif),
        (b"GIF89a", Format::Gif),
        (b"OggS\0", Format::Ogg),
        (b"fLaC", Format::Flac),
        // ID3v2 in its three versions that exist; "ID3" alone could begin a text.
        (b"ID3\x02", Format::Mp3),
        (b"ID3\x03", Format::Mp3),
    ];
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| first_bytes.starts_with(magic)) {
        return Some(*format);
    }
    if first_bytes.starts_with(b"ID3\x04") {
        return Some(Format::Mp3);
    }
    if first_bytes.starts_with(b"RIFF") {
        return match &array(first_bytes, 8)? {
            b"WEBP" => Some(Format::Webp),
            b"WAVE" => Some(Format::Wav),
            _ => None,
        };
    }
    if array(first_bytes, 4) == Some(*b"ftyp") {
        return by_brand(array(first_bytes, 8)?);
    }
    if first_bytes.starts_with(b"\x1a\x45\xdf\xa3") {
        let head = first_bytes.get(..64).unwrap_or(first_bytes);
        return head.windows(4).any(|word| word == b"webm").then_some(Format::Webm);
    }
    bare_mp3(first_bytes).then_some(Format::Mp3)
}

/// The major brand of an ISO file. Still pictures use the same container and are not kept.
fn by_brand(brand: [u8; 4]) -> Option<Format> {
    match &brand {
        b"M4A " | b"M4B " | b"M4P " => Some(Format::M4a),
        b"qt  " => Some(Format::Mov),
        b"avif" | b"avis" | b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1"
        | b"crx " | b"jp2 " | b"jpx " | b"jpm " => None,
        _ => Some(Format::Mp4),
    }
}

/// Whether an MPEG layer III frame begins here. Eleven set bits are a weak magic number, so the
/// next frame has to agree as well where it lies within the bytes.
fn bare_mp3(first_bytes: &[u8]) -> bool {
    let Some(first) = array(first_bytes, 0).and_then(FrameHead::parse) else {
        return false;
    };
    match array(first_bytes, first.length) {
        Some(next) => FrameHead::parse(next).is_some_and(|next| next.same_stream(first)),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let two_frames =
            [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 413], &[0xff, 0xfb, 0x92, 0x00], &[0; 91]].concat();
        let one_frame = [[0xff, 0xfb, 0x90, 0x00].as_slice(), &[0; 508]].concat();
        for (bytes, format) in [
            (b"\x89PNG\r\n\x1a\n....".as_slice(), Some(Format::Png)),
            (b"\xff\xd8\xff\xe0....", Some(Format::Jpeg)),
            (b"GIF89a....", Some(Format::Gif)),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(Format::Webp)),
            (b"RIFF\x01\x02\x03\x04WAVEfmt ", Some(Format::Wav)),
            (b"RIFF\x01\x02\x03\x04AVI LIST", None),
            (b"\0\0\0\x18ftypisom....", Some(Format::Mp4)),
            (b"\0\0\0\x18ftypmp42....", Some(Format::Mp4)),
            (b"\0\0\0\x14ftypqt  ....", Some(Format::Mov)),
            (b"\0\0\0\x18ftypM4A ....", Some(Format::M4a)),
            (b"\0\0\0\x18ftypavif....", None),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", Some(Format::Webm)),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", None),
            (b"OggS\0\x02....", Some(Format::Ogg)),
            (b"fLaC\0\0\0\x22", Some(Format::Flac)),
            (b"ID3\x04\0\0\0\0\0\0", Some(Format::Mp3)),
            (b"ID3 is how music is tagged", None),
            (two_frames.as_slice(), Some(Format::Mp3)),
            (one_frame.as_slice(), None),
            (b"<!DOCTYPE html><html>", None),
            (b"{\"error\":\"not found\"}", None),
            (b"\xef\xbb\xbf<?xml", None),
            (b"\xff\xfe<\0h\0t\0m\0l\0", None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(sniff(bytes), format, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn media_types_fit_their_kinds() {
        for format in Format::ALL {
            let kind = match format.kind() {
                Kind::Image => "image/",
                Kind::Video => "video/",
                Kind::Audio => "audio/",
            };
            assert!(format.media_type().starts_with(kind), "{format:?}");
        }
    }
}
