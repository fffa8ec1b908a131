//! What holds for any order.

use super::*;
use crate::{
    fit::fit,
    inputs,
    nearest::{Found, nearest},
    price,
    row::{Limits, Row, Scalar, Scale, Shape},
    wishes,
};
use jobs::{Credits, Input, Priority};
use proptest::prelude::*;

const NAMES: &[&str] = &[
    "duration",
    "resolution",
    "aspectRatio",
    "style",
    "mode",
    "quality",
    "seed",
    "voice",
    "emotion",
    "speed",
    "language",
    "format",
    "avatarId",
    "background",
    "gesture",
    "motionIntensity",
    "negativePrompt",
    "fps",
    "sound",
    "count",
    "width",
    "height",
    "cfgScale",
    "steps",
    "promptOptimizer",
    "styleExaggeration",
    "expressiveness",
    "cameraFixed",
    "volume",
    "pitch",
    "raw",
    "expandLeft",
    "stability",
    "loop",
    "strength",
    "audioSeconds",
    "syncMode",
    "nonsense",
    "model",
];

const WORDS: &[&str] = &[
    "5",
    "10",
    "1080p",
    "720P",
    "4k",
    "512",
    "2k",
    "16:9",
    "9:16",
    "21:9",
    "1:1",
    "auto",
    "std",
    "pro",
    "max",
    "ultra",
    "draft",
    "cinematic",
    "anime",
    "excited",
    "rachel",
    "png",
    "mp3",
    "jpg",
    "high",
    "true",
    "off",
    "",
    " ",
    "ж",
    "0:0",
];

/// Numbers with a fraction, and what only calls itself one.
const DECIMALS: &[f64] = &[
    0.5,
    1.0,
    0.7,
    1.2,
    2.5,
    -1.0,
    -0.0,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    1e300,
    f64::MIN_POSITIVE,
    f64::EPSILON,
    f64::MAX,
];

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(text),
        4 => (0i64..70).prop_map(Value::Whole),
        2 => prop::sample::select(DECIMALS).prop_map(Value::Decimal),
        1 => prop::sample::select(&[i64::MIN, i64::MAX, -1, 0, 1 << 31, 1 << 32, (1 << 53) - 1, 1 << 53][..]).prop_map(Value::Whole),
        1 => any::<i64>().prop_map(Value::Whole),
        1 => any::<f64>().prop_map(Value::Decimal),
        2 => any::<bool>().prop_map(Value::Flag),
        1 => ".{0,40}".prop_map(Value::Text),
        1 => (1usize..6_000).prop_map(|length| Value::Text("ж".repeat(length))),
        1 => prop::sample::select(&["NaN", "inf", "-0", "1e9", "0x10", "١٠", "10 ", "9999999999999999999999", "-5", "5.0"][..]).prop_map(text),
    ]
}

fn any_order() -> impl Strategy<Value = Order> {
    let ids: Vec<String> = Catalogue::built_in().provider_ids().map(str::to_owned).collect();
    let models: Vec<String> = Catalogue::built_in().book.rows.iter().map(|row| row.model.clone()).collect();
    let url = || prop::option::weighted(0.3, Just("https://example.com/a".to_owned()));
    (
        prop::sample::select(vec![Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar]),
        prop::option::of(prop::sample::select(ids)),
        prop::option::weighted(0.2, prop::sample::select(models)),
        prop::option::weighted(
            0.8,
            prop_oneof![
                5 => Just("a fox".to_owned()),
                1 => ".{0,30}",
                1 => (0usize..12_000).prop_map(|length| "ж".repeat(length)),
            ],
        ),
        (url(), url(), prop::collection::vec(Just("https://example.com/r".to_owned()), 0..3), url(), url()),
        prop::collection::btree_map(prop::sample::select(NAMES).prop_map(str::to_owned), value(), 0..6),
        prop::option::of(prop::sample::select(vec![Priority::Quality, Priority::Speed, Priority::Cost])),
        (
            prop::bool::weighted(0.3),
            prop::option::weighted(0.2, 0u64..200),
            prop::option::of(any::<bool>()),
            prop::option::weighted(0.1, prop::sample::select(&["rachel", " kate ", "", "ж"][..])),
        ),
    )
        .prop_map(
            |(kind, provider, model, text, media, options, priority, (strict, most, fallback, voice))| {
                let mut order = Order::of(kind, "");
                order.input.text = text;
                (
                    order.input.image,
                    order.input.last_image,
                    order.input.images,
                    order.input.video,
                    order.input.audio,
                ) = media;
                (order.provider, order.model, order.priority, order.fallback) =
                    (provider, model, priority, fallback);
                order.options.0 = options;
                order.strict = strict;
                order.input.voice = voice.map(str::to_owned);
                order.max_credits = most.map(Credits);
                order
            },
        )
}

