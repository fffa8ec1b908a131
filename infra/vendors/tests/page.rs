//! The page in `docs` is the one that the catalogue and the adapters tell today.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use catalogue::Catalogue;
use std::{env, fs, path::Path};
use vendors::page::page;

#[test]
fn the_page_in_docs_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/vendors.md");
    let told = page(Catalogue::built_in());
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == told, "docs/vendors.md is out of date: UPDATE=1 cargo test -p vendors --test page");
}

#[test]
fn every_vendor_of_the_catalogue_says_everything_about_itself() {
    for vendor in Catalogue::built_in().vendors() {
        let about = providers::adapter(vendor).map(|adapter| adapter.about());
        let about = about.unwrap_or_else(|| panic!("{vendor} has no adapter"));
        let secret = about.secret.replace("...", "x");
        assert!(secret.starts_with('{') && secret.contains("\"apiKey\""), "{vendor}: {secret}");
        assert!(about.key.len() > 20 && about.key.ends_with('.'), "{vendor}: {}", about.key);
        assert!(!about.quirks.is_empty(), "{vendor} has no quirks");
        for step in [providers::Shown::Order, providers::Shown::Result, providers::Shown::File] {
            assert!(about.facts.iter().any(|fact| fact.shown_by == step), "{vendor}: nothing about {step:?}");
        }
    }
}
