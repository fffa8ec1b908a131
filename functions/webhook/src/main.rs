//! Wiring of the postman.

use aws_lambda_events::sqs::SqsEvent;
use cloud::{Cloud, setting, setting_or, work_batch};
use jobs::ports::Address;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use outbound::{AllowList, Door, StandIns};
use std::sync::Arc;
use webhook::Postman;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let cloud = Cloud::connect().await;
    let allow = AllowList::parse(&setting_or("OUTBOUND_ALLOW", ""))?;
    let stand_ins = StandIns::parse(&setting_or("OUTBOUND_STAND_INS", ""))?;
    let postman = Arc::new(Postman {
        jobs: cloud.jobs()?,
        accounts: cloud.accounts()?,
        queues: cloud.queues()?,
        door: Door::new(outbound::Options { allow, stand_ins, ..outbound::Options::default() })?,
        public_base_url: setting("PUBLIC_BASE_URL")?.trim_end_matches('/').to_owned(),
        clock: cloud::now,
        jitter: cloud::jitter,
    });
    run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let postman = postman.clone();
        async move {
            let work = |letter| {
                let postman = postman.clone();
                async move { postman.deliver(&letter).await }
            };
            Ok::<_, Error>(work_batch(&postman.queues, &Address::Webhook, event.payload, work).await)
        }
    }))
    .await
}