/// An order that its model takes, as far as its material goes, with any options.
fn order_of_a_model() -> impl Strategy<Value = Order> {
    let rows = Catalogue::built_in().book.rows.iter().enumerate();
    let places: Vec<(usize, Shape)> =
        rows.flat_map(|(place, row)| row.inputs.keys().map(move |shape| (place, *shape))).collect();
    (prop::sample::select(places), any_order(), prop::bool::weighted(0.7), prop::bool::weighted(0.7))
        .prop_map(|((place, shape), mut order, named, short)| {
            let row = &Catalogue::built_in().book.rows[place];
            let sample = crate::cards::sample(row, shape);
            order.kind = sample.kind;
            // What it starts from is the sample's, but for the text: long, strange, or missing.
            let text = if short { sample.input.text.clone() } else { order.input.text.take() };
            order.input = Input { text, voice: order.input.voice.take(), ..sample.input };
            if named {
                (order.provider, order.model) = (Some(row.provider.clone()), Some(row.model.clone()));
                order.options.0.remove("model");
            } else {
                (order.provider, order.model) = (None, None);
            }
            order
        })
}

/// The order that asks for exactly what a plan makes of another one.
fn settled(order: &Order, plan: &Plan) -> Order {
    let mut settled = order.clone();
    settled.provider = Some(plan.provider.clone());
    settled.model = Some(plan.model.clone());
    settled.options = plan.options.clone();
    settled.input.text = plan.prompt.clone();
    settled.input.voice = None;
    settled
}

/// Whether a value that is used is the one that was asked for, as the model writes it.
fn same(row: &Row, name: &str, asked: &Value, used: &Value) -> bool {
    let spelling = |one: &Value, other: &Value| one.to_string().eq_ignore_ascii_case(&other.to_string());
    let wish = &Catalogue::built_in().book.options[name];
    let of_a_scale = || {
        let sizes =
            || row.options.values().flat_map(|limits| limits.resolutions.values()).cloned().map(Scalar::Text);
        let values =
            row.options.get(name).map_or_else(|| Some(sizes().collect()), |limits| limits.values.clone());
        let limits = Limits { values, ..Limits::default() };
        matches!(nearest(wish, &limits, asked), Found::Same(meant) if meant == *used)
    };
    spelling(asked, used) || wish.scale != Scale::None && of_a_scale()
}

