//! What callers see of the catalogue.

use super::*;

fn world(live_vendors: &BTreeSet<String>) -> World<'_> {
    World { mode: Mode::Live, live_vendors, latency_scale: 1.0, knowledge: None }
}

#[test]
fn every_provider_has_a_card_that_says_something() {
    let all = everybody();
    let cards = Catalogue::built_in().providers(None, &world(&all));
    assert_eq!(cards.len(), 25);
    for card in &cards {
        assert!(
            !card.description.is_empty() && !card.features.is_empty() && !card.models.is_empty(),
            "{card:?}"
        );
        assert!(
            !card.options.is_empty() && card.pricing.credit_cost.0 > 0 && !card.types.is_empty(),
            "{card:?}"
        );
        for option in &card.options {
            assert!(!option.description.is_empty() && !option.name.is_empty(), "{}: {option:?}", card.id);
        }
        let off = ["flux-2", "flux-tools", "flux-video"].contains(&card.id.as_str());
        assert_eq!(card.available, !off, "{}", card.id);
    }
    let ids = |kind| {
        Catalogue::built_in()
            .providers(Some(kind), &world(&all))
            .into_iter()
            .map(|card| card.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(Kind::Audio), ["elevenlabs", "google-tts"]);
    assert_eq!(ids(Kind::Avatar), ["hedra", "heygen", "kling", "sync"]);
    assert_eq!(
        ids(Kind::Video),
        ["flux-video", "kling", "luma", "minimax", "runway", "seedance", "veo", "vidu", "wan"]
    );
}

#[test]
fn a_card_shows_all_that_its_models_take() {
    let few = vendors(&["kling"]);
    let card = Catalogue::built_in().provider_card("Kling AI", &world(&few)).unwrap();
    assert!(card.available && card.vendors == ["kling"]);
    let option = |name: &str| card.options.iter().find(|option| option.name == name).unwrap();
    assert_eq!(option("mode").allowed_values, ["std", "pro", "4k"]);
    assert_eq!((option("mode").kind, option("mode").default.clone()), ("String", Some(text("std"))));
    assert_eq!(option("resolution").allowed_values, ["720p", "1080p", "4k"]);
    assert_eq!(
        (option("duration").kind, option("duration").min, option("duration").max),
        ("Int", Some(3.0), Some(15.0))
    );
    assert_eq!(
        (card.pricing.unit.as_str(), card.pricing.credit_cost.0, card.pricing.sure),
        ("clip of 5 s", 21, 'D')
    );
    let model = |name: &str| card.models.iter().find(|model| model.name == name).unwrap();
    assert!(model("kling-v3").available && !model("kling-v1").available);

    let card = Catalogue::built_in().provider_card("minimax", &world(&few)).unwrap();
    assert!(!card.available);
    let card = Catalogue::built_in().provider_card("imagen", &world(&everybody())).unwrap();
    assert!(
        card.limitations.iter().any(|each| each.contains("imagen-4-ultra (gemini-3-pro-image)")),
        "{:?}",
        card.limitations
    );
    assert_eq!(Catalogue::built_in().provider_card("nobody", &world(&few)), None);
}

#[test]
fn a_card_and_a_choice_name_the_same_price() {
    let all = everybody();
    let cards = Catalogue::built_in().providers(Some(Kind::Video), &world(&all));
    for card in cards.into_iter().filter(|card| card.available) {
        let plan = live_key(&order(Kind::Video, &card.id, &[])).unwrap();
        let model = card.models.iter().find(|model| model.name == plan.model).unwrap();
        if model.inputs.first().is_some_and(|input| input == "text to video") {
            assert_eq!(model.pricing.as_ref().unwrap().credit_cost, plan.cost, "{}", card.id);
        }
    }
}
