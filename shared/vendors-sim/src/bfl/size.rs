//! The size of a picture.

use super::models::Sizing;

/// Sizes that Kontext makes, as width and height; it takes the one whose form is the nearest.
const KONTEXT: [(u32, u32); 17] = [
    (672, 1568),
    (688, 1504),
    (720, 1456),
    (752, 1392),
    (800, 1328),
    (832, 1248),
    (880, 1184),
    (944, 1104),
    (1024, 1024),
    (1104, 944),
    (1184, 880),
    (1248, 832),
    (1328, 800),
    (1392, 752),
    (1456, 720),
    (1504, 688),
    (1568, 672),
];

/// What a request tells about the size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    /// Width to height.
    pub(super) ratio: Option<f64>,
    /// The size of the first input, where it can be seen.
    pub(super) input: Option<(u32, u32)>,
    /// What is added to the width and to the height.
    pub(super) added: (u32, u32),
    /// Whether a clip is to have the finer of the two resolutions.
    pub(super) fine: bool,
}

/// Width and height of the picture.
pub(super) fn decide(sizing: Sizing, wish: Wish) -> (u32, u32) {
    let of_input = wish.input.map(|(width, height)| f64::from(width) / f64::from(height));
    match sizing {
        Sizing::Asked => (wish.width.unwrap_or(1024), wish.height.unwrap_or(768)),
        Sizing::Ultra => {
            let ratio = wish.ratio.unwrap_or(16.0 / 9.0);
            let side = |pixels: f64| (pixels / 32.0).ceil() as u32 * 32;
            (side(2048.0 * ratio.sqrt()), side(2048.0 / ratio.sqrt()))
        }
        Sizing::Kontext => nearest(wish.ratio.or(of_input).unwrap_or(1.0)),
        Sizing::Second => {
            let (width, height) = wish.input.map_or((1024, 1024), like_input);
            (wish.width.unwrap_or(width), wish.height.unwrap_or(height))
        }
        Sizing::Filled => wish.input.unwrap_or((1024, 1024)),
        Sizing::Expanded => {
            let (width, height) = wish.input.unwrap_or((1024, 1024));
            (width + wish.added.0, height + wish.added.1)
        }
        Sizing::Clip => {
            let short = if wish.fine { 1080.0 } else { 720.0 };
            let ratio = wish.ratio.or(of_input).unwrap_or(16.0 / 9.0);
            let side = |pixels: f64| (pixels / 2.0).round() as u32 * 2;
            if ratio >= 1.0 { (side(short * ratio), side(short)) } else { (side(short), side(short / ratio)) }
        }
    }
}

fn nearest(ratio: f64) -> (u32, u32) {
    let distance = |(width, height): (u32, u32)| (f64::from(width) / f64::from(height) / ratio).ln().abs();
    KONTEXT
        .into_iter()
        .min_by(|one, other| distance(*one).total_cmp(&distance(*other)))
        .unwrap_or((1024, 1024))
}

/// The size of the input in steps of 16, made smaller or larger where FLUX.2 has its limits.
fn like_input((width, height): (u32, u32)) -> (u32, u32) {
    let pixels = f64::from(width) * f64::from(height);
    let scale = (2048.0 * 2048.0 / pixels).sqrt().min(1.0);
    let side = |pixels: u32| ((f64::from(pixels) * scale / 16.0).floor() as u32 * 16).max(64);
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_vendor() {
        let ratio = |ratio| Wish { ratio: Some(ratio), ..Wish::default() };
        let input = |size| Wish { input: Some(size), ..Wish::default() };
        let cases = [
            (Sizing::Asked, Wish::default(), (1024, 768)),
            (Sizing::Asked, Wish { width: Some(256), ..Wish::default() }, (256, 768)),
            (Sizing::Ultra, Wish::default(), (2752, 1536)),
            (Sizing::Ultra, ratio(1.0), (2048, 2048)),
            (Sizing::Ultra, ratio(21.0 / 9.0), (3136, 1344)),
            (Sizing::Kontext, Wish::default(), (1024, 1024)),
            (Sizing::Kontext, ratio(16.0 / 9.0), (1392, 752)),
            (Sizing::Kontext, input((300, 600)), (720, 1456)),
            (Sizing::Second, Wish::default(), (1024, 1024)),
            (Sizing::Second, input((1000, 500)), (992, 496)),
            (Sizing::Second, input((4096, 4096)), (2048, 2048)),
            (Sizing::Second, input((20, 20)), (64, 64)),
            (Sizing::Filled, input((301, 200)), (301, 200)),
            (Sizing::Expanded, Wish { added: (100, 0), ..input((301, 200)) }, (401, 200)),
            (Sizing::Clip, Wish::default(), (1280, 720)),
            (Sizing::Clip, Wish { fine: true, ..ratio(9.0 / 16.0) }, (1080, 1920)),
        ];
        for (sizing, wish, expected) in cases {
            assert_eq!(decide(sizing, wish), expected, "{sizing:?} {wish:?}");
        }
    }
}
