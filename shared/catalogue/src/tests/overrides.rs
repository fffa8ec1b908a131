//! What an operator changes, and what is wrong with files.

use super::*;
use crate::{MOST_BYTES, Overrides};
use jobs::{Credits, Priority};
use proptest::prelude::*;

/// The built-in catalogue with a file, or what is wrong with it.
fn changed(file: &str) -> Result<Catalogue, String> {
    Catalogue::changed_by(file.as_bytes()).map_err(|fault| fault.to_string())
}

/// Chooses from a catalogue, all vendors being there.
fn choose_from(catalogue: &Catalogue, order: &Order, mode: Mode) -> Result<Plan, Refusal> {
    catalogue.choose(order, &World { mode, live_vendors: &everybody(), latency_scale: 1.0, knowledge: None })
}

#[test]
fn an_empty_file_changes_nothing() {
    for file in ["", "# nothing yet\n", "[model]\n[provider]\n"] {
        let catalogue = changed(file).unwrap();
        let order = order(Kind::Video, "kling", &[]);
        assert_eq!(choose_from(&catalogue, &order, Mode::Live), live_key(&order));
        assert_eq!(format!("{:?}", catalogue.book.rows), format!("{:?}", Catalogue::built_in().book.rows));
    }
}

#[test]
fn a_model_is_switched_off_and_on() {
    let catalogue = changed(
        "[model.\"kling/kling-v2.5-turbo\"]\nstate = \"off\"\n[model.\"kling/kling-v1.6\"]\nstate = \"on\"\n\
         [model.\"runway/gen4-turbo\"]\nstate = \"gone\"\nsuccessor = \"gen4.5\"\n",
    )
    .unwrap();
    // Not by its name, not with a test key, not by a switch of the deployment; its provider has others.
    let mut named = order(Kind::Video, "kling", &[]);
    named.model = Some("kling-v2.5-turbo".into());
    for mode in [Mode::Live, Mode::Test] {
        assert!(matches!(choose_from(&catalogue, &named, mode), Err(Refusal::Unavailable { .. })));
    }
    let switched = vendors(&["kling", "kling/kling-v2.5-turbo"]);
    let world = World { mode: Mode::Live, live_vendors: &switched, latency_scale: 1.0, knowledge: None };
    assert!(matches!(catalogue.choose(&named, &world), Err(Refusal::Unavailable { .. })));
    let kling = order(Kind::Video, "kling", &[]);
    assert_eq!(choose_from(&catalogue, &kling, Mode::Live).unwrap().model, "kling-v3");
    named.model = Some("kling-v1.6".into());
    assert_eq!(choose_from(&catalogue, &named, Mode::Live).unwrap().model, "kling-v1.6");
    // Whoever is off comes first nowhere.
    let mut ours = order(Kind::Video, "", &[]);
    let plan = choose_from(&catalogue, &ours, Mode::Live).unwrap();
    assert!(plan.candidates.iter().all(|each| each.model != "kling-v2.5-turbo"), "{:?}", plan.candidates);
    // A closed model names its successor.
    (ours.provider, ours.model) = (Some("runway".into()), Some("gen4-turbo".into()));
    ours.input.image = Some("https://example.com/a".into());
    let plan = choose_from(&catalogue, &ours, Mode::Live).unwrap();
    assert_eq!(
        (plan.model.as_str(), changes(&plan)),
        ("gen4.5", vec!["model: gen4-turbo -> gen4.5".to_owned()])
    );
    // The cards say the same, and a provider without any model that is on is still shown.
    let all = everybody();
    let world = World { mode: Mode::Live, live_vendors: &all, latency_scale: 1.0, knowledge: None };
    let card = catalogue.provider_card("kling", &world).unwrap();
    let model = |name: &str| card.models.iter().find(|model| model.name == name).unwrap().available;
    assert_eq!((model("kling-v2.5-turbo"), model("kling-v1.6"), card.available), (false, true, true));
    let catalogue = changed("[model.\"flux-ultra/flux-pro-1.1-ultra\"]\nstate = \"off\"\n").unwrap();
    assert!(!catalogue.provider_card("flux-ultra", &world).unwrap().available);
}

