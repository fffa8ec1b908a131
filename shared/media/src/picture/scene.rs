//! The landscape: a sky, a sun or moon, hills, and the text on a panel.

use super::PictureSpec;
use super::canvas::{Canvas, Colour};
use super::glyphs::{CELL, draw_line};
use crate::random::Random;
use crate::text::{to_latin, wrap};

/// Colours of the sky from top to bottom. Few enough for a palette, enough for a smooth look.
const SKY_STEPS: usize = 160;
/// Columns of usual text, and of a short text that is drawn as a title.
const COLUMNS: usize = 30;
const TITLE_COLUMNS: usize = 16;
/// No picture shows more of a text than this; a longer one must not cost more.
const MOST_CHARACTERS: usize = 8000;
/// A text with more lines than these is no title.
const TITLE_LINES: usize = 2;

/// Colours that go together.
struct Mood {
    sky_top: Colour,
    sky_bottom: Colour,
    light: Colour,
    glow: f64,
    far: Colour,
    near: Colour,
    stars: bool,
}

const MOODS: [Mood; 6] = [
    // A clear morning.
    Mood {
        sky_top: [58, 123, 213],
        sky_bottom: [214, 236, 250],
        light: [255, 244, 214],
        glow: 0.35,
        far: [139, 178, 196],
        near: [38, 92, 84],
        stars: false,
    },
    // Sunset.
    Mood {
        sky_top: [54, 37, 104],
        sky_bottom: [255, 166, 112],
        light: [255, 224, 150],
        glow: 0.4,
        far: [178, 92, 118],
        near: [52, 28, 66],
        stars: false,
    },
    // Night.
    Mood {
        sky_top: [10, 16, 46],
        sky_bottom: [58, 84, 138],
        light: [240, 240, 222],
        glow: 0.12,
        far: [48, 68, 112],
        near: [12, 22, 44],
        stars: true,
    },
    // Fog.
    Mood {
        sky_top: [126, 150, 158],
        sky_bottom: [236, 232, 220],
        light: [255, 252, 240],
        glow: 0.5,
        far: [176, 190, 188],
        near: [66, 88, 92],
        stars: false,
    },
    // Dawn in the mountains.
    Mood {
        sky_top: [32, 66, 120],
        sky_bottom: [250, 196, 190],
        light: [255, 238, 220],
        glow: 0.4,
        far: [140, 132, 172],
        near: [44, 48, 88],
        stars: false,
    },
    // The steppe.
    Mood {
        sky_top: [30, 142, 190],
        sky_bottom: [246, 230, 176],
        light: [255, 236, 150],
        glow: 0.4,
        far: [206, 178, 106],
        near: [104, 82, 40],
        stars: false,
    },
];

/// Draws the scene. Both sides are at least 1 and within the bounds of [`super::MOST_PIXELS`].
pub(crate) fn draw(spec: &PictureSpec<'_>) -> Canvas {
    let mut canvas = Canvas::new(spec.width, spec.height);
    let mut random = Random::new(spec.seed, spec.text);
    let [first, others @ ..] = &MOODS;
    let chosen = (random.next() % MOODS.len() as u64) as usize;
    let mood = chosen.checked_sub(1).and_then(|index| others.get(index)).unwrap_or(first);
    sky(&mut canvas, mood);
    if mood.stars {
        stars(&mut canvas, &mut random);
    }
    light(&mut canvas, mood, &mut random);
    hills(&mut canvas, mood, &mut random);
    words(&mut canvas, spec.text);
    canvas
}

fn sky(canvas: &mut Canvas, mood: &Mood) {
    for step in 0..SKY_STEPS {
        canvas.colour(mix(mood.sky_top, mood.sky_bottom, step as f64 / (SKY_STEPS - 1) as f64));
    }
    let (width, height) = (canvas.width() as i64, canvas.height());
    for y in 0..height {
        // The hills hide the lowest third, so the sky ends there.
        let step = (y * SKY_STEPS * 3 / 2 / height).min(SKY_STEPS - 1);
        canvas.span(y as i64, 0, width, step as u8);
    }
}

fn stars(canvas: &mut Canvas, random: &mut Random) {
    let index = canvas.colour([226, 232, 250]);
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    let dot = (width.min(height) / 360.0).round().max(1.0);
    for _ in 0..60 {
        let (x, y) = (random.within(0.0, width), random.within(0.0, height * 0.5));
        canvas.rectangle(x as i64, y as i64, dot as i64, dot as i64, index);
    }
}

