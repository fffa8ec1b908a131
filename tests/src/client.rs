//! A caller: accounts of its own, GraphQL over HTTP, downloads, and what the receiver and the vendors saw.

use crate::Stack;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use outbound::{AllowList, Door, Limits, Options, Reply};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// The local run and a way to talk to it.
pub struct World {
    /// The run.
    pub stack: Stack,
    door: Door,
    customers: AtomicU32,
}

/// An account of a story's own, so that stories don't disturb each other.
#[derive(Clone, Debug)]
pub struct Customer {
    /// `acct_...`
    pub account: String,
    /// `dt_live_...`
    pub live: String,
    /// `dt_test_...`
    pub test: String,
    /// `whsec_...`
    pub webhook_secret: String,
}

/// An answer to a GraphQL request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// The JSON body; null if it is none.
    pub body: Value,
}

/// What most stories select.
pub const FIELDS: &str = "id status phase type provider model progress url creditCost creditsRefunded \
    error { code message action retryable charged reason } \
    outputs { url format mediaType bytes sha256 width height duration }";

/// Longest that a story waits for a job.
const PATIENCE: Duration = Duration::from_secs(150);

impl World {
    /// Talks to a run.
    pub fn of(stack: Stack) -> World {
        let ports = (0..4).map(|step| format!("127.0.0.1/32:{}", stack.port + step));
        let allow = AllowList::parse(&ports.collect::<Vec<_>>().join(",")).unwrap();
        let door = Door::new(Options { allow, ..Options::default() }).unwrap();
        World { stack, door, customers: AtomicU32::new(0) }
    }

    /// A new account of a tier with credits and keys.
    pub async fn customer(&self, tier: &str, credits: u64) -> Customer {
        let ample = (tier == "ENTERPRISE").then(|| json!({ "perMinute": 10_000, "concurrent": 500 }));
        self.opened(tier, ample, credits).await
    }

    /// A new ENTERPRISE account with limits of its own.
    pub async fn customer_within(&self, limits: Value, credits: u64) -> Customer {
        self.opened("ENTERPRISE", Some(limits), credits).await
    }

    async fn opened(&self, tier: &str, limits: Option<Value>, credits: u64) -> Customer {
        let number = self.customers.fetch_add(1, Ordering::Relaxed);
        let mut order = json!({ "action": "createAccount", "name": format!("story {number}"), "tier": tier });
        if let Some(limits) = limits {
            order["limits"] = limits;
        }
        let made = self.admin(order).await;
        let account = made["account"].as_str().unwrap().to_owned();
        if credits > 0 {
            let order = json!({ "action": "addCredits", "account": account, "credits": credits, "idempotencyKey": "first" });
            self.admin(order).await;
        }
        let mut keys = Vec::new();
        for mode in ["live", "test"] {
            let made = self.admin(json!({ "action": "issueKey", "account": account, "mode": mode })).await;
            keys.push(made["key"].as_str().unwrap().to_owned());
        }
        let test = keys.pop().unwrap();
        let live = keys.pop().unwrap();
        let webhook_secret = made["webhookSecret"].as_str().unwrap().to_owned();
        Customer { account, live, test, webhook_secret }
    }

    /// The account's four figures, as the clerk tells them: granted, available, reserved, used.
    pub async fn figures(&self, customer: &Customer) -> [u64; 4] {
        let answer = self.admin(json!({ "action": "showAccount", "account": customer.account })).await;
        let figures = ["granted", "available", "reserved", "used"]
            .map(|name| answer["balance"][name].as_u64().unwrap());
        assert_eq!(figures[0], figures[1] + figures[2] + figures[3], "the books don't add up: {answer}");
        figures
    }

    /// Sends anything to loopback.
    pub async fn send(&self, request: Request<Bytes>) -> Reply {
        let limits = Limits::failing(Duration::from_secs(60), 64 * 1024 * 1024);
        let what = format!("{} {}", request.method(), request.uri());
        self.door.call(request, limits).await.unwrap_or_else(|error| panic!("{what}: {error:?}"))
    }

    /// Posts a body to the endpoint, with headers.
    pub async fn post(&self, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut request = Request::post(format!("http://127.0.0.1:{}/graphql", self.stack.port));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = self.send(request.body(body.into()).unwrap()).await;
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Answer { status: reply.status, headers: reply.headers, body }
    }

    /// Asks with a key.
    pub async fn ask(&self, key: &str, query: &str, variables: Value) -> Answer {
        self.ask_with(key, &[], query, variables).await
    }

