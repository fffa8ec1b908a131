//! What is stored is read back.

use super::{from_item, to_item};
use crate::expressions::{get_number, get_text, number, text};
use jobs::{
    Adjustment, CancelKind, Candidate, Credits, Fault, FaultKind, Input, Job, Kind, Mode, Options, Order,
    Output, Plan, Priority, State, Ticket, Time, Value, Webhook,
    life::{Attempt, Lost},
};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};
use std::time::Duration;
use testkit::builders::{account_id, at, held_job, job, job_id};

fn words() -> impl Strategy<Value = String> {
    "\\PC{0,20}"
}

fn times() -> impl Strategy<Value = Time> {
    (0i64..4_000_000_000_000).prop_map(Time::from_millis)
}

fn spans() -> impl Strategy<Value = Duration> {
    (0u64..100_000_000).prop_map(Duration::from_millis)
}

fn figures() -> impl Strategy<Value = f64> {
    prop::num::f64::NORMAL | prop::num::f64::ZERO
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        words().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Whole),
        figures().prop_map(Value::Decimal),
        any::<bool>().prop_map(Value::Flag),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    btree_map(words(), values(), 0..4).prop_map(Options)
}

fn inputs() -> impl Strategy<Value = Input> {
    let url = || option::of(words());
    (url(), url(), url(), vec(words(), 0..3), url(), url(), url()).prop_map(
        |(text, image, last_image, images, video, audio, voice)| Input {
            text,
            image,
            last_image,
            images,
            video,
            audio,
            voice,
        },
    )
}

fn orders() -> impl Strategy<Value = Order> {
    let kind = select(&[Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar][..]);
    let priority = option::of(select(&[Priority::Quality, Priority::Speed, Priority::Cost][..]));
    let choice =
        (option::of(words()), option::of(words()), priority, option::of(any::<bool>()), any::<bool>());
    let rest =
        (option::of(any::<u64>()), option::of(0u64..1_000_000), option::of(words()), option::of(words()));
    (kind, inputs(), options(), choice, rest).prop_map(|(kind, input, options, choice, rest)| {
        let (provider, model, priority, fallback, strict) = choice;
        let (most, deadline, webhook_url, reference) = rest;
        let (max_credits, deadline) = (most.map(Credits), deadline.map(Duration::from_secs));
        Order {
            kind,
            provider,
            model,
            input,
            options,
            priority,
            fallback,
            max_credits,
            strict,
            deadline,
            webhook_url,
            reference,
        }
    })
}

fn adjustments() -> impl Strategy<Value = Vec<Adjustment>> {
    let one = (words(), words(), option::of(words()), words());
    vec(
        one.prop_map(|(option, requested, used, reason)| Adjustment { option, requested, used, reason }),
        0..3,
    )
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (words(), words(), option::of(figures()), option::of(words()));
    let one = one.prop_map(|(provider, model, score, excluded_because)| Candidate {
        provider,
        model,
        score,
        excluded_because,
    });
    vec(one, 0..3)
}

fn plans() -> impl Strategy<Value = Plan> {
    let names = (words(), words(), words(), words(), option::of(words()));
    let spans = (spans(), spans(), spans(), spans());
    let cancel = select(&[CancelKind::Never, CancelKind::WhileQueued, CancelKind::Anytime][..]);
    (names, options(), adjustments(), any::<u64>(), candidates(), spans, cancel).prop_map(
        |(names, options, adjustments, cost, candidates, spans, cancel)| {
            let (provider, model, vendor, vendor_model, prompt) = names;
            let (median, poll_floor, deadline, submit_timeout) = spans;
            Plan {
                provider,
                model,
                vendor,
                vendor_model,
                prompt,
                options,
                adjustments,
                cost: Credits(cost),
                candidates,
                median,
                poll_floor,
                deadline,
                submit_timeout,
                cancel,
            }
        },
    )
}

