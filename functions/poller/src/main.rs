//! One vendor's poller.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{setting, work_batch};
use jobs::ports::Address;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use poller::wiring::Wiring;
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let wiring = Wiring::connect().await?;
    let vendor = setting("VENDOR")?;
    let engine = Arc::new(wiring.engine(&vendor)?);
    let from = Address::Vendor(vendor);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let (engine, from) = (engine.clone(), from.clone());
        wiring.refresh();
        async move {
            let work = |letter| {
                let engine = engine.clone();
                async move { engine.work(&letter).await }
            };
            Ok::<_, Error>(work_batch(&engine.queues, &from, event.payload, work).await)
        }
    }))
    .await
}
