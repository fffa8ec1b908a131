//! What the vendors' health does to the choice.

use super::*;
use crate::{HealthState, Knowledge};
use jobs::{
    Credits, Job, JobId, Priority, Time,
    health::{CutOff, Health, Picture, Scope, Speed, Tally, Why, minute_of},
    life::{Attempt, NewJob},
};
use std::{collections::BTreeMap, time::Duration};

const NOW: Time = Time::from_millis(1_795_305_600_000);

fn at(seconds: i64) -> Time {
    Time::from_millis(NOW.millis() + seconds * 1000)
}

fn cut(until: Time) -> CutOff {
    CutOff { until, times: 1, why: Why::Refusing, probed: None, opened: None }
}

fn model(name: &str) -> Scope {
    Scope::Model(name.to_owned())
}

fn cut_off(vendor: &str, scope: Scope, until: Time) -> Picture {
    let health = Health { cuts: BTreeMap::from([(scope, cut(until))]), ..Health::default() };
    Picture { vendors: BTreeMap::from([(vendor.to_owned(), health)]), ..Picture::default() }
}

fn knowing(order: &Order, picture: &Picture, tries_out: bool) -> Result<Plan, Refusal> {
    let live_vendors = &everybody();
    let knowledge = Some(Knowledge { picture, now: NOW, tries_out });
    let world = World { mode: Mode::Live, live_vendors, latency_scale: 1.0, knowledge };
    Catalogue::built_in().choose(order, &world)
}

fn best() -> Order {
    Order { priority: Some(Priority::Quality), ..Order::of(Kind::Video, "a fox") }
}

#[test]
fn who_is_cut_off_is_not_chosen_and_said_to_be() {
    let usual = live_key(&best()).unwrap();
    for scope in [Scope::Vendor, model(&usual.model)] {
        let picture = cut_off(&usual.vendor, scope, at(30));
        let plan = knowing(&best(), &picture, true).unwrap();
        assert_ne!(plan.model, usual.model);
        let told = plan.candidates.iter().find(|each| each.model == usual.model).unwrap();
        let because = told.excluded_because.as_deref();
        assert_eq!(because, Some("it fails at the moment and is tried again in 31 s"));
        // The same again is the same choice.
        assert_eq!(knowing(&best(), &picture, true), Ok(plan));
    }
}

#[test]
fn a_provider_that_was_named_and_is_cut_off_is_refused_with_a_time_and_others() {
    let named = order(Kind::Video, "kling", &[]);
    let picture = cut_off("kling", Scope::Vendor, at(30));
    let Err(Refusal::Unavailable { provider, alternatives, retry_after }) = knowing(&named, &picture, true)
    else {
        panic!("kling is cut off");
    };
    assert_eq!((provider.as_deref(), retry_after), (Some("kling"), Some(Duration::from_secs(31))));
    assert!(!alternatives.is_empty() && !alternatives.contains(&"kling".to_owned()), "{alternatives:?}");
    // Whoever allows another gets one.
    let plan = knowing(&Order { fallback: Some(true), ..named.clone() }, &picture, true).unwrap();
    assert_ne!(plan.provider, "kling");
    assert!(changes(&plan).contains(&format!("provider: kling -> {}", plan.provider)));
    // One model of several is no reason to refuse the provider, unless it is the one that was named.
    let usual = live_key(&named).unwrap().model;
    let picture = cut_off("kling", model(&usual), at(30));
    assert_ne!(knowing(&named, &picture, true).unwrap().model, usual);
    let refused = knowing(&Order { model: Some(usual), ..named }, &picture, true);
    assert!(matches!(refused, Err(Refusal::Unavailable { .. })), "{refused:?}");
}

#[test]
fn who_is_tried_out_is_chosen_by_leave_alone() {
    let usual = live_key(&best()).unwrap();
    let picture = cut_off(&usual.vendor, Scope::Vendor, at(-1));
    assert_eq!(knowing(&best(), &picture, true).unwrap().model, usual.model);
    assert_ne!(knowing(&best(), &picture, false).unwrap().model, usual.model);
}

#[test]
fn test_keys_know_no_outage() {
    let named = order(Kind::Video, "kling", &[]);
    let picture = cut_off("kling", Scope::Vendor, at(30));
    let knowledge = Some(Knowledge { picture: &picture, now: NOW, tries_out: false });
    let world = World { mode: Mode::Test, live_vendors: &BTreeSet::new(), latency_scale: 1.0, knowledge };
    assert_eq!(Catalogue::built_in().choose(&named, &world).unwrap().provider, "kling");
}

#[test]
fn when_nobody_is_left_the_soonest_is_told() {
    let all = |seconds: &dyn Fn(usize) -> i64| Picture {
        vendors: everybody()
            .into_iter()
            .enumerate()
            .map(|(index, vendor)| {
                let cuts = BTreeMap::from([(Scope::Vendor, cut(at(seconds(index))))]);
                (vendor, Health { cuts, ..Health::default() })
            })
            .collect(),
        ..Picture::default()
    };
    let picture = all(&|index| 600 - i64::try_from(index).unwrap());
    let Err(Refusal::Unavailable { provider: None, retry_after: Some(rest), .. }) =
        knowing(&Order::of(Kind::Image, "a fox"), &picture, true)
    else {
        panic!("everybody is cut off");
    };
    assert!(rest > Duration::from_secs(500) && rest < Duration::from_secs(601), "{rest:?}");
}

