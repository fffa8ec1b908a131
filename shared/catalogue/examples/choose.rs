//! How long choosing takes: `cargo run --release -p catalogue --example choose`. Prints one JSON object, the median of a
//! choice in nanoseconds for each kind of order; `make bench` reads it.
#![expect(clippy::expect_used, reason = "a measurement of an order that can't be made ends here")]

use catalogue::{Catalogue, World};
use jobs::{Kind, Mode, Order, Value};
use std::{collections::BTreeSet, hint::black_box, time::Instant};

/// Choices for each median.
const TIMES: usize = 2_000;

fn main() {
    let catalogue = Catalogue::built_in();
    let all: BTreeSet<String> = catalogue.vendors().into_iter().map(str::to_owned).collect();
    let world = World { mode: Mode::Live, live_vendors: &all, latency_scale: 1.0, knowledge: None };
    let figures: Vec<String> = orders()
        .into_iter()
        .map(|(name, order)| {
            let mut nanoseconds: Vec<u128> = (0..TIMES)
                .map(|_| {
                    let begun = Instant::now();
                    black_box(catalogue.choose(black_box(&order), &world)).expect("somebody makes it");
                    begun.elapsed().as_nanos()
                })
                .collect();
            nanoseconds.sort_unstable();
            let median = nanoseconds.get(TIMES / 2).copied().unwrap_or_default();
            format!("\"{name}\": {median}")
        })
        .collect();
    println!("{{{}}}", figures.join(", "));
}

/// One order for each way of choosing.
fn orders() -> Vec<(&'static str, Order)> {
    let wishes = [
        ("duration", Value::Whole(10)),
        ("resolution", Value::Text("1080p".to_owned())),
        ("aspectRatio", Value::Text("16:9".to_owned())),
        ("style", Value::Text("cinematic".to_owned())),
        ("seed", Value::Whole(42)),
    ];
    let plain = |kind| Order::of(kind, "A serene mountain landscape at sunset");
    let wishing = |mut order: Order| {
        for (name, value) in &wishes {
            order.options.set(*name, value.clone());
        }
        order
    };
    let mut named = wishing(plain(Kind::Video));
    named.provider = Some("minimax".to_owned());
    vec![
        ("a clip of a named provider", named),
        ("any clip", plain(Kind::Video)),
        ("any clip with five wishes", wishing(plain(Kind::Video))),
        ("any picture", plain(Kind::Image)),
    ]
}
