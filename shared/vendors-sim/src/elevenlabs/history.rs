//! The history of what was spoken.

use super::check::Order;
use super::wire::Refusal;
use crate::faults::Fault;
use crate::shelf::Shelf;
use crate::tasks::Task;
use crate::works::Work;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Items that are remembered, at most.
const MOST_ITEMS: usize = 20_000;

/// Something that was spoken.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) request_id: String,
    pub(super) work: Work,
    pub(super) fault: Option<Fault>,
    text: String,
    voice_id: &'static str,
    voice_name: &'static str,
    model_id: &'static str,
    output_format: String,
    settings: Value,
    date_unix: u64,
    characters_before: u64,
    characters_after: u64,
}

impl Item {
    fn told(&self) -> Value {
        json!({
            "history_item_id": self.id,
            "request_id": self.request_id,
            "voice_id": self.voice_id,
            "voice_name": self.voice_name,
            "voice_category": "premade",
            "model_id": self.model_id,
            "text": self.text,
            "date_unix": self.date_unix,
            "character_count_change_from": self.characters_before,
            "character_count_change_to": self.characters_after,
            "content_type": self.work.content_type(),
            "state": "created",
            "settings": self.settings,
            "source": "TTS",
            "share_link_id": null,
            "output_format": self.output_format,
        })
    }
}

/// The history, and the units used up so far.
#[derive(Debug)]
pub(super) struct History {
    items: Shelf<Item>,
    pub(super) spent: u64,
}

impl Default for History {
    fn default() -> Self {
        Self { items: Shelf::holding(MOST_ITEMS), spent: 0 }
    }
}

impl History {
    /// Writes down what was spoken.
    pub(super) fn add(&mut self, spoken: &Task<Order>) {
        let order = &spoken.order;
        let characters_before = self.spent;
        self.spent += order.cost();
        if !order.logged {
            return;
        }
        let item = Item {
            id: spoken.id.clone(),
            request_id: order.request_id.clone(),
            work: order.work(),
            fault: spoken.ailments.of_file(),
            text: order.text.clone(),
            voice_id: order.voice.id,
            voice_name: order.voice.name,
            model_id: order.model.id,
            output_format: order.format.clone(),
            settings: order.settings.clone(),
            date_unix: spoken.span.ordered / 1000,
            characters_before,
            characters_after: self.spent,
        };
        self.items.put(spoken.id.clone(), Arc::new(item));
    }

    pub(super) fn find(&self, id: &str) -> Result<Arc<Item>, Refusal> {
        self.items.get(id).ok_or_else(|| not_found(id))
    }

    pub(super) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        self.items.remove(id).map(|_| ()).ok_or_else(|| not_found(id))
    }

    /// What `GET /v1/history/{id}` tells.
    pub(super) fn item(&self, id: &str) -> Result<Value, Refusal> {
        self.find(id).map(|item| item.told())
    }

    /// What `GET /v1/history` tells.
    pub(super) fn list(&self, query: &HashMap<String, String>) -> Result<Value, Refusal> {
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
        let number = |name: &'static str| {
            let wrong =
                |_| Refusal::schema(vec!["query", name], "int_parsing", "Input should be a valid integer");
            text(name).map(|text| text.parse::<u64>().map_err(wrong)).transpose()
        };
        let size = number("page_size")?.unwrap_or(100);
        if !(1..=1000).contains(&size) {
            let message = "Input should be between 1 and 1000";
            return Err(Refusal::schema(vec!["query", "page_size"], "less_than_equal", message));
        }
        if text("model_id").is_some() && text("source").is_none() {
            return Err(Refusal::bad("missing_required_field", "source", "source is required with model_id"));
        }
        let (before, after) = (number("date_before_unix")?, number("date_after_unix")?);
        let fits = |item: &&Arc<Item>| {
            text("source").is_none_or(|source| source == "TTS")
                && text("voice_id").is_none_or(|id| id == item.voice_id)
                && text("model_id").is_none_or(|id| item.model_id.contains(id.as_str()))
                && text("search").is_none_or(|words| item.text.contains(words.as_str()))
                && before.is_none_or(|date| item.date_unix < date)
                && after.is_none_or(|date| item.date_unix >= date)
        };
        let mut found: Vec<&Arc<Item>> = self.items.newest().filter(fits).collect();
        if text("sort_direction").is_some_and(|direction| direction == "asc") {
            found.reverse();
        }
        let skip = match text("start_after_history_item_id") {
            Some(last) => {
                1 + found.iter().position(|item| &item.id == last).ok_or_else(|| not_found(last))?
            }
            None => 0,
        };
        let page: Vec<&&Arc<Item>> = found.iter().skip(skip).take(size as usize).collect();
        let told: Vec<Value> = page.iter().map(|item| item.told()).collect();
        Ok(json!({
            "has_more": skip + told.len() < found.len(),
            "last_history_item_id": page.last().map(|item| &item.id),
            "history": told,
            "scanned_until": page.last().map(|item| item.date_unix),
        }))
    }
}

pub(super) fn not_found(id: &str) -> Refusal {
    Refusal::not_found("history_item_not_found", format!("A history item with id '{id}' was not found."))
}
