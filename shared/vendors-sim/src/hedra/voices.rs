//! The voices of the one model that speaks: those of the list, and the rest of the library, which a search finds.

use super::order::{self, Makes};
use super::wire::Refusal;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A voice.
#[derive(Debug)]
pub(super) struct Voice {
    id: &'static str,
    pub(super) name: &'static str,
    gender: &'static str,
    accent: &'static str,
    language: &'static str,
    /// Words that a search ranks by.
    sound: &'static str,
    listed: bool,
}

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Id, name, gender, accent, language and sound of the voices that the list shows.
const LISTED: [Row; 6] = [
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a01",
        "Sarah - Mature, Reassuring",
        "female",
        "american",
        "en",
        "professional warm confident presenter",
    ),
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a02",
        "Roger",
        "male",
        "american",
        "en",
        "casual laid-back resonant",
    ),
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a03",
        "Jessica - Playful, Bright",
        "female",
        "american",
        "en",
        "playful young energetic",
    ),
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a04",
        "George",
        "male",
        "british",
        "en",
        "warm storyteller narrator",
    ),
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a05",
        "Lena",
        "female",
        "german",
        "de",
        "natural clear presenter",
    ),
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a06",
        "Mateo",
        "male",
        "castilian",
        "es",
        "natural deep announcer",
    ),
];

/// The voices that only a search shows.
const LIBRARY: [Row; 3] = [
    (
        "voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a07",
        "Monica",
        "female",
        "british",
        "en",
        "professional warm british narrator",
    ),
    ("voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a08", "Rachel", "female", "american", "en", "calm meditation"),
    ("voice_0d5f6a52-4c07-4b26-9d0e-6f0b5f1d7a09", "Hank", "male", "american", "en", "gravelly old cowboy"),
];

fn all() -> impl Iterator<Item = Voice> {
    let voice = |listed| {
        move |(id, name, gender, accent, language, sound): Row| Voice {
            id,
            name,
            gender,
            accent,
            language,
            sound,
            listed,
        }
    };
    LISTED.into_iter().map(voice(true)).chain(LIBRARY.into_iter().map(voice(false)))
}

/// The voice with this id.
pub(super) fn find(id: &str) -> Option<Voice> {
    all().find(|voice| voice.id == id)
}

/// What `GET /v3/models/{model}/voices` tells.
pub(super) fn list(model: &str) -> Result<Value, Refusal> {
    speaks(model)?;
    Ok(page(all().filter(|voice| voice.listed)))
}

/// What `GET /v3/models/{model}/voices/search` tells: the best first, by how many of the words they have.
pub(super) fn search(model: &str, query: &HashMap<String, String>) -> Result<Value, Refusal> {
    speaks(model)?;
    let wanted = query.get("q").map(|words| words.to_lowercase()).filter(|words| !words.trim().is_empty());
    let wanted = wanted.ok_or_else(|| Refusal::field("q", "required", "Field required"))?;
    let limit = match query.get("limit") {
        Some(limit) => limit.parse().ok().filter(|limit| (1..=100).contains(limit)),
        None => Some(20),
    };
    let limit: usize =
        limit.ok_or_else(|| Refusal::field("limit", "maximum", "Input should be between 1 and 100"))?;
    let gender = query.get("gender").map(String::as_str);
    if gender.is_some_and(|gender| !["male", "female"].contains(&gender)) {
        return Err(Refusal::field("gender", "enum", "Input should be 'male' or 'female'"));
    }
    let language = query.get("language").map(String::as_str);
    if language.is_some_and(|code| code.len() != 2) {
        return Err(Refusal::field("language", "pattern", "Input should be an ISO 639-1 code"));
    }
    let mut found: Vec<(usize, Voice)> = all()
        .filter(|voice| gender.is_none_or(|gender| gender == voice.gender))
        .filter(|voice| language.is_none_or(|language| language == voice.language))
        .map(|voice| (wanted.split(' ').filter(|word| voice.speaks_of(word)).count(), voice))
        .filter(|(words, _)| *words > 0)
        .collect();
    found.sort_by_key(|(words, _)| std::cmp::Reverse(*words));
    Ok(page(found.into_iter().map(|(_, voice)| voice).take(limit)))
}

fn speaks(model: &str) -> Result<(), Refusal> {
    match order::model(model) {
        Some(found) if found.makes == Makes::Speech => Ok(()),
        Some(_) => Err(Refusal::precondition(&format!("Model '{model}' does not take a voice."))),
        None => Err(Refusal::no_model(model)),
    }
}

fn page(voices: impl Iterator<Item = Voice>) -> Value {
    let voices: Vec<Value> = voices.map(|voice| voice.told()).collect();
    json!({ "data": voices, "next_cursor": null })
}

impl Voice {
    fn speaks_of(&self, word: &str) -> bool {
        let known = [self.name, self.gender, self.accent, self.sound];
        known.iter().any(|text| text.to_lowercase().split([' ', ',', '-']).any(|known| known == word))
    }

    fn told(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "preview_url": format!("https://samples.hedra.example/{}.mp3", self.id),
            "labels": { "gender": self.gender, "accent": self.accent, "language": self.language },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_ranks_and_filters() {
        let names = |query: &[(&str, &str)]| -> Vec<String> {
            let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let found = search("elevenlabs-v3", &query).unwrap();
            let voices = found["data"].as_array().unwrap();
            voices.iter().map(|voice| voice["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(
            names(&[("q", "professional british")]),
            ["Monica", "Sarah - Mature, Reassuring", "George"]
        );
        assert_eq!(names(&[("q", "rachel")]), ["Rachel"]);
        assert_eq!(names(&[("q", "natural"), ("language", "de")]), ["Lena"]);
        assert_eq!(names(&[("q", "warm"), ("gender", "male")]), ["George"]);
        assert_eq!(names(&[("q", "warm"), ("limit", "1")]), ["Sarah - Mature, Reassuring"]);
    }
}
