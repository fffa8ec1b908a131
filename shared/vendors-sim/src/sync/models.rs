//! The vendor's models.

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    /// `lipsync` or `react`.
    pub(super) kind: &'static str,
    /// Whether it makes a picture talk.
    pub(super) takes_pictures: bool,
    /// Seconds of what it is given, at most, where that is less than the plan allows.
    pub(super) most_seconds: Option<f64>,
    /// Dollars of a frame, without a discount.
    pub(super) frame: f64,
}

const fn lipsync(id: &'static str, frame: f64) -> Model {
    Model { id, kind: "lipsync", takes_pictures: false, most_seconds: None, frame }
}

/// All models. The price of the last is a guess.
const MODELS: &[Model] = &[
    Model { takes_pictures: true, ..lipsync("sync-3", 0.133 / 25.0) },
    lipsync("lipsync-2-pro", 0.083 / 25.0),
    lipsync("lipsync-2", 0.05 / 25.0),
    lipsync("lipsync-1.9.0-beta", 0.025 / 25.0),
    Model { kind: "react", most_seconds: Some(15.0), ..lipsync("react-1", 0.167 / 25.0) },
];

pub(super) fn find(id: &str) -> Option<&'static Model> {
    all().find(|model| model.id == id)
}

pub(super) fn all() -> impl Iterator<Item = &'static Model> {
    MODELS.iter()
}
