//! What becomes of wishes, and what is wrong with orders.

use super::*;
use jobs::Credits;

#[test]
fn wishes_meet_limits() {
    type Case<'a> = (Kind, &'a str, &'a [(&'a str, Value)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (Kind::Video, "kling", &[("duration", number(7.0))], &["duration: 7 -> 5"]),
        (Kind::Video, "kling", &[("duration", number(30.0))], &["duration: 30 -> 10"]),
        (Kind::Video, "kling", &[("duration", text("10"))], &[]),
        (Kind::Video, "kling", &[("duration", text("5s"))], &[]),
        (Kind::Video, "kling", &[("resolution", text("1080P"))], &[]),
        (Kind::Video, "kling", &[("resolution", text("4k"))], &["resolution: 4k -> 1080p"]),
        (
            Kind::Video,
            "kling",
            &[("resolution", text("1080p")), ("mode", text("std"))],
            &["resolution: 1080p -> 720p"],
        ),
        (Kind::Video, "kling", &[("mode", text("professional"))], &["mode: professional -> pro"]),
        (Kind::Video, "kling", &[("mode", text("turbo"))], &["mode: turbo -> std"]),
        (Kind::Video, "kling", &[("seed", number(7.0))], &["seed: 7 -> -"]),
        (Kind::Video, "kling", &[("sound", Value::Flag(false))], &[]),
        (Kind::Video, "kling", &[("sound", Value::Flag(true))], &["sound: true -> false"]),
        (Kind::Video, "kling", &[("aspectRatio", text("21:9"))], &["aspectRatio: 21:9 -> 16:9"]),
        (Kind::Video, "kling", &[("aspectRatio", text("1920x1080"))], &[]),
        (Kind::Video, "kling", &[("fps", number(60.0))], &["fps: 60 -> -"]),
        (Kind::Video, "luma", &[("duration", number(10.0))], &["duration: 10 -> 9"]),
        (Kind::Video, "wan", &[("resolution", text("720p"))], &["resolution: 720p -> 480p"]),
        (Kind::Video, "runway", &[("aspectRatio", text("1:1"))], &["aspectRatio: 1:1 -> 16:9"]),
        (Kind::Video, "veo", &[("sound", Value::Flag(true))], &[]),
        (Kind::Image, "flux-dev", &[("width", number(1000.0))], &["width: 1000 -> 992"]),
        (
            Kind::Image,
            "flux-dev",
            &[("width", number(512.0)), ("aspectRatio", text("1:1"))],
            &["aspectRatio: 1:1 -> -"],
        ),
        (Kind::Image, "flux-dev", &[("count", number(1.0))], &[]),
        (Kind::Image, "flux-dev", &[("count", number(4.0))], &["count: 4 -> 1"]),
        (Kind::Image, "flux-fal", &[("count", number(4.0))], &[]),
        (Kind::Image, "flux-ultra", &[("quality", text("draft"))], &["quality: draft -> ultra"]),
        (
            Kind::Image,
            "flux-ultra",
            &[("seed", number(9_007_199_254_740_991.0))],
            &["seed: 9007199254740991 -> 4294967295"],
        ),
        (Kind::Image, "flux-ultra", &[("format", text("JPG"))], &["format: JPG -> jpeg"]),
        (
            Kind::Image,
            "flux-dev",
            &[("cfgScale", number(9.0)), ("steps", number(80.0)), ("promptOptimizer", Value::Flag(true))],
            &["cfgScale: 9 -> 5", "steps: 80 -> 50"],
        ),
        (Kind::Image, "flux-pro", &[("steps", number(20.0))], &["steps: 20 -> -"]),
        (Kind::Image, "flux-2", &[("width", number(2048.0))], &["width: 2048 -> 1984"]),
        (Kind::Audio, "elevenlabs", &[("styleExaggeration", number(0.4))], &[]),
        (
            Kind::Avatar,
            "heygen",
            &[("avatarId", text("kate")), ("background", text("#fff")), ("format", text("webm"))],
            &["format: webm -> mp4"],
        ),
        (Kind::Avatar, "heygen", &[("avatarId", text("kate")), ("format", text("webm"))], &[]),
        (Kind::Audio, "elevenlabs", &[("speed", number(3.0))], &["speed: 3 -> 1.2"]),
        (Kind::Audio, "elevenlabs", &[("style", text("cinematic"))], &["style: cinematic -> -"]),
        (Kind::Audio, "google-tts", &[("emotion", text("sad"))], &["emotion: sad -> -"]),
    ];
    for (kind, provider, options, expected) in cases {
        let order = order(*kind, provider, options);
        let plan = if *provider == "flux-2" { test_key(&order) } else { live_key(&order) }.unwrap();
        assert_eq!(changes(&plan), *expected, "{provider} {options:?}");
        assert!(plan.adjustments.iter().all(|each| !each.reason.is_empty()), "{:?}", plan.adjustments);
    }
}