fn outputs() -> impl Strategy<Value = Vec<Output>> {
    let names = (words(), words(), words(), words());
    let sizes = (any::<u64>(), option::of(any::<u32>()), option::of(any::<u32>()), option::of(figures()));
    let one =
        (names, sizes).prop_map(|((key, format, media_type, sha256), (bytes, width, height, duration))| {
            Output { key, format, media_type, bytes, sha256, width, height, duration }
        });
    vec(one, 0..3)
}

fn states() -> impl Strategy<Value = State> {
    let lost = (any::<u32>(), any::<u32>(), times());
    let lost = option::of(lost.prop_map(|(looked, copies, next)| Lost { looked, copies, next }));
    let ticket = || words().prop_map(Ticket);
    let fault = (select(&FaultKind::ALL[..]), words(), words())
        .prop_map(|(kind, message, detail)| Fault::new(kind, message).with_detail(detail));
    prop_oneof![
        Just(State::Held),
        times().prop_map(|not_before| State::Queued { not_before }),
        (times(), lost).prop_map(|(since, lost)| State::Submitting { since, lost }),
        (ticket(), times()).prop_map(|(ticket, since)| State::Running { ticket, since }),
        (ticket(), times(), any::<u32>(), times()).prop_map(|(ticket, since, tries, next)| State::Storing {
            ticket,
            since,
            tries,
            next
        }),
        (outputs(), times()).prop_map(|(outputs, at)| State::Completed { outputs, at }),
        (fault, times()).prop_map(|(fault, at)| State::Failed { fault, at }),
        times().prop_map(|at| State::Canceled { at }),
    ]
}

fn news() -> impl Strategy<Value = Webhook> {
    (0..4, any::<u32>(), times()).prop_map(|(kind, tries, at)| match kind {
        0 => Webhook::Quiet,
        1 => Webhook::Due { tries, next: at },
        2 => Webhook::Delivered { at, tries },
        _ => Webhook::Failed { at, tries },
    })
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let one = (words(), words(), times(), option::of(times()), option::of(words()));
    let one = one.prop_map(|(provider, model, started, ended, outcome)| Attempt {
        provider,
        model,
        started,
        ended,
        outcome,
    });
    vec(one, 0..3)
}

