//! WebP without loss (the bit stream is called VP8L): a table of colours, and then for each pixel its place there, or how
//! many pixels are like those on the left or those above.

mod bits;
mod codes;
#[cfg(test)]
mod tests;

use super::canvas::{Canvas, Colour};
use bits::Bits;
use codes::Code;

/// A first byte that says what the stream is.
const SIGNATURE: u32 = 0x2f;

/// The stream's name for a table of colours.
const TABLE_OF_COLOURS: u32 = 3;

/// Tables with fewer colours would have several pixels packed into one.
const FEWEST_COLOURS: usize = 17;

/// Symbols of the first code of pixels: places in the table, and behind them lengths of copies.
const GREEN_SYMBOLS: usize = 256 + 24;

/// Pixels of a copy: shorter ones are not worth their bits, longer ones have no symbol.
const COPY: (usize, usize) = (3, 4096);

/// Writes a picture.
pub(super) fn webp(canvas: &Canvas) -> Vec<u8> {
    let stream = stream(canvas);
    let padding = stream.len() % 2;
    let mut file = Vec::with_capacity(stream.len() + 21);
    file.extend(b"RIFF");
    file.extend((stream.len() as u32 + 12 + padding as u32).to_le_bytes());
    file.extend(b"WEBPVP8L");
    file.extend((stream.len() as u32).to_le_bytes());
    file.extend(stream);
    file.resize(file.len() + padding, 0);
    file
}

fn stream(canvas: &Canvas) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(SIGNATURE, 8);
    bits.put(canvas.width() as u32 - 1, 14);
    bits.put(canvas.height() as u32 - 1, 14);
    // Nothing is transparent, and the version is 0.
    bits.put(0, 4);
    bits.put(1, 1);
    bits.put(TABLE_OF_COLOURS, 2);
    table(&mut bits, canvas.palette());
    // No more transforms; then no cache of colours, and one set of codes for the whole picture.
    bits.put(0, 3);
    pixels(&mut bits, canvas);
    bits.into_bytes()
}

/// The colours, each as the difference to the one before.
fn table(bits: &mut Bits, palette: &[Colour]) {
    let count = palette.len().max(FEWEST_COLOURS);
    bits.put(count as u32 - 1, 8);
    // No cache of colours.
    bits.put(0, 1);
    let (green, eight, opaque) = (Code::of_bytes(GREEN_SYMBOLS), Code::of_bytes(256), Code::of_two(0, 255));
    // Green, red, blue, transparency, and distances, of which there are none.
    green.write(bits);
    eight.write(bits);
    eight.write(bits);
    Code::write_two(bits, 0, 255);
    Code::write_two(bits, 0, 1);
    let mut before = [0; 3];
    for index in 0..count {
        let colour = palette.get(index).copied().unwrap_or(before);
        let [red, green_part, blue] = [0, 1, 2].map(|part: usize| {
            let of = |colour: Colour| colour.get(part).copied().unwrap_or_default();
            usize::from(of(colour).wrapping_sub(of(before)))
        });
        green.put(bits, green_part);
        eight.put(bits, red);
        eight.put(bits, blue);
        opaque.put(bits, if index == 0 { 255 } else { 0 });
        before = colour;
    }
}

/// A step of the way through the pixels.
#[derive(Clone, Copy)]
enum Step {
    /// One pixel, by its place in the table.
    Pixel(u8),
    /// So many pixels as they stand above, or as the one on the left.
    Copy { length: usize, above: bool },
}

fn pixels(bits: &mut Bits, canvas: &Canvas) {
    let steps = steps(canvas.pixels(), canvas.width());
    let mut counts = vec![0; GREEN_SYMBOLS];
    // A code of one symbol would have no bits, which readers treat as they like.
    let used = steps.iter().map(|step| symbol(*step).0).chain([0, 256]);
    for symbol in used {
        if let Some(count) = counts.get_mut(symbol) {
            *count += 1;
        }
    }
    let green = Code::of_counts(&counts);
    green.write(bits);
    // Red, blue and transparency of pixels mean nothing where there is a table. Of distances two are used: above, left.
    for _ in 0..3 {
        Code::write_one(bits, 0);
    }
    Code::write_two(bits, 0, 1);
    let distance = Code::of_two(0, 1);
    for step in steps {
        let (name, extra, extra_bits) = symbol(step);
        green.put(bits, name);
        if let Step::Copy { above, .. } = step {
            bits.put(extra, extra_bits);
            distance.put(bits, usize::from(!above));
        }
    }
}

/// A step's symbol, and what stands behind it: a value in so many bits.
fn symbol(step: Step) -> (usize, u32, u32) {
    let length = match step {
        Step::Pixel(index) => return (usize::from(index), 0, 0),
        Step::Copy { length, .. } => length as u32 - 1,
    };
    if length < 4 {
        return (256 + length as usize, 0, 0);
    }
    // The highest bit and the next name the symbol, the others stand behind it.
    let high = length.ilog2();
    let further = high - 1;
    let second = length >> further & 1;
    (256 + (2 * high + second) as usize, length & ((1 << further) - 1), further)
}

fn steps(pixels: &[u8], width: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut at = 0;
    while let Some(pixel) = pixels.get(at) {
        let above = like(pixels, at, width);
        let left = like(pixels, at, 1);
        let length = above.max(left);
        if length < COPY.0 {
            steps.push(Step::Pixel(*pixel));
            at += 1;
        } else {
            steps.push(Step::Copy { length, above: above >= left });
            at += length;
        }
    }
    steps
}

/// How many pixels from here on are like those so many places before them.
fn like(pixels: &[u8], at: usize, distance: usize) -> usize {
    let Some(from) = at.checked_sub(distance) else { return 0 };
    let pairs = pixels.iter().skip(at).zip(pixels.iter().skip(from));
    pairs.take(COPY.1).take_while(|(one, other)| one == other).count()
}
