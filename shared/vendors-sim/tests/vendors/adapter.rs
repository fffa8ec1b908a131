//! Whole jobs, as the catalogue plans them and our adapters order them: submitted, found by name, made. For models that
//! no local run offers, because they are behind a flag.

use crate::client::Simulator;
use bytes::Bytes;
use catalogue::{Catalogue, World};
use http::HeaderMap;
use jobs::account::Hidden;
use jobs::life::{Attempt, Lost, NewJob};
use jobs::{AccountId, Event, Fault, Input, Job, JobId, Kind, Mode, Order, Plan, State, Ticket, Time};
use media::{ClipSpec, PictureFormat, PictureSpec, VoiceSpec};
use providers::{Access, Adapter, Media, News, Next, Question, Reply, Source, Task};
use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;

/// What came of a job: links to its files, or why there are none.
type Outcome = Result<Vec<String>, Fault>;

fn now() -> Time {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Time::from_millis(i64::try_from(now.as_millis()).unwrap())
}

/// Material on this machine, so that the simulator looks at it: `/a.png`, `/a.wav`, `/a.mp4`.
pub(crate) async fn material() -> String {
    static FILES: OnceLock<[(&str, Bytes); 3]> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let words = "a fox crosses a snowy bridge and does not look back, for the wood is on fire";
        let picture = PictureSpec { text: "", width: 600, height: 600, seed: 1 };
        let clip =
            ClipSpec { text: "", width: 1280, height: 720, duration_seconds: 6.0, seed: 1, sound: true };
        [
            ("/a.png", media::picture(&picture, PictureFormat::Png).into()),
            ("/a.wav", media::voice_wav(&VoiceSpec { text: words, voice: "a", speed: 1.0 }).into()),
            ("/a.mp4", media::clip(&clip).into()),
        ]
    });
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let router = files.iter().fold(axum::Router::new(), |router, (path, file)| {
        router.route(path, axum::routing::get(async move || file.clone()))
    });
    tokio::spawn(async { axum::serve(socket, router).await });
    base
}

/// Every input that a model may start from.
pub(crate) fn inputs(base: &str) -> Vec<Input> {
    let url = |name: &str| Some(format!("{base}/{name}"));
    let pictures = vec![format!("{base}/a.png"), format!("{base}/a.png")];
    let text = || Some("a fox".to_owned());
    vec![
        Input { text: text(), ..Input::default() },
        Input { text: text(), image: url("a.png"), ..Input::default() },
        Input { text: text(), image: url("a.png"), last_image: url("a.png"), ..Input::default() },
        Input { text: text(), images: pictures, ..Input::default() },
        Input { image: url("a.png"), audio: url("a.wav"), ..Input::default() },
        Input { video: url("a.mp4"), audio: url("a.wav"), ..Input::default() },
    ]
}

/// The plans of a model for all inputs that it takes, with their orders.
pub(crate) fn plans(vendor: &str, base: &str) -> Vec<(Order, Plan)> {
    let catalogue = Catalogue::built_in();
    let mut live = BTreeSet::from([vendor.to_owned()]);
    live.extend(catalogue.models_of(vendor).map(|(_, model)| format!("{vendor}/{model}")));
    let world = World { mode: Mode::Live, live_vendors: &live, latency_scale: 1.0, knowledge: None };
    let mut plans = Vec::new();
    for (provider, model) in catalogue.models_of(vendor) {
        for kind in [Kind::Video, Kind::Avatar] {
            for input in inputs(base) {
                let mut order = Order { input, ..Order::of(kind, "") };
                order.provider = Some(provider.to_owned());
                order.model = Some(model.to_owned());
                if let Ok(plan) = catalogue.choose(&order, &world) {
                    assert_eq!(plan.model, model);
                    plans.push((order, plan));
                }
            }
        }
    }
    plans
}

fn job(order: &Order, plan: &Plan, number: u8) -> Job {
    let new = NewJob {
        id: JobId::from_random([number; 16]),
        account: AccountId::from_random([1; 16]),
        mode: Mode::Live,
        order: order.clone(),
        plan: plan.clone(),
        retention: Duration::from_secs(86_400),
    };
    let mut job = Job::accepted(new, false, now());
    let attempt =
        Attempt { provider: "a".into(), model: "a".into(), started: now(), ended: None, outcome: None };
    job.attempts = vec![attempt];
    job
}

