//! An SQS event: up to ten letters, worked at the same time, each failing for itself alone.

use crate::SqsQueues;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;
use jobs::{
    Letter,
    ports::{Address, Trouble},
};

/// Works a batch that came from the queue at `from`. Letters that could not be worked come back and are tried again, at
/// last in the dead-letter queue; all others are done with.
pub async fn work_batch<F>(
    queues: &SqsQueues,
    from: &Address,
    event: SqsEvent,
    work: impl Fn(Letter) -> F,
) -> SqsBatchResponse
where
    F: Future<Output = Result<(), Trouble>>,
{
    let outcomes = join_all(event.records.iter().map(|message| async {
        if work_one(message, &work).await {
            return None;
        }
        let received = message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
        let receipt = message.receipt_handle.as_deref().unwrap_or_default();
        if let Err(trouble) = queues.come_back(from, receipt, received.unwrap_or(1)).await {
            tracing::warn!(error = %trouble, cause = trouble.why(), "a failed message comes back late");
        }
        message.message_id.clone()
    }))
    .await;
    let mut response = SqsBatchResponse::default();
    for id in outcomes.into_iter().flatten() {
        response.add_failure(id);
    }
    response
}

/// Whether the message is done with.
async fn work_one<F>(message: &SqsMessage, work: &impl Fn(Letter) -> F) -> bool
where
    F: Future<Output = Result<(), Trouble>>,
{
    let received = match SqsQueues::read(message.body.as_deref().unwrap_or_default()) {
        Ok(received) => received,
        Err(reason) => {
            // It stays a poison message whoever reads it: the queue carries it to the dead-letter queue.
            let id = message.message_id.as_deref().unwrap_or_default();
            tracing::error!(message.id = id, reason, "refused a message that is no letter");
            return false;
        }
    };
    tokio::time::sleep(received.early_by(crate::now())).await;
    let job = received.letter.job.clone();
    match work(received.letter).await {
        Ok(()) => true,
        Err(trouble) => {
            tracing::error!(job.id = %job, error = %trouble, cause = trouble.why(), "could not work a letter");
            false
        }
    }
}