/// A sun or a moon with rings of glow.
fn light(canvas: &mut Canvas, mood: &Mood, random: &mut Random) {
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    let centre = (width * random.within(0.2, 0.8), height * random.within(0.16, 0.3));
    let radius = width.min(height) * random.within(0.08, 0.12);
    let behind = mix(mood.sky_top, mood.sky_bottom, centre.1 * 1.5 / height);
    for ring in [3_u8, 2, 1] {
        let index = canvas.colour(mix(behind, mood.light, mood.glow / f64::from(ring)));
        let radius = radius * (1.0 + 0.28 * f64::from(ring));
        canvas.ellipse(centre, (radius, radius), index);
    }
    let index = canvas.colour(mood.light);
    canvas.ellipse(centre, (radius, radius), index);
}

/// Rows of hills, from the palest at the back to the darkest in front. Each row is a few wide ellipses.
fn hills(canvas: &mut Canvas, mood: &Mood, random: &mut Random) {
    const ROWS: u8 = 4;
    let (width, height) = (canvas.width() as f64, canvas.height() as f64);
    for row in 0..ROWS {
        let nearness = f64::from(row) / f64::from(ROWS - 1);
        let index = canvas.colour(mix(mood.far, mood.near, nearness));
        let top = height * (0.5 + 0.12 * f64::from(row));
        let count = 2 + i32::from(row % 2);
        for hill in 0..=count {
            let x = width * (f64::from(hill) + random.within(-0.3, 0.3)) / f64::from(count);
            let rise = height * random.within(0.02, 0.14);
            let radius = (width * random.within(0.35, 0.6), height * 0.5 + rise);
            canvas.ellipse((x, top + height * 0.5), radius, index);
        }
        // What lies between the feet of the hills belongs to them.
        canvas.rectangle(0, (top + height * 0.12) as i64, width as i64, height as i64, index);
    }
}

/// The text on a dark panel.
fn words(canvas: &mut Canvas, text: &str) {
    let (width, height) = (canvas.width(), canvas.height());
    let shown: String = text.chars().take(MOST_CHARACTERS).collect();
    let Some((scale, lines)) = layout(&to_latin(&shown), width, height) else {
        return;
    };
    let Some(longest) = lines.iter().map(Vec::len).max() else {
        return;
    };
    let (letter, line) = ((CELL * scale) as i64, (CELL * scale * 5 / 4) as i64);
    let margin = letter / 2;
    let (inner_width, inner_height) = (longest as i64 * letter, lines.len() as i64 * line - letter / 4);
    let left = (width as i64 - inner_width) / 2;
    // The foot of the picture stays free for the progress bar of a clip.
    let top = (height as i64 * 86 / 100 - inner_height - margin).max(margin);
    let panel = canvas.colour([22, 26, 38]);
    canvas.rounded(
        left - margin,
        top - margin,
        inner_width + 2 * margin,
        inner_height + 2 * margin,
        margin,
        panel,
    );
    let ink = canvas.colour([248, 247, 242]);
    for (row, characters) in lines.iter().enumerate() {
        let indent = (longest - characters.len()) as i64 * letter / 2;
        draw_line(canvas, characters, left + indent, top + row as i64 * line, scale, ink);
    }
}

/// The scale at which a text is drawn and its lines: as large as it fits. `None` where not even a letter fits.
fn layout(text: &str, width: usize, height: usize) -> Option<(usize, Vec<Vec<char>>)> {
    let largest = |columns: usize| (width / (CELL * columns)).min(height / (CELL * 12)).max(1);
    let usual = largest(COLUMNS);
    (1..=largest(TITLE_COLUMNS)).rev().find_map(|scale| {
        let columns = width * 84 / 100 / (CELL * scale);
        // A line takes its letters and a quarter of their height between the lines.
        let room = height * 44 / 100 / (CELL * scale * 5 / 4);
        let most_lines = if scale > usual { room.min(TITLE_LINES) } else { room };
        if columns == 0 || most_lines == 0 {
            return None;
        }
        let lines = wrap(text, columns, most_lines + 1);
        if lines.len() <= most_lines {
            return Some((scale, lines));
        }
        // Cutting a text off is better than letters that nobody can read.
        let smallest = scale == 1 || scale * 360 <= width.min(height);
        (smallest && scale <= usual).then(|| (scale, wrap(text, columns, most_lines)))
    })
}

fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    let share = share.clamp(0.0, 1.0);
    let mut mixed = from;
    for (own, other) in mixed.iter_mut().zip(to) {
        *own = (f64::from(*own) + (f64::from(other) - f64::from(*own)) * share).round() as u8;
    }
    mixed
}
