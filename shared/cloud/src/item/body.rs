//! The JSON text within a stored job.

use super::Unreadable;
use jobs::{
    AccountId, Adjustment, CancelKind, Candidate, Credits, Fault, FaultKind, Fingerprint, Input, Job, JobId,
    Kind, Mode, Options, Order, Output, Plan, Priority, State, Ticket, Time, Value, Webhook,
    life::{Attempt, Lost},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

#[derive(Serialize, Deserialize)]
pub(super) struct Body {
    test: bool,
    order: StoredOrder,
    fingerprint: String,
    plan: StoredPlan,
    state: StoredState,
    #[serde(default)]
    progress: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attempts: Vec<StoredAttempt>,
    #[serde(default)]
    refusals: u32,
    #[serde(default)]
    resubmits: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cancel_asked: Option<i64>,
    #[serde(default)]
    webhook: StoredWebhook,
    #[serde(default)]
    charged: u64,
    created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    placed: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    expires: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct StoredOrder {
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
struct StoredPlan {
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

#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum StoredState {
    Held,
    Queued { not_before: i64 },
    Submitting { since: i64, looked: Option<u32>, look_next: Option<i64> },
    Running { ticket: String, since: i64 },
    Storing { ticket: String, since: i64, tries: u32, next: i64 },
    Completed { outputs: Vec<StoredOutput>, at: i64 },
    Failed { fault: StoredFault, at: i64 },
    Canceled { at: i64 },
}

#[derive(Serialize, Deserialize)]
struct StoredFault {
    kind: String,
    message: String,
    #[serde(default)]
    detail: String,
}

#[derive(Serialize, Deserialize)]
struct StoredOutput {
    key: String,
    format: String,
    media_type: String,
    bytes: u64,
    sha256: String,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct StoredAttempt {
    provider: String,
    model: String,
    started: i64,
    ended: Option<i64>,
    outcome: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum StoredWebhook {
    #[default]
    Quiet,
    Due {
        tries: u32,
        next: i64,
    },
    Delivered {
        at: i64,
        tries: u32,
    },
    Failed {
        at: i64,
        tries: u32,
    },
}

impl From<&Job> for Body {
    fn from(job: &Job) -> Body {
        Body {
            test: job.mode == Mode::Test,
            order: StoredOrder::from(&job.order),
            fingerprint: job.fingerprint.as_str().to_owned(),
            plan: StoredPlan::from(&job.plan),
            state: StoredState::from(&job.state),
            progress: job.progress,
            attempts: job.attempts.iter().map(StoredAttempt::from).collect(),
            refusals: job.refusals,
            resubmits: job.resubmits,
            cancel_asked: job.cancel_asked.map(Time::millis),
            webhook: StoredWebhook::from(&job.webhook),
            charged: job.charged.0,
            created: job.created.millis(),
            placed: job.placed.map(Time::millis),
            started: job.started.map(Time::millis),
            expires: job.expires.millis(),
            deleted: job.deleted.map(Time::millis),
        }
    }
}

impl Body {
    pub(super) fn into_job(
        self,
        id: JobId,
        account: AccountId,
        version: u64,
        due: Option<Time>,
    ) -> Result<Job, Unreadable> {
        Ok(Job {
            id,
            account,
            mode: if self.test { Mode::Test } else { Mode::Live },
            order: self.order.into_order()?,
            fingerprint: Fingerprint::from_stored(self.fingerprint),
            plan: self.plan.into_plan()?,
            state: self.state.into_state()?,
            version,
            progress: self.progress,
            attempts: self.attempts.into_iter().map(StoredAttempt::into_attempt).collect(),
            refusals: self.refusals,
            resubmits: self.resubmits,
            cancel_asked: self.cancel_asked.map(Time::from_millis),
            webhook: self.webhook.into_webhook(),
            charged: Credits(self.charged),
            created: Time::from_millis(self.created),
            placed: self.placed.map(Time::from_millis),
            started: self.started.map(Time::from_millis),
            expires: Time::from_millis(self.expires),
            due,
            deleted: self.deleted.map(Time::from_millis),
        })
    }
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
    fn into_order(self) -> Result<Order, Unreadable> {
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
    fn into_plan(self) -> Result<Plan, Unreadable> {
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

impl From<&State> for StoredState {
    fn from(state: &State) -> StoredState {
        match state {
            State::Held => StoredState::Held,
            State::Queued { not_before } => StoredState::Queued { not_before: not_before.millis() },
            State::Submitting { since, lost } => StoredState::Submitting {
                since: since.millis(),
                looked: lost.map(|lost| lost.looked),
                look_next: lost.map(|lost| lost.next.millis()),
            },
            State::Running { ticket, since } => {
                StoredState::Running { ticket: ticket.0.clone(), since: since.millis() }
            }
            State::Storing { ticket, since, tries, next } => StoredState::Storing {
                ticket: ticket.0.clone(),
                since: since.millis(),
                tries: *tries,
                next: next.millis(),
            },
            State::Completed { outputs, at } => {
                let outputs = outputs.iter().map(StoredOutput::from).collect();
                StoredState::Completed { outputs, at: at.millis() }
            }
            State::Failed { fault, at } => StoredState::Failed {
                fault: StoredFault {
                    kind: fault.kind.name().to_owned(),
                    message: fault.message.clone(),
                    detail: fault.detail.clone(),
                },
                at: at.millis(),
            },
            State::Canceled { at } => StoredState::Canceled { at: at.millis() },
        }
    }
}

impl StoredState {
    fn into_state(self) -> Result<State, Unreadable> {
        let time = Time::from_millis;
        Ok(match self {
            StoredState::Held => State::Held,
            StoredState::Queued { not_before } => State::Queued { not_before: time(not_before) },
            StoredState::Submitting { since, looked, look_next } => {
                let lost = looked.zip(look_next).map(|(looked, next)| Lost { looked, next: time(next) });
                State::Submitting { since: time(since), lost }
            }
            StoredState::Running { ticket, since } => {
                State::Running { ticket: Ticket(ticket), since: time(since) }
            }
            StoredState::Storing { ticket, since, tries, next } => {
                State::Storing { ticket: Ticket(ticket), since: time(since), tries, next: time(next) }
            }
            StoredState::Completed { outputs, at } => State::Completed {
                outputs: outputs.into_iter().map(StoredOutput::into_output).collect(),
                at: time(at),
            },
            StoredState::Failed { fault, at } => {
                let kind = FaultKind::parse(&fault.kind).ok_or_else(|| unknown("fault", &fault.kind))?;
                State::Failed {
                    fault: Fault::new(kind, fault.message).with_detail(fault.detail),
                    at: time(at),
                }
            }
            StoredState::Canceled { at } => State::Canceled { at: time(at) },
        })
    }
}

impl From<&Output> for StoredOutput {
    fn from(output: &Output) -> StoredOutput {
        StoredOutput {
            key: output.key.clone(),
            format: output.format.clone(),
            media_type: output.media_type.clone(),
            bytes: output.bytes,
            sha256: output.sha256.clone(),
            width: output.width,
            height: output.height,
            duration: output.duration,
        }
    }
}

impl StoredOutput {
    fn into_output(self) -> Output {
        Output {
            key: self.key,
            format: self.format,
            media_type: self.media_type,
            bytes: self.bytes,
            sha256: self.sha256,
            width: self.width,
            height: self.height,
            duration: self.duration,
        }
    }
}

impl From<&Attempt> for StoredAttempt {
    fn from(attempt: &Attempt) -> StoredAttempt {
        StoredAttempt {
            provider: attempt.provider.clone(),
            model: attempt.model.clone(),
            started: attempt.started.millis(),
            ended: attempt.ended.map(Time::millis),
            outcome: attempt.outcome.clone(),
        }
    }
}

impl StoredAttempt {
    fn into_attempt(self) -> Attempt {
        Attempt {
            provider: self.provider,
            model: self.model,
            started: Time::from_millis(self.started),
            ended: self.ended.map(Time::from_millis),
            outcome: self.outcome,
        }
    }
}

impl From<&Webhook> for StoredWebhook {
    fn from(webhook: &Webhook) -> StoredWebhook {
        match webhook {
            Webhook::Quiet => StoredWebhook::Quiet,
            Webhook::Due { tries, next } => StoredWebhook::Due { tries: *tries, next: next.millis() },
            Webhook::Delivered { at, tries } => StoredWebhook::Delivered { at: at.millis(), tries: *tries },
            Webhook::Failed { at, tries } => StoredWebhook::Failed { at: at.millis(), tries: *tries },
        }
    }
}

impl StoredWebhook {
    fn into_webhook(self) -> Webhook {
        let time = Time::from_millis;
        match self {
            StoredWebhook::Quiet => Webhook::Quiet,
            StoredWebhook::Due { tries, next } => Webhook::Due { tries, next: time(next) },
            StoredWebhook::Delivered { at, tries } => Webhook::Delivered { at: time(at), tries },
            StoredWebhook::Failed { at, tries } => Webhook::Failed { at: time(at), tries },
        }
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

fn unknown(what: &str, value: &str) -> Unreadable {
    Unreadable(format!("unknown {what} {value:?}"))
}
