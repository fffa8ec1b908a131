//! What is answered about webhooks.

use super::{context::Context, parts::whole, scalars::DateTime};
use crate::desk::Probe;
use juniper::{GraphQLObject, graphql_object};

/// What a receiver did with a sample event.
pub(crate) struct WebhookProbe(pub(crate) Probe);

#[graphql_object(context = Context)]
impl WebhookProbe {
    /// Whether it would count as delivered: any 2xx.
    fn delivered(&self) -> bool {
        self.0.error.is_none()
    }

    /// The status of the receiver's answer.
    fn status_code(&self) -> Option<i32> {
        self.0.status.map(i32::from)
    }

    /// Milliseconds from the look-up of its name to the end of its answer.
    fn duration_ms(&self) -> i32 {
        whole(self.0.took.as_millis())
    }

    /// Why it would not count as delivered.
    fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }
}

/// A new webhook secret. It is told this once.
#[derive(GraphQLObject)]
pub(crate) struct WebhookSecret {
    /// The secret: `whsec_...`.
    pub(crate) secret: String,
    /// Until when the secret before it signs too.
    pub(crate) previous_valid_until: DateTime,
}
