//! Voices of ElevenLabs, and the calls that list them.

use super::wire::Refusal;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A voice of the vendor.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    gender: &'static str,
    accent: &'static str,
    age: &'static str,
    use_case: &'static str,
    /// Still speaks, but is left out of lists.
    legacy: bool,
}

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Id, name, gender, accent, age and use of the voices that lists show.
const CURRENT: [Row; 21] = [
    ("EXAVITQu4vr4xnSDxMaL", "Sarah", "female", "american", "young", "news"),
    (
        "CwhRBWXzGAHq8TQ4Fs17",
        "Roger - Laid-Back, Casual",
        "male",
        "american",
        "middle_aged",
        "conversational",
    ),
    ("9BWtsMINqrJLrRacOk9x", "Aria", "female", "american", "middle_aged", "social_media"),
    ("Xb7hH8MSUJpSbSDYk0k2", "Alice - Clear, Engaging Educator", "female", "british", "middle_aged", "news"),
    ("pqHfZKP75CvOlQylNhV4", "Bill", "male", "american", "old", "narration"),
    ("nPczCjzI2devNBz1zQrb", "Brian - Deep, Resonant", "male", "american", "middle_aged", "narration"),
    ("N2lVS1w4EtoT3dr4eOWO", "Callum", "male", "transatlantic", "middle_aged", "characters"),
    ("IKne3meq5aSn9XLyUdCD", "Charlie", "male", "australian", "middle_aged", "conversational"),
    ("XB0fDUnXU5powFXDhCwa", "Charlotte", "female", "swedish", "young", "characters"),
    ("iP95p4xoKVk53GoZ742B", "Chris", "male", "american", "middle_aged", "conversational"),
    ("onwK4e9ZLuTAKqWW03F9", "Daniel - Steady Broadcaster", "male", "british", "middle_aged", "news"),
    ("cjVigY5qzO86Huf0OWal", "Eric", "male", "american", "middle_aged", "conversational"),
    ("JBFqnCBsd6RMkjVDRZzb", "George - Warm Storyteller", "male", "british", "middle_aged", "narration"),
    ("cgSgspJ2msm6clMCkdW9", "Jessica", "female", "american", "young", "conversational"),
    ("FGY2WhTYpPnrIDTdsKH5", "Laura", "female", "american", "young", "social_media"),
    ("TX3LPaxmHKxFdv7VOQHJ", "Liam", "male", "american", "young", "narration"),
    ("pFZP5JQG7iQjIQuC4Bku", "Lily", "female", "british", "middle_aged", "narration"),
    ("XrExE9yKIg1WjnnlVkGX", "Matilda", "female", "american", "middle_aged", "narration"),
    ("SAz9YHcvj6GT2YYXdXww", "River", "neutral", "american", "middle_aged", "social_media"),
    ("bIHbv24MWmeRgasZH58o", "Will", "male", "american", "young", "social_media"),
    ("pNInz6obpgDQGcFmaJgB", "Adam - Dominant, Firm", "male", "american", "middle_aged", "social_media"),
];

/// The voices that lists hide.
const LEGACY: [Row; 9] = [
    ("21m00Tcm4TlvDq8ikWAM", "Rachel", "female", "american", "young", "narration"),
    ("ErXwobaYiN019PkySvjV", "Antoni", "male", "american", "young", "narration"),
    ("VR6AewLTigWG4xSOukaG", "Arnold", "male", "american", "middle_aged", "narration"),
    ("TxGEqnHWrfWFTfGW9XjX", "Josh", "male", "american", "young", "narration"),
    ("yoZ06aMxZJJ28mfd3POQ", "Sam", "male", "american", "young", "narration"),
    ("LcfcDJNUP1GQjkzn1xUU", "Emily", "female", "american", "young", "meditation"),
    ("oWAxZDx7w5VEj9dCyTzz", "Grace", "female", "american", "young", "audiobook"),
    ("piTKgcLEGmPE4e6mEKli", "Nicole", "female", "american", "young", "audiobook"),
    ("GBv7mTt0atIp3Br8iCZE", "Thomas", "male", "american", "young", "meditation"),
];

fn all() -> impl Iterator<Item = Voice> {
    let voice = |legacy| {
        move |(id, name, gender, accent, age, use_case): Row| Voice {
            id,
            name,
            gender,
            accent,
            age,
            use_case,
            legacy,
        }
    };
    CURRENT.into_iter().map(voice(false)).chain(LEGACY.into_iter().map(voice(true)))
}

/// The voice with this id.
pub(super) fn find(id: &str) -> Result<Voice, Refusal> {
    if id.len() != 20 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = format!("An invalid ID has been received: '{id}'. Make sure to provide a correct one.");
        return Err(Refusal::bad("invalid_voice_id", "voice_id", message));
    }
    let found = all().find(|voice| voice.id == id);
    found.ok_or_else(|| {
        Refusal::not_found("voice_not_found", format!("A voice with the voice_id '{id}' was not found."))
    })
}

/// What `GET /v1/voices` tells.
pub(super) fn list(show_legacy: bool) -> Value {
    let voices: Vec<Value> =
        all().filter(|voice| show_legacy || !voice.legacy).map(|voice| voice.told()).collect();
    json!({ "voices": voices })
}

