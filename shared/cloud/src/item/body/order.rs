//! What was asked for and how it is made, as they are stored.

use super::unknown;
use crate::item::Unreadable;
use jobs::{Adjustment, CancelKind, Candidate, Credits, Input, Kind, Options, Order, Plan, Priority, Value};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredOrder {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(default)]
    input: StoredInput,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<String, StoredValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    priority: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fallback: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_credits: Option<u64>,
    #[serde(default)]
    strict: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deadline_seconds: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct StoredInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_image: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    images: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    audio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    voice: Option<String>,
}

/// Tagged by kind: JSON alone can't tell the text "10" apart from a number once both have been texts.
#[derive(Serialize, Deserialize)]
enum StoredValue {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "n")]
    Whole(i64),
    #[serde(rename = "d")]
    Decimal(f64),
    #[serde(rename = "f")]
    Flag(bool),
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredPlan {
    provider: String,
    model: String,
    vendor: String,
    vendor_model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<String, StoredValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    adjustments: Vec<StoredAdjustment>,
    cost: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<StoredCandidate>,
    median_ms: u64,
    poll_floor_ms: u64,
    deadline_ms: u64,
    submit_timeout_ms: u64,
    cancel: String,
}

#[derive(Serialize, Deserialize)]
struct StoredAdjustment {
    option: String,
    requested: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<String>,
    reason: String,
}

/// Short names: an order without a provider keeps a line per model of the catalogue.
#[derive(Serialize, Deserialize)]
struct StoredCandidate {
    #[serde(rename = "p")]
    provider: String,
    #[serde(rename = "m")]
    model: String,
    #[serde(default, rename = "s", skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(default, rename = "x", skip_serializing_if = "Option::is_none")]
    excluded_because: Option<String>,
}

impl From<&Order> for StoredOrder {
    fn from(order: &Order) -> StoredOrder {
        let input = order.input.clone();
        StoredOrder {
            kind: order.kind.name().to_owned(),
            provider: order.provider.clone(),
            model: order.model.clone(),
            input: StoredInput {
                text: input.text,
                image: input.image,
                last_image: input.last_image,
                images: input.images,
                video: input.video,
                audio: input.audio,
                voice: input.voice,
            },
            options: stored_options(&order.options),
            priority: order.priority.map(|priority| priority.name().to_owned()),
            fallback: order.fallback,
            max_credits: order.max_credits.map(|most| most.0),
            strict: order.strict,
            deadline_seconds: order.deadline.map(|span| span.as_secs()),
            webhook_url: order.webhook_url.clone(),
            reference: order.reference.clone(),
        }
    }
}

impl StoredOrder {
    pub(super) fn into_order(self) -> Result<Order, Unreadable> {
        let input = self.input;
        Ok(Order {
            kind: Kind::parse(&self.kind).ok_or_else(|| unknown("kind", &self.kind))?,
            provider: self.provider,
            model: self.model,
            input: Input {
                text: input.text,
                image: input.image,
                last_image: input.last_image,
                images: input.images,
                video: input.video,
                audio: input.audio,
                voice: input.voice,
            },
            options: options(self.options),
            priority: self.priority.as_deref().and_then(Priority::parse),
            fallback: self.fallback,
            max_credits: self.max_credits.map(Credits),
            strict: self.strict,
            deadline: self.deadline_seconds.map(Duration::from_secs),
            webhook_url: self.webhook_url,
            reference: self.reference,
        })
    }
}

impl From<&Plan> for StoredPlan {
    fn from(plan: &Plan) -> StoredPlan {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let adjustments = plan.adjustments.iter().cloned().map(|each| StoredAdjustment {
            option: each.option,
            requested: each.requested,
            used: each.used,
            reason: each.reason,
        });
        let candidates = plan.candidates.iter().cloned().map(|each| StoredCandidate {
            provider: each.provider,
            model: each.model,
            score: each.score,
            excluded_because: each.excluded_because,
        });
        StoredPlan {
            provider: plan.provider.clone(),
            model: plan.model.clone(),
            vendor: plan.vendor.clone(),
            vendor_model: plan.vendor_model.clone(),
            prompt: plan.prompt.clone(),
            options: stored_options(&plan.options),
            adjustments: adjustments.collect(),
            cost: plan.cost.0,
            candidates: candidates.collect(),
            median_ms: millis(plan.median),
            poll_floor_ms: millis(plan.poll_floor),
            deadline_ms: millis(plan.deadline),
            submit_timeout_ms: millis(plan.submit_timeout),
            cancel: plan.cancel.name().to_owned(),
        }
    }
}

impl StoredPlan {
    pub(super) fn into_plan(self) -> Result<Plan, Unreadable> {
        let adjustments = self.adjustments.into_iter().map(|each| Adjustment {
            option: each.option,
            requested: each.requested,
            used: each.used,
            reason: each.reason,
        });
        let candidates = self.candidates.into_iter().map(|each| Candidate {
            provider: each.provider,
            model: each.model,
            score: each.score,
            excluded_because: each.excluded_because,
        });
        Ok(Plan {
            provider: self.provider,
            model: self.model,
            vendor: self.vendor,
            vendor_model: self.vendor_model,
            prompt: self.prompt,
            options: options(self.options),
            adjustments: adjustments.collect(),
            cost: Credits(self.cost),
            candidates: candidates.collect(),
            median: Duration::from_millis(self.median_ms),
            poll_floor: Duration::from_millis(self.poll_floor_ms),
            deadline: Duration::from_millis(self.deadline_ms),
            submit_timeout: Duration::from_millis(self.submit_timeout_ms),
            cancel: CancelKind::parse(&self.cancel).ok_or_else(|| unknown("cancel kind", &self.cancel))?,
        })
    }
}

fn stored_options(options: &Options) -> BTreeMap<String, StoredValue> {
    let stored = options.0.iter().map(|(name, value)| {
        let value = match value {
            Value::Text(text) => StoredValue::Text(text.clone()),
            Value::Whole(number) => StoredValue::Whole(*number),
            Value::Decimal(number) => StoredValue::Decimal(*number),
            Value::Flag(flag) => StoredValue::Flag(*flag),
        };
        (name.clone(), value)
    });
    stored.collect()
}

fn options(stored: BTreeMap<String, StoredValue>) -> Options {
    let values = stored.into_iter().map(|(name, value)| {
        let value = match value {
            StoredValue::Text(text) => Value::Text(text),
            StoredValue::Whole(number) => Value::Whole(number),
            StoredValue::Decimal(number) => Value::Decimal(number),
            StoredValue::Flag(flag) => Value::Flag(flag),
        };
        (name, value)
    });
    Options(values.collect())
}
