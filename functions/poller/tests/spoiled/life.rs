//! A job's life with its vendor as the engine leads it, without tables and queues.

use crate::{
    orders::Order,
    proxy::{Proxy, Spoil},
};
use jobs::{Event, Job, State, Ticket, account::Hidden, life::Lost};
use outbound::{AllowList, Door, Overflow, Streaming};
use poller::vendor::talk;
use providers::{Access, News, Question, Task};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use testkit::builders;
use vendors_sim::{Config, Running};

/// Steps of a life, at most.
const MOST_STEPS: usize = 60;

/// Simulated vendors, and the proxy before them.
pub(crate) struct Scene {
    vendors: Running,
    proxy: Proxy,
    door: Door,
    number: AtomicU32,
}

/// What a step brought.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) question: &'static str,
    pub(crate) news: News,
    /// Whether one of its answers was spoiled.
    pub(crate) spoiled: bool,
    /// Whether the vendor has been paid since the job was submitted last.
    pub(crate) paid: bool,
}

/// A whole life.
#[derive(Debug, Default)]
pub(crate) struct Life {
    pub(crate) steps: Vec<Step>,
    /// Calls of all steps.
    pub(crate) calls: usize,
    /// Calls of the first step that came before the paid one.
    pub(crate) before_paid: usize,
    /// How often the vendor was paid.
    pub(crate) paid: usize,
    /// Bytes that went out in place of the spoiled answer.
    pub(crate) poured: usize,
}

impl Life {
    pub(crate) fn last(&self) -> Option<&News> {
        self.steps.last().map(|step| &step.news)
    }

    /// Whether there is a file in the end.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self.last(), Some(News::Finished(files)) if !files.is_empty())
    }
}

impl Scene {
    pub(crate) async fn open(spoil: Spoil) -> Scene {
        let (proxy, tell) = Proxy::start(spoil).await;
        let config = Config { speed: 1000.0, public_url: Some(proxy.url.clone()), ..Config::default() };
        let vendors = vendors_sim::start(config).await.unwrap();
        tell.send(vendors.address.port()).unwrap();
        let allow = AllowList::parse(&format!("127.0.0.1/32:{}", proxy.port)).unwrap();
        let door = Door::new(outbound::Options { allow, ..outbound::Options::default() }).unwrap();
        Scene { vendors, proxy, door, number: AtomicU32::new(1) }
    }

    /// Lives through an order; the answers with these numbers, counted from 0, are spoiled.
    pub(crate) async fn live(&self, order: &Order, spoiled: &[usize]) -> Life {
        self.run(order, spoiled, Duration::from_secs(30), MOST_STEPS).await
    }

    /// Submits once, with little time.
    pub(crate) async fn submit(&self, order: &Order, spoiled: &[usize], time: Duration) -> Life {
        self.run(order, spoiled, time, 1).await
    }

    async fn run(&self, order: &Order, spoiled: &[usize], time: Duration, most: usize) -> Life {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let mark = format!("number {number}.");
        let mut job = self.job(order, number, &mark, time);
        let access = self.access(order.vendor);
        self.proxy.spoil(spoiled);
        // One life at a time, so that whatever is paid now is paid for this one; not every order has words to know it by.
        let already = self.vendors.paid("");
        let paid_now = || self.vendors.paid("") - already;
        let mut life = Life::default();
        while life.steps.len() < most {
            let (paid_before, calls_before) = (paid_now(), self.proxy.calls());
            let ticket = match &job.state {
                State::Running { ticket, .. } => ticket.clone(),
                _ => Ticket(String::new()),
            };
            let (name, question) = match &job.state {
                State::Running { .. } => ("poll", Question::Poll(&ticket)),
                State::Submitting { lost: Some(lost), .. } => {
                    ("recover", Question::Recover { looked: lost.looked })
                }
                _ => ("submit", Question::Submit),
            };
            let media = if name == "submit" { order.media.as_slice() } else { &[] };
            let task = Task { job: &job, access: &access, now: job.created, media, callback: None };
            let (news, conversation) = talk(&self.door, order.adapter, &task, question).await;
            let news = received(question, news, conversation.body).await;
            let hit = spoiled.iter().any(|at| (calls_before..self.proxy.calls()).contains(at));
            let paid = paid_now();
            if life.steps.is_empty() {
                // Nothing but the paid call and what follows it is ever paid for.
                life.before_paid = self.proxy.calls().saturating_sub(paid.max(1));
            }
            let ended = follow(&mut job, &news);
            life.steps.push(Step { question: name, news, spoiled: hit, paid: paid > paid_before });
            if ended {
                break;
            }
            if matches!(job.state, State::Running { .. }) {
                tokio::time::sleep(Duration::from_millis(8)).await;
            }
        }
        life.calls = self.proxy.calls();
        life.paid = paid_now();
        life.poured = self.proxy.poured();
        life
    }

