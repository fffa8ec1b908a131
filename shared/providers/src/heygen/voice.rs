//! Voices. An order names one by its id; callers may do so, too, or name one by its name, or describe it.

use super::{
    avatar::{page, present},
    faults,
    language::{locale, spoken},
    proceed, request,
    trail::{Stage, Trail, plain, wanted},
    wire::{Refusal, Suiting, Told, Voice},
};
use crate::{Next, Question, Reply, Task, kit};
use jobs::{Fault, FaultKind};
use serde::Serialize;

/// Voices on a page; the vendor has no larger ones.
const PAGE: &str = "100";

/// Pages of everybody's voices that are read for a name.
const MOST_PAGES: u32 = 3;

/// Words that make a description of what would otherwise be a name, and what they say.
const GENDERS: [(&str, &str); 8] = [
    ("female", "female"),
    ("woman", "female"),
    ("girl", "female"),
    ("lady", "female"),
    ("male", "male"),
    ("man", "male"),
    ("boy", "male"),
    ("gentleman", "male"),
];

/// Goes on where the voice is known or none is needed.
///
/// # Errors
/// The call that finds one.
pub(super) fn search(task: &Task<'_>, trail: Trail) -> Result<Trail, Next> {
    if trail.voice.is_some() || request::recording(task).is_some() {
        return Ok(trail);
    }
    match wanted(task, "voice") {
        Some(id) if is_id(id) => Ok(trail.with_voice(id)),
        Some(name) => Err(match (kit::name_of(Some(name)), gender(name)) {
            // It may be an id of another form.
            (Some(id), _) => {
                let url = request::address(task, &["voices", id], &[]);
                request::ask(task, "heygen voice", url, trail.note(Stage::Voice))
            }
            (None, gender) => named_or_described(task, trail, name, gender),
        }),
        // The avatar's own will do, unless another language was asked for.
        None if trail.avatar.as_ref().is_some_and(|avatar| avatar.speaks) && spoken(task).is_none() => {
            Ok(trail)
        }
        None => Err(voices(task, Stage::Voices, trail, None)),
    }
}

/// The forms of most ids.
fn is_id(text: &str) -> bool {
    let all = |good: fn(&u8) -> bool| text.bytes().all(|byte| good(&byte));
    let mixed =
        text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_uppercase());
    (text.len() == 32 && all(u8::is_ascii_hexdigit))
        || (text.len() == 20 && all(u8::is_ascii_alphanumeric) && mixed)
}

/// Whether a woman's or a man's voice is spoken of.
fn gender(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let mut words = text.split(' ');
    words.find_map(|word| GENDERS.iter().find(|(known, _)| *known == word)).map(|(_, gender)| *gender)
}

fn named_or_described(task: &Task<'_>, trail: Trail, words: &str, gender: Option<&'static str>) -> Next {
    match gender {
        Some(gender) => describe(task, trail, words, gender),
        None => voices(task, Stage::OwnVoices, trail, None),
    }
}

/// Reads whether there is a voice with this id.
pub(super) fn voice_read(task: &Task<'_>, trail: Trail, reply: &Reply<'_>) -> Next {
    let name = wanted(task, "voice").unwrap_or_default();
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        return match reply.status.as_u16() {
            400 | 404 | 422 => named_or_described(task, trail, name, gender(name)),
            _ => faults::not_told(task, Question::Submit, &error, reply),
        };
    }
    match kit::read_message::<Told<Voice>>(reply).filter(|_| reply.status.is_success()) {
        Some(told) => take(task, trail, &told.data),
        None => faults::not_read(task, Question::Submit, reply),
    }
}

fn voices(task: &Task<'_>, at: Stage, trail: Trail, token: Option<&str>) -> Next {
    let own = at == Stage::OwnVoices;
    // A name is looked for in all languages. Where there is none, the language has to do.
    let any = wanted(task, "voice").is_some();
    let language = spoken(task).unwrap_or("English");
    let gender = trail.avatar.as_ref().and_then(|avatar| avatar.gender.clone());
    let query = [
        ("type", Some(if own { "private" } else { "public" })),
        ("language", (!any).then_some(language)),
        ("gender", gender.as_deref().filter(|_| !any)),
        ("limit", Some(PAGE)),
        ("token", token),
    ];
    let url = request::address(task, &["voices"], &query.map(present).concat());
    request::ask(task, "heygen voices", url, trail.note(at))
}

