//! What each model of clips can do.

use std::ops::RangeInclusive;

/// A model. The names are those of BytePlus.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    pub(super) generation: Generation,
    /// The resolutions, the default first.
    pub(super) resolutions: &'static [&'static str],
    pub(super) seconds: RangeInclusive<i64>,
    pub(super) text: bool,
    pub(super) first: bool,
    pub(super) last: bool,
    /// Reference pictures, clips and recordings, at most.
    pub(super) references: [usize; 3],
}

/// Models of one generation take the same fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Generation {
    First,
    /// 1.5.
    Middle,
    Second,
}

const LITE: Model = Model {
    id: "seedance-1-0-lite-t2v-250428",
    generation: Generation::First,
    resolutions: &["720p", "480p", "1080p"],
    seconds: 2..=12,
    text: true,
    first: false,
    last: false,
    references: [0, 0, 0],
};

const PRO: Model = Model {
    id: "seedance-1-0-pro-250528",
    resolutions: &["1080p", "720p", "480p"],
    first: true,
    last: true,
    ..LITE
};

const SECOND: Model = Model {
    id: "dreamina-seedance-2-0-260128",
    generation: Generation::Second,
    resolutions: &["720p", "480p", "1080p", "4k"],
    seconds: 4..=15,
    references: [9, 3, 3],
    ..PRO
};

static MODELS: [Model; 7] = [
    LITE,
    Model {
        id: "seedance-1-0-lite-i2v-250428",
        text: false,
        first: true,
        last: true,
        references: [4, 0, 0],
        ..LITE
    },
    PRO,
    Model { id: "seedance-1-0-pro-fast-251015", last: false, ..PRO },
    Model {
        id: "seedance-1-5-pro-251215",
        generation: Generation::Middle,
        resolutions: &["720p", "480p", "1080p"],
        seconds: 4..=12,
        ..PRO
    },
    SECOND,
    Model { id: "dreamina-seedance-2-0-fast-260128", resolutions: &["720p", "480p"], ..SECOND },
];

/// The model with this name.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// The ratios that may be told, in the order of [`size`]'s tables.
pub(super) const RATIOS: [&str; 6] = ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"];

type Sizes = [(u32, u32); 6];

const FIRST: [Sizes; 3] = [
    [(864, 480), (736, 544), (640, 640), (544, 736), (480, 864), (960, 416)],
    [(1248, 704), (1120, 832), (960, 960), (832, 1120), (704, 1248), (1504, 640)],
    [(1920, 1088), (1664, 1248), (1440, 1440), (1248, 1664), (1088, 1920), (2176, 928)],
];

const LATER: [Sizes; 3] = [
    [(864, 496), (752, 560), (640, 640), (560, 752), (496, 864), (992, 432)],
    [(1280, 720), (1112, 834), (960, 960), (834, 1112), (720, 1280), (1470, 630)],
    [(1920, 1080), (1664, 1248), (1440, 1440), (1248, 1664), (1080, 1920), (2206, 946)],
];

/// Width and height of a clip, with the ratio of it. A form that no ratio names takes the nearest.
pub(super) fn size(generation: Generation, resolution: &str, form: f64) -> (&'static str, (u32, u32)) {
    let tables = if generation == Generation::First { &FIRST } else { &LATER };
    let [low, middle, high] = tables;
    let sizes = match resolution {
        "480p" => low,
        "720p" => middle,
        _ => high,
    };
    let distance = |(width, height): (u32, u32)| (f64::from(width) / f64::from(height) / form).ln().abs();
    let nearest = RATIOS
        .into_iter()
        .zip(sizes.iter().copied())
        .min_by(|(_, one), (_, other)| distance(*one).total_cmp(&distance(*other)));
    let (ratio, (width, height)) = nearest.unwrap_or(("16:9", (1280, 720)));
    let times = if resolution == "4k" { 2 } else { 1 };
    (ratio, (width * times, height * times))
}
