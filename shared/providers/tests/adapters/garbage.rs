//! Whatever a vendor answers, or somebody between us: no panic, nothing believed that was not said, nothing quoted.
//!
//! What a vendor's answers look like is told by a module of its own beside this one.

mod bfl;
mod bytedance;
mod elevenlabs;
mod fal;
mod google;
mod googletts;
mod hedra;
mod heygen;
mod kling;
mod luma;
mod lumaagents;
mod minimax;
mod runway;
mod stability;
mod sync;
mod vertex;
mod vidu;
mod wan;

use crate::{
    given::{API_KEY, GivenJob, GivenQuestion, PROMPT, access, secret_key, step},
    shown::shown,
};
use http::{HeaderMap, StatusCode};
use jobs::Event;
use proptest::prelude::*;
use providers::{News, Next, Reply};
use serde_json::{Value, json};

/// What to make garbage of: how one vendor's answers look.
#[derive(Debug)]
struct Samples {
    vendor: &'static str,
    /// The kind and the vendor's model of an order.
    job: (&'static str, &'static str),
    /// Tickets as its adapter writes them, the most usual first; none where the answer to the order is the result.
    tickets: &'static [&'static str],
    /// What its calls' notes say, besides nothing.
    notes: &'static [&'static str],
    /// The fields of its answers.
    names: &'static [&'static str],
    /// Words by which it tells that all went well.
    words: &'static [&'static str],
    /// All its words for the state of a task.
    statuses: &'static [&'static str],
    /// For each kind of ticket an answer that tells the given word as the state of the task.
    running: fn(&str) -> Vec<(&'static str, Value)>,
    /// Bad news of every kind, with the given words wherever the vendor may write words.
    bad_news: fn(&str) -> Vec<BadNews>,
}

/// What was asked, the call's note, and the answer's status and body.
type BadNews = (GivenQuestion, &'static str, u16, Value);

#[rustfmt::skip]
const VENDORS: &[Samples] = &[
    bfl::SAMPLES,
    bytedance::SAMPLES,
    elevenlabs::SAMPLES,
    fal::SAMPLES,
    google::SAMPLES,
    googletts::SAMPLES,
    hedra::SAMPLES,
    heygen::SAMPLES,
    kling::SAMPLES,
    luma::SAMPLES,
    lumaagents::SAMPLES,
    minimax::SAMPLES,
    runway::SAMPLES,
    stability::SAMPLES,
    sync::SAMPLES,
    vertex::SAMPLES,
    vidu::SAMPLES,
    wan::SAMPLES,
];

/// A poll of the vendor's most usual ticket.
fn polled(samples: &Samples) -> GivenQuestion {
    GivenQuestion::Poll(samples.tickets.first().copied().unwrap_or("8f2c").to_owned())
}

/// Every question of a vendor with tasks.
fn asked(samples: &Samples) -> Vec<GivenQuestion> {
    let polls = samples.tickets.iter().map(|ticket| GivenQuestion::Poll((*ticket).to_owned()));
    polls.chain([GivenQuestion::Submit, GivenQuestion::Recover(3)]).collect()
}

fn read(samples: &Samples, question: &GivenQuestion, note: &str, status: u16, body: &[u8]) -> Next {
    let reply = Reply { status: StatusCode::from_u16(status).unwrap(), headers: &HeaderMap::new(), body };
    let (kind, model) = samples.job;
    step(samples.vendor, &GivenJob::of(kind, model), &access(samples.vendor), question, Some((note, reply)))
}

fn is_believed(next: &Next) -> bool {
    matches!(next, Next::News(News::Finished(_) | News::Event(Event::Accepted { .. })))
}

fn any_vendor() -> impl Strategy<Value = &'static Samples> {
    proptest::sample::select(VENDORS.iter().collect::<Vec<_>>())
}

/// One of what the vendors' samples list, or one of `common`.
fn any_of(
    list: fn(&Samples) -> &'static [&'static str],
    common: &[&'static str],
) -> impl Strategy<Value = &'static str> + Clone + use<> {
    let all: Vec<_> = VENDORS
        .iter()
        .flat_map(|samples| list(samples).iter().copied())
        .chain(common.iter().copied())
        .collect();
    proptest::sample::select(all)
}

fn any_note() -> impl Strategy<Value = &'static str> {
    any_of(|samples| samples.notes, &["", "what"])
}

