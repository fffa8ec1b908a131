//! A front desk with the ports in memory, and callers of it.

use crate::{App, Arrival, Event, Links, Office, Ports, Reply, Settings, answer};
use catalogue::Catalogue;
use cloud::Watched;
use jobs::{Account, Mode, Time, ports::Trouble};
use outbound::AllowList;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use testkit::{Memory, builders};

/// A bucket that signs links and notes what is removed.
#[derive(Clone, Default)]
pub(super) struct Bucket {
    removed: Arc<Mutex<Vec<String>>>,
    stuck: Arc<AtomicBool>,
    trouble: Arc<Mutex<Option<Bad>>>,
}

/// How a bucket fails.
#[derive(Clone)]
pub(super) enum Bad {
    /// With an error of this cause.
    Fails(String),
    /// With a panic that says this.
    Panics(String),
}

impl Bucket {
    /// The keys removed so far.
    pub(super) fn removed(&self) -> Vec<String> {
        self.removed.lock().unwrap().clone()
    }

    /// How everything fails from now on.
    pub(super) fn break_down(&self, bad: Bad) {
        *self.trouble.lock().unwrap() = Some(bad);
    }

    fn check(&self, tried: &'static str) -> Result<(), Trouble> {
        let bad = self.trouble.lock().unwrap().clone();
        match bad {
            None => Ok(()),
            Some(Bad::Fails(cause)) => Err(Trouble::new(tried, cause)),
            Some(Bad::Panics(text)) => panic!("{text}"),
        }
    }

    /// Whether nothing can be removed now.
    pub(super) fn set_stuck(&self, stuck: bool) {
        self.stuck.store(stuck, Ordering::Relaxed);
    }
}

impl Links for Bucket {
    async fn link(&self, key: &str, life: Duration) -> Result<String, Trouble> {
        self.check("could not sign a link")?;
        Ok(format!("https://bucket.test/{key}?X-Amz-Expires={}", life.as_secs()))
    }

    async fn remove(&self, key: &str) -> Result<(), Trouble> {
        self.check("could not remove a file")?;
        if self.stuck.load(Ordering::Relaxed) {
            return Err(Trouble::new("could not remove a file", "a test lets it fail"));
        }
        self.removed.lock().unwrap().push(key.to_owned());
        Ok(())
    }
}

/// A front desk and what is behind it.
pub(super) struct House {
    pub(super) app: App,
    pub(super) memory: Memory,
    pub(super) bucket: Bucket,
}

/// The key of account 1 and the test key of account 1.
pub(super) const LIVE: u8 = 1;
pub(super) const TEST: u8 = 2;
/// The key of account 2.
pub(super) const STRANGER: u8 = 3;

/// A house with account 1, which has so many credits, and account 2.
pub(super) fn house(credits: u64) -> House {
    house_of(builders::account(1, credits))
}

/// A house with this account as number 1.
pub(super) fn house_of(account: Account) -> House {
    let memory = Memory::new();
    for (number, account, mode) in [(LIVE, 1, Mode::Live), (TEST, 1, Mode::Test), (STRANGER, 2, Mode::Live)] {
        memory.put_key(builders::key(number, &builders::account_id(account), mode).1);
    }
    memory.put_account(account);
    memory.put_account(builders::account(2, 1_000));
    let bucket = Bucket::default();
    House { app: desk_with(&memory, bucket.clone(), true), memory, bucket }
}

/// One more process with the same tables.
pub(super) fn desk(memory: &Memory) -> App {
    desk_with(memory, Bucket::default(), true)
}

/// The same without introspection.
pub(super) fn closed_desk(memory: &Memory) -> App {
    desk_with(memory, Bucket::default(), false)
}

/// One more process that may call this port of this machine.
pub(super) fn desk_calling(memory: &Memory, port: u16) -> App {
    let allow = AllowList::parse(&format!("127.0.0.1/32:{port}")).unwrap();
    desk_allowing(memory, Bucket::default(), true, allow)
}