/// Whether a value is within a parameter's limits.
fn within(limits: &Limits, value: &Value) -> bool {
    let number = value.as_number();
    limits.values.as_ref().is_none_or(|values| values.iter().any(|each| each.value() == *value))
        && number.is_none_or(|number| {
            limits.min.is_none_or(|min| number >= min)
                && limits.max.is_none_or(|max| number <= max)
                && limits.step.is_none_or(|step| number % step == 0.0)
        })
        && value
            .as_text()
            .is_none_or(|text| limits.longest.is_none_or(|most| text.chars().count() <= most as usize))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_is_planned_within_limits_or_refused(order in prop_oneof![any_order(), order_of_a_model()], test in any::<bool>()) {
        let mode = if test { Mode::Test } else { Mode::Live };
        let all = everybody();
        let answer = choose(&order, mode, &all);
        prop_assert_eq!(&answer, &choose(&order, mode, &all), "the same order twice");
        let plan = match answer {
            Ok(plan) => plan,
            Err(Refusal::Invalid { problems, .. }) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|each| !each.field.is_empty() && !each.problem.is_empty()));
                return Ok(());
            }
            Err(Refusal::Unavailable { .. }) => return Ok(()),
        };
        let book = &Catalogue::built_in().book;
        let row = book.rows.iter().find(|row| row.provider == plan.provider && row.model == plan.model).unwrap();
        let settled = settled(&order, &plan);
        // With a wish as its only words it has become an order with a text.
        let matched = inputs::matched(row, &settled.input).unwrap();
        for (name, value) in &plan.options.0 {
            let stands_for = row.options.values().any(|limits| limits.resolutions.values().any(|size| size == &value.to_string()));
            match row.options.get(name) {
                Some(limits) => {
                    prop_assert!(within(limits, value), "{} {}", name, value);
                    prop_assert!(limits.shapes.is_empty() || limits.shapes.contains(&matched.shape), "{} {}", name, value);
                }
                None => prop_assert!(name == "resolution" && stands_for, "{} {}", name, value),
            }
        }
        for each in row.forbidden.iter().filter(|each| each.shapes.is_empty() || each.shapes.contains(&matched.shape)) {
            let broken = each.given.iter().all(|name| plan.options.get(name).is_some())
                && each.when.iter().all(|(name, values)| {
                    plan.options.get(name).is_some_and(|value| values.iter().any(|each| each.is(value)))
                });
            prop_assert!(!broken, "{}", each.because);
        }
        let tag = row.price.as_ref().and_then(|price| plan.options.text(price.tag.as_deref()?));
        let tagged = tag.map_or(0, |tag| inputs::length(tag, row.text_unit) + 3);
        let length = plan.prompt.as_deref().map_or(0, |prompt| inputs::length(prompt, row.text_unit));
        prop_assert!(length + tagged <= row.text_most as usize);
        let again = price::price(row, &matched, &plan.options, plan.prompt.as_deref());
        prop_assert_eq!(plan.cost, price::credits(again));
        // What a figure of the API can hold, and far more than anything costs.
        prop_assert!((1..=2_147_483_647).contains(&plan.cost.0), "{}", plan.cost);
        prop_assert!(order.max_credits.is_none_or(|most| plan.cost <= most));
        prop_assert!(plan.deadline >= plan.submit_timeout && plan.median.as_secs() > 0);

        // A wish is honoured to the letter or in the vendor's spelling of it, or spoken of.
        let wishes = wishes::read(book, &order).unwrap();
        for (name, value) in &wishes {
            let told = plan.adjustments.iter().any(|each| each.option == *name);
            let same = plan.options.get(name).is_some_and(|used| same(row, name, value, used))
                || row.fixed.get(name).is_some_and(|fixed| fixed.is(value));
            let usual = order.strict && book.options[name].neutral.as_ref().is_some_and(|neutral| neutral.is(value));
            prop_assert!(told || same || usual, "{} {} in {:?}", name, value, plan);
        }
        // Whoever is strict gets no change at all, but for the provider that may take over.
        let others = plan.adjustments.iter().filter(|each| each.option != "provider");
        prop_assert!(!order.strict || others.count() == 0, "{:?}", plan.adjustments);

        // What was settled stays settled.
        let second = choose(&settled, mode, &all);
        prop_assert!(second.is_ok(), "{:?} then {:?}", plan, second);
        let second = second.unwrap();
        prop_assert_eq!(&second.adjustments, &vec![]);
        prop_assert_eq!((second.options, second.prompt, second.cost), (plan.options, plan.prompt, plan.cost));
    }

    #[test]
    fn a_test_key_rehearses_what_a_live_key_gets(order in prop_oneof![any_order(), order_of_a_model()]) {
        let some = vendors(&["kling", "bfl", "elevenlabs", "runway", "heygen"]);
        // With a live key another provider may take over from one that a test key reaches.
        let order = Order { fallback: None, ..order };
        if let Ok(live) = choose(&order, Mode::Live, &some) {
            let test = choose(&order, Mode::Test, &some);
            prop_assert!(test.is_ok(), "{:?}", test);
            let test = test.unwrap();
            prop_assert_eq!((test.model, test.options, test.cost), (live.model, live.options, live.cost));
        }
    }

    #[test]
    fn a_choice_that_is_ours_is_the_best_of_its_candidates(order in prop_oneof![any_order(), order_of_a_model()]) {
        let mut order = order;
        (order.provider, order.model) = (None, None);
        order.options.0.remove("model");
        if let Ok(plan) = live_key(&order) {
            let scores: Vec<f64> = plan.candidates.iter().filter_map(|each| each.score).collect();
            prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert_eq!(&plan.candidates[0].model, &plan.model);
            prop_assert!(plan.candidates.iter().all(|each| each.score.is_some() != each.excluded_because.is_some()));
        }
    }
}

#[test]
fn every_model_can_be_ordered_by_each_of_its_inputs() {
    let book = &Catalogue::built_in().book;
    for row in book.rows.iter().filter(|row| row.price.is_some()) {
        for shape in row.inputs.keys() {
            let mut order = crate::cards::sample(row, *shape);
            order.options.set("avatarId", text("kate"));
            let wishes = wishes::read(book, &order).unwrap();
            let fitted = fit(book, row, &order, &wishes)
                .unwrap_or_else(|problems| panic!("{}: {problems:?}", row.model));
            assert_eq!(fitted.matched.shape, *shape, "{}", row.model);
        }
    }
}