    fn job(&self, order: &Order, number: u32, mark: &str, time: Duration) -> Job {
        let now = cloud::now();
        let mut job = builders::job(number, &builders::account_id(1), 5, now);
        job.order = order.order.clone();
        job.plan = order.plan.clone();
        if job.order.input.text.is_some() {
            let words = format!("a fox crosses a bridge, {mark}");
            job.order.input.text = Some(words.clone());
            job.plan.prompt = Some(words);
        }
        job.plan.submit_timeout = time;
        job.state = State::Submitting { since: now, lost: None };
        job
    }

    fn access(&self, vendor: &str) -> Access {
        let base_url = Some(format!("{}/{vendor}", self.proxy.url));
        let (key, secret) = match vendor {
            "kling" => ("sim-kling-ak".to_owned(), Some("sim-kling-sk")),
            "hedra" => ("sim-hedra-key".to_owned(), Some("sim-hedra-secret")),
            "vertex" => {
                let account = include_str!("../../../../shared/vendors-sim/sdk/vertex_account.json");
                let mut account: serde_json::Value = serde_json::from_str(account).unwrap();
                account["token_uri"] = format!("{}/vertex/token", self.proxy.url).into();
                let access = poller::access::parse(&Hidden::new(account.to_string())).unwrap().unwrap();
                return Access { base_url, ..access };
            }
            vendor => (format!("sim-{vendor}-key"), None),
        };
        let secret_key = secret.map(Hidden::new);
        Access { secret_key, base_url, ..Access::by_key(Hidden::new(key)) }
    }
}

/// The news, once a file that is the reply itself was read to its end. One that broke off, or is no file at all, can't be
/// copied: the engine takes it for lost, or asks again.
async fn received(question: Question<'_>, news: News, body: Option<Streaming>) -> News {
    let Some(body) = body.filter(|_| matches!(news, News::Finished(_))) else { return news };
    let whole = body.read(8 * 1024 * 1024, Overflow::Fail).await;
    match (whole.map(|reply| media::sniff(&reply.body)), question) {
        (Ok(Some(_)), _) => news,
        (_, Question::Submit) => News::Event(Event::SubmitLost),
        _ => News::AskLater { retry_after: None, detail: "the file can't be copied".to_owned() },
    }
}

/// What the news make of the job; whether it has ended.
fn follow(job: &mut Job, news: &News) -> bool {
    let since = job.created;
    let looked = match &job.state {
        State::Submitting { lost: Some(lost), .. } => lost.looked,
        _ => 0,
    };
    let looking = |looked| State::Submitting { since, lost: Some(Lost { looked, copies: 0, next: since }) };
    job.state = match news {
        News::Event(Event::Accepted { ticket }) => State::Running { ticket: ticket.clone(), since },
        News::Event(Event::StillRunning { ticket: Some(ticket), .. }) => {
            State::Running { ticket: ticket.clone(), since }
        }
        News::Event(Event::StillRunning { ticket: None, .. }) | News::AskLater { .. } => return false,
        // Finished, and nothing there: asked again, as where a copy failed.
        News::Finished(files) if files.is_empty() && matches!(job.state, State::Running { .. }) => {
            return false;
        }
        News::Event(Event::SubmitLost) => looking(0),
        News::Event(Event::NotFound) => looking(looked + 1),
        News::Event(Event::SubmitAgain) => {
            job.resubmits += 1;
            State::Submitting { since, lost: None }
        }
        _ => return true,
    };
    false
}
