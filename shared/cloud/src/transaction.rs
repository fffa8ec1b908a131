//! Transactions whose collisions are repeated: two writers at one account are ordinary, not an error.

use crate::jitter;
use aws_sdk_dynamodb::{
    Client,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, TransactWriteItem},
};
use jobs::ports::Trouble;
use std::time::Duration;

/// Tries until a transaction that keeps colliding is given up. With pauses that double from 10 ms to 320 ms, the
/// last one comes about two seconds after the first: a hundred writers at one account get through.
const MOST_TRIES: u32 = 12;

/// How a transaction went.
pub(crate) enum Transacted {
    /// Everything is written.
    Done,
    /// Some condition did not hold, nothing is written; a reason per item, in order.
    Canceled(Vec<CancellationReason>),
}

/// Writes everything or nothing, repeating on collisions with other transactions.
pub(crate) async fn transact(
    client: &Client,
    tried: &'static str,
    items: Vec<TransactWriteItem>,
) -> Result<Transacted, Trouble> {
    let mut tries = 0;
    loop {
        let error = match client.transact_write_items().set_transact_items(Some(items.clone())).send().await {
            Ok(_) => return Ok(Transacted::Done),
            Err(error) => error,
        };
        let reasons = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                canceled.cancellation_reasons().to_vec()
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Vec::new(),
            _ => return Err(Trouble::new(tried, error)),
        };
        if reasons.iter().any(condition_failed) {
            return Ok(Transacted::Canceled(reasons));
        }
        tries += 1;
        if tries >= MOST_TRIES {
            return Err(Trouble::new(tried, error));
        }
        let pause = 10 << tries.min(5);
        tokio::time::sleep(Duration::from_millis(pause).mul_f64(0.5 + jitter())).await;
    }
}

/// Whether this item's condition was the one that did not hold.
pub(crate) fn condition_failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}
