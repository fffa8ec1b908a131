//! A generation, as callers see it.

use super::{
    context::Context,
    enums::{ErrorCode, GenerationStatus, GenerationType, Phase},
    numbered::Numbered,
    parts::{Adjustment, Attempt, GenerationError, Metadata, Output, Routing, WebhookStatus, seconds, whole},
    scalars::{DateTime, Json},
};
use crate::{desk::LINK_LIFE, error::ApiError};
use jobs::{Fault, Job, Mode, State, cadence};
use juniper::{ID, graphql_object};
use std::time::Duration;

/// A generation.
pub(crate) struct Generation(pub(crate) Job);

#[graphql_object(context = Context)]
impl Generation {
    /// Its id.
    fn id(&self) -> ID {
        ID::new(self.0.id.as_str())
    }

    /// What is made.
    #[graphql(name = "type")]
    fn kind(&self) -> GenerationType {
        self.0.order.kind.into()
    }

    /// How it stands.
    fn status(&self) -> GenerationStatus {
        self.0.status().into()
    }

    /// The status in lower case, for clients that compare it so.
    fn status_text(&self) -> String {
        self.0.status().name().to_ascii_lowercase()
    }

    /// How it stands, in more detail.
    fn phase(&self) -> Phase {
        self.0.phase().into()
    }

    /// Who makes it.
    fn provider(&self) -> &str {
        &self.0.plan.provider
    }

    /// With which model.
    fn model(&self) -> &str {
        &self.0.plan.model
    }

    /// Percent done, 0 to 100; it never goes back.
    fn progress(&self, context: &Context) -> i32 {
        i32::from(self.0.progress_at(context.now()))
    }

    /// Its place among your generations that wait until fewer of them run, from 1; nothing once it has left them.
    async fn queue_position(&self, context: &Context) -> Result<Option<i32>, ApiError> {
        if !matches!(self.0.state, State::Held) {
            return Ok(None);
        }
        let place = context.waiting().await?.iter().position(|id| *id == self.0.id);
        Ok(place.map(|place| whole(place + 1)))
    }

    /// In how many seconds it is worth asking again; nothing once it has ended.
    fn poll_after_seconds(&self, context: &Context) -> Option<i32> {
        /// A waiting job may start at any moment.
        const WHILE_WAITING: Duration = Duration::from_secs(2);
        let (job, now) = (&self.0, context.now());
        let pause = match &job.state {
            State::Held | State::Queued { .. } | State::Submitting { .. } | State::Storing { .. } => {
                WHILE_WAITING
            }
            State::Running { since, .. } => {
                cadence::next_poll(now.since(*since), job.plan.median, Duration::from_secs(1))
            }
            State::Completed { .. } | State::Failed { .. } | State::Canceled { .. } => return None,
        };
        Some(seconds(pause))
    }

    /// A link to the first file, fresh at each read; only when it is completed.
    async fn url(&self, context: &Context) -> Result<Option<String>, ApiError> {
        self.first_link(context).await
    }

    /// Until when the links of this answer work.
    fn url_expires_at(&self, context: &Context) -> Option<DateTime> {
        (!self.files().is_empty()).then(|| DateTime(context.now().plus(LINK_LIFE)))
    }

    /// The files, measured from the files themselves.
    fn outputs(&self) -> Numbered<Output> {
        self.files().iter().cloned().map(Output).collect()
    }

    /// What the first file is like; only when it is completed.
    fn metadata(&self) -> Option<Metadata> {
        self.files().first().map(|output| Metadata::of(&self.0, output))
    }

    /// The metadata as one JSON value.
    fn metadata_json(&self) -> Option<Json> {
        self.files().first().map(|output| Json(Metadata::of(&self.0, output).to_json()))
    }

    /// What was changed of the options that were asked for.
    fn adjustments(&self) -> Vec<Adjustment> {
        self.0.plan.adjustments.iter().cloned().map(Adjustment).collect()
    }

    /// What it costs, fixed when it was accepted.
    fn credit_cost(&self) -> i32 {
        whole(self.0.plan.cost.0)
    }

    /// What was given back of it.
    fn credits_refunded(&self) -> i32 {
        if self.0.has_ended() { whole(self.0.reserved().less(self.0.charged).0) } else { 0 }
    }

    /// Seconds that it will probably still take; nothing once it has ended.
    fn estimated_time(&self, context: &Context) -> Option<i32> {
        self.0.remaining_at(context.now()).map(seconds)
    }

    /// Why it failed.
    fn error(&self) -> Option<GenerationError> {
        self.fault().cloned().map(GenerationError)
    }

    /// The code of the error.
    fn error_code(&self) -> Option<ErrorCode> {
        self.fault().map(|fault| fault.code().into())
    }

    /// The sentence of the error.
    fn error_message(&self) -> Option<&str> {
        self.fault().map(|fault| fault.message.as_str())
    }

    /// Why this provider.
    fn routing(&self) -> Routing {
        Routing(self.0.plan.candidates.clone())
    }

    /// The tries at providers, oldest first.
    fn attempts(&self) -> Vec<Attempt> {
        self.0.attempts.iter().cloned().map(Attempt).collect()
    }

    /// How the news to your webhook stands; nothing if you named none.
    fn webhook(&self) -> Option<WebhookStatus> {
        self.0.order.webhook_url.as_ref().map(|url| WebhookStatus::of(url.clone(), &self.0.webhook))
    }

    /// Your own tag.
    fn reference(&self) -> Option<&str> {
        self.0.order.reference.as_deref()
    }

    /// Whether it was made with a test key: by the simulator, for no credits.
    fn is_test(&self) -> bool {
        self.0.mode == Mode::Test
    }

    /// When it was accepted.
    fn created_at(&self) -> DateTime {
        DateTime(self.0.created)
    }

    /// When the provider took it.
    fn started_at(&self) -> Option<DateTime> {
        self.0.started.map(DateTime)
    }

    /// When it ended, however it ended.
    fn completed_at(&self) -> Option<DateTime> {
        self.0.ended_at().map(DateTime)
    }

    /// When its record and its files are removed.
    fn expires_at(&self) -> Option<DateTime> {
        Some(DateTime(self.0.expires))
    }
}

impl Generation {
    /// A fresh link to the first file; only when it is completed.
    pub(crate) async fn first_link(&self, context: &Context) -> Result<Option<String>, ApiError> {
        match self.files().first() {
            Some(output) => Ok(Some(context.desk.link(&output.key).await?)),
            None => Ok(None),
        }
    }

    fn files(&self) -> &[jobs::Output] {
        match &self.0.state {
            State::Completed { outputs, .. } => outputs,
            _ => &[],
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match &self.0.state {
            State::Failed { fault, .. } => Some(fault),
            _ => None,
        }
    }
}
