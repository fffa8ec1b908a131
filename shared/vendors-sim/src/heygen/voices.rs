//! Voices, and the search for those that suit a description. That search makes no voice and costs nothing.

use super::list::{Page, Query, choice};
use super::people::{FIRST_NAMES, identity};
use super::wire::Refusal;
use crate::fields::Fields;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Languages with their codes, and how everybody's voices in them sound.
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("English", "en", "Professional"),
    ("German", "de", "Friendly"),
    ("Spanish", "es", "Calm"),
    ("Japanese", "ja", "Lively"),
    ("French", "fr", "Warm"),
];

/// Voices that a search brings, at most.
const MOST_SUITING: usize = 3;

/// A voice.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) id: String,
    name: String,
    language: &'static str,
    gender: &'static str,
    /// Whether it is the account's own.
    own: bool,
}

/// All voices, in the order of lists. The last one stands on the second page of those that are as long as may be.
static VOICES: LazyLock<Vec<Voice>> = LazyLock::new(|| {
    let voice = |name: String, language, gender, own| Voice {
        id: identity(&format!("voice {name} {language}")),
        name,
        language,
        gender,
        own,
    };
    let names = LANGUAGES.iter().flat_map(|language| FIRST_NAMES.iter().map(move |first| (first, language)));
    let mut voices: Vec<Voice> = names
        .map(|((first, gender), (language, _, style))| {
            voice(format!("{first} - {style}"), language, gender, false)
        })
        .collect();
    voices.push(voice("Jenny".to_owned(), "English", "female", false));
    voices.push(voice("Founder".to_owned(), "English", "male", true));
    voices
});

/// The voice of everybody's avatars of a gender.
pub(super) fn usual(gender: &str) -> Option<String> {
    let fits = |voice: &&Voice| voice.gender == gender && voice.language == "English";
    VOICES.iter().find(fits).map(|voice| voice.id.clone())
}

/// The voice with this id.
pub(super) fn find(id: &str) -> Option<&'static Voice> {
    VOICES.iter().find(|voice| voice.id == id)
}

/// The page of voices that a call asks for.
pub(super) fn list(query: &Query) -> Result<Value, Refusal> {
    let page = Page::read(query, 20, 100)?;
    let own = choice(query, "type", &["public", "private"])? == Some("private");
    let gender = choice(query, "gender", &["male", "female"])?;
    let language = query.get("language");
    let fits = |voice: &&Voice| {
        voice.own == own
            && gender.is_none_or(|gender| voice.gender == gender)
            && language.is_none_or(|language| voice.language == language)
    };
    Ok(page.of(VOICES.iter().filter(fits).map(Voice::told)))
}

/// The voices that suit a description best.
pub(super) fn suiting(body: &[u8]) -> Result<Value, Refusal> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::bad("the body is no JSON object"));
    };
    let body = Fields(&body);
    let prompt = body.text("prompt")?.filter(|prompt| !prompt.trim().is_empty());
    let prompt = prompt.ok_or_else(|| Refusal::lacking("prompt"))?.to_lowercase();
    let gender = match body.text("gender")? {
        Some(gender) if !["male", "female"].contains(&gender) => {
            return Err(Refusal::invalid("gender", "must be one of male, female"));
        }
        gender => gender,
    };
    let code = body.text("locale")?.and_then(|locale| locale.split('-').next());
    let language = code.and_then(|code| LANGUAGES.iter().find(|(_, known, _)| *known == code));
    let seed = body.whole("seed")?.unwrap_or_default();
    let mut voices: Vec<&Voice> = VOICES
        .iter()
        .filter(|voice| gender.is_none_or(|gender| voice.gender == gender))
        .filter(|voice| language.is_none_or(|(language, _, _)| voice.language == *language))
        .collect();
    let shared = |voice: &&Voice| {
        let name = voice.name.to_lowercase();
        std::cmp::Reverse(prompt.split_whitespace().filter(|word| name.contains(word)).count())
    };
    voices.sort_by_key(shared);
    let voices: Vec<Value> = voices.into_iter().take(MOST_SUITING).map(Voice::told).collect();
    Ok(json!({ "data": { "seed": seed, "voices": voices } }))
}

impl Voice {
    /// The voice as it is told.
    pub(super) fn told(&self) -> Value {
        json!({
            "voice_id": self.id,
            "name": self.name,
            "language": self.language,
            "gender": self.gender,
            "type": if self.own { "private" } else { "public" },
            "preview_audio_url": null,
            "support_pause": true,
            "support_locale": false,
        })
    }
}
