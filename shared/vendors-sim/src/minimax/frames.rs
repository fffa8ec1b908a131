//! Pictures of an order: their limits, and the clip's size by them.

use super::refusal::Complaint;
use crate::inputs::{self, Input};
use media::{Format, Kind};

/// The limits of a dialect's pictures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) most_bytes: usize,
    /// Pixels of the shorter and of the longer side.
    pub(super) sides: (u32, u32),
}

/// How much longer one side may be.
const MOST_RATIO: f64 = 2.5;

/// The form of a clip if nothing tells another.
pub(super) const WIDE: f64 = 16.0 / 9.0;

/// Reads a file by its address or from a data URI.
pub(super) fn file(field: &str, text: &str, kind: Kind, most_bytes: usize) -> Result<Input, Complaint> {
    if inputs::is_address(text) {
        return Ok(Input::Address);
    }
    let Some((_, input)) = inputs::data_uri(text) else {
        return Err(Complaint::parameter(format!("{field} must be a URL or a data URI")));
    };
    if !input.may_be(kind) {
        return Err(Complaint::parameter(format!("{field} holds a file of another kind")));
    }
    match input {
        Input::Bytes { length, .. } if length > most_bytes => {
            Err(Complaint::parameter(format!("{field} is too large")))
        }
        input => Ok(input),
    }
}

/// Reads a picture.
pub(super) fn picture(field: &str, text: &str, limits: Limits) -> Result<Input, Complaint> {
    let input = file(field, text, Kind::Image, limits.most_bytes)?;
    if let Input::Bytes { format, .. } = input
        && !matches!(format, Some(Format::Png | Format::Jpeg | Format::Webp))
    {
        return Err(Complaint::parameter(format!("{field} must be jpg, png or webp")));
    }
    if let Some((width, height)) = input.size() {
        let (short, long) = (width.min(height), width.max(height));
        let (least, most) = limits.sides;
        if short < least || long > most || f64::from(long) > f64::from(short) * MOST_RATIO {
            return Err(Complaint::parameter(format!("{field} has a size of {width}x{height}")));
        }
    }
    Ok(input)
}

/// Width to height of a picture, if it was seen.
pub(super) fn ratio(input: &Input) -> Option<f64> {
    input.size().map(|(width, height)| f64::from(width) / f64::from(height))
}

/// A clip of this form with so many pixels on the shorter side; both sides even.
pub(super) fn size(ratio: f64, short: u32) -> (u32, u32) {
    let long = (f64::from(short) * ratio.max(1.0 / ratio) / 2.0).round() as u32 * 2;
    if ratio >= 1.0 { (long, short) } else { (short, long) }
}
