//! Media of an order, and their limits.

use super::refusal::Complaint;
use crate::inputs::{self, Input};
use media::Kind;

const MEGABYTE: usize = 1024 * 1024;

/// The limits of a kind of picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) most_megabytes: usize,
    /// Pixels of the shorter and of the longer side.
    pub(super) sides: (u32, u32),
    /// How much longer one side may be.
    pub(super) most_ratio: f64,
}

/// Reads a file by its address or from a data URI, whose type has to be written small.
pub(super) fn file(param: &str, text: &str, kind: Kind, most_megabytes: usize) -> Result<Input, Complaint> {
    if inputs::is_address(text) {
        return Ok(Input::Address);
    }
    let Some((media_type, input)) = inputs::data_uri(text) else {
        return Err(Complaint::parameter(param, "it must be a URL or a data URI"));
    };
    if media_type.chars().any(|letter| letter.is_ascii_uppercase()) {
        return Err(Complaint::parameter(param, "the format in a data URI must be in lower case"));
    }
    if !input.may_be(kind) {
        return Err(Complaint::parameter(param, "it holds a file of another kind"));
    }
    match input {
        Input::Bytes { length, .. } if length > most_megabytes * MEGABYTE => {
            Err(Complaint::parameter(param, "it is too large"))
        }
        input => Ok(input),
    }
}

/// Reads a picture.
pub(super) fn picture(param: &str, text: &str, limits: Limits) -> Result<Input, Complaint> {
    let input = file(param, text, Kind::Image, limits.most_megabytes)?;
    if let Some((width, height)) = input.size() {
        let (short, long) = (width.min(height), width.max(height));
        let (least, most) = limits.sides;
        if short < least || long > most || f64::from(long) > f64::from(short) * limits.most_ratio {
            return Err(Complaint::parameter(param, &format!("its size is {width}x{height}")));
        }
    }
    Ok(input)
}

/// Width to height of a picture, if it was seen.
pub(super) fn ratio(input: &Input) -> Option<f64> {
    input.size().map(|(width, height)| f64::from(width) / f64::from(height))
}