#[test]
fn a_clip_from_a_picture_has_the_pictures_shape() {
    let mut order = order(Kind::Video, "kling", &[("aspectRatio", text("1:1"))]);
    order.input.image = Some("https://example.com/a".into());
    let plan = live_key(&order).unwrap();
    assert_eq!(
        (plan.options.get("aspectRatio"), changes(&plan)),
        (None, vec!["aspectRatio: 1:1 -> -".to_owned()])
    );
}

#[test]
fn reasons_are_sentences() {
    for (kind, provider, name, value, reason) in [
        (Kind::Video, "kling", "duration", number(7.0), "kling-v2.5-turbo takes 5 or 10"),
        (Kind::Video, "runway", "duration", number(60.0), "gen4.5 takes 2 to 10"),
        (Kind::Video, "kling", "mode", text("standard"), "kling-v2.5-turbo calls it std"),
        (Kind::Video, "kling", "resolution", text("4k"), "kling-v2.5-turbo takes 720p or 1080p"),
        (Kind::Image, "flux-dev", "width", number(1000.0), "flux-dev takes 256 to 1440 in steps of 32"),
        (Kind::Video, "kling", "seed", number(1.0), "kling-v2.5-turbo has no such setting"),
    ] {
        let plan = live_key(&order(kind, provider, &[(name, value)])).unwrap();
        assert_eq!(plan.adjustments[0].reason, reason);
    }
}

#[test]
fn the_smallest_change_avoids_a_forbidden_combination() {
    let sound = |extra: &[(&str, Value)]| {
        let mut order = order(Kind::Video, "kling", extra);
        order.model = Some("kling-v2.6".into());
        order.options.set("sound", Value::Flag(true));
        live_key(&order).unwrap()
    };
    // Nobody asked for a mode, so it gives way without a word.
    let plan = sound(&[]);
    assert_eq!((plan.options.text("mode"), changes(&plan)), (Some("pro"), Vec::new()));
    // Sound matters more than the mode.
    let plan = sound(&[("mode", text("std"))]);
    assert_eq!(changes(&plan), ["mode: std -> pro"]);
    assert_eq!(plan.adjustments[0].reason, "sound needs pro mode");
    // Lines stand for the mode, and are what is told.
    let plan = sound(&[("resolution", text("720p"))]);
    assert!(changes(&plan).contains(&"resolution: 720p -> 1080p".to_owned()), "{:?}", changes(&plan));

    let mut ends = order(Kind::Video, "kling", &[("sound", Value::Flag(true))]);
    ends.model = Some("kling-v2.6".into());
    ends.input.image = Some("https://example.com/a".into());
    ends.input.last_image = Some("https://example.com/b".into());
    let plan = live_key(&ends).unwrap();
    assert_eq!(
        (plan.options.text("mode"), changes(&plan)),
        (Some("pro"), vec!["sound: true -> false".to_owned()])
    );

    // A cheaper size exists for one picture only; when cost matters most it is not forced on a text.
    let mut cheap = order(Kind::Video, "minimax", &[]);
    cheap.priority = Some(jobs::Priority::Cost);
    let plan = live_key(&cheap).unwrap();
    assert_eq!((plan.options.text("resolution"), changes(&plan)), (Some("768p"), Vec::new()));
    cheap.input.image = Some("https://example.com/a".into());
    assert_eq!(live_key(&cheap).unwrap().cost, Credits(10));
}

