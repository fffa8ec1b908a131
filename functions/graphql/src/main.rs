//! The front desk on Lambda: wiring only.

use catalogue::{Catalogue, MOST_BYTES, OPERATOR_FILE};
use cloud::{Cloud, setting, setting_or, words};
use graphql::{App, Arrival, Event, Office, Ports, Reply, Settings, answer};
use jobs::{AccountId, Time, ports::Accounts};
// Its own conversion of events panics on a path with a space in it, so the event is read by `graphql::Event`.
use lambda_http::{Error, LambdaEvent, lambda_runtime::run, service_fn, tracing};
use outbound::{AllowList, StandIns};
use std::{convert::Infallible, path::Path};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    std::panic::set_hook(Box::new(graphql::log_panic));
    let cloud = Cloud::connect().await;
    let accounts = cloud.accounts()?;
    let settings = Settings {
        allow: AllowList::parse(&setting_or("OUTBOUND_ALLOW", ""))?,
        stand_ins: StandIns::parse(&setting_or("OUTBOUND_STAND_INS", ""))?,
        live_vendors: words(&setting_or("LIVE_VENDORS", "")),
        latency_scale: setting_or("LATENCY_SCALE", "1").parse()?,
        public_base_url: setting("PUBLIC_BASE_URL")?.trim_end_matches('/').to_owned(),
    };
    // Read once, where a whole core is there for it.
    let catalogue =
        cloud.watched(OPERATOR_FILE, MOST_BYTES, Catalogue::built_in().clone(), Catalogue::changed_by);
    // The first call of a process pays for name look-up, TCP and TLS. In the init phase there is a whole core for
    // that, and nobody waits. Nobody has this id; what comes of it does not matter. What the operator has switched off
    // is to be off from the first request on; that look takes a second at most.
    let nobody = AccountId::from_random([0; 16]);
    let _ = tokio::join!(accounts.account(&nobody), catalogue.load(cloud::now()));
    let introspection = setting_or("INTROSPECTION", "on") != "off";
    let (jobs, queues, links, vendors) = (cloud.jobs()?, cloud.queues()?, cloud.outputs()?, cloud.vendors()?);
    let office = Office::new(Ports { jobs, accounts, queues, links, vendors }, settings, catalogue.clone());
    // Lambda unpacks the zip there.
    let graphiql = Path::new(&setting_or("LAMBDA_TASK_ROOT", ".")).join("graphiql");
    let app = App::new(office, introspection, &graphiql);
    run(service_fn(|event: LambdaEvent<Event>| {
        let (app, catalogue) = (app.clone(), catalogue.clone());
        async move {
            let LambdaEvent { payload, context, .. } = event;
            let now = cloud::now();
            catalogue.refresh(now);
            let deadline = Time::from_millis(i64::try_from(context.deadline).unwrap_or(i64::MAX));
            let arrival = Arrival { now, time_left: deadline.until(now) };
            let reply: Reply = answer(&app, payload, &context.request_id, arrival).await;
            Ok::<_, Infallible>(reply)
        }
    }))
    .await
}
