//! Who is chosen, by name and without one.

use super::*;
use jobs::{Credits, Priority};

fn media(kind: Kind, given: &[&str]) -> Order {
    let mut order = Order::of(kind, "a fox");
    let url = || Some("https://example.com/a".to_owned());
    for field in given {
        match *field {
            "image" => order.input.image = url(),
            "lastImage" => order.input.last_image = url(),
            "images" => order.input.images = vec!["https://example.com/a".into(); 3],
            "video" => order.input.video = url(),
            "audio" => {
                order.input.audio = url();
                order.input.text = None;
            }
            other => panic!("{other}"),
        }
    }
    order
}

#[test]
fn defaults_by_priority() {
    type Cell<'a> = (Kind, &'a [&'a str], [&'a [&'a str]; 3]);
    let cells: &[Cell<'_>] = &[
        (
            Kind::Video,
            &[],
            [
                &["kling-v3", "gen4.5", "gemini-omni-1.1-flash"],
                &["ray-flash-2", "seedance-1-lite", "kling-v2.5-turbo"],
                &["seedance-1-lite", "wan-2.2", "kling-v2.5-turbo"],
            ],
        ),
        (
            Kind::Video,
            &["image"],
            [
                &["gen4.5", "kling-v3", "hailuo-02"],
                &["gen4-turbo", "ray-flash-2", "hailuo-2.3-fast"],
                &["seedance-1-lite-ref", "wan-2.2", "hailuo-2.3-fast"],
            ],
        ),
        (
            Kind::Video,
            &["image", "lastImage"],
            [
                &["kling-v3", "hailuo-02", "seedance-1-pro"],
                &["ray-flash-2", "vidu-q2-turbo"],
                &["ray-flash-2", "seedance-1-pro"],
            ],
        ),
        (
            Kind::Video,
            &["images"],
            [
                &["gemini-omni-1.1-flash", "seedance-1-lite-ref"],
                &["seedance-1-lite-ref"],
                &["seedance-1-lite-ref"],
            ],
        ),
        (
            Kind::Image,
            &[],
            [
                &["flux-pro-1.1-ultra", "gemini-3-pro-image", "seedream-4.5"],
                &["draft", "flux-dev", "sd3.5-flash"],
                &["draft", "flux-dev", "sd3.5-flash"],
            ],
        ),
        (
            Kind::Image,
            &["image"],
            [
                &["kontext-max", "gemini-3-pro-image", "seedream-4.5"],
                &["kontext-pro", "gemini-3.1-flash-image"],
                &["seedream-4", "kontext-pro"],
            ],
        ),
        (Kind::Audio, &[], [&["v3", "chirp3-hd"], &["flash-v2.5", "wavenet"], &["wavenet", "standard"]]),
        (Kind::Avatar, &["image"], [&["avatar-iv"], &["avatar-iv"], &["avatar-iv"]]),
        (Kind::Avatar, &["image", "audio"], [&["avatar-iv"], &["avatar-iv"], &["avatar-iv"]]),
        (
            Kind::Avatar,
            &["video", "audio"],
            [&["lipsync-2-pro", "lipsync-2"], &["lipsync-2"], &["lipsync-2"]],
        ),
    ];
    for (kind, given, columns) in cells {
        for (priority, expected) in
            [Priority::Quality, Priority::Speed, Priority::Cost].into_iter().zip(columns)
        {
            let mut order = media(*kind, given);
            order.priority = Some(priority);
            let plan = live_key(&order).unwrap();
            let ranked: Vec<&str> = plan.candidates.iter().map(|each| each.model.as_str()).collect();
            assert!(ranked.starts_with(expected), "{kind:?} from {given:?} for {priority:?}: {ranked:?}");
            assert_eq!((plan.model.as_str(), changes(&plan)), (expected[0], Vec::new()));
        }
    }
}

#[test]
fn when_cost_matters_most_the_cheapest_settings_are_taken() {
    let mut order = media(Kind::Video, &[]);
    order.priority = Some(Priority::Cost);
    let plan = live_key(&order).unwrap();
    assert_eq!(
        (plan.model.as_str(), plan.options.text("resolution"), plan.cost),
        ("seedance-1-lite", Some("480p"), Credits(9))
    );
}

#[test]
fn a_provider_takes_a_model_that_suits_what_is_given() {
    for (provider, given, model) in [
        ("kling", &[][..], "kling-v2.5-turbo"),
        ("KLING", &["image"], "kling-v2.5-turbo"),
        ("kling ai", &["image", "lastImage"], "kling-v2.5-turbo"),
        ("hailuo", &[], "hailuo-02"),
        ("runway", &[], "gen4.5"),
        ("runway", &["image"], "gen4-turbo"),
        ("seedance", &["images"], "seedance-1-lite-ref"),
        ("seedance", &[], "seedance-1.5-pro"),
        ("vidu", &["image"], "vidu-q2-pro"),
        ("vidu", &["images"], "vidu-q2"),
        ("wan", &["image"], "wan-2.2"),
        ("veo", &[], "gemini-omni-1.1-flash"),
        ("dream machine", &[], "ray-2"),
    ] {
        assert_eq!(live_key(&media_with(provider, given)).unwrap().model, model, "{provider} {given:?}");
    }
}

fn media_with(provider: &str, given: &[&str]) -> Order {
    Order { provider: Some(provider.to_owned()), ..media(Kind::Video, given) }
}

#[test]
fn an_input_has_its_own_vendor_model_and_time() {
    let plan = |given: &[&str]| live_key(&media_with("wan", given)).unwrap();
    assert_eq!(
        (plan(&[]).vendor_model, plan(&["image"]).vendor_model),
        ("wan2.2-t2v-plus".into(), "wan2.2-i2v-plus".into())
    );
    let seconds = |given: &[&str]| live_key(&media_with("kling", given)).unwrap().median.as_secs();
    assert_eq!((seconds(&[]), seconds(&["image"])), (180, 120));
}

#[test]
fn a_model_of_several_ways_has_the_terms_of_each() {
    let plan = |given: &[&str], options: &[(&str, Value)]| {
        let mut order = Order { model: Some("wan-2.6".to_owned()), ..media_with("wan", given) };
        for (name, value) in options {
            order.options.set(*name, value.clone());
        }
        test_key(&order).unwrap()
    };
    let long = [("duration", number(15.0)), ("resolution", text("720p"))];
    let multi = [("multiShot", Value::Flag(true)), ("promptOptimizer", Value::Flag(false))];
    for (given, options, vendor_model, cost, expected) in [
        (&[][..], &long[..], "wan2.6-t2v", 150, &[][..]),
        (&["image"], &long, "wan2.6-i2v", 150, &[]),
        (&["images"], &long, "wan2.6-r2v", 100, &["duration: 15 -> 10"]),
        // As much of the clip is charged as there may be.
        (&["images", "video"], &long, "wan2.6-r2v", 150, &["duration: 15 -> 10"]),
        (&["images", "video"], &[], "wan2.6-r2v", 150, &[]),
        // Several shots matter more than the very words, save where these are never rewritten.
        (&[], &multi, "wan2.6-t2v", 75, &["promptOptimizer: false -> true"]),
        (&["images"], &multi, "wan2.6-r2v", 75, &["promptOptimizer: false -> -"]),
    ] {
        let plan = plan(given, options);
        let came = (plan.vendor_model.as_str(), plan.cost.0, changes(&plan));
        assert_eq!(came, (vendor_model, cost, expected.iter().map(|each| (*each).to_owned()).collect()));
    }
}

#[test]
fn a_recording_may_become_the_sound_of_a_clip() {
    let mut order = media_with("wan", &["audio"]);
    order.input.text = Some("a fox sings".to_owned());
    let plan = live_key(&order).unwrap();
    assert_eq!((plan.model.as_str(), plan.vendor_model.as_str()), ("wan-2.5", "wan2.5-t2v-preview"));
    order.input.image = Some("https://example.com/a".to_owned());
    assert_eq!(live_key(&order).unwrap().vendor_model, "wan2.5-i2v-preview");
    order.model = Some("wan-2.2".to_owned());
    assert_eq!(fields(live_key(&order)), ["input.audio"]);
}

#[test]
fn names_of_models() {
    for (kind, provider, model, expected) in [
        (Kind::Video, "kling", "2.5", "kling-v2.5-turbo"),
        (Kind::Video, "kling", "kling-v3", "kling-v3"),
        (Kind::Video, "minimax", "Hailuo-02", "hailuo-02"),
        (Kind::Video, "minimax", "HailuoI2V", "hailuo-2.3-fast"),
        (Kind::Video, "runway", "Gen4", "gen4-turbo"),
        (Kind::Video, "runway", "gen4_turbo", "gen4-turbo"),
        (Kind::Video, "runway", "gen3a_turbo", "gen4-turbo"),
        (Kind::Video, "runway", "Gen-2", "gen4-turbo"),
        (Kind::Video, "veo", "veo-3", "gemini-omni-1.1-flash"),
        (Kind::Image, "imagen", "imagen-4-ultra", "gemini-3-pro-image"),
        (Kind::Image, "imagen", "imagen-4-fast", "gemini-3.1-flash-image"),
        (Kind::Video, "", "luma", "ray-2"),
        (Kind::Video, "", "Dream Machine", "ray-2"),
        (Kind::Video, "", "kling", "kling-v2.5-turbo"),
        (Kind::Image, "", "flux-ultra", "flux-pro-1.1-ultra"),
        (Kind::Image, "flux-pro", "", "flux-pro"),
        (Kind::Audio, "", "eleven_flash_v2_5", "flash-v2.5"),
    ] {
        let mut order = order(kind, provider, &[]);
        order.input.image = (kind == Kind::Video).then(|| "https://example.com/a".into());
        order.model = (!model.is_empty()).then(|| model.to_owned());
        assert_eq!(live_key(&order).unwrap().model, expected, "{provider} {model}");
    }
    // A model's own name goes before another model's alias.
    let mut order = order(Kind::Image, "", &[]);
    order.model = Some("flash".into());
    assert_eq!(live_key(&order).unwrap().provider, "stable-diffusion");
    order.model = Some("ultra".into());
    assert_eq!(live_key(&order).unwrap().provider, "flux-fal");
}

#[test]
fn unknown_names_are_answered_with_near_ones() {
    for (provider, model, field, near) in [
        ("klingg", "", "provider", "kling"),
        ("mini-maxx", "", "provider", "minimax"),
        ("kling", "v2.7", "model", "kling-v2.6"),
        ("", "gen-4-turbu", "model", "gen4-turbo"),
    ] {
        let mut order = order(Kind::Video, provider, &[]);
        order.model = (!model.is_empty()).then(|| model.to_owned());
        let problems = problems(live_key(&order));
        assert_eq!(problems[0].field, field);
        assert!(problems[0].allowed.iter().any(|each| each == near), "{provider} {model}: {problems:?}");
    }
    // A provider of another type of thing names those that would do.
    let problems = problems(live_key(&order(Kind::Image, "kling", &[])));
    assert!(problems[0].allowed.contains(&"flux-ultra".to_owned()));
}

#[test]
fn tiers_pick_the_model() {
    for (provider, option, tier, model) in [
        ("flux-fal", "quality", "draft", "draft"),
        ("flux-fal", "quality", "Ultra", "ultra"),
        ("flux-kontext", "mode", "max", "kontext-max"),
        ("flux-kontext", "mode", "pro", "kontext-pro"),
    ] {
        let plan = live_key(&order(Kind::Image, provider, &[(option, text(tier))])).unwrap();
        assert_eq!((plan.model.as_str(), changes(&plan)), (model, Vec::new()));
    }
    let plan = live_key(&order(Kind::Image, "flux-fal", &[("quality", text("best"))])).unwrap();
    assert_eq!(
        (plan.model.as_str(), changes(&plan)),
        ("standard", vec!["quality: best -> standard".to_owned()])
    );
}

#[test]
fn models_that_are_off_are_switched_on_by_name() {
    let mut order = order(Kind::Video, "kling", &[]);
    order.model = Some("kling-v1.6".into());
    assert!(matches!(live_key(&order), Err(Refusal::Unavailable { .. })));
    assert_eq!(test_key(&order).unwrap().model, "kling-v1.6");
    let on = vendors(&["kling", "kling/kling-v1.6"]);
    assert_eq!(choose(&order, Mode::Live, &on).unwrap().vendor_model, "kling-v1-6");

    let mut order = super::order(Kind::Video, "runway", &[]);
    order.input.image = Some("https://example.com/a".into());
    order.model = Some("gen-3".into());
    let on = vendors(&["runway", "runway/gen3a-turbo"]);
    assert_eq!(choose(&order, Mode::Live, &on).unwrap().model, "gen3a-turbo");
}

#[test]
fn a_model_from_pictures_only_names_its_siblings() {
    let mut order = order(Kind::Video, "kling", &[]);
    order.model = Some("kling-v2.1".into());
    let problems = problems(test_key(&order));
    assert_eq!(problems[0].field, "input.image");
    assert!(
        problems[0].problem.contains("kling-v1.6") && problems[0].problem.contains("kling-v2.1-master"),
        "{problems:?}"
    );
}

#[test]
fn a_model_without_a_known_price_is_taken_only_by_name() {
    let mut order = media(Kind::Video, &["images"]);
    let plan = live_key(&order).unwrap();
    let vidu = plan.candidates.iter().find(|each| each.model == "vidu-q2").unwrap();
    assert_eq!(vidu.excluded_because.as_deref(), Some("its price is not confirmed"));
    order.provider = Some("vidu".into());
    assert_eq!(live_key(&order).unwrap().model, "vidu-q2");
}

#[test]
fn nothing_costs_more_than_a_caller_allows() {
    let mut order = order(Kind::Video, "kling", &[("mode", text("pro")), ("duration", number(10.0))]);
    order.max_credits = Some(Credits(69));
    let found = problems(live_key(&order));
    assert_eq!((found[0].field.as_str(), &found[0].allowed), ("maxCredits", &vec!["70".to_owned()]));
    order.max_credits = Some(Credits(70));
    assert_eq!(live_key(&order).unwrap().cost, Credits(70));

    let mut open = media(Kind::Video, &[]);
    open.max_credits = Some(Credits(21));
    assert!(live_key(&open).unwrap().cost <= Credits(21));
    open.max_credits = Some(Credits(1));
    assert_eq!(fields(live_key(&open)), ["maxCredits"]);
}

#[test]
fn another_choice_avoids_who_failed_and_costs_no_more() {
    let order = order(Kind::Video, "kling", &[("duration", number(5.0))]);
    let all = everybody();
    let world = World { mode: Mode::Live, live_vendors: &all, latency_scale: 1.0, knowledge: None };
    let first = Catalogue::built_in().choose(&order, &world).unwrap();
    let other =
        Catalogue::built_in().choose_other(&order, &world, &vendors(&["kling"]), Credits(30)).unwrap();
    assert!(other.vendor != first.vendor && other.cost <= Credits(30));
    assert!(other.candidates.iter().filter(|each| each.score.is_some()).all(|each| each.provider != "kling"));
}

#[test]
fn strange_scales_do_not_matter() {
    let order = Order::of(Kind::Image, "a fox");
    for (scale, seconds) in [(1.0, 5.0), (2.0, 10.0), (f64::NAN, 5.0), (-1.0, 0.005), (f64::INFINITY, 5.0)] {
        let world =
            World { mode: Mode::Live, live_vendors: &everybody(), latency_scale: scale, knowledge: None };
        assert_eq!(Catalogue::built_in().choose(&order, &world).unwrap().median.as_secs_f64(), seconds);
    }
}