#[test]
fn wishes_become_part_of_the_prompt() {
    let all = [
        ("style", text("film noir")),
        ("negativePrompt", text("rain")),
        ("emotion", text("gloomy")),
        ("background", text("harbour")),
        ("gesture", text("slow")),
        ("motionIntensity", text("low")),
    ];
    let plan = live_key(&order(Kind::Image, "flux-dev", &all)).unwrap();
    let prompt = "a fox crosses a bridge, harbour background, gloomy mood, slow gestures, low motion intensity, \
                  film noir style. Avoid: rain";
    assert_eq!(plan.prompt.as_deref(), Some(prompt));
    assert_eq!(plan.adjustments.len(), 6);
    assert!(
        plan.adjustments
            .iter()
            .all(|each| each.used.is_none() && each.reason == "it became part of the prompt")
    );

    let mut ended = order(Kind::Image, "flux-dev", &all[..1]);
    ended.input.text = Some("A fox. ".into());
    assert_eq!(live_key(&ended).unwrap().prompt.as_deref(), Some("A fox, film noir style"));

    let mut mute = order(Kind::Video, "kling", &all[..1]);
    mute.input.text = None;
    mute.input.image = Some("https://example.com/a".into());
    assert_eq!(live_key(&mute).unwrap().prompt.as_deref(), Some("film noir style"));

    let mut full = order(Kind::Video, "kling", &all[..1]);
    full.input.text = Some("a".repeat(2_490));
    let plan = live_key(&full).unwrap();
    assert_eq!(
        (plan.prompt.as_ref().unwrap().len(), plan.adjustments[0].reason.as_str()),
        (2_490, "the prompt has no room for it")
    );

    // A model with styles of its own takes those, and is told the others.
    let core = |style: &str| {
        let mut order = order(Kind::Image, "stable-diffusion", &[("style", text(style))]);
        order.model = Some("stable-image-core".into());
        live_key(&order).unwrap()
    };
    assert_eq!(
        (core("Cinematic").options.text("style"), core("Cinematic").adjustments.len()),
        (Some("cinematic"), 0)
    );
    assert_eq!(core("baroque").prompt.as_deref(), Some("a fox crosses a bridge, baroque style"));
}

#[test]
fn a_wish_that_becomes_the_only_words_makes_another_kind_of_order() {
    let url = || "https://example.com/r".to_owned();
    // Without words vidu makes its clip from the picture; with words the picture is a reference.
    let mut order = order(Kind::Video, "vidu", &[("background", text("harbour"))]);
    (order.input.text, order.input.images) = (None, vec![url()]);
    let plan = live_key(&order).unwrap();
    assert_eq!(
        (plan.model.as_str(), plan.prompt.as_deref(), plan.options.text("aspectRatio")),
        ("vidu-q2-pro", Some("harbour background"), Some("16:9"))
    );
    order.model = Some(plan.model.clone());
    (order.options, order.input.text) = (plan.options.clone(), plan.prompt.clone());
    let again = live_key(&order).unwrap();
    assert_eq!((again.options, again.adjustments, again.cost), (plan.options, vec![], plan.cost));

    // Beside a recording no words are taken, so the wish has no place.
    let mut mute =
        super::order(Kind::Avatar, "heygen", &[("style", text("noir")), ("avatarId", text("kate"))]);
    (mute.input.text, mute.input.audio) = (None, Some(url()));
    let plan = live_key(&mute).unwrap();
    assert_eq!((plan.prompt.as_deref(), changes(&plan)), (None, vec!["style: noir -> -".to_owned()]));
    assert_eq!(plan.adjustments[0].reason, "there is no text that it could be a part of");
    mute.strict = true;
    assert_eq!(fields(live_key(&mute)), ["options.style"]);
}

#[test]
fn nonsense_is_a_problem_whatever_the_model() {
    let cases: &[(&str, Value)] = &[
        ("duration", number(0.0)),
        ("duration", number(-5.0)),
        ("duration", number(7.5)),
        ("duration", text("abc")),
        ("duration", text("inf")),
        ("duration", Value::Flag(true)),
        ("duration", Value::Decimal(f64::NAN)),
        ("seed", number(-1.0)),
        ("seed", Value::Whole(i64::MAX)),
        ("aspectRatio", text("  ")),
        ("style", Value::Flag(true)),
        ("voice", number(1.0)),
        ("sound", text("loud")),
        ("speed", number(0.0)),
        ("negativePrompt", text(&"a".repeat(5_001))),
        ("nonsense", number(1.0)),
        ("model", number(1.0)),
    ];
    for (name, value) in cases {
        for provider in ["kling", ""] {
            let found = fields(live_key(&order(Kind::Video, provider, &[(name, value.clone())])));
            assert_eq!(found, [format!("options.{name}")], "{name}: {value:?}");
        }
    }
    let found = problems(live_key(&order(
        Kind::Video,
        "",
        &[("aspectratio", text("1:1")), ("duratoin", number(5.0))],
    )));
    assert_eq!(
        found.iter().map(|each| each.allowed[0].as_str()).collect::<Vec<_>>(),
        ["aspectRatio", "duration"]
    );
}

#[test]
fn every_problem_is_told_at_once() {
    let mut order = order(Kind::Video, "klingg", &[("duration", number(0.0)), ("sed", number(1.0))]);
    order.input.text = Some("  ".into());
    order.input.voice = Some(String::new());
    assert_eq!(
        fields(live_key(&order)),
        ["input.text", "provider", "options.duration", "options.sed", "input.voice"]
    );
}

