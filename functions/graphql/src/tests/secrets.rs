//! Every layer below fails once with a cause that quotes secrets, and callers send some too. None of them comes out
//! again: neither in an answer, headers included, nor in the log.

use super::harness::{Bad, Call, House, LIVE, TEST, ask, desk, desk_calling, fox, generate, house, post};
use crate::log_panic;
use jobs::{CancelKind, Event, Fault, FaultKind, Job, Ticket, account::Hidden, advance};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex, Once},
    thread,
};
use testkit::{Operation, When, builders};
use tracing_subscriber::fmt::MakeWriter;

/// What no answer and no log may hold.
const MARK: &str = "SECRET";

/// A cause as libraries and vendors write them.
const CAUSE: &str = "refused key sk_live_SECRET_1, sent Authorization: Bearer SECRET2x, {\"apiKey\": \"SECRET3\"} to \
    https://user:SECRET4@vendor.test/v1/SECRET5?X-Amz-Signature=SECRET6";

/// A log that is kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Kept;

    fn make_writer(&'a self) -> Kept {
        self.clone()
    }
}

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// One way to fail.
struct Case {
    name: &'static str,
    call: Call,
    status: u16,
    /// A word of the log that shows that the failure came to pass.
    logs: &'static str,
    /// Whether the answer may repeat what the caller sent for it: a link of theirs, a name of a field.
    echoes: bool,
}

fn case(name: &'static str, call: Call, status: u16, logs: &'static str) -> Case {
    Case { name, call, status, logs, echoes: false }
}

/// Answers the call with the log kept, and looks for the mark in both.
async fn check(app: &crate::App, case: Case) {
    let log = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let answer = case.call.to(app).await;
    drop(guard);
    let (name, log) = (case.name, log.text());
    assert_eq!(answer.status, case.status, "{name}: {}", answer.reply.body);
    assert!(log.contains("answered") && log.contains(case.logs), "{name} is not in the log: {log}");
    assert!(!log.contains(MARK), "{name} is in the log: {log}");
    let reply = serde_json::to_string(&answer.reply).unwrap();
    assert!(case.echoes || !reply.contains(MARK), "{name} is in the answer: {reply}");
    let key = builders::key(LIVE, &builders::account_id(1), jobs::Mode::Live).0;
    assert!(!log.contains(key.reveal()) && !reply.contains(key.reveal()), "{name} tells the key");
}

fn put(house: &House, job: &Job, events: impl IntoIterator<Item = Event>) {
    let job = events
        .into_iter()
        .fold(job.clone(), |job, event| advance(&job, event, builders::at(60)).unwrap().job);
    house.memory.put_job(job);
}

/// A house with one generation, whose prompt is a secret, brought so far.
async fn with_job(events: Vec<Event>) -> (House, String) {
    let house = house(10_000);
    let mut input = fox();
    input["input"]["text"] = json!("a SECRET fox");
    input["webhookUrl"] = json!("https://example.com/hook");
    let made = generate(LIVE, input, "id").to(&house.app).await.id();
    let mut job = house.memory.all_jobs().remove(0);
    job.plan.cancel = CancelKind::Never;
    put(&house, &job, events);
    (house, made)
}

fn stored() -> Vec<Event> {
    let ticket = Ticket("t".to_owned());
    vec![Event::Submitting, Event::Accepted { ticket }, Event::Stored(vec![builders::output()])]
}