/// What `GET /v2/voices` tells. `query` has each name once, `ids` all values of `voice_ids`.
pub(super) fn search(query: &HashMap<String, String>, ids: &[String]) -> Result<Value, Refusal> {
    let text = |name: &str| query.get(name).map(|text| text.to_lowercase()).filter(|text| !text.is_empty());
    let size = match query.get("page_size") {
        Some(size) => size.parse().ok().filter(|size| (1..=100).contains(size)).ok_or_else(|| {
            let message = "Input should be between 1 and 100";
            Refusal::schema(vec!["query", "page_size"], "less_than_equal", message)
        })?,
        None => 10,
    };
    let skip = match query.get("next_page_token").filter(|token| !token.is_empty()) {
        Some(token) => page_start(token).ok_or_else(|| {
            Refusal::bad("invalid_parameters", "next_page_token", "The page token is not valid")
        })?,
        None => 0,
    };
    let kind_fits = !matches!(
        text("voice_type").as_deref(),
        Some("personal" | "community" | "workspace" | "non-default")
    );
    let mut found: Vec<Voice> = all()
        .filter(|voice| kind_fits && (!voice.legacy || ids.iter().any(|id| id == voice.id)))
        .filter(|voice| ids.is_empty() || ids.iter().any(|id| id == voice.id))
        .filter(|voice| text("search").is_none_or(|text| voice.speaks_of(&text)))
        .filter(|_| text("category").is_none_or(|text| text == "premade"))
        .filter(|voice| text("gender").is_none_or(|text| text == voice.gender))
        .filter(|voice| text("accent").is_none_or(|text| text == voice.accent))
        .filter(|voice| text("age").is_none_or(|text| text == voice.age))
        .collect();
    if text("sort").as_deref() == Some("name") {
        found.sort_by_key(|voice| voice.name);
    }
    if text("sort_direction").as_deref() == Some("desc") {
        found.reverse();
    }
    let total = found.len();
    let voices: Vec<Value> = found.iter().skip(skip).take(size).map(Voice::told).collect();
    let next = skip + voices.len();
    let has_more = next < total;
    Ok(json!({
        "voices": voices,
        "has_more": has_more,
        "total_count": total,
        "next_page_token": has_more.then(|| page_token(next)),
    }))
}

fn page_token(start: usize) -> String {
    hex::encode(format!("voices:{start}"))
}

fn page_start(token: &str) -> Option<usize> {
    String::from_utf8(hex::decode(token).ok()?).ok()?.strip_prefix("voices:")?.parse().ok()
}

impl Voice {
    pub(super) fn told(&self) -> Value {
        json!({
            "voice_id": self.id,
            "name": self.name,
            "samples": null,
            "category": "premade",
            "fine_tuning": null,
            "labels": {
                "gender": self.gender,
                "accent": self.accent,
                "age": self.age,
                "use_case": self.use_case,
                "language": "en",
            },
            "description": self.description(),
            "preview_url": null,
            "available_for_tiers": [],
            "settings": null,
            "sharing": null,
            "high_quality_base_model_ids": ["eleven_multilingual_v2", "eleven_flash_v2_5"],
            "safety_control": null,
            "permission_on_resource": null,
            "is_owner": false,
            "is_legacy": self.legacy,
            "is_mixed": false,
            "created_at_unix": null,
        })
    }

    fn description(&self) -> String {
        format!("A {} {} voice for {}", self.age, self.accent, self.use_case)
    }

    /// Whether a search for the text in small letters finds it.
    fn speaks_of(&self, text: &str) -> bool {
        let name = self.name.to_lowercase();
        let labels = [self.gender, self.accent, self.age, self.use_case, "premade"];
        name.contains(text)
            || self.description().to_lowercase().contains(text)
            || labels.iter().any(|label| label.contains(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &[(&str, &str)]) -> Vec<String> {
        let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let found = search(&query, &[]).unwrap();
        found["voices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|voice| voice["name"].as_str().unwrap().into())
            .collect()
    }

    #[test]
    fn voices_are_found_by_text_and_labels() {
        assert_eq!(names(&[("search", "ROGER")]), ["Roger - Laid-Back, Casual"]);
        assert_eq!(names(&[("search", "rachel")]), [""; 0]);
        assert_eq!(names(&[("gender", "neutral")]), ["River"]);
        assert_eq!(names(&[]).len(), 10);
        assert_eq!(names(&[("page_size", "100"), ("sort", "name")])[0], "Adam - Dominant, Firm");
        assert_eq!(names(&[("voice_type", "personal")]).len(), 0);
    }

    #[test]
    fn pages_follow_each_other() {
        let mut query = HashMap::from([("page_size".to_owned(), "8".to_owned())]);
        let mut sizes = Vec::new();
        loop {
            let page = search(&query, &[]).unwrap();
            sizes.push(page["voices"].as_array().unwrap().len());
            let Some(token) = page["next_page_token"].as_str() else { break };
            query.insert("next_page_token".into(), token.into());
        }
        assert_eq!(sizes, [8, 8, 5]);
    }

    #[test]
    fn legacy_voices_still_speak() {
        assert_eq!(find("21m00Tcm4TlvDq8ikWAM").unwrap().name, "Rachel");
        assert_eq!(find("00000000000000000000").unwrap_err().status, 404);
        assert_eq!(find("rachel").unwrap_err().status, 400);
    }
}
