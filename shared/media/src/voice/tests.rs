//! Voices of many texts.

use super::*;
use crate::{Format, Probe, sniff};

fn spec<'text>(text: &'text str, voice: &'text str, speed: f64) -> VoiceSpec<'text> {
    VoiceSpec { text, voice, speed }
}

fn duration(format: Format, file: &[u8]) -> f64 {
    assert_eq!(sniff(file), Some(format));
    let mut probe = Probe::new(format);
    probe.feed(file);
    probe.finish().duration_seconds.unwrap()
}

const ENGLISH: &str =
    "The quick brown fox jumps over the lazy dog while the morning light falls on the wide steppe";
const KAZAKH: &str = "Қазақстанның кең даласында күн шығып келеді де жылқылар өзенге қарай баяу жүріп барады";

#[test]
fn ordinary_text_has_about_fourteen_characters_a_second() {
    for text in [ENGLISH, KAZAKH] {
        let seconds = voice(&spec(text, "anna", 1.0)).duration_seconds();
        let rate = text.chars().count() as f64 / seconds;
        assert!((12.0..16.0).contains(&rate), "{rate} characters a second: {text}");
        let slow = voice(&spec(text, "anna", 0.5)).duration_seconds();
        assert!((slow / seconds - 2.0).abs() < 0.01, "{slow} against {seconds}");
    }
}

#[test]
fn durations_are_bounded() {
    let empty = voice(&spec("", "", 1.0)).duration_seconds();
    assert!((0.1..1.0).contains(&empty), "{empty}");
    assert!(voice(&spec("", "", 1.0)).samples.iter().all(|sample| *sample == 0));
    let endless = "a very long story ".repeat(5000);
    let seconds = voice(&spec(&endless, "anna", 0.0)).duration_seconds();
    assert!((119.9..=120.0).contains(&seconds), "{seconds}");
    for speed in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(voice(&spec("hello", "anna", speed)).duration_seconds() > 0.1);
    }
}

#[test]
fn speech_is_audible_and_not_overdriven() {
    for name in ["anna", "boris", "Айгерім", ""] {
        for text in [ENGLISH, KAZAKH, "猫が好きです。", "AAAA!!!", "12345"] {
            let samples = voice(&spec(text, name, 1.0)).samples;
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((5_000..32_000).contains(&loudest), "{loudest} with {name} in {text}");
        }
    }
}

#[test]
fn a_name_is_always_the_same_voice() {
    let make = |name| voice(&spec("hello", name, 1.0)).samples;
    assert_eq!(make("anna"), make("anna"));
    assert_ne!(make("anna"), make("boris"));
}

#[test]
fn files_last_as_long_as_the_voice() {
    for text in ["", "hello there", KAZAKH] {
        let spec = spec(text, "anna", 1.0);
        let seconds = voice(&spec).duration_seconds();
        assert!((duration(Format::Wav, &voice_wav(&spec)) - seconds).abs() < 1e-9);
        let mp3 = duration(Format::Mp3, &voice_mp3(&spec));
        // MP3 has whole frames of 24 milliseconds.
        assert!((0.0..=0.025).contains(&(mp3 - seconds)), "{mp3} against {seconds}");
    }
}

#[test]
fn sound_of_a_given_length() {
    let mp3 = mp3_lasting(&spec("hello there", "anna", 1.0), 3.0);
    assert_eq!(mp3.frames.len() as u32 * mp3.samples_per_frame, 3 * mp3.sample_rate);
    assert!(mp3.frames.iter().all(|frame| frame.len() == mp3.frames[0].len()));
}
