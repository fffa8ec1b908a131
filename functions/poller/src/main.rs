//! Wiring of one vendor's poller.

use aws_lambda_events::sqs::SqsEvent;
use catalogue::{Catalogue, MOST_BYTES, OPERATOR_FILE};
use cloud::{Cloud, setting, setting_or, words, work_batch};
use jobs::{health::Watch, plan::SIMULATOR, ports::Address};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use outbound::{AllowList, Door, StandIns};
use poller::{Engine, Others, access::AccessCard, keys::KeyRing};
use std::sync::Arc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let cloud = Cloud::connect().await;
    let allow = AllowList::parse(&setting_or("OUTBOUND_ALLOW", ""))?;
    let stand_ins = StandIns::parse(&setting_or("OUTBOUND_STAND_INS", ""))?;
    let vendor = setting("VENDOR")?;
    let adapter = providers::adapter(&vendor).ok_or_else(|| format!("VENDOR={vendor} has no adapter"))?;
    let access = if vendor == SIMULATOR {
        AccessCard::none()
    } else {
        AccessCard::in_secret(cloud.secrets(), setting("VENDOR_SECRET_ID")?)
    };
    let catalogue =
        cloud.watched(OPERATOR_FILE, MOST_BYTES, Catalogue::built_in().clone(), Catalogue::changed_by);
    catalogue.load(cloud::now()).await;
    let engine = Arc::new(Engine {
        jobs: cloud.jobs()?,
        accounts: cloud.accounts()?,
        queues: cloud.queues()?,
        vendors: cloud.vendors()?,
        watch: Watch::default(),
        others: Others {
            catalogue: catalogue.clone(),
            live_vendors: words(&setting_or("LIVE_VENDORS", "")),
            latency_scale: setting_or("LATENCY_SCALE", "1").parse()?,
        },
        outputs: cloud.outputs()?,
        door: Door::new(outbound::Options { allow, stand_ins, ..outbound::Options::default() })?,
        adapter,
        access,
        keys: KeyRing::default(),
        callback_base: setting("PUBLIC_BASE_URL").ok().map(|url| url.trim_end_matches('/').to_owned()),
        clock: cloud::now,
    });
    let from = Address::Vendor(vendor);
    run(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let (engine, from) = (engine.clone(), from.clone());
        catalogue.refresh(cloud::now());
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
