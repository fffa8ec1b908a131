//! Our own adapter against Hedra's simulator: a script becomes speech, and speech a film, and each is paid once, whatever
//! answer is lost on the way. The job's life is the real one; only the queue and the tables are missing.

use crate::client::Simulator;
use bytes::Bytes;
use catalogue::{Catalogue, World};
use http::HeaderMap;
use http_body_util::BodyExt;
use jobs::{
    AccountId, Event, FaultKind, Job, JobId, Kind, Mode, Order, State, Ticket, Time, Value, account::Hidden,
    advance, life::NewJob,
};
use media::{PictureFormat, PictureSpec, VoiceSpec};
use providers::{Access, Call, Media, News, Next, Question, Reply, Source, Task};
use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

const SCRIPT: &str = "Hello, welcome to our platform";

fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Time::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A job of a portrait that speaks a text, or a recording where there is none.
fn job(script: Option<&str>) -> Job {
    let mut order = Order::of(Kind::Avatar, "");
    order.provider = Some("hedra".to_owned());
    order.input.text = script.map(str::to_owned);
    order.input.image = Some("https://example.com/face.png".to_owned());
    order.input.audio = script.is_none().then(|| "https://example.com/voice.mp3".to_owned());
    order.options.set("resolution", Value::Text("540p".to_owned()));
    if script.is_some() {
        order.options.set("voice", Value::Text("professional_female".to_owned()));
    }
    let live = BTreeSet::from(["hedra".to_owned()]);
    let world = World { mode: Mode::Live, live_vendors: &live, latency_scale: 1.0, knowledge: None };
    let plan = Catalogue::built_in().choose(&order, &world).unwrap();
    let new = NewJob {
        id: JobId::from_random([7; 16]),
        account: AccountId::from_random([1; 16]),
        mode: Mode::Live,
        order,
        plan,
        retention: Duration::from_secs(86_400),
    };
    Job::accepted(new, false, now())
}

/// A poller with one job.
struct Poller {
    simulator: Simulator,
    job: Job,
}

impl Poller {
    async fn with(script: Option<&str>) -> Poller {
        Poller { simulator: Simulator::start().await, job: job(script) }
    }

    fn apply(&mut self, event: Event) {
        self.job = advance(&self.job, event, now()).unwrap().job;
    }

    /// One step, as the poller's conversation has it.
    async fn step(&self, question: Question<'_>) -> News {
        let access = Access {
            api_key: Hidden::new("sim-hedra-key"),
            secret_key: Some(Hidden::new("sim-hedra-secret")),
            webhook_secret: None,
            base_url: Some(format!("{}/hedra", self.simulator.running.url())),
            project: None,
        };
        let adapter = providers::adapter("hedra").unwrap();
        let picture =
            media::picture(&PictureSpec { text: "", width: 64, height: 64, seed: 1 }, PictureFormat::Png);
        let sound = media::voice_mp3(&VoiceSpec { text: "Hello there", voice: "x", speed: 1.0 });
        let fetched = adapter.needs(&self.job).into_iter().map(|need| match need.kind {
            Kind::Image => Media {
                media_type: "image/png",
                extension: "png",
                length: None,
                bytes: picture.clone().into(),
            },
            _ => Media {
                media_type: "audio/mpeg",
                extension: "mp3",
                length: None,
                bytes: sound.clone().into(),
            },
        });
        let is_submit = matches!(question, Question::Submit);
        let media: Vec<Media> = fetched.filter(|_| is_submit).collect();
        let task = Task { job: &self.job, access: &access, now: now(), media: &media, callback: None };
        let mut next = adapter.ask(&task, question);
        loop {
            let call = match next {
                Next::News(news) => return news,
                Next::Call(call) => *call,
            };
            let (paid, note) = (call.paid, call.note.clone());
            let Some((status, headers, body)) = send(&self.simulator, call).await else {
                return match is_submit && paid {
                    true => News::Event(Event::SubmitLost),
                    false => News::AskLater { retry_after: None, detail: "no answer".to_owned() },
                };
            };
            next = adapter.read(&task, question, &note, &Reply { status, headers: &headers, body: &body });
        }
    }