#[test]
fn inputs_are_checked() {
    let url = || Some("https://example.com/a".to_owned());
    type Edit = fn(&mut Order, Option<String>);
    let cases: &[(Kind, &str, Edit, &str)] = &[
        (Kind::Video, "kling", |order, _| order.input.text = None, "input"),
        (Kind::Video, "kling", |order, _| order.input.text = Some(" \n".into()), "input.text"),
        (Kind::Video, "kling", |order, _| order.input.text = Some("a".repeat(2_501)), "input.text"),
        (Kind::Video, "kling", |order, url| order.input.video = url, "input.video"),
        (Kind::Video, "kling", |order, url| order.input.last_image = url, "input.image"),
        (Kind::Video, "kling", |order, _| order.input.images = vec!["a".into(), "b".into()], "input.images"),
        (Kind::Video, "", |order, _| order.input.images = vec!["a".into(); 21], "input.images"),
        (Kind::Video, "kling", |order, _| order.input.image = Some(String::new()), "input.image"),
        (Kind::Image, "flux-pro", |order, url| order.input.image = url, "input.image"),
        (Kind::Image, "flux-kontext", |order, _| order.input.images = vec!["a".into(); 5], "input.images"),
        (
            Kind::Audio,
            "elevenlabs",
            |order, url| {
                order.input.text = None;
                order.input.image = url
            },
            "input.image",
        ),
        (Kind::Audio, "google-tts", |order, _| order.input.text = Some("ж".repeat(10_001)), "input.text"),
        (Kind::Avatar, "heygen", |_, _| (), "options.avatarId"),
        (Kind::Avatar, "hedra", |_, _| (), "input.image"),
        (Kind::Avatar, "sync", |order, url| order.input.audio = url, "input.video"),
    ];
    for (kind, provider, edit, field) in cases {
        let mut order = order(*kind, provider, &[]);
        edit(&mut order, url());
        let found = fields(live_key(&order));
        assert!(found.contains(&(*field).to_owned()), "{provider}: {found:?} instead of {field}");
    }
    // A long text goes to a model that takes it.
    let mut long = order(Kind::Audio, "elevenlabs", &[]);
    long.input.text = Some("a".repeat(20_000));
    let plan = live_key(&long).unwrap();
    assert_eq!((plan.model.as_str(), plan.cost), ("flash-v2.5", Credits(80)));
    // One reference is a picture, and a picture one reference.
    let mut one = order(Kind::Video, "kling", &[]);
    one.input.images = vec!["https://example.com/a".into()];
    assert_eq!(live_key(&one).unwrap().median.as_secs(), 120);
    let mut one = order(Kind::Video, "vidu", &[]);
    (one.model, one.input.image) = (Some("vidu-q2".into()), url());
    assert_eq!(live_key(&one).unwrap().model, "vidu-q2");
}

#[test]
fn a_tag_within_the_text_counts() {
    let speak = |length: usize, emotion: Option<&str>| {
        let mut order = order(Kind::Audio, "elevenlabs", &[]);
        order.model = Some("v3".into());
        order.input.text = Some("a".repeat(length));
        if let Some(emotion) = emotion {
            order.options.set("emotion", text(emotion));
        }
        live_key(&order)
    };
    // 1,000 characters cost 8 credits exactly; "[excited] " is ten more.
    assert_eq!(speak(1_000, None).unwrap().cost, Credits(8));
    assert_eq!(speak(1_000, Some("excited")).unwrap().cost, Credits(9));
    assert_eq!(speak(990, Some("excited")).unwrap().cost, Credits(8));
    assert!(speak(5_000, None).is_ok() && speak(4_990, Some("excited")).is_ok());
    assert_eq!(fields(speak(4_991, Some("excited"))), ["input.text"]);
}

#[test]
fn strict_callers_get_what_they_ask_for_or_nothing() {
    let strict = |kind, provider: &str, options: &[(&str, Value)]| {
        let mut order = order(kind, provider, options);
        order.strict = true;
        live_key(&order)
    };
    let wrong = [("duration", number(7.0)), ("style", text("cinematic")), ("seed", number(1.0))];
    let found = problems(strict(Kind::Video, "kling", &wrong));
    let names: Vec<&str> = found.iter().map(|each| each.field.as_str()).collect();
    assert_eq!(names, ["options.duration", "options.seed", "options.style"]);
    assert_eq!(found[0].allowed, ["5", "10"]);
    assert!(strict(Kind::Video, "kling", &[("duration", number(10.0)), ("mode", text("pro"))]).is_ok());
    // As usual is as usual.
    assert!(
        strict(Kind::Audio, "elevenlabs", &[("emotion", text("excited")), ("speed", number(1.0))]).is_ok()
    );
    // Where the choice is ours, whoever can do all of it is chosen.
    let plan = strict(Kind::Video, "", &[("duration", number(7.0)), ("seed", number(1.0))]).unwrap();
    assert_eq!((plan.options.whole("duration"), plan.adjustments), (Some(7), Vec::new()));
    assert!(strict(Kind::Video, "", &[("duration", number(3_000.0))]).is_err());
}

