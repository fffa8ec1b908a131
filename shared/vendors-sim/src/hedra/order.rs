//! Orders that were read, and what they become.

use crate::tasks;
use crate::works::{Shape, Work};
use serde_json::{Value, json};

/// What a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    Film,
    Speech,
}

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) id: &'static str,
    name: &'static str,
    pub(super) makes: Makes,
    price: &'static str,
}

/// The models that are here.
pub(super) const MODELS: [Model; 3] = [
    Model { id: "hedra-character-3", name: "Character 3", makes: Makes::Film, price: "$0.05 per second" },
    Model { id: "hedra-avatar", name: "Hedra Avatar", makes: Makes::Film, price: "$0.04 per second" },
    Model {
        id: "elevenlabs-v3",
        name: "ElevenLabs V3",
        makes: Makes::Speech,
        price: "$0.10 per 1,000 characters",
    },
];

/// The model with this id.
pub(super) fn model(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

impl Model {
    pub(super) fn told(&self) -> Value {
        let modality = if self.makes == Makes::Film { "video" } else { "audio" };
        json!({
            "id": self.id,
            "modality": modality,
            "name": self.name,
            "description": self.name,
            "price_description": self.price,
        })
    }
}

/// What was ordered, all checked.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    /// A film's direction, or what is spoken.
    pub(super) prompt: String,
    pub(super) detail: Detail,
    pub(super) milliseconds: u32,
    /// The name of what comes of it.
    pub(super) asset: String,
    pub(super) webhook: Option<String>,
    pub(super) key: Option<String>,
}

/// What is special about films and speech.
#[derive(Debug)]
pub(super) enum Detail {
    Film { width: u32, height: u32 },
    Speech { voice: &'static str, speed_percent: u32 },
}

impl Order {
    /// What it costs, in millionths of a dollar. The figures are made up.
    pub(super) fn cost(&self) -> u64 {
        match self.model.makes {
            Makes::Film => {
                let second = if self.model.id == "hedra-avatar" { 40_000 } else { 50_000 };
                u64::from(self.milliseconds.div_ceil(1000)) * second
            }
            Makes::Speech => self.prompt.chars().count() as u64 * 100,
        }
    }

    pub(super) fn work(&self) -> Work {
        let text = self.prompt.clone();
        match self.detail {
            Detail::Film { width, height } => {
                Work::Clip { text, width, height, milliseconds: self.milliseconds, sound: true }
            }
            Detail::Speech { voice, speed_percent } => {
                Work::Voice { text, voice: voice.to_owned(), speed_percent, shape: Shape::Mp3 }
            }
        }
    }
}

impl tasks::Order for Order {
    fn prompt(&self) -> &str {
        &self.prompt
    }

    fn works(&self) -> Vec<Work> {
        vec![self.work()]
    }

    fn seconds(&self) -> f64 {
        if self.model.makes == Makes::Film { 5.0 } else { 1.0 }
    }

    fn limits(&self) -> &'static [&'static str] {
        &[]
    }

    fn client_id(&self) -> Option<&str> {
        self.key.as_deref()
    }

    fn callback(&self) -> Option<&str> {
        self.webhook.as_deref()
    }
}
