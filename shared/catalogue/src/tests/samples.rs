//! The requests that are printed on the product's page, as its readers send them.

use super::*;
use jobs::{CancelKind, Credits, Priority};

const MOUNTAIN: &str = "A serene mountain landscape at sunset";

fn with_text(mut order: Order, text: &str) -> Order {
    order.input.text = Some(text.to_owned());
    order
}

fn minimax() -> Order {
    let options = [("duration", number(10.0)), ("resolution", text("1080p")), ("style", text("cinematic"))];
    with_text(order(Kind::Video, "minimax", &options), MOUNTAIN)
}

fn kling() -> Order {
    let options = [("mode", text("pro")), ("duration", number(10.0)), ("aspectRatio", text("16:9"))];
    with_text(order(Kind::Video, "kling", &options), "Epic space battle scene")
}

fn flux() -> Order {
    let options = [("aspectRatio", text("16:9")), ("quality", text("ultra")), ("seed", number(42.0))];
    order(Kind::Image, "flux-ultra", &options)
}

fn elevenlabs() -> Order {
    let options = [("voice", text("rachel")), ("emotion", text("excited")), ("speed", number(1.0))];
    with_text(order(Kind::Audio, "elevenlabs", &options), "Welcome to the future of artificial intelligence")
}

#[test]
fn minimax_keeps_the_length_and_gives_up_lines() {
    let plan = test_key(&minimax()).unwrap();
    assert_eq!((plan.provider.as_str(), plan.model.as_str()), ("minimax", "hailuo-02"));
    assert_eq!(changes(&plan), ["resolution: 1080p -> 768p", "style: cinematic -> -"]);
    assert_eq!(plan.options.whole("duration"), Some(10));
    assert_eq!(plan.prompt.as_deref(), Some("A serene mountain landscape at sunset, cinematic style"));
    assert_eq!(plan.cost, Credits(56));
}

#[test]
fn kling_pro_for_ten_seconds() {
    let plan = test_key(&kling()).unwrap();
    assert_eq!((plan.model.as_str(), plan.cost), ("kling-v2.5-turbo", Credits(70)));
    assert_eq!(changes(&plan), Vec::<String>::new());
    let option = |name: &str| plan.options.get(name).map(Value::to_string);
    assert_eq!(option("duration").as_deref(), Some("10"));
    assert_eq!(option("mode").as_deref(), Some("pro"));
    assert_eq!(option("aspectRatio").as_deref(), Some("16:9"));
    assert_eq!(option("resolution").as_deref(), Some("1080p"));
}

#[test]
fn runway_answers_gen_3_with_its_successor() {
    let mut order =
        order(Kind::Video, "runway", &[("motionIntensity", text("high")), ("model", text("gen-3"))]);
    order.input.text = Some("Make the character dance".into());
    order.input.image = Some("https://example.com/character.jpg".into());
    let plan = test_key(&order).unwrap();
    assert_eq!((plan.model.as_str(), plan.cost), ("gen4-turbo", Credits(25)));
    assert_eq!(changes(&plan), ["model: gen-3 -> gen4-turbo", "motionIntensity: high -> -"]);
    assert_eq!(plan.prompt.as_deref(), Some("Make the character dance, high motion intensity"));
}

#[test]
fn flux_ultra_is_ultra() {
    for order in [flux(), {
        let mut order = flux();
        order.options.0.remove("seed");
        order
    }] {
        let plan = test_key(&order).unwrap();
        assert_eq!((plan.model.as_str(), plan.cost), ("flux-pro-1.1-ultra", Credits(6)));
        assert_eq!(changes(&plan), Vec::<String>::new());
        assert_eq!(plan.options.text("aspectRatio"), Some("16:9"));
        assert_eq!(plan.options.whole("seed"), order.options.whole("seed"));
        assert_eq!(plan.options.get("quality"), None);
    }
}

#[test]
fn an_emotion_chooses_the_expressive_voice() {
    let plan = test_key(&elevenlabs()).unwrap();
    assert_eq!((plan.model.as_str(), plan.vendor_model.as_str()), ("v3", "eleven_v3"));
    assert_eq!(changes(&plan), ["speed: 1 -> -"]);
    assert_eq!((plan.options.text("voice"), plan.options.text("emotion")), (Some("rachel"), Some("excited")));
    assert_eq!(plan.prompt.as_deref(), Some("Welcome to the future of artificial intelligence"));

    let mut faster = elevenlabs();
    faster.options.set("speed", number(1.1));
    let plan = test_key(&faster).unwrap();
    assert_eq!((plan.model.as_str(), plan.options.number("speed")), ("multilingual-v2", Some(1.1)));
    assert_eq!(plan.options.text("emotion"), Some("excited"));
    assert_eq!(changes(&plan), Vec::<String>::new());
}