/// A house with account 1, which has so many credits, whose operator changes the catalogue by this file.
pub(super) fn house_changed_by(credits: u64, file: &str) -> House {
    let House { memory, bucket, .. } = house(credits);
    let catalogue = Arc::new(Catalogue::changed_by(file.as_bytes()).unwrap());
    let app = desk_of(&memory, bucket.clone(), true, AllowList::default(), everybody(), catalogue);
    House { app, memory, bucket }
}

fn desk_with(memory: &Memory, bucket: Bucket, introspection: bool) -> App {
    desk_allowing(memory, bucket, introspection, AllowList::default())
}

/// One more process of an operator who has set up no vendor.
pub(super) fn desk_without_vendors(memory: &Memory) -> App {
    desk_of(
        memory,
        Bucket::default(),
        true,
        AllowList::default(),
        BTreeSet::new(),
        Catalogue::built_in().clone(),
    )
}

fn desk_allowing(memory: &Memory, bucket: Bucket, introspection: bool, allow: AllowList) -> App {
    desk_of(memory, bucket, introspection, allow, everybody(), Catalogue::built_in().clone())
}

/// All vendors of the catalogue.
fn everybody() -> BTreeSet<String> {
    Catalogue::built_in().vendors().into_iter().map(str::to_owned).collect()
}

fn desk_of(
    memory: &Memory,
    bucket: Bucket,
    introspection: bool,
    allow: AllowList,
    live_vendors: BTreeSet<String>,
    catalogue: Arc<Catalogue>,
) -> App {
    let settings = Settings {
        allow,
        stand_ins: outbound::StandIns::default(),
        live_vendors,
        latency_scale: 1.0,
        public_base_url: "https://api.doitong.test".to_owned(),
    };
    let ports = Ports {
        jobs: memory.clone(),
        accounts: memory.clone(),
        queues: memory.clone(),
        links: bucket,
        vendors: memory.clone(),
    };
    App::new(
        Office::new(ports, settings, Watched::fixed(catalogue)),
        introspection,
        Path::new("no such folder"),
    )
}

/// A request in the making.
pub(super) struct Call {
    method: &'static str,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    base64: bool,
    at: Time,
    time_left: Duration,
}

/// An answer, taken apart.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) reply: Reply,
    pub(super) body: Value,
}

/// `POST /graphql` with the key of this number.
pub(super) fn post(key: u8, body: impl Into<String>) -> Call {
    let account = if key == STRANGER { 2 } else { 1 };
    let mode = if key == TEST { Mode::Test } else { Mode::Live };
    let (key, _) = builders::key(key, &builders::account_id(account), mode);
    Call {
        method: "POST",
        path: "/graphql".to_owned(),
        query: String::new(),
        headers: vec![
            ("authorization".to_owned(), format!("Bearer {}", key.reveal())),
            ("content-type".to_owned(), "application/json".to_owned()),
            ("accept".to_owned(), "*/*".to_owned()),
        ],
        body: Some(body.into()),
        base64: false,
        at: builders::at(5),
        time_left: Duration::from_secs(29),
    }
}

/// A document without variables.
pub(super) fn ask(key: u8, query: &str) -> Call {
    post(key, json!({ "query": query }).to_string())
}

/// Runs a future to its end, where a test can't be asynchronous.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// `generate` with this input and these fields.
pub(super) fn generate(key: u8, input: Value, fields: &str) -> Call {
    let query =
        format!("mutation Generate($input: GenerateInput!) {{ generate(input: $input) {{ {fields} }} }}");
    post(key, json!({ "query": query, "variables": { "input": input } }).to_string())
}

/// The simplest order.
pub(super) fn fox() -> Value {
    json!({ "type": "VIDEO", "input": { "text": "a fox" } })
}

impl Call {
    pub(super) fn method(mut self, method: &'static str) -> Call {
        self.method = method;
        self
    }

    pub(super) fn path(mut self, path: &str) -> Call {
        self.path = path.to_owned();
        self
    }

    /// As a GET with this query string and no body.
    pub(super) fn get(mut self, query: &str) -> Call {
        (self.method, self.query, self.body) = ("GET", query.to_owned(), None);
        self.without("content-type")
    }

