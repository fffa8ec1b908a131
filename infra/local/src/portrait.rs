//! A face for trying avatars: drawn, so that no real person is shown.

use jpeg_encoder::{ColorType, Encoder};

const WIDTH: u16 = 512;
const HEIGHT: u16 = 640;
const JPEG_QUALITY: u8 = 88;

/// One filled ellipse in pixels; `upper` and `lower` cut it off at a row.
struct Shape {
    centre: (f32, f32),
    radii: (f32, f32),
    rows: (f32, f32),
    colour: [u8; 3],
}

/// From back to front.
const SHAPES: [Shape; 14] = [
    shape((256.0, 690.0), (230.0, 190.0), [52, 84, 130]), // shoulders
    shape((256.0, 500.0), (62.0, 90.0), [206, 158, 128]), // neck
    shape((256.0, 270.0), (172.0, 206.0), [62, 42, 34]),  // hair
    shape((92.0, 310.0), (26.0, 44.0), [214, 166, 136]),  // ears
    shape((420.0, 310.0), (26.0, 44.0), [214, 166, 136]),
    shape((256.0, 312.0), (150.0, 190.0), [232, 186, 154]), // face
    cut((256.0, 190.0), (158.0, 92.0), (0.0, 196.0), [62, 42, 34]), // fringe
    shape((196.0, 296.0), (32.0, 20.0), [250, 248, 244]),   // eyes
    shape((316.0, 296.0), (32.0, 20.0), [250, 248, 244]),
    shape((196.0, 297.0), (15.0, 15.0), [58, 40, 30]), // pupils
    shape((316.0, 297.0), (15.0, 15.0), [58, 40, 30]),
    shape((256.0, 362.0), (20.0, 26.0), [214, 160, 130]), // nose
    shape((256.0, 424.0), (58.0, 22.0), [176, 74, 72]),   // lips
    shape((256.0, 420.0), (44.0, 8.0), [122, 40, 44]),    // mouth
];

const fn shape(centre: (f32, f32), radii: (f32, f32), colour: [u8; 3]) -> Shape {
    cut(centre, radii, (0.0, HEIGHT as f32), colour)
}

const fn cut(centre: (f32, f32), radii: (f32, f32), rows: (f32, f32), colour: [u8; 3]) -> Shape {
    Shape { centre, radii, rows, colour }
}

/// The portrait as a JPEG.
pub(crate) fn portrait() -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            pixels.extend_from_slice(&colour_at(f32::from(x), f32::from(y)));
        }
    }
    let mut file = Vec::new();
    #[expect(
        clippy::expect_used,
        reason = "writing to memory cannot fail, and the pixels have the size told"
    )]
    Encoder::new(&mut file, JPEG_QUALITY)
        .encode(&pixels, WIDTH, HEIGHT, ColorType::Rgb)
        .expect("could not write a picture to memory");
    file
}

fn colour_at(x: f32, y: f32) -> [u8; 3] {
    let background = [190.0 - y / 12.0, 208.0 - y / 14.0, 220.0 - y / 20.0];
    SHAPES
        .iter()
        .filter(|shape| (shape.rows.0..=shape.rows.1).contains(&y))
        .fold(background, |below, shape| {
            let covered = coverage(shape, x, y);
            let mix = |below: f32, above: u8| below + (f32::from(above) - below) * covered;
            let [red, green, blue] = below;
            let [over_red, over_green, over_blue] = shape.colour;
            [mix(red, over_red), mix(green, over_green), mix(blue, over_blue)]
        })
        .map(|part| part as u8)
}

/// How much of a pixel an ellipse covers: 0 to 1, with a soft edge of about a pixel.
fn coverage(shape: &Shape, x: f32, y: f32) -> f32 {
    let (dx, dy) = ((x - shape.centre.0) / shape.radii.0, (y - shape.centre.1) / shape.radii.1);
    let inside = 1.0 - (dx * dx + dy * dy).sqrt();
    (inside * shape.radii.0.min(shape.radii.1) + 0.5).clamp(0.0, 1.0)
}
