//! The JSON text within a stored job.

mod order;
mod state;

use super::Unreadable;
use jobs::{AccountId, Credits, Fingerprint, Job, JobId, Mode, Time, Webhook, life::Attempt};
use order::{StoredOrder, StoredPlan};
use serde::{Deserialize, Serialize};
use state::StoredState;

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
    /// Left out where it is the plan's own price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot: Option<String>,
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
            accepted: (job.accepted != job.plan.cost).then_some(job.accepted.0),
            slot: job.slot.clone(),
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
        let plan = self.plan.into_plan()?;
        Ok(Job {
            id,
            account,
            mode: if self.test { Mode::Test } else { Mode::Live },
            order: self.order.into_order()?,
            fingerprint: Fingerprint::from_stored(self.fingerprint),
            accepted: self.accepted.map_or(plan.cost, Credits),
            plan,
            slot: self.slot,
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

fn unknown(what: &str, value: &str) -> Unreadable {
    Unreadable(format!("unknown {what} {value:?}"))
}