/// Reads a page of voices: the one that was named, the next page, or none. Where none was named, the first will do.
pub(super) fn voices_read(task: &Task<'_>, at: Stage, mut trail: Trail, reply: &Reply<'_>) -> Next {
    let page = match page::<Voice>(task, reply) {
        Ok(page) => page,
        Err(next) => return next,
    };
    let Some(name) = wanted(task, "voice") else {
        return match page.data.first() {
            Some(voice) => take(task, trail, voice),
            None => {
                let message = "the provider has no voice for this language";
                kit::refused(Question::Submit, Fault::new(FaultKind::InvalidInput, message))
            }
        };
    };
    let wanted = plain(name);
    let named = |voice: &&Voice| voice.name.as_deref().is_some_and(|name| plain(name) == wanted);
    // "Jenny" of "Jenny - Friendly".
    let short = |voice: &&Voice| {
        let name = voice.name.as_deref().and_then(|name| name.split(" - ").next());
        name.is_some_and(|name| plain(name) == wanted)
    };
    if let Some(voice) = page.data.iter().find(named).or_else(|| page.data.iter().find(short)) {
        return take(task, trail, voice);
    }
    if at == Stage::OwnVoices {
        return voices(task, Stage::Voices, trail, None);
    }
    trail.remember(page.data.iter().filter_map(|voice| voice.name.as_deref()), &wanted);
    trail.page += 1;
    match page.next().filter(|_| trail.page < MOST_PAGES) {
        Some(token) => voices(task, at, trail, Some(token)),
        None => kit::refused(Question::Submit, faults::no_such_voice(&trail.offer())),
    }
}

/// What a voice is to be like. The vendor looks among those that it has; it makes none.
#[derive(Serialize)]
struct Description<'a> {
    prompt: String,
    gender: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
}

fn describe(task: &Task<'_>, trail: Trail, words: &str, gender: &'static str) -> Next {
    let body = Description { prompt: plain(words), gender, locale: locale(task) };
    let url = request::address(task, &["voices"], &[]);
    let draft = kit::Draft::post("heygen describe a voice", url, &body);
    request::signed(task, draft).note(trail.note(Stage::Describe)).next(Question::Submit)
}

/// Reads which voices suit a description, and takes the best.
pub(super) fn suiting_read(task: &Task<'_>, trail: Trail, reply: &Reply<'_>) -> Next {
    if let Some(Refusal { error }) = kit::read_message::<Refusal>(reply) {
        return faults::not_told(task, Question::Submit, &error, reply);
    }
    match kit::read_message::<Told<Suiting>>(reply).filter(|_| reply.status.is_success()) {
        Some(Told { data: Suiting { voices } }) => match voices.first() {
            Some(voice) => take(task, trail, voice),
            None => kit::refused(Question::Submit, faults::no_such_voice("")),
        },
        None => faults::not_read(task, Question::Submit, reply),
    }
}

fn take(task: &Task<'_>, trail: Trail, voice: &Voice) -> Next {
    match kit::name_of(Some(&voice.voice_id)) {
        Some(id) => proceed(task, trail.with_voice(id)),
        None => kit::not_ready(Question::Submit, "the voice has no usable id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_names_and_descriptions_are_told_apart() {
        for id in ["1bd001e7e50f421d891986aad5158bc8", "kWwhw6YmjhNmgmLELlEy"] {
            assert!(is_id(id), "{id}");
        }
        for name in ["kate", "professional_female", "professionalfemalevo", "Jenny 1234567890abcd"] {
            assert!(!is_id(name), "{name}");
        }
        for (text, expected) in [
            ("professional_female", Some("female")),
            ("Deep Male", Some("male")),
            ("an old man", Some("male")),
            ("Manuel", None),
        ] {
            assert_eq!(gender(text), expected, "{text}");
        }
    }
}