/// Any job at all, also such as no life leads to.
fn all_jobs() -> impl Strategy<Value = Job> {
    let counts = (any::<u64>(), 0u8..=100, any::<u32>(), any::<u32>(), any::<u64>());
    let moments = (times(), times(), option::of(times()), option::of(times()), option::of(times()));
    (orders(), plans(), states(), attempts(), news(), (counts, moments, any::<bool>(), any::<u32>()))
        .prop_map(|(order, plan, state, attempts, webhook, (counts, moments, test, number))| {
            let (version, progress, refusals, resubmits, charged) = counts;
            let (created, expires, started, cancel_asked, due) = moments;
            Job {
                id: job_id(number),
                mode: if test { Mode::Test } else { Mode::Live },
                fingerprint: order.fingerprint(),
                order,
                plan,
                state,
                version,
                progress,
                attempts,
                refusals,
                resubmits,
                cancel_asked,
                webhook,
                charged: Credits(charged),
                created,
                placed: started,
                started,
                expires,
                due,
                ..job(0, &account_id(number), 0, created)
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_job_is_read_back_as_it_was_stored(job in all_jobs()) {
        prop_assert_eq!(from_item(&to_item(&job).unwrap()).unwrap(), job);
    }
}

#[test]
fn indexes_hold_what_belongs_there_and_nothing_else() {
    let of = |job: &Job, name: &str| get_text(&to_item(job).unwrap(), name).map(str::to_owned);
    let waiting = held_job(1, &account_id(7), 1, at(0));
    let woken = jobs::advance(&waiting, jobs::Event::Woken, at(5)).unwrap().job;
    let done = jobs::advance(&waiting, jobs::Event::CancelAsked, at(5)).unwrap().job;
    assert_eq!(of(&waiting, "held_for"), Some(account_id(7).to_string()));
    assert_eq!((of(&woken, "held_for"), of(&done, "held_for")), (None, None));
    assert_eq!(get_number(&to_item(&woken).unwrap(), "due_at"), woken.due.map(Time::millis));
    assert!(of(&woken, "due_shard").is_some_and(|shard| ["0", "1", "2", "3"].contains(&&*shard)));
    let done = to_item(&done).unwrap();
    assert!(!done.contains_key("due_at") && !done.contains_key("due_shard"));
    // The table's clean-up reads seconds, and leaves alone what is not wholly done.
    assert!(!to_item(&woken).unwrap().contains_key("expires"));
    assert_eq!(get_number(&done, "expires"), Some(waiting.expires.seconds()));
    // Sorts as time does.
    let later = held_job(0, &account_id(7), 1, at(1));
    assert!(of(&waiting, "created") < of(&later, "created"));
}

/// The fields that were there from the first release on. Whoever makes a new one required breaks stored jobs.
const FIRST_RELEASE: &str = r#"{
    "test": false,
    "order": { "kind": "VIDEO" },
    "fingerprint": "ab12",
    "plan": {
        "provider": "kling", "model": "kling-v3", "vendor": "kling", "vendor_model": "kling-v3",
        "cost": 40, "median_ms": 60000, "poll_floor_ms": 2000, "deadline_ms": 600000,
        "submit_timeout_ms": 30000, "cancel": "never"
    },
    "state": { "is": "running", "ticket": "task-1", "since": 1795305602000 },
    "created": 1795305600000,
    "expires": 1797897600000,
    "of_a_later_release": [1, 2, 3]
}"#;

#[test]
fn a_job_of_an_older_release_is_still_read() {
    let item = |body: &str| {
        [("id", text(job_id(1).as_str())), ("account", text(account_id(2).as_str())), ("version", number(3))]
            .into_iter()
            .chain([("body", text(body))])
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    let read = from_item(&item(FIRST_RELEASE)).unwrap();
    assert_eq!(
        (&read.id, &read.account, read.version, read.mode),
        (&job_id(1), &account_id(2), 3, Mode::Live)
    );
    assert_eq!(read.state, State::Running { ticket: Ticket("task-1".to_owned()), since: at(2) });
    assert_eq!((read.plan.cost, read.plan.cancel), (Credits(40), CancelKind::Never));
    assert_eq!((read.created, &read.webhook, read.progress), (at(0), &Webhook::Quiet, 0));
    assert_eq!((read.due, read.started, read.cancel_asked, &*read.attempts), (None, None, None, &[][..]));
    // Each state with no more than its first fields.
    for state in [
        r#"{"is":"held"}"#,
        r#"{"is":"queued","not_before":1}"#,
        r#"{"is":"submitting","since":1}"#,
        r#"{"is":"storing","ticket":"t","since":1,"tries":1,"next":2}"#,
        r#"{"is":"completed","outputs":[{"key":"k","format":"png","media_type":"image/png","bytes":1,"sha256":"s"}],"at":1}"#,
        r#"{"is":"failed","fault":{"kind":"vendor","message":"it failed"},"at":1}"#,
        r#"{"is":"canceled","at":1}"#,
    ] {
        let running = r#"{ "is": "running", "ticket": "task-1", "since": 1795305602000 }"#;
        let body = FIRST_RELEASE.replace(running, state);
        assert_ne!(body, FIRST_RELEASE);
        from_item(&item(&body)).unwrap_or_else(|cause| panic!("{state}: {cause}"));
    }
}

#[test]
fn what_is_no_job_is_refused_with_a_reason() {
    let good = to_item(&job(1, &account_id(1), 1, at(0))).unwrap();
    for name in ["id", "account", "version", "body"] {
        let mut item = good.clone();
        item.remove(name);
        assert_eq!(
            from_item(&item).unwrap_err().to_string(),
            format!("the stored item is unreadable: no attribute {name}")
        );
    }
    for body in ["", "{}", r#"{"state":{"is":"flying"}}"#] {
        let mut item = good.clone();
        item.insert("body".to_owned(), text(body));
        assert!(from_item(&item).is_err(), "{body}");
    }
}
