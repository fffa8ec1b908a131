//! What a fixture gives: a job, a credential, a question and perhaps a reply.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jobs::{
    AccountId, CancelKind, Credits, Input, Job, JobId, Kind, Mode, Options, Order, Plan, State, Ticket, Time,
    Value,
    account::Hidden,
    life::{Attempt, Lost, NewJob},
};
use providers::{Access, Adapter, Media, Next, Project, Question, Reply, Task, adapter};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

/// Sat, 21 Nov 2026 10:00:00 UTC: the moment at which every fixture plays.
pub(crate) const NOW: Time = Time::from_millis(1_795_255_200_000);

/// The keys of every fixture. They must never be seen in news.
pub(crate) const API_KEY: &str = "key-4711-of-the-operator";
pub(crate) const SECRET_KEY: &str = "secret-0815-of-the-operator";

/// The service account of every fixture of a vendor that wants one.
const ACCOUNT: &str = include_str!("../../../vendors-sim/sdk/vertex_account.json");

/// Its private key.
static PRIVATE_KEY: LazyLock<String> = LazyLock::new(|| {
    let account: serde_json::Value = serde_json::from_str(ACCOUNT).unwrap();
    account.get("private_key").unwrap().as_str().unwrap().to_owned()
});

/// What a vendor's fixtures have as the second half of their credential.
pub(crate) fn secret_key(vendor: &str) -> &'static str {
    if vendor == "vertex" { &PRIVATE_KEY } else { SECRET_KEY }
}

/// The credential of a vendor's fixtures.
pub(crate) fn access(vendor: &str) -> Access {
    let project = Project { id: "a-project".to_owned(), ..Project::default() };
    Access {
        secret_key: Some(Hidden::new(secret_key(vendor))),
        project: (vendor == "vertex").then_some(project),
        ..Access::by_key(Hidden::new(API_KEY))
    }
}

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
    /// Another project in the vendor's cloud than the usual one.
    project: Option<GivenProject>,
    pub(crate) question: GivenQuestion,
    pub(crate) reply: Option<GivenReply>,
    pub(crate) expect: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenProject {
    id: String,
    region: Option<String>,
    bucket: Option<String>,
    token_url: Option<String>,
}

impl GivenProject {
    fn build(&self) -> Project {
        let GivenProject { id, region, bucket, token_url } = self;
        Project {
            id: id.clone(),
            region: region.clone(),
            bucket: bucket.clone(),
            token_url: token_url.clone(),
        }
    }
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
    /// What was fetched for the adapter, each as `type/subtype:content`, or with its seconds as `type/subtype 5.2:content`.
    #[serde(default)]
    media: Vec<String>,
    #[serde(default)]
    options: BTreeMap<String, serde_json::Value>,
    #[serde(default = "one")]
    attempts: usize,
    #[serde(default)]
    resubmits: u32,
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
        job.state = match question {
            GivenQuestion::Submit => State::Submitting { since, lost: None },
            GivenQuestion::Recover(looked) => {
                State::Submitting { since, lost: Some(Lost { looked: *looked, copies: 0, next: NOW }) }
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
    Case::of(vendor, given).step()
}

/// Asks an adapter, or has it read a reply.
pub(crate) fn step(
    vendor: &str,
    job: &GivenJob,
    access: &Access,
    question: &GivenQuestion,
    answer: Option<(&str, Reply<'_>)>,
) -> Next {
    Asked::of(vendor, job, question).step(access, answer)
}

/// A case that has but to be played.
pub(crate) struct Case {
    asked: Asked,
    access: Access,
    answer: Option<Answer>,
}

impl Case {
    pub(crate) fn of(vendor: &str, given: &Given) -> Case {
        let usual = access(vendor);
        let access = Access {
            secret_key: usual.secret_key.clone().filter(|_| !given.single_key),
            base_url: given.base_url.clone(),
            project: given.project.as_ref().map(GivenProject::build).or(usual.project.clone()),
            ..usual
        };
        let asked = Asked::of(vendor, &given.job, &given.question);
        Case { asked, access, answer: given.reply.as_ref().map(Answer::of) }
    }

    /// Asks the adapter, or has it read the case's reply.
    pub(crate) fn step(&self) -> Next {
        let answer = self.answer.as_ref().map(|answer| (answer.note.as_str(), answer.reply()));
        self.asked.step(&self.access, answer)
    }
}

/// A reply as it would have come.
struct Answer {
    note: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn of(given: &GivenReply) -> Answer {
        let body = given.body.as_ref().map(|body| serde_json::to_vec(body).unwrap());
        let headers = given.headers.iter();
        Answer {
            note: given.note.clone(),
            status: StatusCode::from_u16(given.status).unwrap(),
            headers: headers
                .map(|(name, value)| {
                    (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap())
                })
                .collect(),
            body: body.or(given.text.clone().map(String::into_bytes)).unwrap_or_default(),
        }
    }

    fn reply(&self) -> Reply<'_> {
        Reply { status: self.status, headers: &self.headers, body: &self.body }
    }
}

/// What an adapter is given, but for credential and reply.
struct Asked {
    adapter: &'static dyn Adapter,
    job: Job,
    media: Vec<Media>,
    callback: Option<String>,
    question: GivenQuestion,
    ticket: Ticket,
}

impl Asked {
    fn of(vendor: &str, job: &GivenJob, question: &GivenQuestion) -> Asked {
        let ticket = match question {
            GivenQuestion::Poll(ticket) | GivenQuestion::Cancel(ticket) => ticket.clone(),
            GivenQuestion::Submit | GivenQuestion::Recover(_) => String::new(),
        };
        Asked {
            adapter: adapter(vendor).unwrap(),
            job: job.build(vendor, question),
            media: job.media.iter().map(|given| fetched(given)).collect(),
            callback: job.callback.clone(),
            question: question.clone(),
            ticket: Ticket(ticket),
        }
    }

    fn step(&self, access: &Access, answer: Option<(&str, Reply<'_>)>) -> Next {
        let callback = self.callback.as_deref();
        let task = Task { job: &self.job, access, now: NOW, media: &self.media, callback };
        let question = match self.question {
            GivenQuestion::Submit => Question::Submit,
            GivenQuestion::Poll(_) => Question::Poll(&self.ticket),
            GivenQuestion::Cancel(_) => Question::Cancel(&self.ticket),
            GivenQuestion::Recover(looked) => Question::Recover { looked },
        };
        match answer {
            None => self.adapter.ask(&task, question),
            Some((note, reply)) => self.adapter.read(&task, question, note, &reply),
        }
    }
}

fn fetched(given: &str) -> Media {
    let (kind, content) = given.split_once(':').unwrap();
    let (media_type, seconds) =
        kind.split_once(' ').map_or((kind, None), |(kind, seconds)| (kind, Some(seconds)));
    let length = seconds.map(|seconds| Duration::from_secs_f64(seconds.parse().unwrap()));
    let (media_type, extension) = match media_type {
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/webp" => ("image/webp", "webp"),
        "audio/mpeg" => ("audio/mpeg", "mp3"),
        "audio/ogg" => ("audio/ogg", "ogg"),
        "video/mp4" => ("video/mp4", "mp4"),
        other => panic!("no fixture has {other} yet"),
    };
    Media { media_type, extension, length, bytes: content.to_owned().into() }
}
