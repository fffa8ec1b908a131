//! What holds for any order.

use super::*;
use crate::{fit::fit, inputs, price, row::Limits, wishes};
use jobs::{Credits, Priority};
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
    "raw",
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

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(text),
        4 => (0i64..70).prop_map(Value::Whole),
        2 => prop::sample::select(&[0.5, 1.0, 0.7, 1.2, 2.5, -1.0, f64::NAN, f64::INFINITY, 1e300][..]).prop_map(Value::Decimal),
        1 => any::<i64>().prop_map(Value::Whole),
        2 => any::<bool>().prop_map(Value::Flag),
        1 => ".{0,40}".prop_map(Value::Text),
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
            0.9,
            prop_oneof![5 => Just("a fox".to_owned()), 1 => ".{0,30}", 1 => Just("ж".repeat(3_000))],
        ),
        (url(), url(), prop::collection::vec(Just("https://example.com/r".to_owned()), 0..3), url(), url()),
        prop::collection::btree_map(prop::sample::select(NAMES).prop_map(str::to_owned), value(), 0..6),
        prop::option::of(prop::sample::select(vec![Priority::Quality, Priority::Speed, Priority::Cost])),
        (any::<bool>(), prop::option::weighted(0.2, 0u64..200), prop::option::of(any::<bool>())),
    )
        .prop_map(|(kind, provider, model, text, media, options, priority, (strict, most, fallback))| {
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
            order.max_credits = most.map(Credits);
            order
        })
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
    fn any_order_is_planned_within_limits_or_refused(order in any_order(), test in any::<bool>()) {
        let mode = if test { Mode::Test } else { Mode::Live };
        let all = everybody();
        let answer = choose(&order, mode, &all);
        prop_assert_eq!(&answer, &choose(&order, mode, &all), "the same order twice");
        let plan = match answer {
            Ok(plan) => plan,
            Err(Refusal::Invalid(problems)) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|each| !each.field.is_empty() && !each.problem.is_empty()));
                return Ok(());
            }
            Err(Refusal::Unavailable { .. }) => return Ok(()),
        };
        let book = &Catalogue::built_in().book;
        let row = book.rows.iter().find(|row| row.provider == plan.provider && row.model == plan.model).unwrap();
        let matched = inputs::matched(row, &order.input).unwrap();
        for (name, value) in &plan.options.0 {
            let stands_for = row.options.values().any(|limits| limits.resolutions.values().any(|size| size == &value.to_string()));
            match row.options.get(name) {
                Some(limits) => prop_assert!(within(limits, value), "{} {}", name, value),
                None => prop_assert!(name == "resolution" && stands_for, "{} {}", name, value),
            }
        }
        for each in row.forbidden.iter().filter(|each| each.shapes.is_empty() || each.shapes.contains(&matched.shape)) {
            let broken = each.when.iter().all(|(name, values)| {
                plan.options.get(name).is_some_and(|value| values.iter().any(|each| each.is(value)))
            });
            prop_assert!(!broken, "{}", each.because);
        }
        let length = plan.prompt.as_deref().map_or(0, |prompt| inputs::length(prompt, row.text_unit));
        prop_assert!(length <= row.text_most as usize);
        let again = price::price(row, &matched, &plan.options, plan.prompt.as_deref());
        prop_assert_eq!(plan.cost, price::credits(again));
        prop_assert!(plan.cost.0 >= 1 && order.max_credits.is_none_or(|most| plan.cost <= most));
        prop_assert!(plan.deadline >= plan.submit_timeout && plan.median.as_secs() > 0);

        // Every wish is honoured or spoken of.
        let wishes = wishes::read(book, &order).unwrap();
        for (name, value) in &wishes {
            let told = plan.adjustments.iter().any(|each| each.option == *name);
            let same = plan.options.get(name) == Some(value)
                || plan.options.text(name).is_some_and(|used| used.eq_ignore_ascii_case(&value.to_string()))
                || row.fixed.get(name).is_some_and(|fixed| fixed.is(value));
            let measured = matches!(name.as_str(), "resolution" | "aspectRatio") && plan.options.get(name).is_some();
            prop_assert!(told || same || measured, "{} {} in {:?}", name, value, plan);
        }

        // What was settled stays settled. Not where a wish became the only words of an order without any: with a text it
        // is another kind of order, and a model may have other usual values for that.
        if order.input.text.is_none() && plan.prompt.is_some() {
            return Ok(());
        }
        let mut settled = order.clone();
        settled.provider = Some(plan.provider.clone());
        settled.model = Some(plan.model.clone());
        settled.options = plan.options.clone();
        settled.input.text = plan.prompt.clone();
        let second = choose(&settled, mode, &all);
        prop_assert!(second.is_ok(), "{:?} then {:?}", plan, second);
        let second = second.unwrap();
        prop_assert_eq!(&second.adjustments, &vec![]);
        prop_assert_eq!((second.options, second.prompt, second.cost), (plan.options, plan.prompt, plan.cost));
    }

    #[test]
    fn a_test_key_rehearses_what_a_live_key_gets(order in any_order()) {
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
    fn a_choice_that_is_ours_is_the_best_of_its_candidates(order in any_order()) {
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
