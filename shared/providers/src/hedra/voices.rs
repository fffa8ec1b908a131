//! Which voice speaks a script. The vendor knows voices by ids alone, has a list of those it recommends, and finds others
//! in its whole library by how they sound.

use super::{faults, note, request, uploads, wire::Voices};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};

/// What the vendor's ids of voices begin with.
const ID: &str = "voice_";

/// How a voice sounds that nobody asked for.
const USUAL: &str = "natural presenter";

/// Words that tell the gender, for which the search has a parameter.
const GENDERS: [(&str, &[&str]); 2] =
    [("female", &["female", "woman", "lady", "girl"]), ("male", &["male", "man", "gentleman", "boy"])];

/// Finds the voice, or goes on at once with the one that was named by its id.
pub(super) fn ask(task: &Task<'_>) -> Next {
    match wanted(task) {
        Some(id) if id.starts_with(ID) && kit::name_of(Some(id)).is_some() => {
            uploads::portrait(task, Some(id))
        }
        Some(_) => request::voices(task),
        None => search(task, USUAL),
    }
}

fn search(task: &Task<'_>, sound: &str) -> Next {
    let language = task.job.plan.options.text("language").and_then(kit::language_code);
    request::search(task, sound, gender(sound), language.as_deref())
}

/// The voice that was asked for, as it was written.
fn wanted<'a>(task: &Task<'a>) -> Option<&'a str> {
    let asked = task.job.plan.options.text("voice").or(task.job.order.input.voice.as_deref());
    asked.map(str::trim).filter(|name| !name.is_empty())
}

/// Reads the list, or what the search found.
pub(super) fn read(task: &Task<'_>, word: &str, reply: &Reply<'_>) -> Next {
    let question = Question::Submit;
    if !reply.status.is_success() {
        return match faults::refusal(task, reply) {
            Some(fault) => kit::refused(question, fault),
            None => kit::not_ready(question, format!("voices were answered with {}", reply.status.as_u16())),
        };
    }
    let Some(voices) = kit::read_message::<Voices>(reply) else {
        return kit::not_ready(question, "the list of voices can't be read");
    };
    let first = voices.data.first();
    let named = |wanted| kit::find_named(&voices.data, |voice| voice.name.as_deref(), wanted);
    let found = match wanted(task) {
        Some(wanted) => {
            named(wanted).or_else(|| first.filter(|_| word == note::SEARCH && is_described(&words(wanted))))
        }
        None => first,
    };
    match (found.map(|voice| kit::name_of(Some(&voice.id))), wanted(task)) {
        (Some(Some(id)), _) => uploads::portrait(task, Some(id)),
        (Some(None), _) => kit::not_ready(question, "the voice has no usable id"),
        (None, Some(wanted)) if word == note::VOICES => search(task, &words(wanted)),
        // Where no voice was asked for, any of the list is better than none.
        (None, None) if word == note::SEARCH => request::voices(task),
        (None, None) => kit::not_ready(question, "there are no voices"),
        (None, Some(_)) => kit::refused(question, unknown()),
    }
}

/// A name in words: "professional female" of `professional_female`.
fn words(name: &str) -> String {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

fn gender(sound: &str) -> Option<&'static str> {
    let has = |words: &[&str]| sound.split(' ').any(|word| words.contains(&word));
    GENDERS.iter().find(|(_, words)| has(words)).map(|(gender, _)| *gender)
}

/// Whether words tell how a voice sounds, rather than its name: for those the search knows best, while for a name it would
/// find somebody else.
fn is_described(words: &str) -> bool {
    words.contains(' ') || gender(words).is_some()
}

/// No such voice. None is offered in its place: the list may hold voices of the operator's own.
fn unknown() -> Fault {
    Fault::new(
        FaultKind::InvalidInput,
        "the provider has no voice of this name; say how it should sound, such as \"warm female narrator\"",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_describes_a_voice_is_told_from_names() {
        for (written, read, described, spoken_by) in [
            ("professional_female", "professional female", true, Some("female")),
            ("Warm British narrator", "warm british narrator", true, None),
            ("MALE", "male", true, Some("male")),
            ("Rachel", "rachel", false, None),
            ("Herman", "herman", false, None),
            ("", "", false, None),
        ] {
            let words = words(written);
            assert_eq!((words.as_str(), is_described(&words), gender(&words)), (read, described, spoken_by));
        }
    }
}
