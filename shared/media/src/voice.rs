//! A voice that babbles a text: the rhythm and the sounds of its letters, without being words.

mod mp3;
mod phones;
mod synthesis;
#[cfg(test)]
mod tests;

pub(crate) use mp3::Mp3;

/// What is spoken and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoiceSpec<'text> {
    /// The text; in Latin or Cyrillic letters it is spoken as written, other characters get syllables of their own.
    pub text: &'text str,
    /// Any name: the same name is always the same voice.
    pub voice: &'text str,
    /// 1.0 is about 14 characters a second; brought into 0.25 to 4.
    pub speed: f64,
}

/// Sound with one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Samples, full scale 16 bits.
    pub samples: Vec<i16>,
    /// Samples in a second.
    pub sample_rate: u32,
}

impl Sound {
    /// How long the sound is, in seconds.
    #[must_use]
    pub fn duration_seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.sample_rate)
    }
}

/// Samples in a second: speech needs no more, and MP3 has this rate.
const SAMPLE_RATE: u32 = 24_000;

/// The longest sound, whatever the text. A file of this length stays within a few megabytes as WAV.
const MOST_SECONDS: f64 = 120.0;

/// Speaks the text, for 120 seconds at most. An empty text gives a short silence.
#[must_use]
pub fn voice(spec: &VoiceSpec<'_>) -> Sound {
    let speed = if spec.speed.is_nan() { 1.0 } else { spec.speed.clamp(0.25, 4.0) };
    let phones = phones::phones(spec.text, speed, MOST_SECONDS);
    Sound { samples: synthesis::speak(&phones, spec.voice, SAMPLE_RATE), sample_rate: SAMPLE_RATE }
}

/// Speaks the text into an MP3 file.
#[must_use]
pub fn voice_mp3(spec: &VoiceSpec<'_>) -> Vec<u8> {
    mp3::encode(&voice(spec).samples).into_file()
}

/// Speaks the text into a WAV file.
#[must_use]
pub fn voice_wav(spec: &VoiceSpec<'_>) -> Vec<u8> {
    let Sound { samples, sample_rate } = voice(spec);
    let data_bytes = samples.len() as u32 * 2;
    let mut file = Vec::with_capacity(samples.len() * 2 + 44);
    file.extend(b"RIFF");
    file.extend((data_bytes + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]); // plain samples, one channel
    file.extend(sample_rate.to_le_bytes());
    file.extend((sample_rate * 2).to_le_bytes());
    file.extend([2, 0, 16, 0]); // bytes of a sample, bits of a sample
    file.extend(b"data");
    file.extend(data_bytes.to_le_bytes());
    for sample in samples {
        file.extend(sample.to_le_bytes());
    }
    file
}

/// Speaks the text, cut or followed by silence to last so many seconds.
pub(crate) fn mp3_lasting(spec: &VoiceSpec<'_>, seconds: f64) -> Mp3 {
    let mut sound = voice(spec);
    sound.samples.resize((seconds * f64::from(SAMPLE_RATE)) as usize, 0);
    mp3::encode(&sound.samples)
}