    /// Asks with a key and more headers.
    pub async fn ask_with(&self, key: &str, more: &[(&str, &str)], query: &str, variables: Value) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend_from_slice(more);
        self.post(&headers, json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// Orders a generation with an idempotency key or without.
    pub async fn order(&self, key: &str, idempotency_key: Option<&str>, input: Value) -> Answer {
        let query = format!("mutation($input: GenerateInput!) {{ generate(input: $input) {{ {FIELDS} }} }}");
        let more: Vec<(&str, &str)> =
            idempotency_key.map(|value| ("idempotency-key", value)).into_iter().collect();
        self.ask_with(key, &more, &query, json!({ "input": input })).await
    }

    /// Orders a generation that must be accepted; its id.
    pub async fn generate(&self, key: &str, input: Value) -> String {
        let answer = self.order(key, None, input).await;
        answer
            .generation()
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{answer:?}"))
            .to_owned()
    }

    /// A generation as it is now.
    pub async fn generation(&self, key: &str, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ generation(id: $id) {{ {FIELDS} }} }}");
        let answer = self.ask(key, &query, json!({ "id": id })).await;
        answer.body["data"]["generation"].clone()
    }

    /// Waits until a generation has ended.
    pub async fn ended(&self, key: &str, id: &str) -> Value {
        self.until(key, id, |generation| {
            matches!(generation["status"].as_str(), Some("COMPLETED" | "FAILED" | "CANCELED"))
        })
        .await
    }

    /// Waits until something holds for a generation.
    pub async fn until(&self, key: &str, id: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let generation = self.generation(key, id).await;
            if holds(&generation) {
                return generation;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {id}: {generation}");
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
    }

    /// Downloads a file, following our own redirect by hand.
    pub async fn download(&self, url: &str) -> Bytes {
        let mut url = url.to_owned();
        for _ in 0..2 {
            let reply = self.send(Request::get(&url).body(Bytes::new()).unwrap()).await;
            if reply.status == StatusCode::FOUND {
                url = reply.headers["location"].to_str().unwrap().to_owned();
                continue;
            }
            assert_eq!(reply.status, StatusCode::OK, "{url} did not open");
            return reply.body;
        }
        panic!("{url} leads nowhere")
    }

    /// Paid submits at the simulated vendors whose prompt contains the text.
    pub async fn paid_submits(&self, text: &str) -> u64 {
        let answer = self.submits(text).await;
        answer["paid"].as_u64().unwrap_or_else(|| panic!("{answer}"))
    }

    /// How often the simulated vendor was polled about the one job whose prompt contains the text, and called back.
    pub async fn polls_and_callbacks(&self, text: &str) -> (u64, u64) {
        let answer = self.submits(text).await;
        let [job] = answer["jobs"].as_array().unwrap().as_slice() else { panic!("not one job: {answer}") };
        (job["polls"].as_u64().unwrap(), job["callbacks"].as_u64().unwrap())
    }

    /// What the simulated vendors know of submits whose prompt contains the text.
    async fn submits(&self, text: &str) -> Value {
        let body = json!({ "prompt": text }).to_string();
        let request = Request::post(format!("{}/_control/stats", self.vendors()))
            .header("content-type", "application/json");
        let reply = self.send(request.body(body.into()).unwrap()).await;
        serde_json::from_slice(&reply.body).unwrap()
    }

    /// The simulated vendors' address.
    pub fn vendors(&self) -> String {
        format!("http://127.0.0.1:{}", self.stack.port + 2)
    }

    /// A webhook address of a story's own at the receiver.
    pub fn webhook_url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/webhook/{name}", self.stack.port + 3)
    }

    /// What the receiver got at that address so far.
    pub async fn deliveries(&self, name: &str) -> Vec<Value> {
        let url = format!("http://127.0.0.1:{}/deliveries", self.stack.port + 3);
        let reply = self.send(Request::get(url).body(Bytes::new()).unwrap()).await;
        let all: Vec<Value> = serde_json::from_slice(&reply.body).unwrap();
        let path = format!("/webhook/{name}");
        all.into_iter().filter(|delivery| delivery["path"] == path.as_str()).collect()
    }

    /// Waits until the receiver has got so many deliveries at that address.
    pub async fn delivered(&self, name: &str, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let deliveries = self.deliveries(name).await;
            if deliveries.len() >= count {
                return deliveries;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain for delivery {count} at {name}: {deliveries:?}"
            );
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

impl Answer {
    /// The accepted generation; null if there is none.
    pub fn generation(&self) -> &Value {
        &self.body["data"]["generate"]
    }

    /// The first error's extensions; null if there is no error.
    pub fn error(&self) -> &Value {
        &self.body["errors"][0]["extensions"]
    }

    /// The first error's code.
    pub fn code(&self) -> &str {
        self.error()["code"].as_str().unwrap_or("")
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}
