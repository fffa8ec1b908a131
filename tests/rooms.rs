//! Who may know whom, read from the manifests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Each member's ordinary dependencies (what tests need is their own business).
fn graph() -> Graph {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut graph = Graph::new();
    for parent in ["functions", "shared", "infra", "infra/bench"] {
        for entry in fs::read_dir(root.join(parent)).unwrap() {
            let manifest = entry.unwrap().path().join("Cargo.toml");
            let Ok(text) = fs::read_to_string(&manifest) else { continue };
            let manifest: toml::Table = text.parse().unwrap();
            let name = manifest["package"]["name"].as_str().unwrap().to_owned();
            let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
            let names = dependencies.map(|table| table.keys().cloned().collect()).unwrap_or_default();
            graph.insert(name, names);
        }
    }
    graph
}

fn knows(graph: &Graph, wanted: impl Fn(&str) -> bool) -> BTreeSet<&str> {
    let knowing = graph.iter().filter(|(_, names)| names.iter().any(|name| wanted(name)));
    knowing.map(|(name, _)| name.as_str()).collect()
}

/// Fails with the rooms that know what they must not know.
fn only(graph: &Graph, allowed: &[&str], wanted: impl Fn(&str) -> bool) {
    let knowing = knows(graph, wanted);
    let others: Vec<_> = knowing.iter().filter(|name| !allowed.contains(name)).collect();
    assert!(others.is_empty(), "only {allowed:?} may, but also {others:?} do");
}

#[test]
fn every_room_is_found() {
    let graph = graph();
    for room in [
        "jobs",
        "catalogue",
        "providers",
        "outbound",
        "cloud",
        "signing",
        "media",
        "graphql",
        "poller",
        "webhook",
    ] {
        assert!(graph.contains_key(room), "no room {room} in {:?}", graph.keys());
    }
}

#[test]
fn the_heart_knows_none_of_our_rooms_and_no_way_out() {
    let graph = graph();
    let rooms: BTreeSet<String> = graph.keys().cloned().collect();
    assert!(graph["jobs"].is_disjoint(&rooms), "jobs knows {:?}", graph["jobs"]);
    for pure in ["jobs", "catalogue", "providers", "signing", "media"] {
        for way_out in ["tokio", "reqwest", "hyper", "tracing", "getrandom", "rand"] {
            assert!(!graph[pure].contains(way_out), "{pure} must not know {way_out}");
        }
    }
    assert!(!graph["jobs"].contains("serde"), "each format belongs to the room that writes it");
}

#[test]
fn catalogue_and_providers_know_only_jobs_of_our_rooms() {
    let graph = graph();
    let rooms: BTreeSet<String> = graph.keys().cloned().collect();
    for room in ["catalogue", "providers"] {
        let known: Vec<_> = graph[room].intersection(&rooms).collect();
        assert_eq!(known, ["jobs"], "{room}");
    }
}

#[test]
fn each_way_out_has_one_door() {
    let graph = graph();
    only(&graph, &["outbound"], |name| name == "reqwest");
    only(&graph, &["cloud"], |name| name.starts_with("aws-sdk-") || name == "aws-config");
    only(&graph, &["graphql"], |name| name == "juniper");
}

#[test]
fn what_simulates_or_tests_is_part_of_no_function() {
    let graph = graph();
    only(&graph, &["local"], |name| name == "vendors-sim");
    only(&graph, &["vendors-sim", "local"], |name| name == "axum");
    only(&graph, &["simulation"], |name| name == "testkit");
    only(&graph, &["mixed", "vendors"], |name| name == "poller");
    for tool in ["simulation", "mixed", "vendors"] {
        assert!(knows(&graph, |name| name == tool).is_empty(), "{tool}");
    }
}
