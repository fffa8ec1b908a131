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
    AccountId, Input, Job, JobId, Kind, Mode, Order, Plan, State, Time, Value, account::Hidden, life::NewJob,
};
use providers::{Access, Adapter, Media, Next, Question, Reply, Task, adapter};
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
        "background" => ["#111111", "#222222"],
        _ => ["one", "other"],
    }
}

/// What Google answers when it is asked for the voices of a model.
fn voices(model: &str) -> String {
    let names = ["en-US", "de-DE"].iter().flat_map(|language| ["one", "other"].map(|name| (language, name)));
    let voices: Vec<_> =
        names.map(|(language, name)| format!("{{\"name\":\"{language}-{model}-{name}\"}}")).collect();
    format!("{{\"voices\":[{}]}}", voices.join(","))
}

/// What a vendor answers to a call that comes before the one that tells of the plan.
fn told_before(what: &str, path: &str, model: &str) -> Option<String> {
    let last = path.rsplit('/').next().unwrap_or_default();
    let told = match what {
        // Its voices tell its models apart.
        "googletts voices" => voices(model),
        "heygen look" => {
            format!(r#"{{"data":{{"id":"{last}","avatar_type":"photo_avatar","default_voice_id":"own"}}}}"#)
        }
        "heygen voice" => format!(r#"{{"data":{{"voice_id":"{last}"}}}}"#),
        "heygen voices" => r#"{"data":[{"voice_id":"any"}]}"#.to_owned(),
        _ => return None,
    };
    Some(told)
}

/// The vendor's first call for a plan that tells of it, as text; nothing where the adapter answers otherwise.
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
    job.state = State::Submitting { since: NOW, lost: None };
    let access = Access {
        api_key: Hidden::new("key"),
        secret_key: Some(Hidden::new("secret")),
        webhook_secret: None,
        base_url: None,
    };
    let media: Vec<Media> = adapter
        .needs(&job)
        .iter()
        .map(|_| Media { media_type: "image/png", extension: "png", bytes: Bytes::from_static(b"png") })
        .collect();
    let task = Task { job: &job, access: &access, now: NOW, media: &media, callback: None };
    let mut next = adapter.ask(&task, Question::Submit);
    // Some vendors are asked for what they have before a word is said.
    while let Next::Call(call) = &next
        && let Some(body) = told_before(call.what, call.request.uri().path(), &plan.vendor_model)
    {
        let reply = Reply { status: StatusCode::OK, headers: &HeaderMap::new(), body: body.as_bytes() };
        next = adapter.read(&task, Question::Submit, &call.note.clone(), &reply);
    }
    match next {
        Next::Call(call) => {
            Some(format!("{} {}", call.request.uri(), String::from_utf8_lossy(call.request.body())))
        }
        Next::News(_) => None,
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
