//! From a spectrum to bits: the finest steps whose codes fit into a frame.

use super::LINES;
use super::codes::{Table, put_sign};
use crate::bits::Bits;

/// Bytes of the side information, which comes before the codes.
pub(super) const SIDE_BYTES: usize = 9;

/// Lines in the first and in the second part of the large values; each part has a table of its own.
const PARTS: [usize; 2] = [54, 140];
/// How a frame says so: bands that the standard has for 24 kHz in each of the two, less one.
const BANDS_IN_PARTS: [u32; 2] = [7, 6];

/// The size of a step is a fourth root of 2 to the power of a number; this is the coarsest.
const COARSEST: u32 = 255;
/// The number that stands for steps of size 1.
const STEPS_OF_ONE: f32 = 210.0;
/// Added before a value is cut to a whole number. Half would be too much, as small values are the more likely ones.
const ROUNDING: f32 = 0.4054;

/// Side information and codes of a spectrum, for the room that a frame has.
pub(super) fn write(spectrum: &[f32], tables: &[Table], room_bytes: usize) -> Vec<u8> {
    let room_bits = (room_bytes - SIDE_BYTES) * 8;
    // Loud lines get coarser steps: a whole number stands for its power of 4/3.
    let powers: Vec<f32> =
        spectrum.iter().map(|line| (line.abs() * line.abs().sqrt()).sqrt().copysign(*line)).collect();
    // With the coarsest steps no line is left, so that something always fits.
    let mut best = Plan { steps: COARSEST, ..Plan::default() };
    let mut finest = 0;
    while finest < best.steps {
        let middle = (finest + best.steps) / 2;
        match Plan::new(&powers, middle, tables).filter(|plan| plan.bits() as usize <= room_bits) {
            Some(plan) => best = plan,
            None => finest = middle + 1,
        }
    }
    best.write()
}

/// A spectrum in steps, and how it is to be written.
#[derive(Default)]
struct Plan<'tables> {
    steps: u32,
    /// An even number of values, written in pairs.
    large: Vec<i32>,
    /// Values of at most 1 after these, written by four. All others are 0.
    small: Vec<i32>,
    /// The table of each part of the large values; a part of zeros needs none.
    tables: [Option<&'tables Table>; 3],
}

impl<'tables> Plan<'tables> {
    /// `None` if no table has codes for values so large.
    fn new(powers: &[f32], steps: u32, tables: &'tables [Table]) -> Option<Self> {
        let scale = ((STEPS_OF_ONE - steps as f32) * 3.0 / 16.0).exp2();
        let mut large: Vec<i32> =
            powers.iter().map(|power| (power.abs() * scale + ROUNDING).copysign(*power) as i32).collect();
        let after_last = |least: u32| {
            large.iter().rposition(|value| value.unsigned_abs() >= least).map_or(0, |last| last + 1)
        };
        let end = after_last(1);
        let mut begin = after_last(2).next_multiple_of(2);
        let mut count = end.saturating_sub(begin).next_multiple_of(4);
        if begin + count > LINES {
            (begin, count) = (end.next_multiple_of(2), 0);
        }
        large.truncate(begin + count);
        let small = large.split_off(begin);

        let mut chosen = [None; 3];
        for (part, chosen) in parts(&large).into_iter().zip(&mut chosen) {
            let greatest = part.iter().map(|value| value.unsigned_abs()).max().unwrap_or_default();
            if greatest > 0 {
                *chosen = Some(tables.iter().find(|table| greatest <= table.greatest)?);
            }
        }
        Some(Self { steps, large, small, tables: chosen })
    }

    /// Bits of all codes.
    fn bits(&self) -> u32 {
        let large = |(part, table): (&[i32], Option<&Table>)| -> u32 {
            let pairs = part.as_chunks().0.iter();
            table.map_or(0, |table| pairs.map(|pair| table.length(*pair)).sum())
        };
        let small = |value: &i32| 1 + value.unsigned_abs();
        parts(&self.large).into_iter().zip(self.tables).map(large).sum::<u32>()
            + self.small.iter().map(small).sum::<u32>()
    }

    fn write(&self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.put(0, 8); // nothing of it is in the frame before
        bits.put(0, 1); // private
        bits.put(self.bits(), 12);
        bits.put(self.large.len() as u32 / 2, 9);
        bits.put(self.steps, 8);
        bits.put(0, 9); // no bits for steps of single bands
        bits.put(0, 1); // a window as long as usual
        for table in self.tables {
            bits.put(table.map_or(0, |table| table.number), 5);
        }
        let [first, second] = BANDS_IN_PARTS;
        bits.put(first, 4);
        bits.put(second, 3);
        bits.put(0, 1); // steps of single bands are not doubled
        bits.put(1, 1); // small values have codes of four bits

        for (part, table) in parts(&self.large).into_iter().zip(self.tables) {
            for pair in part.as_chunks().0 {
                if let Some(table) = table {
                    table.put(&mut bits, *pair);
                }
            }
        }
        for four in self.small.chunks_exact(4) {
            for value in four {
                bits.put((*value == 0).into(), 1);
            }
            for value in four {
                put_sign(&mut bits, *value);
            }
        }
        bits.into_bytes()
    }
}

/// The parts of the large values that have a table each.
fn parts(large: &[i32]) -> [&[i32]; 3] {
    let [first, second] = PARTS;
    let (first, rest) = large.split_at(first.min(large.len()));
    let (second, third) = rest.split_at(second.min(rest.len()));
    [first, second, third]
}
