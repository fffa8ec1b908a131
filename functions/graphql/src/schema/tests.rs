//! The schema as it is published.

use super::{compatibility::breaking, input::COMMON, schema};

#[test]
fn the_published_schema_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let printed = schema(true).as_sdl();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        printed == published,
        "the schema differs from schema.graphql; run this test with UPDATE=1 and look at the difference"
    );
}

#[test]
fn nothing_of_the_last_release_is_broken() {
    let published = include_str!("../../schema.published.graphql");
    let broken = breaking(published, &schema(true).as_sdl());
    assert!(
        broken.is_empty(),
        "callers of the published schema would break: {broken:#?}; CONTRIBUTING.md says what to do"
    );
}

#[test]
fn every_option_of_the_catalogue_has_a_field() {
    let world = catalogue::World {
        mode: jobs::Mode::Test,
        live_vendors: &Default::default(),
        latency_scale: 1.0,
        knowledge: None,
    };
    for provider in catalogue::Catalogue::built_in().providers(None, &world) {
        for option in provider.options {
            assert!(COMMON.contains(&option.name.as_str()), "{} of {}", option.name, provider.id);
        }
    }
}
