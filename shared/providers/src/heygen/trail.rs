//! What the calls before the paid one have found out. It goes along in their notes.

use crate::{Task, kit};
use serde::{Deserialize, Serialize};

/// Names that are kept to be offered, at most.
const MOST_NEAR: usize = 5;

/// Which call a reply belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Stage {
    /// Is the order of before there after all?
    #[default]
    Seek,
    /// Is this a look, and of what kind?
    Look,
    /// The operator's own avatars.
    OwnGroups,
    /// Everybody's avatars.
    Groups,
    /// The looks of an avatar.
    Looks,
    /// Is this a voice?
    Voice,
    /// The operator's own voices.
    OwnVoices,
    /// Everybody's voices.
    Voices,
    /// Which voice suits this description?
    Describe,
    /// A file.
    Upload,
}

/// A step so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Trail {
    /// The call that this goes along with.
    at: Stage,
    /// Pages of the list that were read before.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(super) page: u32,
    /// The look to order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) avatar: Option<Avatar>,
    /// The voice to order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) voice: Option<String>,
    /// What was uploaded, in the order of the files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) assets: Vec<String>,
    /// The names that come nearest to one that was not found yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) near: Vec<String>,
}

/// A look, as far as an order depends on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Avatar {
    /// Its id.
    pub(super) id: String,
    /// Whether it was made of a photo, so that its movements can be described.
    pub(super) photo: bool,
    /// Whether it has a voice of its own.
    pub(super) speaks: bool,
    /// `female` or `male`, where it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) gender: Option<String>,
}

fn is_first(page: &u32) -> bool {
    *page == 0
}

impl Trail {
    /// Reads the note of a call; none for the paid one, which has none.
    pub(super) fn read(note: &str) -> Option<(Stage, Trail)> {
        let trail: Trail = serde_json::from_str(note).ok()?;
        Some((trail.at, trail))
    }

    /// The note of a call of this stage.
    pub(super) fn note(self, at: Stage) -> String {
        // Texts, flags and numbers: there is nothing that can't be written.
        serde_json::to_string(&Trail { at, ..self }).unwrap_or_default()
    }

    /// With the look to order.
    pub(super) fn with_avatar(self, avatar: Avatar) -> Trail {
        Trail { avatar: Some(avatar), near: Vec::new(), ..self.at_the_top() }
    }

    /// With the voice to order.
    pub(super) fn with_voice(self, id: &str) -> Trail {
        Trail { voice: Some(id.to_owned()), near: Vec::new(), ..self.at_the_top() }
    }

    /// At the first page of another list.
    pub(super) fn at_the_top(self) -> Trail {
        Trail { page: 0, ..self }
    }

    /// Keeps of these names and those of before what comes nearest to the wanted one.
    pub(super) fn remember<'a>(&mut self, names: impl Iterator<Item = &'a str>, wanted: &str) {
        let names = names.filter(|name| is_shown(name)).map(str::to_lowercase);
        let known = std::mem::take(&mut self.near);
        self.near = kit::nearest_names(names.chain(known), wanted, MOST_NEAR);
    }

    /// The names to offer, as the end of a sentence.
    pub(super) fn offer(&self) -> String {
        if self.near.is_empty() {
            String::new()
        } else {
            format!("; the nearest names are {}", self.near.join(", "))
        }
    }
}

/// Names that may stand in a message to callers.
fn is_shown(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '\'' | '.'))
}

/// A name as it is compared: in small letters, its words one space apart.
pub(super) fn plain(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || matches!(letter, '_' | '-'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// What an order says of one of its options, if it says something.
pub(super) fn wanted<'a>(task: &Task<'a>, option: &str) -> Option<&'a str> {
    let asked = task.job.plan.options.text(option);
    let asked = asked.or(task.job.order.input.voice.as_deref().filter(|_| option == "voice"));
    asked.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_words() {
        for (name, expected) in [
            ("Kate", "kate"),
            ("professional_female", "professional female"),
            (" Modern -  Office ", "modern office"),
            ("__", ""),
        ] {
            assert_eq!(plain(name), expected, "{name}");
        }
    }

    #[test]
    fn a_note_brings_back_what_was_written() {
        let mut trail = Trail { page: 2, voice: Some("v".into()), ..Trail::default() };
        trail.remember(["Katy", "Bob", "Kate \"x\""].into_iter(), "kate");
        let (at, back) = Trail::read(&trail.note(Stage::Groups)).unwrap();
        assert_eq!((at, back.page, back.voice.as_deref()), (Stage::Groups, 2, Some("v")));
        assert_eq!(back.offer(), "; the nearest names are katy, bob");
        for nothing in ["", "voice", "{}", "{\"at\":\"elsewhere\"}"] {
            assert!(Trail::read(nothing).is_none(), "{nothing}");
        }
    }
}
