//! Voices by name. The vendor knows them by id only.

use super::wire::VoiceList;
use crate::{Task, kit};
use jobs::{Fault, FaultKind};

/// Names offered when a voice is unknown.
const MOST_OFFERED: usize = 5;

/// The voice of an order.
pub(super) enum Voice {
    /// Its id is known.
    Known(String),
    /// It has to be looked up.
    Named(String),
}

impl Voice {
    /// A name of the table, an id as it is, or a name to look up.
    pub(super) fn of(task: &Task<'_>) -> Voice {
        let wanted = wanted(task);
        if let Some(id) = kit::voice_id(wanted) {
            return Voice::Known(id.to_owned());
        }
        let is_id = wanted.len() == 20 && wanted.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_id { Voice::Known(wanted.to_owned()) } else { Voice::Named(wanted.to_owned()) }
    }
}

/// The voice that was asked for, as it was written.
pub(super) fn wanted<'a>(task: &Task<'a>) -> &'a str {
    let asked = task.job.plan.options.text("voice").or(task.job.order.input.voice.as_deref());
    asked.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(kit::USUAL_VOICE)
}

/// The id of the voice of this name: its whole name, or what stands before the description.
pub(super) fn find<'a>(list: &'a VoiceList, wanted: &str) -> Option<&'a str> {
    let voice = kit::find_named(&list.voices, |voice| voice.name.as_deref(), wanted)?;
    kit::name_of(Some(&voice.voice_id))
}

/// No such voice. The names that come nearest are offered: the vendor's public ones only, for others may be private
/// to the operator.
pub(super) fn unknown(list: &VoiceList, wanted: &str) -> Fault {
    let public = |category: Option<&str>| category == Some("premade");
    let found = list.voices.iter().filter(|voice| public(voice.category.as_deref()));
    let mut names: Vec<String> = found
        .filter_map(|voice| voice.name.as_deref().map(kit::short_name))
        .filter(|name| {
            name.len() <= 40 && name.chars().all(|letter| letter.is_alphanumeric() || letter == ' ')
        })
        .chain(kit::voice_names())
        .map(str::to_lowercase)
        .filter(|name| !name.is_empty())
        .collect();
    let wanted: String = wanted.to_lowercase().chars().take(40).collect();
    names.sort();
    names.dedup();
    names.sort_by_key(|name| distance(name, &wanted));
    names.truncate(MOST_OFFERED);
    Fault::new(
        FaultKind::InvalidInput,
        format!("the provider has no such voice; the nearest names are {}", names.join(", ")),
    )
}

/// Letters to be changed, added or dropped to turn one name into the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut next = vec![above + 1];
        // `row` has one entry more than `right`: each letter sees the entry before it and its own.
        for (other, pair) in right.iter().zip(row.windows(2)) {
            if let ([diagonal, up], Some(before)) = (pair, next.last()) {
                next.push((diagonal + usize::from(*other != letter)).min(up + 1).min(before + 1));
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (left, right, expected) in
            [("", "", 0), ("", "abc", 3), ("adam", "adan", 1), ("sarah", "sara", 1), ("liam", "will", 3)]
        {
            assert_eq!(distance(left, right), expected, "{left} {right}");
            assert_eq!(distance(right, left), expected, "{right} {left}");
        }
    }
}