#[tokio::test]
async fn no_port_lets_its_cause_out() {
    let read =
        |id: &str| ask(LIVE, &format!("{{ generation(id: \"{id}\") {{ id url outputs {{ url }} }} }}"));
    let cancel = |id: &str| ask(LIVE, &format!("mutation {{ cancelGeneration(id: \"{id}\") }}"));
    let make = |_: &str| generate(LIVE, fox(), "id");
    let held = |_: &str| ask(LIVE, "{ generations { nodes { queuePosition } } }");
    let list = |_: &str| ask(LIVE, "{ generations { nodes { id } } }");
    let refused = |_: &str| {
        let call = json!({ "type": "VIDEO", "provider": "nobody", "input": { "text": "a SECRET fox" } });
        generate(LIVE, call, "id").with("idempotency-key", "k-1")
    };
    type Made = Box<dyn Fn(&str) -> Call>;
    let cases: Vec<(Operation, When, Made, u16, &str)> = vec![
        (Operation::Key, When::BeforeEffect, Box::new(list), 500, "could not read key"),
        (Operation::Account, When::BeforeEffect, Box::new(list), 500, "could not read account"),
        (Operation::Accept, When::BeforeEffect, Box::new(make), 500, "could not accept job"),
        (Operation::Accept, When::AfterEffect, Box::new(make), 200, "answered mutation"),
        (Operation::Send, When::BeforeEffect, Box::new(make), 200, "its letter is late"),
        (Operation::Load, When::BeforeEffect, Box::new(refused), 500, "could not read job"),
        (Operation::Load, When::BeforeEffect, Box::new(cancel), 500, "could not read job"),
        (Operation::Save, When::BeforeEffect, Box::new(cancel), 500, "could not save job"),
        (Operation::Send, When::BeforeEffect, Box::new(cancel), 200, "its letter is late"),
        (Operation::Peek, When::BeforeEffect, Box::new(read), 500, "could not read job"),
        (Operation::List, When::BeforeEffect, Box::new(list), 500, "could not list jobs"),
        (Operation::PeekAll, When::BeforeEffect, Box::new(list), 500, "could not read jobs"),
        (Operation::Held, When::BeforeEffect, Box::new(held), 200, "could not list held jobs"),
        (
            Operation::TopUps,
            When::BeforeEffect,
            Box::new(|_| ask(LIVE, "{ account { creditTransactions { nodes { generationId } } } }")),
            500,
            "could not list top-ups",
        ),
        (
            Operation::RotateWebhookSecret,
            When::BeforeEffect,
            Box::new(|_| ask(LIVE, "mutation { rotateWebhookSecret { secret } }")),
            500,
            "could not rotate secret",
        ),
    ];
    for (operation, when, call, status, logs) in cases {
        let (house, id) = with_job(Vec::new()).await;
        if operation == Operation::Held {
            house.memory.put_job(builders::held_job(7, &builders::account_id(1), 10, builders::at(1)));
        }
        // A process that knows nobody yet.
        let app = desk(&house.memory);
        house.memory.fail_next_because(operation, when, CAUSE);
        check(&app, case(logs, call(&id), status, logs)).await;
        assert!(house.memory.calls(operation) > 0);
    }
}

#[tokio::test]
async fn neither_links_nor_files_nor_panics_let_theirs_out() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            log_panic(panic);
            if panic.payload_as_str().is_none_or(|text| text != CAUSE) {
                before(panic);
            }
        }));
    });
    for (name, bad, logs) in [
        ("a cause", Bad::Fails(CAUSE.to_owned()), "answered INTERNAL"),
        ("a panic", Bad::Panics(CAUSE.to_owned()), "panicked"),
    ] {
        let (house, id) = with_job(stored()).await;
        house.bucket.break_down(bad);
        let token = {
            let account = house.memory.account_of(&builders::account_id(1)).unwrap();
            signing::token(account.link_key.reveal().as_bytes(), &["file", &id, "0"])
        };
        let calls = [
            (ask(LIVE, &format!("{{ generation(id: \"{id}\") {{ outputs {{ url }} }} }}")), 500),
            (ask(LIVE, &format!("mutation {{ deleteGeneration(id: \"{id}\") }}")), 500),
            (post(LIVE, "").get("").path(&format!("/files/{id}/0/{token}")), 500),
        ];
        for (call, status) in calls {
            check(&house.app, case(name, call, status, logs)).await;
        }
    }
}

#[tokio::test]
async fn waiting_and_what_a_vendor_said_stay_inside() {
    let (house, _) = with_job(Vec::new()).await;
    house.memory.fail_next_because(Operation::Peek, When::BeforeEffect, CAUSE);
    let mut input = fox();
    input["wait"] = json!(1);
    check(&house.app, case("waiting", generate(LIVE, input, "id"), 200, "could not look while waiting"))
        .await;
    // What a vendor said, headers included, is kept with the job as a detail, and no field shows it.
    let detail = format!("HTTP 400, x-api-key: SECRET7, body: {CAUSE}");
    for kind in FaultKind::ALL {
        let fault = Fault { detail: detail.clone(), ..Fault::new(kind, "it could not be made") };
        let (house, id) = with_job(vec![Event::Submitting, Event::Failed(fault)]).await;
        let query = format!(
            "{{ generation(id: \"{id}\") {{ status error {{ code message action retryable charged reason }} errorCode
                errorMessage attempts {{ outcome }} webhook {{ state }} routing {{ candidates {{ excludedBecause }} }} }} }}"
        );
        check(&house.app, case("a vendor's words", ask(LIVE, &query), 200, "answered query")).await;
    }
}

