//! Files as specs: what a file shows, before it is made.

use media::{ClipSpec, PictureFormat, PictureSpec, VoiceSpec};

/// A file that can be made at any time, the same each time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    Picture {
        text: String,
        width: u32,
        height: u32,
        seed: u64,
        format: PictureFormat,
    },
    Clip {
        text: String,
        width: u32,
        height: u32,
        milliseconds: u32,
        sound: bool,
    },
    Voice {
        text: String,
        voice: String,
        /// 100 is the normal speed.
        speed_percent: u32,
        shape: Shape,
    },
}

/// The format that a vendor calls by this name.
pub(crate) fn picture_format(name: &str) -> PictureFormat {
    match name {
        "png" => PictureFormat::Png,
        "webp" => PictureFormat::Webp,
        _ => PictureFormat::Jpeg,
    }
}

/// How a voice is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Mp3,
    Wav {
        rate: u32,
    },
    Pcm {
        rate: u32,
    },
    MuLaw,
    ALaw,
    /// Silent.
    Opus,
}

impl Work {
    /// Makes the file. Takes milliseconds of computing, so not for the threads that serve.
    pub(crate) fn make(&self) -> Vec<u8> {
        match self {
            Self::Picture { text, width, height, seed, format } => {
                let spec = PictureSpec { text, width: *width, height: *height, seed: *seed };
                media::picture(&spec, *format)
            }
            Self::Clip { text, width, height, milliseconds, sound } => media::clip(&ClipSpec {
                text,
                width: *width,
                height: *height,
                duration_seconds: f64::from(*milliseconds) / 1000.0,
                seed: 0,
                sound: *sound,
            }),
            Self::Voice { text, voice, speed_percent, shape } => {
                let spec = VoiceSpec { text, voice, speed: f64::from(*speed_percent) / 100.0 };
                shape.write(&spec)
            }
        }
    }

    /// What it shows or says: the prompt of its order.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Picture { text, .. } | Self::Clip { text, .. } | Self::Voice { text, .. } => text,
        }
    }

    /// A small file of another kind.
    pub(crate) fn of_another_kind(&self) -> Self {
        let text = self.text().to_owned();
        match self {
            Self::Picture { .. } | Self::Voice { .. } => {
                Self::Clip { text, width: 64, height: 64, milliseconds: 500, sound: false }
            }
            Self::Clip { .. } => {
                Self::Picture { text, width: 64, height: 64, seed: 0, format: PictureFormat::Png }
            }
        }
    }

    pub(crate) fn content_type(&self) -> &'static str {
        match self {
            Self::Picture { format: PictureFormat::Png, .. } => "image/png",
            Self::Picture { format: PictureFormat::Jpeg, .. } => "image/jpeg",
            Self::Picture { format: PictureFormat::Webp, .. } => "image/webp",
            Self::Clip { .. } => "video/mp4",
            Self::Voice { shape, .. } => match shape {
                Shape::Mp3 => "audio/mpeg",
                Shape::Wav { .. } => "audio/wav",
                Shape::Pcm { .. } => "audio/pcm",
                Shape::MuLaw | Shape::ALaw => "audio/basic",
                Shape::Opus => "audio/ogg",
            },
        }
    }

    /// The last part of a link to it.
    pub(crate) fn extension(&self) -> &'static str {
        match self {
            Self::Picture { format: PictureFormat::Png, .. } => "png",
            Self::Picture { format: PictureFormat::Jpeg, .. } => "jpeg",
            Self::Picture { format: PictureFormat::Webp, .. } => "webp",
            Self::Clip { .. } => "mp4",
            Self::Voice { .. } => "mp3",
        }
    }
}

/// Samples in a second of telephone codings.
const TELEPHONE_RATE: u32 = 8000;

impl Shape {
    fn write(self, spec: &VoiceSpec<'_>) -> Vec<u8> {
        match self {
            Self::Mp3 => media::voice_mp3(spec),
            Self::Pcm { rate } => samples(spec, rate).flat_map(i16::to_le_bytes).collect(),
            Self::Wav { rate } => wav(&Self::Pcm { rate }.write(spec), rate),
            Self::Opus => crate::opus::silence(media::voice(spec).duration_seconds()),
            Self::MuLaw => samples(spec, TELEPHONE_RATE).map(mu_law).collect(),
            Self::ALaw => samples(spec, TELEPHONE_RATE).map(a_law).collect(),
        }
    }
}

/// The voice at another rate, by straight lines between its samples.
fn samples(spec: &VoiceSpec<'_>, rate: u32) -> impl Iterator<Item = i16> {
    let sound = media::voice(spec);
    let count = sound.samples.len() as u64 * u64::from(rate) / u64::from(sound.sample_rate);
    (0..count).map(move |index| {
        let place = index * u64::from(sound.sample_rate);
        let before = (place / u64::from(rate)) as usize;
        let part = (place % u64::from(rate)) as f64 / f64::from(rate);
        let sample = |index| sound.samples.get(index).copied().map_or(0.0, f64::from);
        (sample(before) * (1.0 - part) + sample(before + 1) * part) as i16
    })
}

fn wav(samples: &[u8], rate: u32) -> Vec<u8> {
    let length = samples.len() as u32;
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]); // plain samples, one channel
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend([2, 0, 16, 0]); // bytes of a sample, bits of a sample
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

/// A sample in G.711 with the American curve.
fn mu_law(sample: i16) -> u8 {
    const BIAS: i32 = 0x84;
    let sign = if sample < 0 { 0x80 } else { 0 };
    let level = i32::from(sample).abs().min(32_635) + BIAS;
    let exponent = 31 - level.leading_zeros() as i32 - 7;
    let mantissa = (level >> (exponent + 3)) & 0x0f;
    !((sign | (exponent << 4) | mantissa) as u8)
}

/// A sample in G.711 with the European curve.
fn a_law(sample: i16) -> u8 {
    let (sign, level) = if sample >= 0 { (0x80, i32::from(sample)) } else { (0, -i32::from(sample) - 1) };
    let coded = if level < 256 {
        level >> 4
    } else {
        let exponent = 31 - level.leading_zeros() as i32 - 7;
        (exponent << 4) | ((level >> (exponent + 3)) & 0x0f)
    };
    ((sign | coded) as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_codings_follow_their_tables() {
        for (sample, mu, a) in [
            (0, 0xff, 0xd5),
            (-1, 0x7f, 0x55),
            (32_767, 0x80, 0xaa),
            (-32_768, 0x00, 0x2a),
            (1000, 0xce, 0xfa),
        ] {
            assert_eq!(mu_law(sample), mu, "{sample}");
            assert_eq!(a_law(sample), a, "{sample}");
        }
    }

    #[test]
    fn a_voice_keeps_its_length_at_every_rate() {
        let spec = VoiceSpec { text: "one two three", voice: "a", speed: 1.0 };
        let seconds = media::voice(&spec).duration_seconds();
        for rate in [8000, 22_050, 48_000] {
            let made = samples(&spec, rate).count() as f64 / f64::from(rate);
            assert!((made - seconds).abs() < 0.001, "{rate}: {made} instead of {seconds}");
        }
    }
}