fn any_question() -> impl Strategy<Value = GivenQuestion> {
    let ticket = || any_of(|samples| samples.tickets, &["v1/8319"]);
    prop_oneof![
        Just(GivenQuestion::Submit),
        (0u32..9).prop_map(GivenQuestion::Recover),
        ticket().prop_map(|ticket| GivenQuestion::Poll(ticket.to_owned())),
        ticket().prop_map(|ticket| GivenQuestion::Cancel(ticket.to_owned())),
        any::<String>().prop_map(GivenQuestion::Poll),
        any::<String>().prop_map(GivenQuestion::Cancel),
    ]
}

/// JSON that uses the vendors' own words in all the wrong places.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0), any::<i64>()].prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_of(|samples| samples.words, &["failed", "8319", "8f2c", "https://a.example/x", "a/../b", ""])
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any_of(|samples| samples.names, &[]), inner, 0..6)
                .prop_map(|entries| json!(entries)),
        ]
    })
}

#[test]
fn every_vendor_has_samples() {
    let mut vendors: Vec<_> =
        providers::vendors().iter().copied().filter(|vendor| *vendor != "simulator").collect();
    vendors.sort_unstable();
    assert_eq!(VENDORS.iter().map(|samples| samples.vendor).collect::<Vec<_>>(), vendors);
}

proptest! {
    #[test]
    fn bytes_are_never_believed(
        samples in any_vendor(), question in any_question(), note in any_note(),
        status in 100u16..1000, body: Vec<u8>,
    ) {
        let next = read(samples, &question, note, status, &body);
        prop_assert!(!is_believed(&next), "{}", shown(&next));
    }

    #[test]
    fn nothing_is_believed_that_the_vendor_does_not_call_a_success(
        samples in any_vendor(), question in any_question(), note in any_note(),
        status in prop_oneof![100u16..200, 300u16..1000], body in any_json(),
    ) {
        let next = read(samples, &question, note, status, body.to_string().as_bytes());
        prop_assert!(!is_believed(&next), "{}", shown(&next));
    }

    #[test]
    fn an_accepted_task_can_always_be_asked_about(samples in any_vendor(), body in any_json(), id in "[!-~]{0,40}") {
        let bodies = [
            body.clone(),
            json!({"code": 0, "data": {"task_id": id}}),
            json!({"id": id, "polling_url": body}),
            json!({"task_id": id}),
            json!({"request_id": id, "status_url": body, "response_url": body, "cancel_url": "https://queue.fal.run/x"}),
        ];
        for body in bodies {
            let next = read(samples, &GivenQuestion::Submit, "", 200, body.to_string().as_bytes());
            if let Next::News(News::Event(Event::Accepted { ticket })) = next {
                let question = GivenQuestion::Poll(ticket.0);
                let (kind, model) = samples.job;
                let call = step(samples.vendor, &GivenJob::of(kind, model), &access(samples.vendor), &question, None);
                prop_assert!(matches!(call, Next::Call(_)), "{}", shown(&call));
            }
        }
    }

    #[test]
    fn a_status_that_nobody_knows_means_that_it_runs(samples in any_vendor(), word in "[A-Z]?[a-z ]{1,20}") {
        prop_assume!(!samples.statuses.contains(&word.as_str()));
        for (ticket, body) in (samples.running)(&word) {
            let question = GivenQuestion::Poll(ticket.to_owned());
            let next = read(samples, &question, "", 200, body.to_string().as_bytes());
            prop_assert!(matches!(next, Next::News(News::Event(Event::StillRunning { .. }))), "{}", shown(&next));
        }
    }

    #[test]
    fn callers_never_see_what_the_vendor_wrote_and_logs_see_no_secrets(word in "zq[a-z0-9]{10,30}") {
        let words = |secret: &str| format!("{word} {API_KEY} {secret} '{PROMPT}' https://a.example/x?sig=0815 {word}");
        let news = VENDORS.iter().flat_map(|samples| {
            let words = words(secret_key(samples.vendor));
            (samples.bad_news)(&words).into_iter().map(move |news| (samples, news))
        });
        for (samples, (question, note, status, body)) in news {
            let secret = secret_key(samples.vendor);
            let next = read(samples, &question, note, status, body.to_string().as_bytes());
            let (message, detail) = match &next {
                Next::News(News::Event(Event::Failed(fault) | Event::Refused(fault))) => {
                    (fault.message.as_str(), fault.detail.as_str())
                }
                Next::News(News::AskLater { detail, .. }) => ("", detail.as_str()),
                _ => continue,
            };
            for told in [word.as_str(), API_KEY, secret, "8319", "8f2c", "http"] {
                prop_assert!(!message.contains(told), "{message} quotes {told}");
            }
            for hidden in [API_KEY, secret, PROMPT, "a.example"] {
                prop_assert!(!detail.contains(hidden), "{detail} quotes {hidden}");
            }
        }
    }
}