#[test]
fn who_can_make_it_least_is_told_of_everybody() {
    let refused = |order: &Order| match live_key(order) {
        Err(Refusal::Invalid { problems, candidates }) => (problems, candidates),
        other => panic!("not invalid: {other:?}"),
    };
    // Nobody makes a quarter of an hour of exactly this.
    let mut order = order(Kind::Video, "", &[("duration", number(900.0)), ("seed", number(1.0))]);
    order.strict = true;
    let (found, candidates) = refused(&order);
    assert!(!found.is_empty() && found.iter().all(|each| each.field.starts_with("options.")), "{found:?}");
    let offered =
        Catalogue::built_in().rows(Kind::Video).filter(|row| row.state == crate::row::State::On).count();
    assert_eq!(candidates.len(), offered);
    let because = |model: &str| {
        let candidate = candidates.iter().find(|each| each.model == model).unwrap();
        (candidate.provider.as_str(), candidate.score, candidate.excluded_because.as_deref().unwrap())
    };
    assert_eq!(because("kling-v3"), ("kling", None, "kling-v3 takes 3 to 15; kling-v3 has no such setting"));
    assert_eq!(because("gen4-turbo"), ("runway", None, "gen4-turbo needs a picture to start from"));
    assert_eq!(because("vidu-q2"), ("vidu", None, "its price is not confirmed"));
    // The models of a provider that was named.
    order.strict = false;
    (order.provider, order.input.video) =
        (Some("kling".to_owned()), Some("https://example.com/v".to_owned()));
    let (found, candidates) = refused(&order);
    assert_eq!(found[0].field, "input.video");
    let models: Vec<&str> = candidates.iter().map(|each| each.model.as_str()).collect();
    assert_eq!(models, ["kling-v2.5-turbo", "kling-v3", "kling-v2.6"]);
    assert!(
        candidates
            .iter()
            .all(|each| each.excluded_because.as_deref().is_some_and(|why| why.contains("takes no clip")))
    );
}

#[test]
fn prices() {
    type Case<'a> = (Kind, &'a str, &'a str, &'a [(&'a str, Value)], u64);
    let cases: &[Case<'_>] = &[
        (Kind::Video, "kling", "", &[], 21),
        (Kind::Video, "kling", "kling-v3", &[("mode", text("4k")), ("duration", number(15.0))], 630),
        (Kind::Video, "kling", "kling-v3", &[("sound", Value::Flag(true)), ("duration", number(3.0))], 38),
        (Kind::Video, "minimax", "", &[("resolution", text("1080p"))], 49),
        (Kind::Video, "seedance", "seedance-1-pro", &[("resolution", text("1080p"))], 62),
        (Kind::Video, "seedance", "", &[], 27),
        (Kind::Video, "seedance", "", &[("sound", Value::Flag(false))], 14),
        (Kind::Video, "vidu", "vidu-q1", &[], 40),
        (Kind::Image, "flux-dev", "", &[], 3),
        (Kind::Image, "flux-ultra", "", &[], 6),
        (Kind::Image, "flux-fal", "draft", &[("count", number(4.0))], 2),
        (Kind::Image, "flux-fal", "high", &[("width", number(1536.0)), ("height", number(1536.0))], 12),
        (Kind::Image, "stable-diffusion", "", &[], 7),
        (Kind::Audio, "google-tts", "", &[], 1),
        (Kind::Avatar, "heygen", "", &[("avatarId", text("kate"))], 14),
    ];
    for (kind, provider, model, options, credits) in cases {
        let mut order = order(*kind, provider, options);
        order.model = (!model.is_empty()).then(|| (*model).to_owned());
        assert_eq!(live_key(&order).unwrap().cost, Credits(*credits), "{provider} {model} {options:?}");
    }
    // Pictures that are given cost extra with some.
    let mut flux = order(Kind::Image, "flux-2", &[]);
    let cost = |order: &Order| test_key(order).unwrap().cost;
    assert_eq!(cost(&flux), Credits(3));
    flux.input.images = vec!["https://example.com/a".into(); 2];
    assert_eq!(cost(&flux), Credits(6));
}
