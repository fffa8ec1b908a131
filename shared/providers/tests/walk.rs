//! A walk through the catalogue: whatever option it offers for a model, the model's adapter tells the vendor.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use bytes::Bytes;
use catalogue::{Catalogue, OptionCard, World};
use http::{HeaderMap, StatusCode};
use jobs::{
    AccountId, Event, Input, Job, JobId, Kind, Mode, Order, Plan, State, Time, Value, account::Hidden,
    life::NewJob,
};
use providers::{Access, Adapter, Media, News, Next, Project, Question, Reply, Task, adapter};
use std::{collections::BTreeSet, time::Duration};

/// What is for us alone: the price goes by it.
const OURS: &[&str] = &["audioSeconds", "resolution"];

const NOW: Time = Time::from_millis(1_795_255_200_000);

/// Everything that an order may start from.
fn inputs() -> Vec<Input> {
    let url = |name: &str| Some(format!("https://example.com/{name}"));
    let text = || Some("a fox".to_owned());
    vec![
        Input { text: text(), ..Input::default() },
        Input { text: text(), image: url("a.png"), ..Input::default() },
        Input { text: text(), image: url("a.png"), last_image: url("b.png"), ..Input::default() },
        Input { text: text(), images: vec!["https://example.com/a.png".to_owned(); 2], ..Input::default() },
        Input { text: text(), video: url("a.mp4"), ..Input::default() },
        Input { image: url("a.png"), audio: url("a.mp3"), ..Input::default() },
        Input { video: url("a.mp4"), audio: url("a.mp3"), ..Input::default() },
        Input { audio: url("a.mp3"), ..Input::default() },
    ]
}

/// Two values that an option may have, the one not near the other.
fn two_values(option: &OptionCard) -> Option<[Value; 2]> {
    let read = |text: &String| match option.kind {
        "Boolean" => text.parse().map(Value::Flag).ok(),
        "Int" | "Float" => text.parse().ok().and_then(Value::number),
        _ => Some(Value::Text(text.clone())),
    };
    match (option.kind, option.min, option.max, option.allowed_values.as_slice()) {
        (_, _, _, [first, .., last]) => Some([read(first)?, read(last)?]),
        (_, Some(min), Some(max), _) => Some([Value::number(min)?, Value::number(max)?]),
        ("String", _, _, []) => Some(free_texts(&option.name).map(|word| Value::Text(word.to_owned()))),
        _ => None,
    }
}

/// Two texts that mean something else, where any may be given.
fn free_texts(name: &str) -> [&'static str; 2] {
    match name {
        "language" => ["en-US", "de-DE"],
        "emotion" => ["sad", "excited"],
        _ => ["one", "other"],
    }
}

/// What a vendor answers to a call after which it is told more; nothing where it has heard all.
fn answer(what: &str, model: &str) -> Option<String> {
    let answer = match what {
        // Its voices tell its models apart, so that they are looked at before a word is said.
        "googletts voices" => {
            let names =
                ["en-US", "de-DE"].iter().flat_map(|language| ["one", "other"].map(|name| (language, name)));
            let voices: Vec<_> =
                names.map(|(language, name)| format!("{{\"name\":\"{language}-{model}-{name}\"}}")).collect();
            return Some(format!("{{\"voices\":[{}]}}", voices.join(",")));
        }
        "vertex token" => r#"{"access_token":"token"}"#,
        // A face speaks that was found. There are as many as may be asked for.
        "kling faces" => {
            let face = |number: u32| {
                format!("{{\"face_id\":\"{number}\",\"start_time\":{number},\"end_time\":9000}}")
            };
            let faces: Vec<_> = (0..20).map(face).collect();
            let faces = faces.join(",");
            return Some(format!("{{\"code\":0,\"data\":{{\"session_id\":\"s\",\"face_data\":[{faces}]}}}}"));
        }
        // A script is spoken first; what it is to look like is told with the film, once it is spoken.
        "hedra voices" | "hedra voice search" => {
            r#"{"data":[{"id":"voice_1","name":"one"},{"id":"voice_2","name":"other"}]}"#
        }
        "hedra upload the portrait" | "hedra upload the recording" => {
            r#"{"url":"https://files.example.com/1"}"#
        }
        "hedra order speech" => r#"{"job_id":"job_1"}"#,
        "hedra poll" => r#"{"job_id":"job_1","status":"COMPLETED","outputs":[{"asset_id":"asset_1"}]}"#,
        _ => return None,
    };
    Some(answer.to_owned())
}

/// A credential with everything in it that any vendor asks for.
fn access(vendor: &str) -> Access {
    let account = include_str!("../../vendors-sim/sdk/vertex_account.json");
    let account: serde_json::Value = serde_json::from_str(account).unwrap();
    let secret = if vendor == "vertex" { account["private_key"].as_str().unwrap() } else { "secret" };
    let bucket = Some("gs://bucket".to_owned());
    Access {
        secret_key: Some(Hidden::new(secret)),
        project: Some(Project { id: "project".to_owned(), bucket, ..Project::default() }),
        ..Access::by_key(Hidden::new("key"))
    }
}

