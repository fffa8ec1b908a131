//! Models of ElevenLabs.

use serde_json::{Value, json};

/// A model that speaks.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    name: &'static str,
    /// Characters of a text, at most.
    pub(super) most_characters: usize,
    /// Units that a character costs.
    pub(super) multiplier: f64,
    /// The faster family: half the price, twice the concurrency.
    pub(super) flash: bool,
    languages: &'static [(&'static str, &'static str)],
}

/// The model that speaks if none is named.
pub(super) const DEFAULT_MODEL: &str = "eleven_multilingual_v2";
/// The model with three steps of stability.
pub(super) const THIRD: &str = "eleven_v3";

const ENGLISH: &[(&str, &str)] = &[("en", "English")];
const MANY: &[(&str, &str)] = &[
    ("en", "English"),
    ("de", "German"),
    ("es", "Spanish"),
    ("fr", "French"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("zh", "Chinese"),
];

static MODELS: [Model; 8] = [
    Model {
        id: THIRD,
        name: "Eleven v3",
        most_characters: 5000,
        multiplier: 1.0,
        flash: false,
        languages: MANY,
    },
    Model {
        id: DEFAULT_MODEL,
        name: "Eleven Multilingual v2",
        most_characters: 10_000,
        multiplier: 1.0,
        flash: false,
        languages: MANY,
    },
    flash("eleven_flash_v2_5", "Eleven Flash v2.5", 40_000, MANY),
    flash("eleven_turbo_v2_5", "Eleven Turbo v2.5", 40_000, MANY),
    flash("eleven_flash_v2", "Eleven Flash v2", 30_000, ENGLISH),
    flash("eleven_turbo_v2", "Eleven Turbo v2", 30_000, ENGLISH),
    Model {
        id: "eleven_v4",
        name: "Eleven v4",
        most_characters: 10_000,
        multiplier: 1.0,
        flash: false,
        languages: MANY,
    },
    flash("eleven_v4_turbo", "Eleven v4 Turbo", 10_000, MANY),
];

const fn flash(
    id: &'static str,
    name: &'static str,
    most_characters: usize,
    languages: &'static [(&'static str, &'static str)],
) -> Model {
    Model { id, name, most_characters, multiplier: 0.5, flash: true, languages }
}

/// The model with this id.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// What `GET /v1/models` tells.
pub(super) fn list() -> Value {
    MODELS.iter().map(Model::told).collect()
}

impl Model {
    /// Units that a text costs.
    pub(super) fn cost(&self, characters: usize) -> u64 {
        (characters as f64 * self.multiplier).ceil() as u64
    }

    fn told(&self) -> Value {
        let third = self.id == THIRD;
        let languages: Vec<Value> =
            self.languages.iter().map(|(id, name)| json!({ "language_id": id, "name": name })).collect();
        json!({
            "model_id": self.id,
            "name": self.name,
            "description": format!("{} speaks with up to {} characters", self.name, self.most_characters),
            "can_be_finetuned": false,
            "can_do_text_to_speech": true,
            "can_do_voice_conversion": false,
            "can_use_style": !self.flash && !third,
            "can_use_speaker_boost": !third,
            "serves_pro_voices": false,
            "token_cost_factor": self.multiplier,
            "requires_alpha_access": false,
            "max_characters_request_free_user": self.most_characters,
            "max_characters_request_subscribed_user": self.most_characters,
            "maximum_text_length_per_request": self.most_characters,
            "languages": languages,
            "model_rates": { "character_cost_multiplier": self.multiplier },
            "concurrency_group": if self.flash { "turbo" } else { "standard" },
        })
    }
}
