//! An SQS event: up to ten letters, worked at the same time, each failing for itself alone.

use crate::Engine;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;
use jobs::ports::{Accounts, Jobs, Queues};

/// Works a batch. Letters that could not be worked come back and are tried again by the queue, at last in the
/// dead-letter queue; all others are done with.
pub async fn work<J: Jobs, A: Accounts, Q: Queues>(engine: &Engine<J, A, Q>, event: SqsEvent) -> SqsBatchResponse {
    let outcomes = join_all(event.records.iter().map(|message| work_one(engine, message))).await;
    let mut response = SqsBatchResponse::default();
    for id in outcomes.into_iter().flatten() {
        response.add_failure(id);
    }
    response
}

/// The message's id if it has to come back.
async fn work_one<J: Jobs, A: Accounts, Q: Queues>(engine: &Engine<J, A, Q>, message: &SqsMessage) -> Option<String> {
    let id = message.message_id.clone().unwrap_or_default();
    let letter = match cloud::SqsQueues::read(message.body.as_deref().unwrap_or_default()) {
        Ok(letter) => letter,
        Err(reason) => {
            // It stays a poison message whoever reads it: let the queue carry it to the dead-letter queue.
            tracing::error!(message.id = %id, reason, "refused a message that is no letter");
            return Some(id);
        }
    };
    match engine.work(&letter).await {
        Ok(()) => None,
        Err(trouble) => {
            let cause: &dyn std::error::Error = &*trouble.cause;
            tracing::error!(job.id = %letter.job, error = %trouble, cause = ?cause, "could not work a letter");
            Some(id)
        }
    }
}
