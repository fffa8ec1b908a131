//! Which model makes what, how long and how large. Those of Singapore: other regions have other ones.

/// What a clip is made of. Each model knows one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Words.
    Text,
    /// A picture to start from.
    Image,
    /// A picture to start from and one to end with.
    Frames,
    /// Pictures and clips of who is to be seen.
    References,
}

impl Way {
    /// What a task of it is called.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Text => "video-generation",
            Self::Image | Self::Frames | Self::References => "image2video",
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

/// Whether a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    Never,
    /// Unless it is told not to.
    Usually,
    Always,
}

/// How large clips are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    Low,
    Middle,
    High,
}

impl Tier {
    /// Every tier, the smallest first.
    pub(super) const ALL: [Self; 3] = [Self::Low, Self::Middle, Self::High];

    /// As `resolution` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Low => "480P",
            Self::Middle => "720P",
            Self::High => "1080P",
        }
    }

    /// The lines that its name speaks of.
    pub(super) fn lines(self) -> u32 {
        match self {
            Self::Low => 480,
            Self::Middle => 720,
            Self::High => 1080,
        }
    }

    /// Width and height, the usual one first.
    pub(super) fn sizes(self) -> &'static [(u32, u32)] {
        match self {
            Self::Low => &[(832, 480), (480, 832), (624, 624)],
            Self::Middle => &[(1280, 720), (720, 1280), (960, 960), (1088, 832), (832, 1088)],
            Self::High => &[(1920, 1080), (1080, 1920), (1440, 1440), (1632, 1248), (1248, 1632)],
        }
    }

    /// The usual size.
    pub(super) fn usual(self) -> (u32, u32) {
        self.sizes().first().copied().unwrap_or((1280, 720))
    }
}

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    pub(super) way: Way,
    pub(super) length: Length,
    pub(super) tiers: &'static [Tier],
    pub(super) usual: Tier,
    pub(super) sound: Sound,
}

impl Model {
    pub(super) fn is_of(&self, generation: &str) -> bool {
        self.id.starts_with(generation)
    }

    /// Characters of a prompt; what is beyond is cut off without a word.
    pub(super) fn most_prompt(&self) -> usize {
        if self.is_of("wan2.1") || self.is_of("wan2.2") { 800 } else { 1500 }
    }

    /// The account's limit that it counts in.
    pub(super) fn limits(&self) -> &'static [&'static str] {
        if self.is_of("wan2.1") || self.is_of("wan2.2") { &["wan_active"] } else { &["wan_later_active"] }
    }
}

const FIVE: Length = Length::OneOf(&[5]);
const FIVE_OR_TEN: Length = Length::OneOf(&[5, 10]);
const UP_TO_15: Length = Length::Between(2, 15);
const UP_TO_10: Length = Length::Between(2, 10);

const fn model(
    id: &'static str,
    way: Way,
    length: Length,
    tiers: &'static [Tier],
    usual: Tier,
    sound: Sound,
) -> Model {
    Model { id, way, length, tiers, usual, sound }
}

use Sound::{Always, Never, Usually};
use Tier::{High, Low, Middle};
use Way::{Frames, Image, References, Text};

/// All models.
#[rustfmt::skip]
const MODELS: &[Model] = &[
    model("wan2.1-t2v-turbo", Text, FIVE, &[Low, Middle], Middle, Never),
    model("wan2.1-t2v-plus", Text, FIVE, &[Middle], Middle, Never),
    model("wan2.2-t2v-plus", Text, FIVE, &[Low, High], High, Never),
    model("wan2.5-t2v-preview", Text, FIVE_OR_TEN, &Tier::ALL, High, Usually),
    model("wan2.6-t2v", Text, UP_TO_15, &[Middle, High], High, Always),
    model("wan2.1-i2v-turbo", Image, Length::OneOf(&[3, 4, 5]), &[Low, Middle], Middle, Never),
    model("wan2.1-i2v-plus", Image, FIVE, &[Middle], Middle, Never),
    model("wan2.2-i2v-flash", Image, FIVE, &Tier::ALL, Middle, Never),
    model("wan2.2-i2v-plus", Image, FIVE, &[Low, High], High, Never),
    model("wan2.5-i2v-preview", Image, FIVE_OR_TEN, &Tier::ALL, High, Usually),
    model("wan2.6-i2v-flash", Image, UP_TO_15, &[Middle, High], High, Usually),
    model("wan2.6-i2v", Image, UP_TO_15, &[Middle, High], High, Always),
    model("wan2.1-kf2v-plus", Frames, FIVE, &[Middle], Middle, Never),
    model("wan2.6-r2v-flash", References, UP_TO_10, &[Middle, High], High, Usually),
    model("wan2.6-r2v", References, UP_TO_10, &[Middle, High], High, Always),
];

pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_about_the_pixels_of_their_tier() {
        for tier in Tier::ALL {
            let (width, height) = tier.usual();
            for (wide, high) in tier.sizes() {
                let part = f64::from(wide * high) / f64::from(width * height);
                assert!((0.95..=1.05).contains(&part), "{wide}*{high}");
            }
        }
    }
}
