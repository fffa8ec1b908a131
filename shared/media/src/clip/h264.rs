//! A tiny H.264 encoder for drawings: constrained baseline, without loss.
//!
//! A macroblock that goes on with the samples left of it or above it is predicted and costs about a byte; all others
//! are written sample by sample. As no residual is ever needed and the deblocking filter is off, a decoder shows
//! exactly the samples that went in. In later frames everything unchanged is skipped.

use super::bits::{Bits, unit};
use super::planes::{BLOCK, Planes};

/// Unit heads: importance and type.
const SEQUENCE_PARAMETERS: u8 = 0x67;
const PICTURE_PARAMETERS: u8 = 0x68;
const KEY_SLICE: u8 = 0x65;
const LATER_SLICE: u8 = 0x41;

/// Slice types: all slices of the picture are predicted from earlier pictures, or none is.
const PREDICTED: u32 = 5;
const INTRA: u32 = 7;

/// Frame numbers count modulo 2 to this power.
const FRAME_NUMBER_BITS: u32 = 8;

/// Macroblock types within an intra slice; a predicted slice counts five types of its own before them.
const WHOLE_BLOCK_DOWN: u32 = 1;
const WHOLE_BLOCK_ACROSS: u32 = 2;
const SAMPLES: u32 = 25;
const TYPES_BEFORE_INTRA: u32 = 5;

/// Levels and the greatest number of macroblocks in a frame of each, from 3 (which leaves room for any small clip) to 6.
const LEVELS: [(u8, usize); 6] =
    [(30, 1620), (31, 3600), (32, 5120), (40, 8192), (51, 36_864), (60, 139_264)];

/// What a decoder needs before the first frame.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) sequence: Vec<u8>,
    pub(super) picture: Vec<u8>,
}

/// Encodes the frames of one clip, in order.
#[derive(Debug)]
pub(super) struct Encoder {
    parameters: Parameters,
    frame_number: u32,
    /// Which macroblocks of the current frame were written sample by sample.
    by_samples: Vec<bool>,
}

impl Encoder {
    /// For frames of this size, both sides even.
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self {
            parameters: Parameters {
                sequence: unit(SEQUENCE_PARAMETERS, &sequence_parameters(width, height)),
                picture: unit(PICTURE_PARAMETERS, &picture_parameters()),
            },
            frame_number: 0,
            by_samples: Vec::new(),
        }
    }

    pub(super) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The first frame, which stands alone.
    pub(super) fn key_frame(&mut self, planes: &Planes) -> Vec<u8> {
        self.frame_number = 0;
        let count = planes.columns * planes.rows;
        self.by_samples = vec![false; count];
        let mut slice = self.slice_head(INTRA);
        for number in 0..count {
            self.macroblock(&mut slice, planes, number, 0);
        }
        unit(KEY_SLICE, &slice.end())
    }

    /// A later frame: these macroblocks changed, in ascending order.
    pub(super) fn next_frame(&mut self, planes: &Planes, changed: Vec<usize>) -> Vec<u8> {
        self.frame_number = (self.frame_number + 1) % (1 << FRAME_NUMBER_BITS);
        self.by_samples.fill(false);
        let mut slice = self.slice_head(PREDICTED);
        let mut next = 0;
        for number in changed {
            slice.number((number - next) as u32);
            self.macroblock(&mut slice, planes, number, TYPES_BEFORE_INTRA);
            next = number + 1;
        }
        let skipped = planes.columns * planes.rows - next;
        if skipped > 0 {
            slice.number(skipped as u32);
        }
        unit(LATER_SLICE, &slice.end())
    }

    fn slice_head(&self, slice_type: u32) -> Bits {
        let mut bits = Bits::default();
        bits.number(0); // first macroblock
        bits.number(slice_type);
        bits.number(0); // picture parameters
        bits.put(self.frame_number, FRAME_NUMBER_BITS);
        if slice_type == INTRA {
            bits.number(0); // number of the key frame
            bits.put(0b00, 2); // earlier frames are shown, and this one is not kept for ever
        } else {
            bits.put(0b0, 1); // as many reference frames as usual
            bits.put(0b0, 1); // in the usual order
            bits.put(0b0, 1); // the oldest reference frame goes
        }
        bits.number(0); // change of the quantiser
        bits.number(1); // no deblocking
        bits
    }

    fn macroblock(&mut self, slice: &mut Bits, planes: &Planes, number: usize, types_before: u32) {
        let (column, row) = (number % planes.columns, number / planes.columns);
        match prediction(planes, column, row) {
            Some((luma, chroma)) => {
                slice.number(types_before + luma);
                slice.number(chroma);
                slice.number(0); // change of the quantiser
                // "No coefficient" has another code where the neighbours have many, as samples count.
                let left = column > 0 && self.is_by_samples(number - 1);
                let above = row > 0 && self.is_by_samples(number - planes.columns);
                match left || above {
                    true => slice.put(0b00_0011, 6),
                    false => slice.put(0b1, 1),
                }
            }
            None => {
                slice.number(types_before + SAMPLES);
                slice.align();
                for plane in [&planes.luma, &planes.blue, &planes.red] {
                    for line in plane.rows(column, row) {
                        slice.bytes(line);
                    }
                }
                if let Some(flag) = self.by_samples.get_mut(number) {
                    *flag = true;
                }
            }
        }
    }

    fn is_by_samples(&self, number: usize) -> bool {
        self.by_samples.get(number).copied().unwrap_or(false)
    }
}

