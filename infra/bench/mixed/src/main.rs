//! The pollers of several vendors in one process, to measure what jobs of mixed vendors take of memory beside each other.
//! Deployed, each vendor has a process of its own, which holds no more than this one.
//!
//! The letters of an event go to the engine of the vendor whose queue they came from, each vendor's as the batch that its
//! own poller would have had, all of them at the same time.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use cloud::{setting, words, work_batch};
use futures_util::future::join_all;
use jobs::ports::Address;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use poller::wiring::{Deployed, Wiring};
use std::{collections::BTreeMap, sync::Arc};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let wiring = Wiring::connect().await?;
    let mut engines: BTreeMap<String, Arc<Deployed>> = BTreeMap::new();
    for vendor in words(&setting("LIVE_VENDORS")?) {
        engines.insert(vendor.clone(), Arc::new(wiring.engine(&vendor)?));
    }
    let engines = Arc::new(engines);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let engines = engines.clone();
        wiring.refresh();
        async move { work(&engines, event.payload).await }
    }))
    .await
}

async fn work(engines: &BTreeMap<String, Arc<Deployed>>, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let mut batches: BTreeMap<&str, Vec<SqsMessage>> = BTreeMap::new();
    for message in event.records {
        let queue = message.event_source_arn.as_deref().unwrap_or_default();
        let vendor = engines.keys().find(|vendor| queue.ends_with(&format!("-poller-{vendor}")));
        let vendor = vendor.ok_or_else(|| format!("nobody works letters of {queue}"))?;
        batches.entry(vendor).or_default().push(message);
    }
    let worked = batches.into_iter().filter_map(|(vendor, records)| {
        let engine = engines.get(vendor)?;
        Some(async move {
            let mut batch = SqsEvent::default();
            batch.records = records;
            let work = |letter| async move { engine.work(&letter).await };
            work_batch(&engine.queues, &Address::Vendor(vendor.to_owned()), batch, work).await
        })
    });
    let mut all = SqsBatchResponse::default();
    for mut response in join_all(worked).await {
        all.batch_item_failures.append(&mut response.batch_item_failures);
    }
    Ok(all)
}
