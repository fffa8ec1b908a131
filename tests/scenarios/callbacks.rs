//! Vendors that say by themselves that they have finished: they are asked at once, believed never, and not missed when they
//! say nothing.

use crate::stories;
use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, StatusCode};
use jobs::Time;
use scenarios::{Customer, World};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

stories![
    a_callback_that_never_comes_is_not_missed,
    a_callback_that_comes_twice_changes_nothing,
    a_callback_of_somebody_else_changes_nothing,
];

/// Told when nobody else keeps the machine busy: it is about seconds.
pub(crate) mod alone {
    use super::*;

    stories![a_callback_brings_the_end_before_anybody_would_have_looked];
}

/// Headers of a callback.
type Headers = Vec<(&'static str, String)>;

/// A vendor that calls back.
struct Caller {
    vendor: &'static str,
    provider: &'static str,
    kind: &'static str,
    /// What its callback says of a clip that is finished, with this link.
    finished: fn(&str) -> Value,
    /// A signature that is not the vendor's, for one that signs.
    forged: Option<fn() -> Headers>,
    /// The seconds from the start until the first look at a job that nobody tells about, at least.
    first_look: u64,
}

const CALLERS: &[Caller] = &[
    Caller {
        vendor: "bytedance",
        provider: "seedance",
        kind: "VIDEO",
        finished: |link| json!({ "id": "1", "status": "succeeded", "content": { "video_url": link } }),
        forged: None,
        first_look: 10,
    },
    Caller {
        vendor: "fal",
        provider: "flux-fal",
        kind: "IMAGE",
        finished: |link| json!({ "request_id": "1", "status": "OK", "payload": { "images": [{ "url": link }] } }),
        forged: Some(|| {
            vec![
                ("x-fal-webhook-request-id", "1".to_owned()),
                ("x-fal-webhook-user-id", "somebody".to_owned()),
                ("x-fal-webhook-timestamp", now().seconds().to_string()),
                ("x-fal-webhook-signature", "0b".repeat(64)),
            ]
        }),
        first_look: 2,
    },
    Caller {
        vendor: "kling",
        provider: "kling",
        kind: "VIDEO",
        finished: |link| json!({ "task_id": "1", "task_status": "succeed", "task_result": { "videos": [{ "id": "1", "url": link }] } }),
        forged: None,
        first_look: 5,
    },
    Caller {
        vendor: "luma",
        provider: "luma",
        kind: "VIDEO",
        finished: |link| json!({ "id": "1", "state": "completed", "assets": { "video": link } }),
        forged: None,
        first_look: 5,
    },
    Caller {
        vendor: "vidu",
        provider: "vidu",
        kind: "VIDEO",
        finished: |link| json!({ "id": "1", "state": "success", "creations": [{ "id": "1", "url": link }] }),
        forged: Some(|| {
            vec![
                ("date", "Sat, 21 Nov 2026 10:00:00 GMT".to_owned()),
                ("x-hmac-signed-headers", "Date".to_owned()),
                ("x-hmac-signature", "AAAA".repeat(11)),
            ]
        }),
        first_look: 5,
    },
];

/// What a look costs at the simulated vendor, at most: fal tells in two calls how it stands and what came of it.
const MOST_POLLS: u64 = 2;

fn now() -> Time {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Time::from_millis(since_1970.as_millis() as i64)
}

impl Caller {
    async fn order(&self, world: &World, customer: &Customer, text: &str) -> String {
        let webhook = world.webhook_url(&self.hook(customer));
        let input = json!({ "type": self.kind, "provider": self.provider, "input": { "text": text }, "webhookUrl": webhook });
        world.generate(&customer.live, input).await
    }

    fn hook(&self, customer: &Customer) -> String {
        format!("{}-{}", customer.account, self.vendor)
    }

    /// The seconds that the generation took from the vendor's yes to its end, once it has ended well.
    async fn took(&self, world: &World, customer: &Customer, id: &str) -> f64 {
        let generation = world.ended(&customer.live, id).await;
        assert_eq!(generation["status"], "COMPLETED", "{}: {generation}", self.vendor);
        let query = "query($id: ID!) { generation(id: $id) { startedAt completedAt } }";
        let answer = world.ask(&customer.live, query, json!({ "id": id })).await;
        let [started, completed] = ["startedAt", "completedAt"].map(|name| {
            let text = answer.body["data"]["generation"][name].as_str();
            text.and_then(Time::parse).unwrap_or_else(|| panic!("{answer:?}"))
        });
        completed.since(started).as_secs_f64()
    }
}

/// What stays the same of a generation that has ended; its links don't.
async fn facts(world: &World, customer: &Customer, id: &str) -> [Value; 4] {
    let generation = world.generation(&customer.live, id).await;
    ["/status", "/creditCost", "/creditsRefunded", "/outputs/0/sha256"].map(|place| {
        generation.pointer(place).unwrap_or_else(|| panic!("no {place} in {generation}")).clone()
    })
}

/// Tells a story of each of the vendors, at the same time.
async fn of_each<'a, F: Future<Output = ()>>(story: impl Fn(&'a Caller) -> F) {
    join_all(CALLERS.iter().map(story)).await;
}

