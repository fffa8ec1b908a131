//! A canvas as brightness and colour planes, the way a video codec sees it, in whole macroblocks.

use crate::picture::canvas::{Canvas, Colour};
use std::ops::Range;

/// Pixels of a macroblock in both directions; colour has half of them.
pub(super) const BLOCK: usize = 16;

/// Brightness (one a pixel) and the two colour differences (one for two by two pixels).
#[derive(Debug)]
pub(super) struct Planes {
    /// Macroblocks in a row.
    pub(super) columns: usize,
    /// Rows of macroblocks.
    pub(super) rows: usize,
    pub(super) luma: Plane,
    pub(super) blue: Plane,
    pub(super) red: Plane,
}

/// One plane, row by row.
#[derive(Debug)]
pub(super) struct Plane {
    width: usize,
    /// Samples of a macroblock in both directions.
    block: usize,
    samples: Vec<u8>,
}

impl Planes {
    /// The planes of a canvas; beyond its edges the last pixel goes on.
    pub(super) fn new(canvas: &Canvas) -> Self {
        let columns = canvas.width().div_ceil(BLOCK);
        let rows = canvas.height().div_ceil(BLOCK);
        let mut planes = Self {
            columns,
            rows,
            luma: Plane::new(columns, rows, BLOCK),
            blue: Plane::new(columns, rows, BLOCK / 2),
            red: Plane::new(columns, rows, BLOCK / 2),
        };
        planes.copy(canvas, 0..columns, 0..rows);
        planes
    }

    /// Copies the macroblocks that a changed area touches. Gives their numbers in order, counted row by row.
    pub(super) fn refresh(&mut self, canvas: &Canvas, across: Range<i64>, down: Range<i64>) -> Vec<usize> {
        if across.is_empty() || down.is_empty() {
            return Vec::new();
        }
        let blocks = |pixels: Range<i64>, most: usize| {
            let start = pixels.start.max(0) as usize / BLOCK;
            start..(pixels.end.max(0) as usize).div_ceil(BLOCK).min(most)
        };
        let (columns, rows) = (blocks(across, self.columns), blocks(down, self.rows));
        self.copy(canvas, columns.clone(), rows.clone());
        let a_row = self.columns;
        rows.flat_map(|row| columns.clone().map(move |column| row * a_row + column)).collect()
    }

    fn copy(&mut self, canvas: &Canvas, columns: Range<usize>, rows: Range<usize>) {
        let colours: Vec<[u8; 3]> = canvas.palette().iter().map(|colour| studio(*colour)).collect();
        let colour = |row: &[u8], x: usize| {
            let index = row.get(x).or(row.last()).copied().unwrap_or(0);
            colours.get(usize::from(index)).copied().unwrap_or([16, 128, 128])
        };
        let last = canvas.height().saturating_sub(1);
        let pairs = columns.start * BLOCK / 2..columns.end * BLOCK / 2;
        for pair in rows.start * BLOCK / 2..rows.end * BLOCK / 2 {
            let upper = canvas.row((2 * pair).min(last));
            let lower = canvas.row((2 * pair + 1).min(last));
            let (mut upper_luma, mut lower_luma) = (Vec::new(), Vec::new());
            let (mut blue, mut red) = (Vec::new(), Vec::new());
            for x in pairs.clone() {
                let four = [
                    colour(upper, 2 * x),
                    colour(upper, 2 * x + 1),
                    colour(lower, 2 * x),
                    colour(lower, 2 * x + 1),
                ];
                let [[a, ..], [b, ..], [c, ..], [d, ..]] = four;
                upper_luma.extend([a, b]);
                lower_luma.extend([c, d]);
                let mean = |part: fn([u8; 3]) -> u8| {
                    let sum: u16 = four.into_iter().map(|colour| u16::from(part(colour))).sum();
                    ((sum + 2) / 4) as u8
                };
                blue.push(mean(|[_, blue, _]| blue));
                red.push(mean(|[_, _, red]| red));
            }
            self.luma.put(2 * pairs.start, 2 * pair, &upper_luma);
            self.luma.put(2 * pairs.start, 2 * pair + 1, &lower_luma);
            self.blue.put(pairs.start, pair, &blue);
            self.red.put(pairs.start, pair, &red);
        }
    }
}

impl Plane {
    fn new(columns: usize, rows: usize, block: usize) -> Self {
        Self { width: columns * block, block, samples: vec![0; columns * block * rows * block] }
    }

    fn put(&mut self, x: usize, y: usize, samples: &[u8]) {
        let start = y * self.width + x;
        if let Some(place) = self.samples.get_mut(start..start + samples.len()) {
            place.copy_from_slice(samples);
        }
    }

    /// The rows of a macroblock.
    pub(super) fn rows(&self, column: usize, row: usize) -> impl Iterator<Item = &[u8]> {
        let first = row * self.block * self.width + column * self.block;
        (0..self.block).filter_map(move |line| {
            let start = first + line * self.width;
            self.samples.get(start..start + self.block)
        })
    }

    /// Whether a macroblock goes on in each row with the sample left of it.
    pub(super) fn goes_on_across(&self, column: usize, row: usize) -> bool {
        let Some(before) = (row * self.block * self.width + column * self.block).checked_sub(1) else {
            return false;
        };
        column > 0
            && (0..self.block).all(|line| {
                let start = before + line * self.width;
                match self.samples.get(start..=start + self.block) {
                    // All equal if each equals its neighbour: one comparison of two slices.
                    Some(samples) => samples.get(1..) == samples.get(..self.block),
                    None => false,
                }
            })
    }

    /// Whether each row of a macroblock is the row above it.
    pub(super) fn goes_on_down(&self, column: usize, row: usize) -> bool {
        let Some(above) = (row * self.block).checked_sub(1) else {
            return false;
        };
        let start = above * self.width + column * self.block;
        let Some(above) = self.samples.get(start..start + self.block) else {
            return false;
        };
        self.rows(column, row).all(|line| line == above)
    }
}

/// A colour by the rules of high-definition video (BT.709), within the range that players expect.
fn studio([red, green, blue]: Colour) -> [u8; 3] {
    let [red, green, blue] = [red, green, blue].map(|part| f64::from(part) / 255.0);
    let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let part =
        |value: f64, middle: f64, range: f64| (middle + range * value).round().clamp(16.0, 240.0) as u8;
    [
        part(luma, 16.0, 219.0),
        part((blue - luma) / 1.8556, 128.0, 224.0),
        part((red - luma) / 1.5748, 128.0, 224.0),
    ]
}