    pub(super) fn query(mut self, query: &str) -> Call {
        self.query = query.to_owned();
        self
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Call {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Call {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn base64(mut self) -> Call {
        self.base64 = true;
        self
    }

    pub(super) fn at(mut self, at: Time) -> Call {
        self.at = at;
        self
    }

    pub(super) fn time_left(mut self, time_left: Duration) -> Call {
        self.time_left = time_left;
        self
    }

    pub(super) async fn to(self, app: &App) -> Answer {
        let arrival = Arrival { now: self.at, time_left: self.time_left };
        send(app, self.event(), arrival).await
    }

    /// The event that API Gateway makes of it.
    pub(super) fn event(self) -> Value {
        let headers: serde_json::Map<String, Value> =
            self.headers.into_iter().map(|(name, value)| (name, json!(value))).collect();
        json!({
            "version": "2.0",
            "routeKey": "ANY /graphql",
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "api-id",
                "domainName": "api-id.execute-api.us-east-1.amazonaws.com",
                "http": {
                    "method": self.method,
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "test"
                },
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": "ANY /graphql",
                "stage": "$default",
                "timeEpoch": 1_795_305_605_000_i64
            },
            "body": self.body,
            "isBase64Encoded": self.base64
        })
    }
}

/// Hands an event to the function, whatever it is.
pub(super) async fn send(app: &App, event: Value, arrival: Arrival) -> Answer {
    let event: Event = serde_json::from_value(event).unwrap();
    Answer::of(answer(app, event, "request-1", arrival).await)
}

/// The arrival of any request: at an ordinary moment, with the time that Lambda usually leaves.
pub(super) fn arrival() -> Arrival {
    Arrival { now: builders::at(5), time_left: Duration::from_secs(29) }
}

impl Answer {
    /// An answer as API Gateway takes it, whatever was asked: its form, and what every error of it has.
    pub(super) fn of(reply: Reply) -> Answer {
        let written = serde_json::to_value(&reply).unwrap();
        let names: BTreeSet<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(["body", "headers", "isBase64Encoded", "statusCode"]));
        assert!((200..600).contains(&reply.status_code));
        for (name, value) in &reply.headers {
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{name}");
            assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{name}: {value}");
        }
        assert_eq!(reply.headers.get("X-Request-Id").map(String::as_str), Some("request-1"));
        let body = serde_json::from_str(&reply.body).unwrap_or(Value::Null);
        let answer = Answer { status: reply.status_code, reply, body };
        // Pages for people say it in words.
        let is_page = answer.header("Content-Type").is_some_and(|kind| kind.starts_with("text/"));
        assert!(answer.status < 400 || is_page || answer.body["errors"].is_array(), "{}", answer.reply.body);
        answer.check_errors();
        answer
    }

    /// What every error of every answer has.
    fn check_errors(&self) {
        for error in self.body["errors"].as_array().into_iter().flatten() {
            let extensions = &error["extensions"];
            let code = extensions["code"].as_str().unwrap();
            assert!(!error["message"].as_str().unwrap().is_empty());
            assert!(extensions["action"].is_string() && extensions["retryable"].is_boolean());
            assert_eq!(extensions["charged"], json!(false));
            assert_eq!(extensions["requestId"], json!("request-1"));
            assert_eq!(extensions["docUrl"], json!(format!("https://api.doitong.test/#{code}")));
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.reply.headers.get(name).map(String::as_str)
    }

    /// The code of the only error.
    pub(super) fn code(&self) -> &str {
        assert_eq!(self.body["errors"].as_array().map(Vec::len), Some(1), "{}", self.body);
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap()
    }

    /// The fields that the errors name.
    pub(super) fn fields(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let fields = errors.flat_map(|error| error["extensions"]["fields"].as_array().into_iter().flatten());
        fields.map(|field| field["field"].as_str().unwrap().to_owned()).collect()
    }

    /// The answer of the only root field, without any error.
    pub(super) fn data(&self, field: &str) -> &Value {
        assert_eq!(self.body.get("errors"), None, "{}", self.body);
        &self.body["data"][field]
    }

    /// The id of a generated one.
    pub(super) fn id(&self) -> String {
        self.data("generate")["id"].as_str().unwrap().to_owned()
    }
}
