//! What the simulator makes: sizes and lengths as the order asks for them, within reason.

use super::script;
use crate::{Drawing, Source, Task, VendorFile, kit};
use jobs::{Kind, Options};

/// Longest clip, in seconds: rehearsals should stay small.
const MOST_SECONDS: f64 = 60.0;

/// Sides of a picture, in pixels.
const PICTURE_SIDES: (u32, u32) = (64, 4096);

/// Most pictures of one order.
const MOST_PICTURES: i64 = 4;

/// The finished files of a job.
pub(super) fn files(task: &Task<'_>) -> Vec<VendorFile> {
    let count = match task.job.order.kind {
        Kind::Image => task.job.plan.options.whole("count").unwrap_or(1).clamp(1, MOST_PICTURES),
        Kind::Video | Kind::Audio | Kind::Avatar => 1,
    };
    (0..count.unsigned_abs()).map(|number| file(task, number)).collect()
}

fn file(task: &Task<'_>, number: u64) -> VendorFile {
    let (kind, options, text) = (task.job.order.kind, &task.job.plan.options, script::text(task));
    let speed = options.number("speed").unwrap_or(1.0).clamp(0.25, 4.0);
    let (width, height) = match kind {
        Kind::Image => picture_size(options),
        Kind::Video | Kind::Avatar => clip_size(options),
        Kind::Audio => (0, 0),
    };
    let seconds = match kind {
        Kind::Image => 0.0,
        Kind::Video => options.number("duration").unwrap_or(5.0),
        Kind::Audio | Kind::Avatar => speaking_time(text) / speed,
    };
    let voice = options.text("voice").or(task.job.order.input.voice.as_deref()).unwrap_or_default();
    let drawing = Drawing {
        kind,
        text: text.to_owned(),
        width,
        height,
        seconds: if seconds > 0.0 { seconds.clamp(1.0, MOST_SECONDS) } else { 0.0 },
        voice: voice.to_owned(),
        speed,
        seed: seed(task).wrapping_add(number),
    };
    let becomes = if kind == Kind::Avatar { Kind::Video } else { kind };
    VendorFile { kind: becomes, source: Source::Make(drawing) }
}

fn picture_size(options: &Options) -> (u32, u32) {
    let (least, most) = PICTURE_SIDES;
    kit::picture_wish(options)
        .map_or((1024, 1024), |(shape, pixels)| shape.with_pixels(pixels, 2, least, most))
}

fn clip_size(options: &Options) -> (u32, u32) {
    let shape = options.text("aspectRatio").and_then(kit::Shape::parse).unwrap_or(kit::Shape::WIDE);
    let short = options.text("resolution").and_then(kit::short_side).unwrap_or(720);
    shape.with_short_side(short)
}

/// Seconds that a text takes to be said: about fifteen letters in one.
fn speaking_time(text: &str) -> f64 {
    f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX)).max(1.0) / 15.0
}

/// The caller's seed, or one that belongs to the job: asked for twice, the same file comes out.
fn seed(task: &Task<'_>) -> u64 {
    let own = task.job.plan.options.whole("seed").map(i64::unsigned_abs);
    own.unwrap_or_else(|| {
        task.job.id.as_str().bytes().fold(17, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
    })
}