#[tokio::test]
async fn a_webhook_that_fails_tells_nothing() {
    let house = house(1_000);
    let account = builders::account(1, 1_000);
    house
        .memory
        .put_account(jobs::Account { webhook_secret: Hidden::new("whsec_SECRET!"), ..account.clone() });
    let probe =
        |url: &str| ask(LIVE, &format!("mutation {{ testWebhook(url: \"{url}\") {{ statusCode error }} }}"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Answers with secrets, then hangs up, then is gone.
    thread::spawn(move || {
        for says in ["HTTP/1.1 500 SECRET8\r\nx-secret: SECRET9\r\ncontent-length: 8\r\n\r\nSECRET10", ""] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 2_048];
            let _ = stream.read(&mut head).unwrap();
            stream.write_all(says.as_bytes()).unwrap();
        }
    });
    let url = format!("http://127.0.0.1:{port}/hook?token=SECRET11");
    let app = desk_calling(&house.memory, port);
    check(&app, case("a malformed secret", probe(&url), 500, "could not sign the news")).await;
    house.memory.put_account(account);
    for name in ["a bad status", "a broken connection", "no connection"] {
        check(&app, case(name, probe(&url), 200, "answered mutation")).await;
    }
    for url in ["https://user:SECRET12@example.com/", "https://10.0.0.1/SECRET13", "SECRET14"] {
        check(&app, case("a bad address", probe(url), 200, "answered mutation")).await;
    }
}

#[tokio::test]
async fn what_a_caller_sent_is_not_repeated() {
    let house = house(1_000);
    let input = |name: &str, value: Value| {
        let mut input = fox();
        input[name] = value;
        generate(LIVE, input, "id")
    };
    let text = |query: &str| ask(LIVE, query);
    for (name, call, status) in [
        ("a bad key", text("{ account { id } }").with("authorization", "Bearer SECRET"), 401),
        ("a bad scheme", text("{ account { id } }").with("authorization", "Basic SECRET"), 401),
        (
            "a key of nobody",
            text("{ account { id } }").with("authorization", &format!("Bearer dt_live_{}", MARK.repeat(7))),
            401,
        ),
        ("a bad accept", text("{ account { id } }").with("accept", "SECRET"), 406),
        ("a bad content type", text("{ account { id } }").with("content-type", "SECRET"), 415),
        ("another header", text("{ account { id } }").with("cookie", "SECRET"), 200),
        ("a bad idempotency key", generate(LIVE, fox(), "id").with("idempotency-key", "SECRET é"), 200),
        ("a bad method", text("{ account { id } }").method("SECRET"), 405),
        ("a path", text("{ account { id } }").path("/SECRET"), 404),
        ("a link", post(LIVE, "").get("").path("/files/SECRET/0/SECRET"), 404),
        ("a body that is no JSON", post(LIVE, "{\"query\": SECRET}"), 400),
        ("a body that is a text", post(LIVE, "\"SECRET\""), 400),
        ("variables that are none", post(LIVE, r#"{"query":"{account{id}}","variables":"SECRET"}"#), 400),
        ("a query string", post(LIVE, "").get("query=%7Baccount%7Bid%7D%7D&variables=SECRET"), 400),
        ("a text at a wrong place", text("{ account \"SECRET\" }"), 200),
        ("a text without an end", text("{ generation(id: \"SECRET"), 200),
        ("a text for a number", text("{ generations(first: \"SECRET\") { nodes { id } } }"), 200),
        ("a bad cursor", text("{ generations(after: \"SECRET\") { nodes { id } } }"), 200),
        ("an unknown id", text("{ generation(id: \"SECRET\") { id } }"), 200),
        ("an unknown provider", text("{ provider(id: \"SECRET\") { id } }"), 200),
        ("an enumeration in a document", text("{ providers(type: SECRET) { id } }"), 200),
        ("an enumeration by variable", input("type", json!("SECRET")), 200),
        ("a number by variable", input("options", json!({ "duration": "SECRET" })), 200),
        ("an object by variable", input("input", json!("SECRET")), 200),
        ("a list by variable", input("maxCredits", json!(["SECRET"])), 200),
        ("a moment", text("{ generations(filter: { createdAfter: \"SECRET\" }) { nodes { id } } }"), 200),
        ("a default", text("query($n: Int = \"SECRET\") { generations(first: $n) { nodes { id } } }"), 200),
        ("a directive", text("{ account { id @skip(if: \"SECRET\") } }"), 200),
        ("an address", input("webhookUrl", json!("https://user:SECRET@example.com/")), 200),
        ("an unknown provider of an order", input("provider", json!("SECRET")), 200),
        ("an unknown model", input("model", json!("SECRET")), 200),
        ("a prompt", input("input", json!({ "text": "a SECRET fox" })), 200),
        ("a reference", input("reference", json!("SECRET")), 200),
    ] {
        check(&house.app, case(name, call, status, "answered")).await;
    }
    // Names in a document are repeated, cut short: without them nobody finds the place. The log has them not.
    for query in ["{ SECRET }", "{ account { SECRET: id } } { SECRET }", "{ account { ...SECRET } }"] {
        let named = Case { echoes: true, ..case("a name", ask(LIVE, query), 200, "answered") };
        check(&house.app, named).await;
    }
    let mut input = fox();
    input["options"] = json!({ "SECRET": 1 });
    let named = Case { echoes: true, ..case("a field's name", generate(TEST, input, "id"), 200, "answered") };
    check(&house.app, named).await;
}
