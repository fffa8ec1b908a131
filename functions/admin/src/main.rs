//! Wiring of the clerk.

use admin::Clerk;
use cloud::Cloud;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::Value;
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let cloud = Cloud::connect().await;
    let clerk = Arc::new(Clerk { accounts: cloud.accounts()?, clock: cloud::now, random: cloud::random });
    run(service_fn(move |event: LambdaEvent<Value>| {
        let clerk = clerk.clone();
        async move { Ok::<_, Error>(clerk.answer(event.payload).await) }
    }))
    .await
}