    /// Hands the job over, looking for it as often as its answer is lost.
    async fn submit(&mut self) {
        loop {
            self.apply(Event::Submitting);
            let News::Event(mut event) = self.step(Question::Submit).await else { panic!("no event") };
            while let Event::SubmitLost | Event::NotFound = event {
                self.apply(event);
                let State::Submitting { lost: Some(lost), .. } = self.job.state else { panic!("not lost") };
                let question = Question::Recover { looked: lost.looked };
                let News::Event(next) = self.step(question).await else { panic!("no event") };
                event = next;
            }
            let again = event == Event::SubmitAgain;
            self.apply(event);
            if !again {
                return;
            }
        }
    }

    fn ticket(&self) -> Ticket {
        match &self.job.state {
            State::Running { ticket, .. } => ticket.clone(),
            other => panic!("{other:?}"),
        }
    }

    async fn poll(&self) -> News {
        self.step(Question::Poll(&self.ticket())).await
    }

    /// Polls until there is news of another kind than that it still runs.
    async fn news(&mut self) -> News {
        for _ in 0..500 {
            match self.poll().await {
                News::Event(event @ Event::StillRunning { .. }) => self.apply(event),
                other => return other,
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("no news");
    }

    /// Polls until the film is ordered.
    async fn film_ordered(&mut self) {
        let before = self.ticket();
        for _ in 0..500 {
            if let News::Event(event) = self.poll().await {
                self.apply(event);
            }
            if self.ticket() != before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("no film was ordered");
    }

    /// Waits until the speech is there, without a question of the adapter's.
    async fn spoken(&self) {
        let path = format!("/hedra/v3/jobs/{}/status", self.ticket().0.split(' ').nth(1).unwrap());
        let key = [("authorization", "Bearer sim-hedra-key:sim-hedra-secret")];
        for _ in 0..500 {
            if self.simulator.call("GET", &path, &key, "").await.json()["status"] == "COMPLETED" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("nothing was spoken");
    }

    /// How often speech and films were paid.
    fn paid(&self) -> [u64; 2] {
        let counts = self.simulator.counts("hedra");
        ["elevenlabs-v3", "hedra-character-3"]
            .map(|model| counts["operations"][model]["paid"].as_u64().unwrap_or_default())
    }

    /// The job comes to its end, and the film can be fetched.
    async fn ends_well(&mut self) {
        let News::Finished(files) = self.news().await else { panic!("no film") };
        let [file] = files.as_slice() else { panic!("{files:?}") };
        let Source::Link { url, headers } = &file.source else { panic!("{file:?}") };
        assert!(headers.is_empty());
        let film = self.simulator.fetch(url).await;
        assert_eq!((film.status, media::sniff(&film.body)), (200, Some(media::Format::Mp4)));
        assert_eq!(self.simulator.counts("hedra")["key_leaks"], 0);
    }
}

async fn send(simulator: &Simulator, call: Call) -> Option<(http::StatusCode, HeaderMap, Bytes)> {
    let (head, body) = call.request.into_parts();
    let headers: Vec<(&str, &str)> =
        head.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    let response = simulator.open(head.method.as_str(), &head.uri.to_string(), &headers, body).await.ok()?;
    let (head, body) = response.into_parts();
    Some((head.status, head.headers, body.collect().await.ok()?.to_bytes()))
}

#[tokio::test]
async fn a_script_is_spoken_and_shown() {
    let mut poller = Poller::with(Some(SCRIPT)).await;
    poller.submit().await;
    assert_eq!(poller.paid(), [1, 0]);
    poller.ends_well().await;
    assert_eq!(poller.paid(), [1, 1]);
    assert_eq!(poller.simulator.counts("hedra")["uploads"], 1);
}

#[tokio::test]
async fn a_recording_is_shown() {
    let mut poller = Poller::with(None).await;
    poller.submit().await;
    poller.ends_well().await;
    assert_eq!((poller.paid(), &poller.simulator.counts("hedra")["uploads"]), ([0, 1], &2.into()));
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_sent_again_and_paid_once() {
    for script in [Some(SCRIPT), None] {
        for times in 1..=3 {
            let mut poller = Poller::with(script).await;
            for _ in 0..times {
                poller.simulator.arm("hedra", "submit", "lost").await;
            }
            poller.submit().await;
            assert_eq!(poller.job.resubmits, times);
            poller.ends_well().await;
            assert_eq!(poller.paid(), [u64::from(script.is_some()), 1], "{script:?}, lost {times} times");
        }
    }
}

#[tokio::test]
async fn answers_that_are_always_lost_end_the_search() {
    let mut poller = Poller::with(None).await;
    for _ in 0..9 {
        poller.simulator.arm("hedra", "submit", "lost").await;
    }
    poller.submit().await;
    let State::Failed { fault, .. } = &poller.job.state else { panic!("{:?}", poller.job.state) };
    assert_eq!((fault.kind, poller.paid()), (FaultKind::OutcomeUnknown, [0, 1]));
}

#[tokio::test]
async fn a_film_whose_answer_was_lost_is_ordered_again_and_paid_once() {
    let mut poller = Poller::with(Some(SCRIPT)).await;
    poller.submit().await;
    poller.spoken().await;
    for fault in ["lost", "lost", "500", "busy"] {
        poller.simulator.arm("hedra", "submit", fault).await;
        assert!(matches!(poller.poll().await, News::AskLater { .. }), "{fault}");
    }
    assert_eq!(poller.paid(), [1, 1], "the first was taken all the same");
    poller.film_ordered().await;
    poller.ends_well().await;
    assert_eq!(poller.paid(), [1, 1]);
}

#[tokio::test]
async fn two_polls_at_a_time_order_one_film() {
    let mut poller = Poller::with(Some(SCRIPT)).await;
    poller.submit().await;
    poller.spoken().await;
    let both = [poller.poll().await, poller.poll().await].map(|news| match news {
        News::Event(event @ Event::StillRunning { ticket: Some(_), .. }) => event,
        other => panic!("{other:?}"),
    });
    assert_eq!((&both[0], poller.paid()), (&both[1], [1, 1]));
    for event in both {
        poller.apply(event);
    }
    poller.ends_well().await;
}

#[tokio::test]
async fn a_refused_film_ends_the_job_only_where_none_was_begun() {
    let mut poller = Poller::with(Some(SCRIPT)).await;
    poller.submit().await;
    poller.spoken().await;
    poller.simulator.arm("hedra", "submit", "no-credit").await;
    let News::Event(Event::Failed(fault)) = poller.poll().await else { panic!("it should have failed") };
    assert_eq!((fault.kind, poller.paid()), (FaultKind::Operator, [1, 0]));
    // The refusal speaks of the repeat: the film is being made, and the next poll finds it.
    let mut poller = Poller::with(Some(SCRIPT)).await;
    poller.submit().await;
    poller.spoken().await;
    for fault in ["lost", "no-credit"] {
        poller.simulator.arm("hedra", "submit", fault).await;
        assert!(matches!(poller.poll().await, News::AskLater { .. }), "{fault}");
    }
    poller.film_ordered().await;
    poller.ends_well().await;
    assert_eq!(poller.paid(), [1, 1]);
}

#[tokio::test]
async fn what_breaks_the_rules_is_paid_for_never() {
    let mut poller = Poller::with(Some("[hedra:moderate] Hello")).await;
    poller.submit().await;
    let State::Failed { fault, .. } = &poller.job.state else { panic!("{:?}", poller.job.state) };
    assert_eq!((fault.kind, poller.paid()), (FaultKind::Moderation, [0, 0]));
    let mut poller = Poller::with(Some("[hedra:moderate-output] Hello")).await;
    poller.submit().await;
    let News::Event(Event::Failed(fault)) = poller.news().await else { panic!("it should have failed") };
    assert_eq!((fault.kind, poller.paid()), (FaultKind::Moderation, [1, 0]));
}