#[test]
fn prices_ranks_times_and_names_are_changed() {
    let catalogue = changed(
        r#"
        [vendor.bfl]
        max_in_flight = 24
        [provider.vidu]
        aliases = ["shop"]
        [model."vidu/vidu-q2"]
        price = { sure = "D", per = "second", rules = [{ when = { resolution = ["1080p"] }, usd = "0.30" }, { usd = "0.07" }] }
        quality = 5
        speed = 5
        median = 40
        medians = { references = 55 }
        aliases = ["Product Shots"]
        [[preferred]]
        type = "VIDEO"
        shape = "references"
        quality = ["vidu-q2"]
        speed = ["vidu-q2"]
        cost = ["vidu-q2"]
        "#,
    )
    .unwrap();
    assert_eq!((catalogue.max_in_flight("bfl"), catalogue.max_in_flight("kling")), (Some(24), None));
    let shop = order(Kind::Video, "SHOP", &[]);
    let plan = choose_from(&catalogue, &shop, Mode::Live).unwrap();
    assert_eq!((plan.model.as_str(), plan.cost, plan.median.as_secs()), ("vidu-q2", Credits(35), 40));
    let mut by_name = order(Kind::Video, "", &[("resolution", text("1080p"))]);
    by_name.model = Some("product-shots".into());
    assert_eq!(choose_from(&catalogue, &by_name, Mode::Live).unwrap().cost, Credits(150));
    // Its price being known, it is chosen, and comes first where it is preferred.
    let mut ours = order(Kind::Video, "", &[]);
    ours.input.images = vec!["https://example.com/a".into(); 3];
    ours.priority = Some(Priority::Quality);
    let plan = choose_from(&catalogue, &ours, Mode::Live).unwrap();
    assert_eq!((plan.model.as_str(), plan.median.as_secs()), ("vidu-q2", 55));
    assert_ne!(live_key(&ours).unwrap().model, "vidu-q2", "the built-in catalogue is as it was");
}

#[test]
fn bad_files_name_the_line_and_the_entry() {
    let kling = "\n\n[model.\"kling/kling-v3\"]\n";
    let price =
        |rules: &str| format!("{kling}price = {{ sure = \"D\", per = \"second\", rules = [{rules}] }}");
    let cases: Vec<(String, &str)> = vec![
        ("[model".into(), "line 1: "),
        ("\nstate = on".into(), "line 2: "),
        ("x = 1".into(), "line 1: unknown field `x`"),
        (format!("{kling}sped = 3"), "line 4: unknown field `sped`"),
        (format!("{kling}state = \"flag\""), "unknown variant `flag`, expected one of `on`, `off`, `gone`"),
        (format!("{kling}speed = 6"), "line 3: model kling/kling-v3: speed is a rank from 1 to 5"),
        (format!("{kling}quality = 0"), "quality is a rank from 1 to 5"),
        (format!("{kling}quality = 300"), "line 4: "),
        (format!("{kling}speed = -1"), "line 4: "),
        (format!("{kling}median = 0"), "median is missing"),
        (format!("{kling}median = 1801"), "a median is a number of seconds from 1 to its deadline of 1800"),
        (format!("{kling}medians = {{ image = 0 }}"), "a median is a number of seconds"),
        (format!("{kling}medians = {{ video = 9 }}"), "it does not take the input Video"),
        (format!("{kling}medians = {{ film = 9 }}"), "unknown variant `film`"),
        (format!("{kling}successor = \"kling-v9\""), "its successor kling-v9 is no model of kling"),
        (format!("{kling}successor = \"kling-v2.6\""), "it is on, yet names a successor"),
        (format!("{kling}state = \"gone\"\nsuccessor = \"kling-v1\""), "its successor kling-v1 is not on"),
        (format!("{kling}aliases = [\"2.6\"]"), "the alias \"2.6\" belongs to kling-v2.6 of kling already"),
        (format!("{kling}aliases = [\"Hailuo_02\"]"), "belongs to hailuo-02 of minimax already"),
        (format!("{kling}aliases = [\"luma\"]"), "belongs to ray-2 of luma already"),
        (format!("{kling}aliases = [\"wan\"]"), "is the provider wan"),
        (format!("{kling}aliases = [\"v3\"]"), "is its name already"),
        (format!("{kling}aliases = [\"--\"]"), "has no letter and no digit"),
        (format!("{kling}aliases = [\"{}\"]", "a".repeat(101)), "an alias is longer than 100 characters"),
        (format!("{kling}aliases = [{}]", "\"a\",".repeat(51)), "it has more than 50 aliases"),
        (price("{ usd = \"0\" }"), "price: a rule costs nothing"),
        (price("{ usd = \"-1\" }"), "\"-1\" is no amount of dollars"),
        (price("{ usd = \"1000.01\" }"), "price: more than 1,000 dollars for a single unit"),
        (price("{ usd = \"99999999999999999999\" }"), "is no amount of dollars"),
        (price("{ usd = 0.1 }"), "line 4: "),
        (price(""), "price: its last rule must fit always"),
        (price("{ when = { mode = [\"8k\"] }, usd = \"1\" }, { usd = \"1\" }"), "price: mode never is 8k"),
        (
            price("{ when = { modes = [\"pro\"] }, usd = \"1\" }, { usd = \"1\" }"),
            "speaks of the option modes",
        ),
        (price("{ pixels = 0, usd = \"1\" }"), "price: pixels are a number from 1"),
        (price(&"{ usd = \"1\" },".repeat(101)), "price: it has more than 100 rules"),
        ("[model.\"kling/kling-v33\"]".into(), "line 1: model kling/kling-v33: there is no such model"),
        ("[model.\"kling/kling-v33\"]".into(), "meant may be kling/kling-v3"),
        ("[model.kling-v3]".into(), "models are named provider/model"),
        ("[model.\"veo/veo-2\"]\nstate = \"on\"".into(), "it has no vendor any more"),
        ("[model.\"veo/veo-2\"]\nmedian = 9".into(), "it has no vendor any more"),
        (
            "[provider.klling]".into(),
            "line 1: provider klling: there is no such provider; meant may be kling",
        ),
        ("[provider.kling]\naliases = [\"luma\"]".into(), "the alias \"luma\" belongs to luma already"),
        ("[provider.kling]\naliases = [\"x\", \"X\"]".into(), "the alias \"X\" belongs to kling already"),
        (
            "[vendor.klin]\nmax_in_flight = 1".into(),
            "vendor klin: there is no such vendor; meant may be kling",
        ),
        ("[vendor.kling]\nmax_in_flight = 0".into(), "max_in_flight is a number from 1 to 100000"),
        ("[vendor.kling]".into(), "missing field `max_in_flight`"),
        (
            "[[preferred]]\ntype = \"VIDEO\"\nshape = \"text\"\nquality = [\"veo-2\"]\nspeed = []\ncost = []"
                .into(),
            "veo-2 is not offered for that",
        ),
        (format!("{kling}state = \"on\"\n{kling}state = \"off\""), "line 7: "),
        (format!("x = {}", "[".repeat(100_000)), "line 1: "),
        ("#".repeat(MOST_BYTES + 1), "262144 at most are read"),
        (
            (0..=500).map(|each| format!("[model.\"a/{each}\"]\n")).collect(),
            "more than 500 entries of one kind",
        ),
    ];
    for (file, expected) in cases {
        let Err(fault) = changed(&file) else { panic!("{expected}: taken") };
        assert!(fault.contains(expected), "{fault:?} instead of {expected:?}");
        assert!(fault.len() < 2_000 && !fault.contains('\n'), "{fault:?}");
    }
    let not_text = Overrides::parse(b"# fine\n\xff\xfe").unwrap_err();
    assert_eq!(not_text.to_string(), "line 2: it is no UTF-8 text");
    assert!(changed(&"#".repeat(MOST_BYTES)).is_ok());
}