#[test]
fn failures_and_slowness_cost_points() {
    let usual = live_key(&best()).unwrap();
    let score = |plan: &Plan, model: &str| {
        plan.candidates.iter().find(|each| each.model == model).and_then(|each| each.score).unwrap()
    };
    let tallies = BTreeMap::from([((model(&usual.model), minute_of(NOW)), Tally { good: 6, bad: 3 })]);
    let health = Health { tallies, ..Health::default() };
    let picture = Picture { vendors: BTreeMap::from([(usual.vendor.clone(), health)]), ..Picture::default() };
    let plan = knowing(&best(), &picture, true).unwrap();
    // Three of nine failed, three more are credited as good: a quarter of 60 points.
    assert!((score(&usual, &usual.model) - score(&plan, &usual.model) - 15.0).abs() < 0.011);

    let fast = Order { priority: Some(Priority::Speed), ..Order::of(Kind::Video, "a fox") };
    let usual = live_key(&fast).unwrap();
    let took = |factor: f64| {
        let class = jobs::health::speed_class(Kind::Video, &usual.options);
        let milliseconds = usual.median.mul_f64(factor).as_millis();
        let samples =
            (0..10).map(|slot| ((class.clone(), slot), u64::try_from(milliseconds).unwrap())).collect();
        let speeds = BTreeMap::from([(usual.model.clone(), Speed { samples })]);
        let picture = Picture { speeds: speeds.into(), ..Picture::default() };
        knowing(&fast, &picture, true).unwrap()
    };
    let slow = took(4.0);
    // Two ranks of four, of the 80 % that speed counts of 60 points.
    assert!((score(&usual, &usual.model) - score(&slow, &usual.model) - 24.0).abs() < 0.011);
    // What it takes is what it took.
    let same = took(1.0);
    assert_eq!((same.model.as_str(), same.median), (usual.model.as_str(), usual.median));
}

#[test]
fn the_next_provider_is_another_vendor_and_no_dearer() {
    let plan = live_key(&best()).unwrap();
    let new = NewJob {
        id: JobId::from_random([7; 16]),
        account: jobs::AccountId::from_random([1; 16]),
        mode: Mode::Live,
        order: best(),
        plan: plan.clone(),
        retention: Duration::from_secs(86_400),
    };
    let mut job = Job::accepted(new, false, NOW);
    let live_vendors = &everybody();
    let world = World { mode: Mode::Live, live_vendors, latency_scale: 1.0, knowledge: None };
    let mut vendors = vec![plan.vendor.clone()];
    for _ in 0..3 {
        job.attempts.push(Attempt {
            provider: job.plan.provider.clone(),
            model: job.plan.model.clone(),
            started: NOW,
            ended: Some(NOW),
            outcome: Some("vendor".to_owned()),
        });
        let next = Catalogue::built_in().next_provider(&job, &world).unwrap();
        assert!(next.cost <= job.accepted, "{} costs {}", next.model, next.cost);
        assert!(!vendors.contains(&next.vendor), "{} again", next.vendor);
        vendors.push(next.vendor.clone());
        job.plan = next;
    }
    job.accepted = Credits(0);
    assert_eq!(Catalogue::built_in().next_provider(&job, &world), None);
}

#[test]
fn a_card_tells_how_a_provider_is() {
    let live_vendors = &everybody();
    let card = |picture: &Picture| {
        let knowledge = Some(Knowledge { picture, now: NOW, tries_out: true });
        let world = World { mode: Mode::Live, live_vendors, latency_scale: 1.0, knowledge };
        Catalogue::built_in().provider_card("kling", &world).unwrap().health
    };
    let well = card(&Picture::default());
    assert_eq!((well.state, well.success_rate, well.p50), (HealthState::Healthy, None, None));
    assert_eq!(card(&cut_off("kling", Scope::Vendor, at(9))).state, HealthState::Unavailable);
    assert_eq!(card(&cut_off("kling", model("kling-v2.5-turbo"), at(9))).state, HealthState::Degraded);
    let tallies = BTreeMap::from([((model("kling-v2.5-turbo"), minute_of(NOW)), Tally { good: 4, bad: 4 })]);
    let health = Health { tallies, ..Health::default() };
    let samples = (0..20).map(|slot| (("5s".to_owned(), slot), 1_000 * (u64::from(slot) + 1))).collect();
    let picture = Picture {
        vendors: BTreeMap::from([("kling".to_owned(), health)]),
        speeds: BTreeMap::from([("kling-v2.5-turbo".to_owned(), Speed { samples })]).into(),
    };
    let told = card(&picture);
    assert_eq!((told.state, told.success_rate), (HealthState::Degraded, Some(0.5)));
    assert_eq!((told.p50, told.p95), (Some(Duration::from_secs(11)), Some(Duration::from_secs(19))));
}