#[test]
fn heygen_takes_plain_names() {
    let options =
        [("avatarId", text("kate")), ("background", text("modern_office")), ("gesture", text("friendly"))];
    let mut order = with_text(order(Kind::Avatar, "heygen", &options), "Hello, I'm your AI assistant");
    order.input.voice = Some("professional_female".into());
    let plan = test_key(&order).unwrap();
    assert_eq!((plan.model.as_str(), plan.provider.as_str()), ("avatar-iv", "heygen"));
    // The vendor is asked for the names of avatars and voices; backgrounds have none there. Whether the avatar can move as
    // wished only the vendor knows.
    assert_eq!(changes(&plan), ["background: modern_office -> -", "gesture: friendly -> friendly"]);
    for (name, value) in [
        ("avatarId", Some("kate")),
        ("background", None),
        ("gesture", Some("friendly")),
        ("voice", Some("professional_female")),
    ] {
        assert_eq!(plan.options.text(name), value);
    }
    assert_eq!(plan.prompt.as_deref(), Some("Hello, I'm your AI assistant"));
    assert!(
        plan.adjustments[0].reason.starts_with("avatar-iv takes a colour such as #1E90FF, or the address of")
    );
    // The person in a picture moves as wished.
    order.input.image = Some("https://example.com/a".into());
    assert_eq!(changes(&test_key(&order).unwrap())[1..], ["background: modern_office -> -"]);
}

#[test]
fn the_shorter_dialect_names_luma_as_a_model() {
    let mut order = order(Kind::Video, "", &[("duration", number(9.0))]);
    order.model = Some("luma".into());
    let plan = test_key(&order).unwrap();
    assert_eq!((plan.provider.as_str(), plan.model.as_str()), ("luma", "ray-2"));
    assert_eq!((plan.options.whole("duration"), changes(&plan)), (Some(9), Vec::new()));
}

#[test]
fn a_test_key_is_answered_by_the_simulator() {
    let plan = test_key(&kling()).unwrap();
    assert_eq!((plan.vendor.as_str(), plan.vendor_model.as_str()), ("simulator", "kling-v2-5-turbo"));
    assert_eq!(plan.cancel, CancelKind::Anytime);
    assert_eq!(
        [plan.median, plan.poll_floor, plan.deadline, plan.submit_timeout].map(|span| span.as_secs()),
        [3, 1, 120, 10]
    );
}

#[test]
fn choices_that_are_ours_suit_what_was_asked_for() {
    let mut tokyo = order(
        Kind::Video,
        "",
        &[("duration", number(10.0)), ("resolution", text("1080p")), ("style", text("cinematic"))],
    );
    let plan = test_key(&tokyo).unwrap();
    assert_eq!((plan.options.whole("duration"), plan.options.text("resolution")), (Some(10), Some("1080p")));
    assert_eq!(changes(&plan), ["style: cinematic -> -"]);
    assert!(plan.candidates.len() > 15);
    tokyo.options.0.remove("style");
    assert_eq!(changes(&test_key(&tokyo).unwrap()), Vec::<String>::new());

    for (kind, model) in [(Kind::Video, "kling-v3"), (Kind::Image, "flux-pro-1.1-ultra")] {
        let mut best = Order::of(kind, "Epic dragon battle");
        best.priority = Some(Priority::Quality);
        assert_eq!(test_key(&best).unwrap().model, model);
    }
}

#[test]
fn three_live_vendors_serve_their_own_and_every_choice_that_is_ours() {
    let three = vendors(&["kling", "bfl", "elevenlabs"]);
    for (order, vendor) in [
        (kling(), "kling"),
        (flux(), "bfl"),
        (elevenlabs(), "elevenlabs"),
        (Order::of(Kind::Video, "a fox"), "kling"),
        (Order::of(Kind::Image, "a fox"), "bfl"),
        (Order::of(Kind::Audio, "a fox"), "elevenlabs"),
    ] {
        let live = choose(&order, Mode::Live, &three).unwrap();
        assert_eq!(live.vendor, vendor);
        // A test key rehearses exactly that.
        let test = choose(&order, Mode::Test, &three).unwrap();
        assert_eq!((test.model, test.options, test.cost), (live.model, live.options, live.cost));
    }
    let Err(Refusal::Unavailable { provider, alternatives, .. }) = choose(&minimax(), Mode::Live, &three)
    else {
        panic!("minimax has no adapter")
    };
    assert_eq!((provider.as_deref(), alternatives), (Some("minimax"), vec!["kling".to_owned()]));
    let mut open = minimax();
    open.fallback = Some(true);
    let plan = choose(&open, Mode::Live, &three).unwrap();
    assert_eq!((plan.provider.as_str(), plan.adjustments[0].option.as_str()), ("kling", "provider"));

    let avatar = order(Kind::Avatar, "", &[("avatarId", text("kate"))]);
    let nobody = choose(&avatar, Mode::Live, &three).unwrap_err();
    assert_eq!(nobody, Refusal::Unavailable { provider: None, alternatives: vec![], retry_after: None });
    assert_eq!(choose(&avatar, Mode::Test, &three).unwrap().provider, "heygen");
}