#[test]
fn files_as_the_documentation_shows_them_are_good() {
    let module: String = include_str!("../overrides/mod.rs")
        .lines()
        .map(|line| format!("{}\n", line.trim_start_matches("//!")))
        .collect();
    for text in [module.as_str(), include_str!("../../../../docs/operating.md")] {
        let (_, shown) = text.split_once("```toml\n").unwrap();
        let (shown, _) = shown.split_once("```").unwrap();
        assert!(Overrides::parse(shown.as_bytes()).unwrap().entries() >= 3, "{shown}");
        assert!(changed(shown).is_ok(), "{:?}", changed(shown).unwrap_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_bytes_are_too_strange(file in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(overrides) = Overrides::parse(&file) {
            let _ = Catalogue::built_in().with(&overrides);
        }
    }

    #[test]
    fn whatever_is_taken_plans_and_prices(
        rows in prop::collection::btree_map(0usize..93, (0u8..8, 1u32..2_000, 0u64..2_000_000_000, 0usize..4), 0..6),
        kind in prop::sample::select(vec![Kind::Video, Kind::Image, Kind::Audio]),
    ) {
        let base = &Catalogue::built_in().book.rows;
        let file: String = rows.iter().map(|(place, (rank, median, micros, state))| {
            let row = &base[*place];
            let state = ["on", "off", "gone", "on"][*state];
            let usd = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
            format!(
                "[model.\"{}/{}\"]\nstate = \"{state}\"\nquality = {rank}\nspeed = 3\nmedian = {median}\nprice = {{ sure = \"D\", per = \"image\", rules = [{{ usd = \"{usd}\" }}] }}\n",
                row.provider, row.model
            )
        }).collect();
        if let Ok(catalogue) = changed(&file) {
            let order = order(kind, "", &[]);
            if let Ok(plan) = choose_from(&catalogue, &order, Mode::Live) {
                prop_assert!((1..=2_147_483_647).contains(&plan.cost.0));
                prop_assert!(plan.median <= plan.deadline);
                let row = catalogue.book.rows.iter().find(|row| row.provider == plan.provider && row.model == plan.model);
                prop_assert_eq!(row.unwrap().state, crate::row::State::On);
            }
        }
    }
}
