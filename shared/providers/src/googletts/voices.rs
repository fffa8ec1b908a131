//! Voices: `<language>-<family>-<name>`, such as `en-US-Wavenet-D`. The family is the model.

use super::wire::{VoiceItem, VoiceList};
use crate::{Task, kit};
use jobs::{Fault, FaultKind};

/// The family whose voices have names of stars.
const WITH_STARS: &str = "Chirp3-HD";

/// The voices of [`WITH_STARS`], the same in every language.
const STARS: [&str; 30] = [
    "Achernar",
    "Achird",
    "Algenib",
    "Algieba",
    "Alnilam",
    "Aoede",
    "Autonoe",
    "Callirrhoe",
    "Charon",
    "Despina",
    "Enceladus",
    "Erinome",
    "Fenrir",
    "Gacrux",
    "Iapetus",
    "Kore",
    "Laomedeia",
    "Leda",
    "Orus",
    "Puck",
    "Pulcherrima",
    "Rasalgethi",
    "Sadachbia",
    "Sadaltager",
    "Schedar",
    "Sulafat",
    "Umbriel",
    "Vindemiatrix",
    "Zephyr",
    "Zubenelgenubi",
];

/// Names offered when a voice is unknown.
const MOST_OFFERED: usize = 5;

/// The voice of an order.
pub(super) enum Voice {
    /// By its whole name.
    Named(String),
    /// To be chosen from the vendor's list.
    Wanted {
        /// A name without language and family, or `male` or `female`; in small letters.
        by: Option<String>,
    },
}

impl Voice {
    /// What the order says about its voice.
    ///
    /// # Errors
    /// The voice is of another model, and so of another price.
    pub(super) fn of(task: &Task<'_>) -> Result<Voice, Fault> {
        let (family, options) = (task.job.plan.vendor_model.as_str(), &task.job.plan.options);
        let asked = options.text("voice").or(task.job.order.input.voice.as_deref());
        let Some(asked) = asked.map(str::trim).filter(|asked| !asked.is_empty()) else {
            return Ok(Voice::Wanted { by: None });
        };
        if let Some((language, rest)) = language_and_rest(asked) {
            return match rest.split_once('-') {
                _ if kit::name_of(Some(asked)).is_none() => Err(kit::refused_option("voice")),
                _ if family_of(rest) == Some(family) => Ok(Voice::Named(asked.to_owned())),
                Some(_) => Err(Fault::new(
                    FaultKind::InvalidInput,
                    format!(
                        "the voice {language}-… is of another model of this provider than the one asked for"
                    ),
                )),
                None => Err(kit::refused_option("voice")),
            };
        }
        let star = STARS.iter().find(|star| star.eq_ignore_ascii_case(asked));
        match star.filter(|_| family == WITH_STARS && language(task).contains('-')) {
            Some(star) => Ok(Voice::Named(format!("{}-{family}-{star}", language(task)))),
            None => Ok(Voice::Wanted { by: Some(asked.to_lowercase()) }),
        }
    }
}

/// The language that was asked for.
pub(super) fn language<'a>(task: &Task<'a>) -> &'a str {
    task.job.plan.options.text("language").unwrap_or("en-US")
}

/// The language of a voice: `en-US` of `en-US-Wavenet-D`.
pub(super) fn language_of(voice: &str) -> &str {
    language_and_rest(voice).map_or(voice, |(language, _)| language)
}

/// Splits `en-US-Wavenet-D` behind the region.
fn language_and_rest(voice: &str) -> Option<(&str, &str)> {
    let (language, rest) = voice.split_once('-')?;
    let (region, rest) = rest.split_once('-')?;
    let code =
        |text: &str| (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (code(language) && code(region))
        .then(|| (voice.get(..language.len() + 1 + region.len()).unwrap_or(voice), rest))
}

/// The model of `Wavenet-D`. Voices of several languages cost and sound as those of the newer kind.
fn family_of(rest: &str) -> Option<&str> {
    let (family, _) = rest.rsplit_once('-')?;
    Some(if family == "Polyglot" { "Neural2" } else { family })
}

/// Chooses a voice of the model from the list for the language.
///
/// # Errors
/// There is none; the nearest names are told.
pub(super) fn choose(task: &Task<'_>, list: &VoiceList) -> Result<String, Fault> {
    let family = task.job.plan.vendor_model.as_str();
    let by = match Voice::of(task)? {
        Voice::Wanted { by } => by,
        Voice::Named(name) => return Ok(name),
    };
    let mut able: Vec<(&str, &VoiceItem)> = list
        .voices
        .iter()
        .filter(|voice| kit::name_of(Some(&voice.name)).is_some())
        .filter_map(|voice| Some((language_and_rest(&voice.name)?.1, voice)))
        .filter(|(rest, _)| family_of(rest) == Some(family))
        .collect();
    // The language as it was asked for comes before its cousins: en-US before en-GB, nb before no.
    let asked = language(task);
    able.sort_by_key(|(_, voice)| (!voice.name.starts_with(asked), voice.name.as_str()));
    let fits = |(rest, voice): &&(&str, &VoiceItem)| match by.as_deref() {
        None => true,
        Some(sex @ ("male" | "female")) => voice.ssml_gender.eq_ignore_ascii_case(sex),
        Some(name) => rest.rsplit('-').next().is_some_and(|last| last.eq_ignore_ascii_case(name)),
    };
    if let Some((_, voice)) = able.iter().find(fits) {
        return Ok(voice.name.clone());
    }
    if able.is_empty() {
        return Err(Fault::new(
            FaultKind::InvalidInput,
            "this model of the provider does not speak the language",
        ));
    }
    let names: Vec<&str> = able.iter().map(|(_, voice)| voice.name.as_str()).take(MOST_OFFERED).collect();
    Err(Fault::new(
        FaultKind::InvalidInput,
        format!("the provider has no such voice for this model and language; there are {}", names.join(", ")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_voices_have_three_parts() {
        for (name, language, family) in [
            ("en-US-Wavenet-D", "en-US", Some("Wavenet")),
            ("cmn-CN-Chirp3-HD-Kore", "cmn-CN", Some("Chirp3-HD")),
            ("es-419-Standard-A", "es-419", Some("Standard")),
            ("es-ES-Polyglot-1", "es-ES", Some("Neural2")),
        ] {
            let (told, rest) = language_and_rest(name).unwrap();
            assert_eq!((told, family_of(rest)), (language, family), "{name}");
        }
        for name in ["Kore", "male", "en-US", "a-b-c-d", ""] {
            assert!(language_and_rest(name).is_none(), "{name}");
        }
    }
}
