//! Who speaks: `<language>-<family>-<name>`.

use serde_json::{Value, json};

/// Languages, and whether the finer families speak them.
const LANGUAGES: [(&str, bool); 16] = [
    ("ar-XA", false),
    ("cmn-CN", false),
    ("de-DE", true),
    ("en-AU", true),
    ("en-GB", true),
    ("en-US", true),
    ("es-ES", true),
    ("es-US", true),
    ("fr-FR", true),
    ("it-IT", true),
    ("ja-JP", true),
    ("ko-KR", true),
    ("nb-NO", false),
    ("pt-BR", true),
    ("ru-RU", false),
    ("tr-TR", false),
];
const LETTERS: [&str; 4] = ["A", "B", "C", "D"];
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
const WOMEN: [&str; 14] = [
    "Achernar",
    "Aoede",
    "Autonoe",
    "Callirrhoe",
    "Despina",
    "Erinome",
    "Gacrux",
    "Kore",
    "Laomedeia",
    "Leda",
    "Pulcherrima",
    "Sulafat",
    "Vindemiatrix",
    "Zephyr",
];

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Voice {
    pub(super) name: String,
    pub(super) language: &'static str,
    pub(super) family: &'static str,
    is_woman: bool,
}

fn all() -> impl Iterator<Item = Voice> {
    LANGUAGES.into_iter().flat_map(|(language, fine)| {
        let voice = move |family: &'static str, name: &str, is_woman| Voice {
            name: format!("{language}-{family}-{name}"),
            language,
            family,
            is_woman,
        };
        let families: &[&'static str] =
            if fine { &["Neural2", "Standard", "Wavenet"] } else { &["Standard", "Wavenet"] };
        let lettered = families.iter().flat_map(move |family| {
            LETTERS.iter().enumerate().map(move |(index, letter)| voice(family, letter, index % 2 == 0))
        });
        let stars = STARS.iter().map(move |star| voice("Chirp3-HD", star, WOMEN.contains(star)));
        let studio = [("O", true), ("Q", false)]
            .into_iter()
            .filter(move |_| language == "en-US")
            .map(move |(name, is_woman)| voice("Studio", name, is_woman));
        let polyglot =
            [1].into_iter().filter(move |_| language == "es-ES").map(move |_| voice("Polyglot", "1", false));
        stars.chain(lettered).chain(polyglot).chain(studio)
    })
}

/// The voice with this name.
pub(super) fn find(name: &str) -> Option<Voice> {
    all().find(|voice| voice.name == name)
}

/// The voice for who names none.
pub(super) fn any(language: &str) -> Option<Voice> {
    all().find(|voice| speaks(voice, language) && voice.family == "Standard")
}

/// Whether a voice speaks a language, which may be named without its region. The old name of Norwegian counts, too.
pub(super) fn speaks(voice: &Voice, language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    let own = voice.language.to_ascii_lowercase();
    let short = own.split('-').next().unwrap_or_default();
    language.is_empty() || language == own || language == short || (language == "no" && short == "nb")
}

/// What `GET /v1/voices` tells.
pub(super) fn told(language: &str) -> Value {
    let voices: Vec<Value> = all()
        .filter(|voice| speaks(voice, language))
        .map(|voice| {
            json!({
                "languageCodes": [voice.language],
                "name": voice.name,
                "ssmlGender": if voice.is_woman { "FEMALE" } else { "MALE" },
                "naturalSampleRateHertz": 24_000,
            })
        })
        .collect();
    // Empty lists are left out, as everywhere at this vendor's.
    if voices.is_empty() { json!({}) } else { json!({ "voices": voices }) }
}
