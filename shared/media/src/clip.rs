//! Clips that show a text over a small landscape, with a bar that fills as time passes.

mod bits;
mod h264;
mod mp4;
mod planes;
#[cfg(test)]
mod tests;

use crate::picture::{MOST_PIXELS, PictureSpec, scene};
use crate::voice::{self, VoiceSpec};
use h264::Encoder;
use planes::Planes;

/// What a clip shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClipSpec<'text> {
    /// The text to draw, and to speak if there is sound.
    pub text: &'text str,
    /// Width in pixels: brought into 2 to 4096 and down to an even number.
    pub width: u32,
    /// Height in pixels: brought into 2 to 4096 and down to an even number.
    pub height: u32,
    /// Seconds, exact to a millisecond, brought into 0.1 to 60.
    pub duration_seconds: f64,
    /// Another seed gives another landscape.
    pub seed: u64,
    /// Whether a voice speaks the text.
    pub sound: bool,
}

/// Milliseconds that a frame is shown. Ten frames a second let one see time pass and cost little.
const FRAME_MILLISECONDS: u32 = 100;

/// Makes a clip: MP4 with H.264, and MP3 if sound is asked for. The same spec gives the same bytes.
#[must_use]
pub fn clip(spec: &ClipSpec<'_>) -> Vec<u8> {
    let even = |pixels: u32| pixels.clamp(2, MOST_PIXELS) & !1;
    let (width, height) = (even(spec.width), even(spec.height));
    let milliseconds = milliseconds(spec.duration_seconds);
    let mut canvas = scene::draw(&PictureSpec { text: spec.text, width, height, seed: spec.seed });
    let empty = canvas.colour([58, 62, 74]);
    let full = canvas.colour([255, 196, 61]);
    let bar = Bar::at_the_foot(height);
    canvas.rectangle(0, bar.top, width.into(), bar.height, empty);

    let mut planes = Planes::new(&canvas);
    let mut encoder = Encoder::new(width, height);
    let mut frames = vec![encoder.key_frame(&planes)];
    let count = (milliseconds / FRAME_MILLISECONDS).max(2);
    let mut filled = 0;
    for frame in 1..count {
        let fill = i64::from(width) * i64::from(frame) / i64::from(count - 1);
        canvas.rectangle(filled, bar.top, fill - filled, bar.height, full);
        let changed = planes.refresh(&canvas, filled..fill, bar.top..bar.top + bar.height);
        frames.push(encoder.next_frame(&planes, changed));
        filled = fill;
    }
    let sound = spec.sound.then(|| {
        let voice = VoiceSpec { text: spec.text, voice: "", speed: 1.0 };
        voice::mp3_lasting(&voice, f64::from(milliseconds) / 1000.0)
    });
    mp4::write(&mp4::Movie {
        width,
        height,
        milliseconds,
        frame_milliseconds: FRAME_MILLISECONDS,
        parameters: encoder.parameters(),
        frames: &frames,
        sound: sound.as_ref(),
    })
}

fn milliseconds(seconds: f64) -> u32 {
    // Not a number becomes 0 by the cast, then the least duration.
    ((seconds * 1000.0).round() as u32).clamp(FRAME_MILLISECONDS, 60_000)
}

/// Where the progress bar lies.
struct Bar {
    top: i64,
    height: i64,
}

impl Bar {
    /// The last whole row of macroblocks, so that a full or an empty part costs nothing; a thin line in small clips.
    fn at_the_foot(height: u32) -> Self {
        let height = i64::from(height);
        if height >= 160 {
            return Self { top: (height / 16 - 1) * 16, height: 16 };
        }
        let thin = (height / 16).max(1);
        Self { top: height - thin, height: thin }
    }
}
