//! A reader of the kind of streams that are written here, and pictures that it reads back. FFmpeg has read the same ones, and
//! found the pixels of their PNG.

use super::*;
use crate::picture::{PictureSpec, scene};
use proptest::prelude::*;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn bits(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |value, place| {
            let bit = self.bytes[self.at / 8] >> (self.at % 8) & 1;
            self.at += 1;
            value | u32::from(bit) << place
        })
    }

    /// The lengths of a code's symbols.
    fn code(&mut self, symbols: usize) -> Vec<u8> {
        let mut lengths = vec![0; symbols];
        if self.bits(1) == 1 {
            let two = self.bits(1) == 1;
            for _ in 0..if self.bits(1) == 1 { 1 + u32::from(two) } else { panic!("not written here") } {
                lengths[self.bits(8) as usize] = 1;
            }
            return lengths;
        }
        let count = self.bits(4) as usize + 4;
        let order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let mut of_lengths = vec![0; 19];
        for place in &order[..count] {
            of_lengths[*place] = self.bits(3) as u8;
        }
        assert_eq!(self.bits(1), 0, "all lengths are told");
        for length in &mut lengths {
            *length = self.symbol(&of_lengths) as u8;
            assert!(*length < 16, "a repetition is not written here");
        }
        lengths
    }

    /// The next symbol: bits are added until they are a code of their length.
    fn symbol(&mut self, lengths: &[u8]) -> usize {
        if lengths.iter().filter(|length| **length > 0).count() == 1 {
            return lengths.iter().position(|length| *length > 0).unwrap();
        }
        let (mut code, mut first) = (0, 0);
        for length in 1..16 {
            code = code << 1 | self.bits(1) as usize;
            let of_length: Vec<usize> =
                (0..lengths.len()).filter(|symbol| lengths[*symbol] == length).collect();
            if let Some(symbol) = (code - first < of_length.len()).then(|| of_length[code - first]) {
                return symbol;
            }
            first = (first + of_length.len()) << 1;
        }
        panic!("no code is that long");
    }
}

/// Width, height, and the colours of all pixels.
fn read(file: &[u8]) -> (usize, usize, Vec<Colour>) {
    let length = |from: usize| u32::from_le_bytes(file[from..from + 4].try_into().unwrap()) as usize;
    assert_eq!((&file[..4], &file[8..16], length(4) + 8), (&b"RIFF"[..], &b"WEBPVP8L"[..], file.len()));
    let mut reader = Reader { bytes: &file[20..20 + length(16)], at: 0 };
    assert_eq!(reader.bits(8), SIGNATURE);
    let (width, height) = (reader.bits(14) as usize + 1, reader.bits(14) as usize + 1);
    assert_eq!((reader.bits(4), reader.bits(1), reader.bits(2)), (0, 1, TABLE_OF_COLOURS));
    let count = reader.bits(8) as usize + 1;
    assert!(count > 16 && reader.bits(1) == 0);
    let codes = [280, 256, 256, 256, 40].map(|symbols| reader.code(symbols));
    let mut colour = [0_u8; 4];
    let table: Vec<Colour> = (0..count)
        .map(|_| {
            for (code, part) in codes.iter().zip([1, 0, 2, 3]) {
                colour[part] = colour[part].wrapping_add(reader.symbol(code) as u8);
            }
            assert_eq!(colour[3], 255);
            [colour[0], colour[1], colour[2]]
        })
        .collect();
    assert_eq!(reader.bits(3), 0);
    let codes = [280, 256, 256, 256, 40].map(|symbols| reader.code(symbols));
    let mut pixels: Vec<usize> = Vec::new();
    while pixels.len() < width * height {
        let symbol = reader.symbol(&codes[0]);
        if symbol < 256 {
            pixels.push(symbol);
            continue;
        }
        let prefix = symbol as u32 - 256;
        let length = match prefix {
            0..4 => prefix,
            _ => (2 + (prefix & 1)) << ((prefix >> 1) - 1) | reader.bits((prefix >> 1) - 1),
        } + 1;
        let distance = if reader.symbol(&codes[4]) == 0 { width } else { 1 };
        for _ in 0..length {
            pixels.push(pixels[pixels.len() - distance]);
        }
    }
    assert_eq!(pixels.len(), width * height, "no copy goes beyond the end");
    assert_eq!(reader.at.div_ceil(8), reader.bytes.len(), "nothing is left");
    (width, height, pixels.into_iter().map(|index| table[index]).collect())
}

fn holds_what_was_drawn(canvas: &Canvas) {
    let colours: Vec<Colour> =
        canvas.pixels().iter().map(|index| canvas.palette()[usize::from(*index)]).collect();
    assert!(read(&webp(canvas)) == (canvas.width(), canvas.height(), colours));
}

#[test]
fn a_landscape_is_read_back_and_small() {
    for (width, height) in [(1, 1), (2, 3), (17, 9), (1023, 77), (320, 200)] {
        holds_what_was_drawn(&scene::draw(&PictureSpec { text: "a red fox", width, height, seed: 9 }));
    }
    let spec = PictureSpec { text: "a red fox jumps over the lazy dog", width: 1024, height: 1024, seed: 3 };
    let file = webp(&scene::draw(&spec));
    assert!(file.len() < 20_000, "{} bytes", file.len());
}

#[test]
fn one_colour_is_a_picture_too() {
    let mut canvas = Canvas::new(4096, 3);
    canvas.colour([1, 2, 3]);
    holds_what_was_drawn(&canvas);
}

proptest! {
    #[test]
    fn any_pixels_are_read_back(
        width in 1_u32..40, height in 1_u32..40, colours in 1_usize..257,
        spans in proptest::collection::vec((0_i64..40, 0_i64..40, 0_i64..40, any::<u8>()), 0..300),
    ) {
        let mut canvas = Canvas::new(width, height);
        for number in 0..colours {
            canvas.colour([number as u8, (number * 7) as u8, 255 - number as u8]);
        }
        for (y, from, to, index) in spans {
            canvas.span(y.min(i64::from(height) - 1), from, to, (usize::from(index) % colours) as u8);
        }
        holds_what_was_drawn(&canvas);
    }
}