/// The type of a macroblock and the mode of its colour if both can be predicted exactly.
fn prediction(planes: &Planes, column: usize, row: usize) -> Option<(u32, u32)> {
    const COLOUR_ACROSS: u32 = 1;
    const COLOUR_DOWN: u32 = 2;
    let luma = if planes.luma.goes_on_across(column, row) {
        WHOLE_BLOCK_ACROSS
    } else if planes.luma.goes_on_down(column, row) {
        WHOLE_BLOCK_DOWN
    } else {
        return None;
    };
    let colour = [&planes.blue, &planes.red];
    if colour.iter().all(|plane| plane.goes_on_across(column, row)) {
        Some((luma, COLOUR_ACROSS))
    } else if colour.iter().all(|plane| plane.goes_on_down(column, row)) {
        Some((luma, COLOUR_DOWN))
    } else {
        None
    }
}

fn sequence_parameters(width: u32, height: u32) -> Vec<u8> {
    let block = BLOCK as u32;
    let (columns, rows) = (width.div_ceil(block), height.div_ceil(block));
    let blocks = (columns * rows) as usize;
    // A level bounds each side too: to the root of eight times its macroblocks.
    let longest = columns.max(rows) as usize;
    let level = LEVELS
        .iter()
        .find(|(_, most)| blocks <= *most && longest * longest <= 8 * most)
        .map_or(60, |(level, _)| *level);
    let mut bits = Bits::default();
    bits.put(66, 8); // baseline
    bits.put(0b1100_0000, 8); // constrained: within main too
    bits.put(level.into(), 8);
    bits.number(0); // number of these parameters
    bits.number(FRAME_NUMBER_BITS - 4);
    bits.number(2); // frames are shown in the order they are written
    bits.number(1); // reference frames
    bits.put(0b0, 1); // no gaps in frame numbers
    bits.number(columns - 1);
    bits.number(rows - 1);
    bits.put(0b1, 1); // frames, no fields
    bits.put(0b1, 1); // as baseline asks
    let (right, bottom) = ((columns * block - width) / 2, (rows * block - height) / 2);
    bits.put(u32::from(right + bottom > 0), 1);
    if right + bottom > 0 {
        for cut in [0, right, 0, bottom] {
            bits.number(cut);
        }
    }
    bits.put(0b1, 1); // further hints follow
    bits.put(0b00, 2); // no shape of pixels, no overscan
    bits.put(0b1, 1); // colours are told:
    bits.put(5, 3); // no particular system,
    bits.put(0b01, 2); // the narrow range, and
    [1, 1, 1].into_iter().for_each(|bt_709| bits.put(bt_709, 8));
    bits.put(0b0000, 4); // no places of colour samples, timing, nor two kinds of buffer model
    bits.put(0b0, 1); // no structure of pictures
    bits.put(0b1, 1); // bounds:
    bits.put(0b1, 1); // motion may leave the picture
    [0, 0, 16, 16, 0, 1].into_iter().for_each(|bound| bits.number(bound)); // bytes, bits, motion, reordering, buffer
    bits.end()
}

fn picture_parameters() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.number(0); // number of these parameters
    bits.number(0); // number of the sequence parameters
    bits.put(0b00, 2); // simple codes, no bottom fields
    bits.number(0); // one group of slices
    bits.number(0); // one reference frame
    bits.number(0);
    bits.put(0b000, 3); // no weights
    for _quantiser in 0..3 {
        bits.number(0);
    }
    bits.put(0b1, 1); // slices say how they are deblocked
    bits.put(0b00, 2); // prediction from any neighbour, no redundant slices
    bits.end()
}
