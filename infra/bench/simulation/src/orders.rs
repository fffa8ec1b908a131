//! What is ordered: a mix of kinds, priorities and named providers.

use crate::chance::Chance;
use catalogue::{Catalogue, World};
use jobs::{Credits, Kind, Mode, Order, Plan, Priority, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A sort of order, and how often it comes.
pub(crate) struct Sort {
    /// The order.
    pub(crate) order: Order,
    /// Its weight.
    weight: f64,
    /// How it is made on a day on which nothing is wrong.
    pub(crate) healthy: Plan,
    /// The least that anybody would take for it.
    pub(crate) cheapest: Credits,
    /// The usual time of each model that can make it, in seconds, as the catalogue has it.
    pub(crate) medians: BTreeMap<String, f64>,
}

impl Sort {
    /// Whether the choice is ours.
    pub(crate) fn is_ours(&self) -> bool {
        self.order.provider.is_none() && self.order.model.is_none()
    }
}

/// Every sort of order, with sums of their weights.
pub(crate) struct Orders {
    pub(crate) sorts: Vec<Sort>,
    sum: f64,
}

/// Seven of ten orders leave the choice to us.
const OURS: f64 = 0.7;

impl Orders {
    /// The sorts that somebody of the catalogue can make.
    pub(crate) fn new(catalogue: &Catalogue, live: &BTreeSet<String>) -> Orders {
        let world = World { mode: Mode::Live, live_vendors: live, latency_scale: 1.0, knowledge: None };
        let mut sorts = Vec::new();
        for (base, weight) in bases() {
            let priorities = [
                (None, 0.5),
                (Some(Priority::Quality), 0.15),
                (Some(Priority::Speed), 0.15),
                (Some(Priority::Cost), 0.2),
            ];
            for (priority, share) in priorities {
                let order = Order { priority, ..base.clone() };
                sorts.extend(sort(catalogue, &world, order, weight * share * OURS));
            }
            // Whoever can make it is named equally often.
            let named: Vec<Sort> = catalogue
                .provider_ids()
                .filter_map(|id| {
                    let order = Order { provider: Some(id.to_owned()), ..base.clone() };
                    sort(catalogue, &world, order, 0.0)
                })
                .collect();
            let share = weight * (1.0 - OURS) / named.len().max(1) as f64;
            sorts.extend(named.into_iter().map(|sort| Sort { weight: share, ..sort }));
        }
        Orders { sum: sorts.iter().map(|sort| sort.weight).sum(), sorts }
    }

    /// The next one.
    pub(crate) fn draw(&self, chance: &mut Chance) -> usize {
        let mut left = chance.share() * self.sum;
        let found = self.sorts.iter().position(|sort| {
            left -= sort.weight;
            left < 0.0
        });
        found.unwrap_or(0)
    }
}

/// An order with everything that is known of it beforehand; nothing where nobody makes it.
fn sort(catalogue: &Catalogue, world: &World<'_>, order: Order, weight: f64) -> Option<Sort> {
    let healthy = catalogue.choose(&order, world).ok()?;
    let mut medians = BTreeMap::new();
    let mut cheapest = healthy.cost;
    for vendor in catalogue.vendors() {
        for (provider, model) in catalogue.models_of(vendor) {
            let named =
                Order { provider: Some(provider.to_owned()), model: Some(model.to_owned()), ..order.clone() };
            if let Ok(plan) = catalogue.choose(&named, world) {
                cheapest = cheapest.min(plan.cost);
                medians.insert(plan.model.clone(), plan.median.as_secs_f64());
            }
        }
    }
    medians.insert(healthy.model.clone(), healthy.median.as_secs_f64());
    Some(Sort { order, weight, healthy, cheapest, medians })
}

/// What people make, with how many of a hundred orders are such.
fn bases() -> Vec<(Order, f64)> {
    let with = |kind, text: &str, change: fn(&mut Order)| {
        let mut order = Order::of(kind, text);
        change(&mut order);
        order
    };
    let address = "https://example.com/a.png";
    let clip = with(Kind::Video, "a fox crosses a snowy bridge", |order| {
        order.options.set("duration", Value::Whole(5));
    });
    let long = with(Kind::Video, "the harbour at dawn, boats leave one by one", |order| {
        order.options.set("duration", Value::Whole(10));
        order.options.set("resolution", Value::Text("1080p".to_owned()));
        order.options.set("aspectRatio", Value::Text("16:9".to_owned()));
    });
    let mut moving = with(Kind::Video, "the camera moves slowly around it", |order| {
        order.options.set("duration", Value::Whole(5));
    });
    moving.input.image = Some(address.to_owned());
    let picture = with(Kind::Image, "a lighthouse in a storm, oil on canvas", |_| {});
    let wide = with(Kind::Image, "a poster of a jazz festival", |order| {
        order.options.set("aspectRatio", Value::Text("16:9".to_owned()));
        order.options.set("style", Value::Text("art deco".to_owned()));
    });
    let mut edited = with(Kind::Image, "make it night", |_| {});
    edited.input.image = Some(address.to_owned());
    let speech = with(
        Kind::Audio,
        "Good morning. Here are the news of today, read to you in two minutes and without a break.",
        |_| {},
    );
    let mut speaker = with(Kind::Avatar, "Welcome to our shop. What may I show you?", |_| {});
    speaker.input.image = Some(address.to_owned());
    vec![
        (clip, 25.0),
        (long, 6.0),
        (moving, 16.0),
        (picture, 22.0),
        (wide, 8.0),
        (edited, 8.0),
        (speech, 13.0),
        (speaker, 2.0),
    ]
}