/// All that a vendor is told of a plan in calls that cost, as text; nothing where the adapter answers otherwise.
fn told(adapter: &dyn Adapter, order: &Order, plan: &Plan) -> Option<String> {
    let mut job = Job::accepted(
        NewJob {
            id: JobId::from_random([7; 16]),
            account: AccountId::from_random([1; 16]),
            mode: Mode::Live,
            order: order.clone(),
            plan: plan.clone(),
            retention: Duration::from_secs(86_400),
        },
        false,
        NOW,
    );
    let media: Vec<Media> = adapter
        .needs(&job)
        .iter()
        .map(|need| {
            let (media_type, extension) = match need.kind {
                Kind::Audio => ("audio/mpeg", "mp3"),
                _ => ("image/png", "png"),
            };
            let length = Some(Duration::from_secs(10));
            Media { media_type, extension, length, bytes: Bytes::from_static(b"file") }
        })
        .collect();
    job.state = State::Submitting { since: NOW, lost: None };
    let (told, news) = converse(adapter, &job, &media, Question::Submit);
    let Some(News::Event(Event::Accepted { ticket })) = news else { return told };
    job.state = State::Running { ticket: ticket.clone(), since: NOW };
    let (more, _) = converse(adapter, &job, &[], Question::Poll(&ticket));
    Some([told?, more.unwrap_or_default()].concat())
}

/// One step: what is told in it, and the news if it comes to any.
fn converse(
    adapter: &dyn Adapter,
    job: &Job,
    media: &[Media],
    question: Question<'_>,
) -> (Option<String>, Option<News>) {
    let access = access(adapter.vendor());
    let task = Task { job, access: &access, now: NOW, media, callback: None };
    let mut told = None;
    let mut next = adapter.ask(&task, question);
    loop {
        let call = match next {
            Next::Call(call) => call,
            Next::News(news) => return (told, Some(news)),
        };
        let answer = answer(call.what, &job.plan.vendor_model);
        if call.paid || answer.is_none() {
            let text = format!("{} {}", call.request.uri(), String::from_utf8_lossy(call.request.body()));
            told = Some(told.unwrap_or_default() + &text);
        }
        let Some(answer) = answer else { return (told, None) };
        let reply = Reply { status: StatusCode::OK, headers: &HeaderMap::new(), body: answer.as_bytes() };
        next = adapter.read(&task, question, &call.note, &reply);
    }
}

#[test]
fn what_the_catalogue_offers_the_vendor_is_told() {
    let catalogue = Catalogue::built_in();
    let mut live: BTreeSet<String> = catalogue.vendors().into_iter().map(str::to_owned).collect();
    let vendors: Vec<String> = live.iter().cloned().collect();
    for vendor in &vendors {
        live.extend(catalogue.models_of(vendor).map(|(_, model)| format!("{vendor}/{model}")));
    }
    let world = World { mode: Mode::Live, live_vendors: &live, latency_scale: 1.0, knowledge: None };
    let mut compared = 0;
    let mut dropped = BTreeSet::new();
    for vendor in &vendors {
        let Some(adapter) = adapter(vendor) else { continue };
        for (provider, model) in catalogue.models_of(vendor) {
            let card = catalogue.provider_card(provider, &world).unwrap();
            let options = card.options.iter().filter(|option| !OURS.contains(&option.name.as_str()));
            for (option, values) in options.filter_map(|option| Some((option, two_values(option)?))) {
                for (kind, input) in [Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar]
                    .into_iter()
                    .flat_map(|kind| inputs().into_iter().map(move |input| (kind, input)))
                {
                    let made = values.each_ref().map(|value| {
                        let mut order = Order { input: input.clone(), ..Order::of(kind, "") };
                        order.provider = Some(provider.to_owned());
                        order.model = Some(model.to_owned());
                        order.options.set("avatarId", Value::Text("kate".to_owned()));
                        order.options.set(option.name.clone(), value.clone());
                        let plan =
                            catalogue.choose(&order, &world).ok().filter(|plan| plan.model == model)?;
                        Some((plan.options.get(&option.name).cloned(), told(adapter, &order, &plan)?, plan))
                    });
                    let [Some((one, first, plan)), Some((other, second, _))] = made else { continue };
                    // A wish that this model or input has no parameter for is spoken of elsewhere.
                    if one == other || plan.options.get(&option.name).is_none() {
                        continue;
                    }
                    compared += 1;
                    if first == second {
                        dropped.insert(format!("{model}: {}", option.name));
                    }
                }
            }
        }
    }
    assert!(dropped.is_empty(), "offered, and the vendor never hears of it: {dropped:#?}");
    assert!(compared > 200, "only {compared} requests were compared");
}
