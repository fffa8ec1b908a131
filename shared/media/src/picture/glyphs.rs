//! Letters as bits: an 8 by 8 font, drawn in squares.

use super::canvas::Canvas;
use font8x8::{
    BASIC_FONTS, BLOCK_FONTS, BOX_FONTS, GREEK_FONTS, HIRAGANA_FONTS, LATIN_FONTS, MISC_FONTS, UnicodeFonts,
};

/// Pixels of a letter at scale 1, in both directions.
pub(super) const CELL: usize = 8;

/// Draws a line of characters, `scale` pixels for each pixel of the font.
pub(super) fn draw_line(
    canvas: &mut Canvas,
    characters: &[char],
    left: i64,
    top: i64,
    scale: usize,
    index: u8,
) {
    for (column, character) in characters.iter().enumerate() {
        let left = left + (column * CELL * scale) as i64;
        draw_glyph(canvas, &glyph(*character), left, top, scale, index);
    }
}

fn draw_glyph(canvas: &mut Canvas, glyph: &[u8; CELL], left: i64, top: i64, scale: usize, index: u8) {
    for (row, bits) in glyph.iter().enumerate() {
        let top = top + (row * scale) as i64;
        for run in runs(*bits) {
            let (left, width) = (left + (run.start * scale) as i64, (run.len() * scale) as i64);
            canvas.rectangle(left, top, width, scale as i64, index);
        }
    }
}

/// Where the set bits lie, from the lowest on; the lowest bit is the leftmost pixel.
fn runs(bits: u8) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut from = 0_usize;
    std::iter::from_fn(move || {
        let rest = bits.checked_shr(from as u32).unwrap_or(0);
        if rest == 0 {
            return None;
        }
        let start = from + rest.trailing_zeros() as usize;
        let length = bits.checked_shr(start as u32).unwrap_or(0).trailing_ones() as usize;
        from = start + length;
        Some(start..from)
    })
}

/// The eight rows of a character. One that the font lacks gets a tile of its own, the same each time.
fn glyph(character: char) -> [u8; CELL] {
    BASIC_FONTS
        .get(character)
        .or_else(|| LATIN_FONTS.get(character))
        .or_else(|| GREEK_FONTS.get(character))
        .or_else(|| HIRAGANA_FONTS.get(character))
        .or_else(|| BOX_FONTS.get(character))
        .or_else(|| BLOCK_FONTS.get(character))
        .or_else(|| MISC_FONTS.get(character))
        .unwrap_or_else(|| tile(character))
}

/// A mirrored pattern of the character's bits within a frame, so that two unknown characters look different.
fn tile(character: char) -> [u8; CELL] {
    let mixed = u32::from(character).wrapping_mul(0x9e37_79b1);
    let mut rows = [0b0111_1110; CELL];
    for (row, bits) in rows.iter_mut().enumerate().skip(1).take(5) {
        let half = (mixed >> (row * 5) & 0b11) as u8;
        let mirrored = half << 2 | (half & 1) << 5 | (half >> 1) << 4;
        *bits = 0b0100_0010 | mirrored;
    }
    if let Some(last) = rows.last_mut() {
        *last = 0;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_the_set_bits() {
        let found = |bits| runs(bits).collect::<Vec<_>>();
        assert_eq!(found(0), []);
        assert_eq!(found(0b0110_1001), [0..1, 3..4, 5..7]);
        assert_eq!(found(0b1011_1111), [0..6, 7..8]);
        assert_eq!(found(u8::MAX).len(), 1);
    }

    #[test]
    fn unknown_characters_differ_from_each_other() {
        assert_ne!(glyph('猫'), glyph('犬'));
        assert_eq!(glyph('猫'), glyph('猫'));
        assert_ne!(glyph('A'), glyph('B'));
    }
}
