//! Wiring of the reconciler.

use cloud::Cloud;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use reconciler::sweep;
use serde_json::Value;
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let cloud = Cloud::connect().await;
    let ports = Arc::new((cloud.jobs()?, cloud.accounts()?, cloud.queues()?));
    run(service_fn(move |_: LambdaEvent<Value>| {
        let ports = ports.clone();
        async move {
            let (jobs, accounts, queues) = &*ports;
            let swept = sweep(jobs, accounts, queues, cloud::now()).await?;
            tracing::info!(due = swept.due, nudged = swept.nudged, "swept");
            Ok::<_, Error>(swept)
        }
    }))
    .await
}
