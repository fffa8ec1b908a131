//! The parts of a generation.

use super::{
    context::Context,
    enums::{ErrorCode, FailureReason, WebhookState},
    scalars::{DateTime, Number},
};
use crate::error::ApiError;
use jobs::{Fault, Job, Webhook};
use juniper::{GraphQLObject, graphql_object};
use serde_json::json;
use std::time::Duration;

/// A figure as GraphQL's Int; the largest one instead of an overflow.
pub(crate) fn whole(figure: impl TryInto<i32>) -> i32 {
    figure.try_into().unwrap_or(i32::MAX)
}

/// Whole seconds, rounded up.
pub(crate) fn seconds(span: Duration) -> i32 {
    whole(span.as_millis().div_ceil(1000))
}

/// A finished file.
pub(crate) struct Output(pub(crate) jobs::Output);

#[graphql_object(context = Context)]
impl Output {
    /// A link, fresh at each read.
    async fn url(&self, context: &Context) -> Result<String, ApiError> {
        context.desk.link(&self.0.key).await
    }

    /// Such as mp4.
    fn format(&self) -> &str {
        &self.0.format
    }

    /// Such as video/mp4.
    fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// Size in bytes.
    fn bytes(&self) -> Number {
        Number(self.0.bytes as f64)
    }

    /// SHA-256 of the content, in hex.
    fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Width in pixels.
    fn width(&self) -> Option<i32> {
        self.0.width.map(whole)
    }

    /// Height in pixels.
    fn height(&self) -> Option<i32> {
        self.0.height.map(whole)
    }

    /// Length in seconds.
    fn duration(&self) -> Option<f64> {
        self.0.duration
    }
}

/// What the file is like.
#[derive(GraphQLObject)]
pub(crate) struct Metadata {
    /// Width in pixels.
    width: Option<i32>,
    /// Height in pixels.
    height: Option<i32>,
    /// Length in seconds.
    duration: Option<f64>,
    /// Such as mp4.
    format: String,
    /// Such as 1080p, or width and height in pixels.
    resolution: Option<String>,
    /// The seed that was used, as far as it is known.
    seed: Option<Number>,
}

impl Metadata {
    /// Of a file of this job.
    pub(crate) fn of(job: &Job, output: &jobs::Output) -> Metadata {
        let asked = job.plan.options.text("resolution").map(str::to_owned);
        let measured = output.width.zip(output.height).map(|(width, height)| format!("{width}x{height}"));
        Metadata {
            width: output.width.map(whole),
            height: output.height.map(whole),
            duration: output.duration,
            format: output.format.clone(),
            resolution: asked.or(measured),
            seed: job.plan.options.number("seed").map(Number),
        }
    }

    /// The same as one JSON value, without what is not known.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mut value = json!({
            "width": self.width,
            "height": self.height,
            "duration": self.duration,
            "format": self.format,
            "resolution": self.resolution,
            "seed": self.seed.map(|Number(seed)| seed),
        });
        if let Some(fields) = value.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        value
    }
}

/// An option that is used otherwise than it was asked for.
pub(crate) struct Adjustment(pub(crate) jobs::Adjustment);

#[graphql_object(context = Context)]
impl Adjustment {
    /// The option.
    fn option(&self) -> &str {
        &self.0.option
    }

    /// What was asked for.
    fn requested(&self) -> &str {
        &self.0.requested
    }

    /// What is used instead; nothing when the wish became part of the prompt or was dropped.
    fn used(&self) -> Option<&str> {
        self.0.used.as_deref()
    }

    /// Why.
    fn reason(&self) -> &str {
        &self.0.reason
    }
}

/// Why a generation failed.
pub(crate) struct GenerationError(pub(crate) Fault);

#[graphql_object(context = Context)]
impl GenerationError {
    /// For programs.
    fn code(&self) -> ErrorCode {
        self.0.code().into()
    }

    /// For people.
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it.
    fn action(&self) -> &str {
        self.0.action().name()
    }

    /// Whether the same request may well succeed later.
    fn retryable(&self) -> bool {
        self.0.retryable()
    }

    /// Whether it was charged. A failed generation never is.
    fn charged(&self) -> bool {
        false
    }

    /// Why, in more detail.
    fn reason(&self) -> Option<FailureReason> {
        self.0.reason().map(FailureReason::from)
    }
}

/// Who was considered.
pub(crate) struct Routing(pub(crate) Vec<jobs::Candidate>);

#[graphql_object(context = Context)]
impl Routing {
    /// The models that were considered, the best first.
    fn candidates(&self) -> Vec<Candidate> {
        self.0.iter().cloned().map(Candidate).collect()
    }
}

/// A model that was considered.
pub(crate) struct Candidate(pub(crate) jobs::Candidate);

#[graphql_object(context = Context)]
impl Candidate {
    /// The provider.
    fn provider(&self) -> &str {
        &self.0.provider
    }

    /// The model.
    fn model(&self) -> &str {
        &self.0.model
    }

    /// Higher is better.
    fn score(&self) -> Option<f64> {
        self.0.score
    }

    /// Why it was not even ranked.
    fn excluded_because(&self) -> Option<&str> {
        self.0.excluded_because.as_deref()
    }
}

/// A try at a provider.
pub(crate) struct Attempt(pub(crate) jobs::life::Attempt);

#[graphql_object(context = Context)]
impl Attempt {
    /// The provider.
    fn provider(&self) -> &str {
        &self.0.provider
    }

    /// The model.
    fn model(&self) -> &str {
        &self.0.model
    }

    /// When it began.
    fn started_at(&self) -> DateTime {
        DateTime(self.0.started)
    }

    /// When it ended.
    fn ended_at(&self) -> Option<DateTime> {
        self.0.ended.map(DateTime)
    }

    /// How it ended.
    fn outcome(&self) -> Option<&str> {
        self.0.outcome.as_deref()
    }
}

/// How the news to a webhook stands.
#[derive(GraphQLObject)]
pub(crate) struct WebhookStatus {
    /// Where it goes.
    url: String,
    /// How it stands.
    state: WebhookState,
    /// Tries made.
    attempts: i32,
    /// When the next try is due.
    next_attempt_at: Option<DateTime>,
    /// When it was delivered.
    delivered_at: Option<DateTime>,
}

impl WebhookStatus {
    /// From what is stored.
    pub(crate) fn of(url: String, webhook: &Webhook) -> WebhookStatus {
        let status = |state, attempts: u32| WebhookStatus {
            url: url.clone(),
            state,
            attempts: whole(attempts),
            next_attempt_at: None,
            delivered_at: None,
        };
        match *webhook {
            Webhook::Quiet => status(WebhookState::Waiting, 0),
            Webhook::Due { tries, next } => WebhookStatus {
                next_attempt_at: Some(DateTime(next)),
                ..status(WebhookState::Pending, tries)
            },
            Webhook::Delivered { at, tries } => {
                WebhookStatus { delivered_at: Some(DateTime(at)), ..status(WebhookState::Delivered, tries) }
            }
            Webhook::Failed { tries, .. } => status(WebhookState::Failed, tries),
        }
    }
}
