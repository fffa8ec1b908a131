//! The cheapest job that a vendor can be asked for.

use catalogue::{Catalogue, OptionCard, World};
use jobs::{Input, Kind, Mode, Order, Plan, Priority, Value};
use std::collections::BTreeSet;

/// What is shown, or said. Short, because speech is paid by the character, and nothing that any rule forbids.
const WORDS: &str = "A red apple on a white table.";

/// Seconds that the sample recording may last: prices go by it.
const LONGEST_RECORDING: i64 = 10;

/// Options by which models differ in price.
const PRICED_BY: [&str; 4] = ["duration", "resolution", "mode", "quality"];

/// Links to files that vendors may fetch, for models that make nothing from words alone.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// A picture, best a portrait.
    pub image: Option<String>,
    /// A clip of a few seconds in which somebody speaks.
    pub video: Option<String>,
    /// A recording of ten seconds at most.
    pub audio: Option<String>,
}

impl Samples {
    /// What an order can start from.
    fn inputs(&self) -> Vec<Input> {
        let words = || Some(WORDS.to_owned());
        let (image, video, audio) = (&self.image, &self.video, &self.audio);
        let mut inputs = vec![Input { text: words(), ..Input::default() }];
        if image.is_some() {
            inputs.push(Input { text: words(), image: image.clone(), ..Input::default() });
        }
        if image.is_some() && audio.is_some() {
            inputs.push(Input { image: image.clone(), audio: audio.clone(), ..Input::default() });
        }
        if video.is_some() && audio.is_some() {
            inputs.push(Input { video: video.clone(), audio: audio.clone(), ..Input::default() });
        }
        inputs
    }
}

/// The cheapest order at this vendor and how it is made; nothing if none of its models can be asked for anything with
/// these samples. Models that are off until somebody has seen them work are taken only where there are no others.
///
/// Usual times are multiplied by `latency_scale`, as in the poller.
pub fn cheapest(
    catalogue: &Catalogue,
    vendor: &str,
    samples: &Samples,
    latency_scale: f64,
) -> Option<(Order, Plan)> {
    let on: BTreeSet<String> = [vendor.to_owned()].into();
    let all = catalogue.models_of(vendor).map(|(_, model)| format!("{vendor}/{model}"));
    let with_flagged: BTreeSet<String> = all.chain([vendor.to_owned()]).collect();
    [on, with_flagged].iter().find_map(|live| {
        let world = World { mode: Mode::Live, live_vendors: live, latency_scale, knowledge: None };
        among(catalogue, vendor, &world, samples)
    })
}

fn among(catalogue: &Catalogue, vendor: &str, world: &World<'_>, samples: &Samples) -> Option<(Order, Plan)> {
    let mut best: Option<(Order, Plan)> = None;
    for (provider, model) in catalogue.models_of(vendor) {
        let Some(card) = catalogue.provider_card(provider, world) else { continue };
        for order in orders(provider, model, &card.options, samples) {
            let Ok(plan) = catalogue.choose(&order, world) else { continue };
            let is_it = plan.vendor == vendor && plan.model == model;
            if is_it && best.as_ref().is_none_or(|(_, known)| plan.cost < known.cost) {
                best = Some((order, plan));
            }
        }
    }
    best
}

/// Every order of a model that may be the cheapest.
fn orders(provider: &str, model: &str, options: &[OptionCard], samples: &Samples) -> Vec<Order> {
    let mut orders = Vec::new();
    for input in samples.inputs() {
        for kind in [Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar] {
            let mut order = Order {
                input: input.clone(),
                provider: Some(provider.to_owned()),
                model: Some(model.to_owned()),
                priority: Some(Priority::Cost),
                ..Order::of(kind, "")
            };
            if input.audio.is_some() {
                order.options.set("audioSeconds", Value::Whole(LONGEST_RECORDING));
            }
            orders.push(order);
        }
    }
    for option in options.iter().filter(|option| PRICED_BY.contains(&option.name.as_str())) {
        let values: Vec<Value> = match option.allowed_values.as_slice() {
            [] => option.min.and_then(Value::number).into_iter().collect(),
            values => values.iter().map(|text| read(option, text)).collect(),
        };
        let chosen = orders.iter().flat_map(|order| {
            values.iter().map(|value| {
                let mut order = order.clone();
                order.options.set(option.name.clone(), value.clone());
                order
            })
        });
        let chosen: Vec<Order> = chosen.collect();
        orders.extend(chosen);
    }
    orders
}

fn read(option: &OptionCard, text: &str) -> Value {
    let number = matches!(option.kind, "Int" | "Float").then(|| text.parse().ok().and_then(Value::number));
    number.flatten().unwrap_or_else(|| Value::Text(text.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn samples() -> Samples {
        let link = |name: &str| Some(format!("https://example.com/{name}"));
        Samples { image: link("a.png"), video: link("a.mp4"), audio: link("a.mp3") }
    }

    #[test]
    fn every_vendor_that_we_speak_with_can_be_asked_for_something() {
        let catalogue = Catalogue::built_in();
        for vendor in catalogue.vendors() {
            let (_, plan) =
                cheapest(catalogue, vendor, &samples(), 1.0).unwrap_or_else(|| panic!("{vendor}"));
            assert!(plan.cost.0 <= 100, "{vendor}: {} for {}", plan.cost.0, plan.model);
        }
    }

    #[test]
    fn the_cheapest_is_short_and_small() {
        let (order, plan) = cheapest(Catalogue::built_in(), "kling", &Samples::default(), 1.0).unwrap();
        assert_eq!((plan.model.as_str(), plan.options.whole("duration")), ("kling-v2.5-turbo", Some(5)));
        assert_eq!(plan.options.text("mode"), Some("std"));
        assert_eq!(order.input.text.as_deref(), Some(WORDS));
    }
}
