//! Pictures of many sizes and texts.

use super::*;
use crate::{ClipSpec, Facts, Format, Probe, VoiceSpec, clip, sniff, voice_mp3, voice_wav};
use proptest::prelude::*;

const SIZES: [(u32, u32); 8] =
    [(1, 1), (2, 3), (17, 9), (64, 64), (200, 50), (640, 360), (360, 640), (1024, 1024)];

fn spec(text: &str, width: u32, height: u32, seed: u64) -> PictureSpec<'_> {
    PictureSpec { text, width, height, seed }
}

fn size(format: Format, file: &[u8]) -> (u32, u32) {
    assert_eq!(sniff(file), Some(format));
    let mut probe = Probe::new(format);
    probe.feed(file);
    let Facts { width, height, .. } = probe.finish();
    (width.unwrap(), height.unwrap())
}

#[test]
fn pictures_have_the_size_that_was_asked() {
    let long = "word ".repeat(2000);
    for (width, height) in SIZES {
        for text in ["", "a red fox", "Қазақстан — 猫 😀", long.as_str(), "\u{0}\u{202e}"] {
            let spec = spec(text, width, height, 5);
            assert_eq!(size(Format::Png, &picture(&spec, PictureFormat::Png)), (width, height));
        }
        let jpeg = picture(&spec("a red fox", width, height, 5), PictureFormat::Jpeg);
        assert_eq!(size(Format::Jpeg, &jpeg), (width, height));
        let webp = picture(&spec("a red fox", width, height, 5), PictureFormat::Webp);
        assert_eq!(size(Format::Webp, &webp), (width, height));
    }
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(size(Format::Png, &picture(&spec("x", 0, 0, 1), PictureFormat::Png)), (1, 1));
    let wide = picture(&spec("x", u32::MAX, 2, 1), PictureFormat::Png);
    assert_eq!(size(Format::Png, &wide), (4096, 2));
}

#[test]
fn a_png_holds_what_was_drawn() {
    let spec = spec("a red fox", 320, 200, 9);
    let file = picture(&spec, PictureFormat::Png);
    let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let drawn = scene::draw(&spec);
    assert_eq!(pixels, drawn.pixels());
    let palette = reader.info().palette.as_ref().unwrap();
    assert_eq!(palette.as_ref(), drawn.palette().as_flattened());
    assert!(drawn.palette().len() < 250, "a clip adds colours of its own");
}

#[test]
fn text_and_seed_change_the_picture_and_nothing_else_does() {
    let make = |text, seed| picture(&spec(text, 320, 200, seed), PictureFormat::Png);
    assert_eq!(make("a fox", 1), make("a fox", 1));
    assert_ne!(make("a fox", 1), make("a fox", 2));
    assert_ne!(make("a fox", 1), make("a cat", 1));
}

#[test]
fn files_stay_small() {
    let file = picture(&spec("a red fox jumps over the lazy dog", 1024, 1024, 3), PictureFormat::Png);
    assert!(file.len() < 150_000, "{} bytes", file.len());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn any_text_can_be_shown_and_spoken(
        text in "\\PC{0,40}",
        width in 0_u32..150,
        height in 0_u32..150,
        seed in any::<u64>(),
        speed in 2.0..5.0_f64,
    ) {
        let picture_spec = spec(&text, width, height, seed);
        let expected = (width.max(1), height.max(1));
        prop_assert_eq!(size(Format::Png, &picture(&picture_spec, PictureFormat::Png)), expected);
        prop_assert_eq!(size(Format::Jpeg, &picture(&picture_spec, PictureFormat::Jpeg)), expected);
        let clip_spec = ClipSpec { text: &text, width, height, duration_seconds: 0.3, seed, sound: true };
        let expected = ((width & !1).max(2), (height & !1).max(2));
        prop_assert_eq!(size(Format::Mp4, &clip(&clip_spec)), expected);
        let voice_spec = VoiceSpec { text: &text, voice: &text, speed };
        prop_assert_eq!(sniff(&voice_mp3(&voice_spec)), Some(Format::Mp3));
        prop_assert_eq!(sniff(&voice_wav(&voice_spec)), Some(Format::Wav));
    }
}
