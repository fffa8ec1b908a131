//! What a fixture gives: a job, a credential, a question and perhaps a reply.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jobs::{
    AccountId, CancelKind, Credits, Input, Job, JobId, Kind, Mode, Options, Order, Plan, State, Ticket, Time,
    Value,
    account::Hidden,
    life::{Attempt, Lost, NewJob},
};
use providers::{Access, Media, Next, Question, Reply, Task, adapter};
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};

/// Sat, 21 Nov 2026 10:00:00 UTC: the moment at which every fixture plays.
pub(crate) const NOW: Time = Time::from_millis(1_795_255_200_000);

/// The keys of every fixture. They must never be seen in news.
pub(crate) const API_KEY: &str = "key-4711-of-the-operator";
pub(crate) const SECRET_KEY: &str = "secret-0815-of-the-operator";

/// The caller's words in jobs that no fixture describes.
pub(crate) const PROMPT: &str = "a fox";

/// One case of a fixture file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) job: GivenJob,
    /// Another host than the vendor's usual one.
    base_url: Option<String>,
    /// Whether the credential has only one half.
    #[serde(default)]
    single_key: bool,
    pub(crate) question: GivenQuestion,
    pub(crate) reply: Option<GivenReply>,
    pub(crate) expect: serde_json::Value,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenJob {
    kind: String,
    model: String,
    text: Option<String>,
    image: Option<String>,
    last_image: Option<String>,
    #[serde(default)]
    images: Vec<String>,
    video: Option<String>,
    audio: Option<String>,
    voice: Option<String>,
    /// Where the vendor may call.
    callback: Option<String>,
    /// What was fetched for the adapter, each as `type/subtype:content`.
    #[serde(default)]
    media: Vec<String>,
    #[serde(default)]
    options: BTreeMap<String, serde_json::Value>,
    #[serde(default = "one")]
    attempts: usize,
    #[serde(default)]
    resubmits: u32,
    #[serde(default)]
    refusals: u32,
    /// Seconds in its state.
    #[serde(default = "a_minute")]
    since: u64,
}

fn one() -> usize {
    1
}

fn a_minute() -> u64 {
    60
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GivenQuestion {
    Submit,
    Poll(String),
    Cancel(String),
    Recover(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenReply {
    #[serde(default)]
    note: String,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A body in JSON.
    body: Option<serde_json::Value>,
    /// A body that is none.
    text: Option<String>,
}

impl GivenJob {
    pub(crate) fn of(kind: &str, model: &str) -> GivenJob {
        serde_json::from_value(serde_json::json!({"kind": kind, "model": model, "text": PROMPT})).unwrap()
    }

    fn build(&self, vendor: &str, question: &GivenQuestion) -> Job {
        let mut options = Options::default();
        for (name, value) in &self.options {
            let value = match value {
                serde_json::Value::String(text) => Value::Text(text.clone()),
                serde_json::Value::Bool(flag) => Value::Flag(*flag),
                number => {
                    Value::number(number.as_f64().expect("an option is a text, a flag or a number")).unwrap()
                }
            };
            options.set(name.as_str(), value);
        }
        let kind = Kind::parse(&self.kind).unwrap();
        let input = Input {
            text: self.text.clone(),
            image: self.image.clone(),
            last_image: self.last_image.clone(),
            images: self.images.clone(),
            video: self.video.clone(),
            audio: self.audio.clone(),
            voice: self.voice.clone(),
        };
        let plan = Plan {
            provider: "a-provider".into(),
            model: "a-model".into(),
            vendor: vendor.into(),
            vendor_model: self.model.clone(),
            prompt: self.text.clone(),
            options,
            adjustments: Vec::new(),
            cost: Credits::ZERO,
            candidates: Vec::new(),
            median: Duration::from_secs(60),
            poll_floor: Duration::from_secs(2),
            deadline: Duration::from_secs(1200),
            submit_timeout: Duration::from_secs(45),
            cancel: CancelKind::Never,
        };
        let new = NewJob {
            id: JobId::from_random([7; 16]),
            account: AccountId::from_random([1; 16]),
            mode: Mode::Live,
            order: Order { input, ..Order::of(kind, "") },
            plan,
            retention: Duration::from_secs(86_400),
        };
        let since = NOW.minus(Duration::from_secs(self.since));
        let mut job = Job::accepted(new, false, since);
        let attempt =
            Attempt { provider: "a".into(), model: "a".into(), started: since, ended: None, outcome: None };
        job.attempts = vec![attempt; self.attempts];
        job.resubmits = self.resubmits;
        job.refusals = self.refusals;
        job.state = match question {
            GivenQuestion::Submit => State::Submitting { since, lost: None },
            GivenQuestion::Recover(looked) => {
                State::Submitting { since, lost: Some(Lost { looked: *looked, next: NOW }) }
            }
            GivenQuestion::Poll(ticket) | GivenQuestion::Cancel(ticket) => {
                State::Running { ticket: Ticket(ticket.clone()), since }
            }
        };
        job
    }
}

/// Plays a case.
pub(crate) fn play(vendor: &str, given: &Given) -> Next {
    let reply = given.reply.as_ref().map(|reply| {
        let body = reply.body.as_ref().map(|body| serde_json::to_vec(body).unwrap());
        (reply, body.or(reply.text.clone().map(String::into_bytes)).unwrap_or_default())
    });
    let mut headers = HeaderMap::new();
    for (name, value) in given.reply.iter().flat_map(|reply| &reply.headers) {
        headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    let access = Access {
        api_key: Hidden::new(API_KEY),
        secret_key: (!given.single_key).then(|| Hidden::new(SECRET_KEY)),
        webhook_secret: None,
        base_url: given.base_url.clone(),
    };
    let answer = reply.as_ref().map(|(reply, body)| {
        (
            reply.note.as_str(),
            Reply { status: StatusCode::from_u16(reply.status).unwrap(), headers: &headers, body },
        )
    });
    step(vendor, &given.job, &access, &given.question, answer)
}

/// Asks an adapter, or has it read a reply.
pub(crate) fn step(
    vendor: &str,
    job: &GivenJob,
    access: &Access,
    question: &GivenQuestion,
    answer: Option<(&str, Reply<'_>)>,
) -> Next {
    let media: Vec<Media> = job.media.iter().map(|given| fetched(given)).collect();
    let job_callback = job.callback.clone();
    let job = job.build(vendor, question);
    let task = Task { job: &job, access, now: NOW, media: &media, callback: job_callback.as_deref() };
    let ticket = match question {
        GivenQuestion::Poll(ticket) | GivenQuestion::Cancel(ticket) => Ticket(ticket.clone()),
        GivenQuestion::Submit | GivenQuestion::Recover(_) => Ticket(String::new()),
    };
    let question = match question {
        GivenQuestion::Submit => Question::Submit,
        GivenQuestion::Poll(_) => Question::Poll(&ticket),
        GivenQuestion::Cancel(_) => Question::Cancel(&ticket),
        GivenQuestion::Recover(looked) => Question::Recover { looked: *looked },
    };
    let adapter = adapter(vendor).unwrap();
    match answer {
        None => adapter.ask(&task, question),
        Some((note, reply)) => adapter.read(&task, question, note, &reply),
    }
}

fn fetched(given: &str) -> Media {
    let (media_type, content) = given.split_once(':').unwrap();
    let (media_type, extension) = match media_type {
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        "audio/mpeg" => ("audio/mpeg", "mp3"),
        "video/mp4" => ("video/mp4", "mp4"),
        other => panic!("no fixture has {other} yet"),
    };
    Media { media_type, extension, bytes: content.to_owned().into() }
}
