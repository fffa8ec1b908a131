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
    let names = found
        .filter_map(|voice| voice.name.as_deref().map(kit::short_name))
        .filter(|name| {
            name.len() <= 40 && name.chars().all(|letter| letter.is_alphanumeric() || letter == ' ')
        })
        .chain(kit::voice_names())
        .map(str::to_lowercase);
    let names = kit::nearest_names(names, wanted, MOST_OFFERED);
    Fault::new(
        FaultKind::InvalidInput,
        format!("the provider has no such voice; the nearest names are {}", names.join(", ")),
    )
}