/// Has a step's conversation with the simulator.
async fn talk(
    simulator: &Simulator,
    adapter: &dyn Adapter,
    job: &Job,
    access: &Access,
    media: &[Media],
    question: Question<'_>,
) -> News {
    let task = Task { job, access, now: now(), media, callback: None };
    let mut next = adapter.ask(&task, question);
    for _ in 0..12 {
        let call = match next {
            Next::News(news) => return news,
            Next::Call(call) => call,
        };
        let headers = call.request.headers().iter();
        let headers: Vec<_> = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let path = call.request.uri().to_string();
        let method = call.request.method().as_str();
        let answer = simulator.send(method, &path, &headers, call.request.body().clone()).await;
        let reply = Reply {
            status: answer.status.try_into().unwrap(),
            headers: &HeaderMap::new(),
            body: &answer.body,
        };
        next = adapter.read(&task, question, &call.note, &reply);
    }
    panic!("the conversation does not end");
}

/// What the adapter wants as bytes, as the poller gives it.
async fn fetched(simulator: &Simulator, adapter: &dyn Adapter, job: &Job) -> Vec<Media> {
    let mut media = Vec::new();
    for need in adapter.needs(job) {
        let bytes = simulator.outside(&need.url).await;
        let format = media::sniff(&bytes).unwrap();
        let mut probe = media::Probe::new(format);
        probe.feed(&bytes);
        let length = probe.finish().duration_seconds.map(Duration::from_secs_f64);
        media.push(Media { media_type: format.media_type(), extension: format.extension(), length, bytes });
    }
    media
}

/// Orders a job, looks for it as if the answer was lost, and asks until it has ended.
async fn made(simulator: &Simulator, vendor: &str, access: &Access, mut job: Job) -> Outcome {
    let adapter = providers::adapter(vendor).unwrap();
    job.state = State::Submitting { since: now(), lost: None };
    let media = fetched(simulator, adapter, &job).await;
    let ticket = match talk(simulator, adapter, &job, access, &media, Question::Submit).await {
        News::Event(Event::Accepted { ticket }) => ticket,
        News::Event(Event::Refused(fault)) => return Err(fault),
        other => panic!("{other:?}"),
    };
    job.state = State::Submitting { since: now(), lost: Some(Lost { looked: 0, copies: 0, next: now() }) };
    let found = talk(simulator, adapter, &job, access, &[], Question::Recover { looked: 0 }).await;
    let News::Event(Event::Accepted { ticket: found }) = found else { panic!("{found:?}") };
    assert_eq!(found, ticket, "what was lost is found");
    job.state = State::Running { ticket: Ticket(ticket.0.clone()), since: now() };
    for _ in 0..500 {
        match talk(simulator, adapter, &job, access, &[], Question::Poll(&ticket)).await {
            News::Finished(files) => return Ok(files.into_iter().map(|file| link(file.source)).collect()),
            News::Event(Event::Failed(fault)) => return Err(fault),
            News::Event(Event::StillRunning { .. }) => tokio::time::sleep(Duration::from_millis(2)).await,
            other => panic!("{other:?}"),
        }
    }
    panic!("{} does not end", job.plan.model);
}

fn link(source: Source) -> String {
    match source {
        Source::Link { url, .. } => url,
        other => panic!("{other:?}"),
    }
}

fn kling(simulator: &Simulator, is_pair: bool) -> Access {
    Access {
        api_key: Hidden::new(if is_pair { "sim-kling-ak" } else { "sim-kling-key" }),
        secret_key: is_pair.then(|| Hidden::new("sim-kling-sk")),
        webhook_secret: None,
        base_url: Some(format!("{}/kling", simulator.running.url())),
        project: None,
    }
}

#[tokio::test]
async fn every_model_of_kling_is_made_from_whatever_it_takes() {
    let simulator = Simulator::start().await;
    let base = material().await;
    let plans = plans("kling", &base);
    let models: BTreeSet<_> = plans.iter().map(|(_, plan)| plan.model.as_str()).collect();
    assert_eq!(models.len(), 14, "{models:?}");
    for (number, (order, plan)) in plans.iter().enumerate() {
        let job = job(order, plan, u8::try_from(number).unwrap());
        let files = made(&simulator, "kling", &kling(&simulator, false), job).await;
        let files = files.unwrap_or_else(|fault| panic!("{}: {fault:?}", plan.model));
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(simulator.fetch(file).await.header("content-type"), "video/mp4", "{}", plan.model);
    }
    assert_eq!(simulator.counts("kling")["submits_paid"], plans.len());
}

#[tokio::test]
async fn the_pair_of_keys_makes_all_but_the_newest() {
    let simulator = Simulator::start().await;
    let base = material().await;
    for (number, (order, plan)) in plans("kling", &base).iter().enumerate() {
        let job = job(order, plan, u8::try_from(number).unwrap());
        let files = made(&simulator, "kling", &kling(&simulator, true), job).await;
        assert_eq!(files.is_ok(), plan.model != "kling-3-turbo", "{}: {files:?}", plan.model);
    }
}
