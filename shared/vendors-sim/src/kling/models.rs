//! What each model of the classic generation can do.

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    pub(super) text_to_video: bool,
    pub(super) tail: Tail,
    pub(super) sound: Sound,
    /// 3 to 15 seconds, several shots, 4k; the others make 5 or 10 seconds.
    pub(super) third: bool,
    /// What `std` and `pro` give: the shorter side in pixels.
    pub(super) pixels: [u32; 2],
    /// Units a second in `std` and `pro`.
    pub(super) units: [f64; 2],
}

/// When a model takes an end frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    Never,
    /// In both modes, for 5 seconds.
    FiveSeconds,
    Pro,
    Always,
}

/// When a model makes sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    Never,
    Pro,
    Always,
}

/// The model that runs if none is named.
pub(super) const DEFAULT_MODEL: &str = "kling-v1";

const PLAIN: Model = Model {
    id: DEFAULT_MODEL,
    text_to_video: true,
    tail: Tail::Pro,
    sound: Sound::Never,
    third: false,
    pixels: [720, 1080],
    units: [0.4, 0.7],
};

static MODELS: [Model; 9] = [
    Model { tail: Tail::FiveSeconds, pixels: [720, 720], units: [0.2, 0.7], ..PLAIN },
    Model { id: "kling-v1-5", text_to_video: false, ..PLAIN },
    Model { id: "kling-v1-6", ..PLAIN },
    Model { id: "kling-v2-master", tail: Tail::Never, pixels: [720, 720], units: [2.0, 2.0], ..PLAIN },
    Model { id: "kling-v2-1", text_to_video: false, ..PLAIN },
    Model { id: "kling-v2-1-master", tail: Tail::Never, pixels: [1080, 1080], units: [2.0, 2.0], ..PLAIN },
    Model { id: "kling-v2-5-turbo", units: [0.3, 0.5], ..PLAIN },
    Model { id: "kling-v2-6", sound: Sound::Pro, units: [0.3, 0.5], ..PLAIN },
    Model {
        id: "kling-v3",
        tail: Tail::Always,
        sound: Sound::Always,
        third: true,
        units: [0.6, 0.8],
        ..PLAIN
    },
];

/// Models that take frames and references in one list, at an endpoint of their own. The first runs if none is named.
pub(super) static OMNI: [Model; 2] = [
    Model { id: "kling-video-o1", units: [0.6, 0.8], ..PLAIN },
    Model { id: "kling-v3-omni", sound: Sound::Always, third: true, units: [0.6, 0.8], ..PLAIN },
];

/// The model with this name.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// Whether the name is one of a model that other endpoints have.
pub(super) fn is_elsewhere(id: &str) -> bool {
    OMNI.iter().any(|model| model.id == id)
}
