//! Which model makes what, how long, how large, and for how much.

/// The endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Text,
    Image,
    StartEnd,
    Reference,
}

impl Family {
    /// The last part of its address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Text => "text2video",
            Self::Image => "img2video",
            Self::StartEnd => "start-end2video",
            Self::Reference => "reference2video",
        }
    }

    /// What a task of it is called.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Text => "text2video",
            Self::Image => "img2video",
            Self::StartEnd => "headtailimg2video",
            Self::Reference => "character2video",
        }
    }
}

/// Seconds that a clip may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Between(i64, i64),
    OneOf(&'static [i64]),
}

impl Length {
    pub(super) fn takes(self, seconds: i64) -> bool {
        match self {
            Self::Between(least, most) => (least..=most).contains(&seconds),
            Self::OneOf(all) => all.contains(&seconds),
        }
    }
}

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    /// Where it works: from text, from a picture, between two, from references.
    lengths: [Option<Length>; 4],
    pub(super) resolutions: &'static [&'static str],
    /// Credits for a second in 360p or 540p, in 720p and in 1080p.
    credits: [i64; 3],
}

impl Model {
    /// The lengths of its clips at an endpoint, if it works there.
    pub(super) fn length(&self, family: Family) -> Option<Length> {
        let [text, image, start_end, reference] = self.lengths;
        match family {
            Family::Text => text,
            Family::Image => image,
            Family::StartEnd => start_end,
            Family::Reference => reference,
        }
    }

    pub(super) fn is_of(&self, generation: &str) -> bool {
        self.id.starts_with(generation)
    }

    pub(super) fn usual_seconds(&self) -> i64 {
        if self.id == "vidu2.0" { 4 } else { 5 }
    }

    pub(super) fn usual_resolution(&self, seconds: i64) -> &'static str {
        match self.id {
            "vidu2.0" if seconds == 4 => "360p",
            id if id.starts_with("viduq1") => "1080p",
            _ => "720p",
        }
    }

    pub(super) fn credits(&self, resolution: &str, seconds: i64) -> i64 {
        let [low, middle, high] = self.credits;
        let second = match resolution {
            "1080p" => high,
            "720p" => middle,
            _ => low,
        };
        second * seconds
    }
}

const USUAL: &[&str] = &["540p", "720p", "1080p"];
const LARGE: &[&str] = &["720p", "1080p"];
const ONE_TO_16: Option<Length> = Some(Length::Between(1, 16));
const THREE_TO_16: Option<Length> = Some(Length::Between(3, 16));
const ONE_TO_10: Option<Length> = Some(Length::Between(1, 10));
const ONE_TO_8: Option<Length> = Some(Length::Between(1, 8));
const FIVE: Option<Length> = Some(Length::OneOf(&[5]));
const FOUR_OR_8: Option<Length> = Some(Length::OneOf(&[4, 8]));
const FOUR: Option<Length> = Some(Length::OneOf(&[4]));

const fn model(
    id: &'static str,
    lengths: [Option<Length>; 4],
    resolutions: &'static [&'static str],
    credits: [i64; 3],
) -> Model {
    Model { id, lengths, resolutions, credits }
}

/// All models. The credits of the second generation are guesses.
#[rustfmt::skip]
const MODELS: &[Model] = &[
    model("viduq3-pro", [ONE_TO_16, ONE_TO_16, ONE_TO_16, None], USUAL, [9, 20, 24]),
    model("viduq3-turbo", [ONE_TO_16, ONE_TO_16, ONE_TO_16, THREE_TO_16], USUAL, [7, 11, 13]),
    model("viduq3-pro-fast", [None, ONE_TO_16, None, None], LARGE, [20, 20, 25]),
    model("viduq3", [None, None, None, THREE_TO_16], USUAL, [7, 12, 15]),
    model("viduq3-mix", [None, None, None, THREE_TO_16], LARGE, [24, 24, 29]),
    model("viduq2", [ONE_TO_10, None, None, ONE_TO_10], USUAL, [10, 20, 40]),
    model("viduq2-pro", [None, ONE_TO_10, ONE_TO_8, ONE_TO_10], USUAL, [20, 20, 40]),
    model("viduq2-turbo", [None, ONE_TO_10, ONE_TO_8, None], USUAL, [10, 10, 20]),
    model("viduq2-pro-fast", [None, ONE_TO_10, ONE_TO_8, None], LARGE, [10, 10, 20]),
    model("viduq1", [FIVE, FIVE, FIVE, FIVE], &["1080p"], [16, 16, 16]),
    model("viduq1-classic", [FIVE, FIVE, FIVE, FIVE], &["1080p"], [16, 16, 16]),
    model("vidu2.0", [None, FOUR_OR_8, FOUR_OR_8, FOUR], &["360p", "720p", "1080p"], [5, 10, 20]),
];

pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}