async fn a_callback_brings_the_end_before_anybody_would_have_looked(world: Arc<World>) {
    let customer = world.customer("ENTERPRISE", 10_000).await;
    of_each(async |caller| {
        // A machine that was busy for a moment may try again.
        let mut all = Vec::new();
        for number in 0..3 {
            let text = format!("bell {number} of {} at {} [vendor:slow:1]", customer.account, caller.vendor);
            let id = caller.order(&world, &customer, &text).await;
            let seconds = caller.took(&world, &customer, &id).await;
            let (polls, callbacks) = world.polls_and_callbacks(&text).await;
            assert!(callbacks > 0, "{} did not call back", caller.vendor);
            all.push((seconds, polls));
        }
        let first_look = caller.first_look as f64;
        let told = all.iter().any(|(seconds, polls)| *seconds < first_look && *polls <= MOST_POLLS);
        assert!(told, "{}: seconds and polls {all:?}", caller.vendor);
    })
    .await;
}

async fn a_callback_that_never_comes_is_not_missed(world: Arc<World>) {
    let customer = world.customer("ENTERPRISE", 10_000).await;
    of_each(async |caller| {
        let text = format!("a silent bell of {} [vendor:no-callback]", caller.hook(&customer));
        let id = caller.order(&world, &customer, &text).await;
        let seconds = caller.took(&world, &customer, &id).await;
        let (polls, callbacks) = world.polls_and_callbacks(&text).await;
        assert_eq!(callbacks, 0, "{}", caller.vendor);
        assert!((1..=MOST_POLLS).contains(&polls), "{}: {polls} polls", caller.vendor);
        assert!(seconds >= caller.first_look as f64, "{}: who told after {seconds} s?", caller.vendor);
    })
    .await;
}

async fn a_callback_that_comes_twice_changes_nothing(world: Arc<World>) {
    let customer = world.customer("ENTERPRISE", 10_000).await;
    of_each(async |caller| {
        let text = format!(
            "an echoing bell of {} [vendor:slow:1] [vendor:callback-twice:3]",
            caller.hook(&customer)
        );
        let id = caller.order(&world, &customer, &text).await;
        caller.took(&world, &customer, &id).await;
        let generation = facts(&world, &customer, &id).await;
        while world.polls_and_callbacks(&text).await.1 < 4 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        world.delivered(&caller.hook(&customer), 1).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(facts(&world, &customer, &id).await, generation, "{}", caller.vendor);
        assert_eq!(world.paid_submits(&text).await, 1, "{}", caller.vendor);
        // The receiver does not know this customer and refuses, so the same news comes again.
        let deliveries = world.deliveries(&caller.hook(&customer)).await;
        let first = deliveries[0]["headers"]["webhook-id"].as_str().unwrap();
        assert!(deliveries.iter().all(|each| each["headers"]["webhook-id"] == first), "{deliveries:?}");
    })
    .await;
    let mut cost = 0;
    for id in world.jobs_of(&customer.account).await {
        cost += world.generation(&customer.live, &id).await["creditCost"].as_u64().unwrap();
    }
    assert_eq!(world.figures(&customer).await, [10_000, 10_000 - cost, 0, cost]);
}

/// As many as nobody would ask by himself meanwhile.
const FORGED: u64 = 12;

async fn a_callback_of_somebody_else_changes_nothing(world: Arc<World>) {
    let customer = world.customer("ENTERPRISE", 10_000).await;
    of_each(async |caller| {
        let text = format!("a stolen bell of {} [vendor:slow:25]", caller.hook(&customer));
        let id = caller.order(&world, &customer, &text).await;
        world.until(&customer.live, &id, |generation| generation["phase"] == "RUNNING").await;
        let good = world.callback_url(&customer.account, caller.vendor, &id).await;
        let wrong = format!("{}{}", &good[..good.len() - 1], if good.ends_with('A') { 'B' } else { 'A' });
        let link = format!("{}/files/of/somebody-else.mp4", world.vendors());
        let post = async |url: &str| {
            let mut request = Request::post(url).header("content-type", "application/json");
            for (name, value) in caller.forged.map(|forged| forged()).unwrap_or_default() {
                request = request.header(name, value);
            }
            let body = (caller.finished)(&link).to_string();
            world.send(request.body(Bytes::from(body)).unwrap()).await.status
        };
        assert_eq!(post(&wrong).await, StatusCode::NOT_FOUND);
        let taken = join_all((0..FORGED).map(|_| post(&good))).await;
        assert!(taken.iter().all(|status| *status == StatusCode::OK), "{taken:?}");
        // Whoever knows the address, and whose vendor signs nothing, has us ask. It's the answer that counts.
        let mut polls = 0;
        for _ in 0..40 {
            polls = world.polls_and_callbacks(&text).await.0;
            if polls >= FORGED {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert_eq!(polls >= FORGED, caller.forged.is_none(), "{}: {polls} polls", caller.vendor);
        let generation = world.generation(&customer.live, &id).await;
        assert_eq!(generation["phase"], "RUNNING", "{}: {generation}", caller.vendor);
        caller.took(&world, &customer, &id).await;
        let generation = world.generation(&customer.live, &id).await;
        assert!(
            generation["outputs"][0]["bytes"].as_u64().is_some_and(|bytes| bytes > 1_000),
            "{generation}"
        );
        assert_eq!(world.paid_submits(&text).await, 1, "{}", caller.vendor);
    })
    .await;
}
