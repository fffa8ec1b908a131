//! Sounds that go through the encoder and a decoder that is not ours.

use super::*;
use crate::random::Random;
use proptest::prelude::*;

/// Samples by which a decoder is late: what the filters on both sides look back at.
const DELAY: usize = 1057;

/// What a decoder makes of the sound: exactly as many samples as the frames hold.
fn heard(samples: &[i16]) -> Vec<i16> {
    let decoded = nanomp3::decode_all::<i16>(&encode(samples).into_file());
    assert_eq!((decoded.sample_rate, decoded.channels), (SAMPLE_RATE, Some(nanomp3::Channels::Mono)));
    assert_eq!(decoded.samples.len(), samples.len().next_multiple_of(SAMPLES_PER_FRAME));
    decoded.samples
}

/// How much stronger the sound is than what the way through MP3 adds to it or takes from it, in decibels.
fn clearness(samples: &[i16]) -> f64 {
    let energy = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let heard = heard(samples);
    let pairs: Vec<(f64, f64)> = std::iter::zip(samples, &heard[DELAY..])
        .map(|(said, heard)| (f64::from(*said), f64::from(*heard)))
        .collect();
    let sound = energy(&mut pairs.iter().map(|(said, _)| *said));
    let noise = energy(&mut pairs.iter().map(|(said, heard)| said - heard));
    10.0 * (sound / noise).log10()
}

/// One second of a sound that is a function of the seconds.
fn second(sound: impl FnMut(f64) -> f64) -> Vec<i16> {
    let seconds = (0..SAMPLE_RATE).map(|sample| f64::from(sample) / f64::from(SAMPLE_RATE));
    seconds.map(sound).map(|value| (value * 32_767.0) as i16).collect()
}

fn tone(hertz: f64, strength: f64) -> Vec<i16> {
    second(|seconds| (seconds * hertz * std::f64::consts::TAU).sin() * strength)
}

#[test]
fn sounds_come_back() {
    let mut random = Random::new(1, "noise");
    let sounds = [
        ("low tone", tone(110.0, 0.5), 40.0),
        ("tone", tone(1000.0, 0.9), 40.0),
        ("high tone", tone(7000.0, 0.5), 40.0),
        ("tone between two bands", tone(1125.0, 0.5), 40.0),
        ("faint tone", tone(440.0, 0.005), 30.0),
        ("square", second(|seconds| if seconds * 200.0 % 1.0 < 0.5 { 0.6 } else { -0.6 }), 20.0),
        ("noise", second(|_| random.within(-0.9, 0.9)), 6.0),
    ];
    for (name, samples, least) in sounds {
        let clearness = clearness(&samples);
        assert!(clearness > least, "{name}: {clearness} decibels");
    }
}

#[test]
fn silence_is_silent() {
    assert!(heard(&[0; 5000]).iter().all(|sample| *sample == 0));
    assert!(encode(&[]).frames.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_sound_fits_into_its_frames(samples in prop::collection::vec(any::<i16>(), 1..3000)) {
        let mp3 = encode(&samples);
        prop_assert_eq!(mp3.frames.len(), samples.len().div_ceil(SAMPLES_PER_FRAME));
        for frame in &mp3.frames {
            prop_assert!(frame.starts_with(&HEAD));
            prop_assert_eq!(frame.len(), FRAME_BYTES);
        }
        heard(&samples);
    }
}
