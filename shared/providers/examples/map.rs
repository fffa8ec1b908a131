//! How long the adapters take to write a request and to read a reply: `cargo run --release -p providers --example map`.
//! Plays every golden fixture of every vendor many times. Prints one JSON object: for each vendor the median and the 95th
//! of 100 of all its requests and of all its replies, and the median of its slowest fixture, in nanoseconds; `make bench`
//! reads it.
//!
//! A fixture's files have some bytes, so what base64 takes of megabytes is not in these figures. It is told by itself, of
//! the vendor whose pictures come that way, for a picture of the usual size.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement of a fixture that can't be played ends here"
)]

#[path = "../tests/adapters/given.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod given;

use base64::{Engine, engine::general_purpose::STANDARD};
use given::{Case, Given};
use serde_json::{Value, json};
use std::{fs, hint::black_box, path::Path, time::Instant};

/// Times that each fixture is played.
const TIMES: usize = 1_000;

/// Times before these.
const WARM_UP: usize = 50;

/// Bytes of a picture of one megapixel as PNG, roughly.
const PICTURE_BYTES: usize = 2_000_000;

fn main() {
    let mut figures = serde_json::Map::new();
    for vendor in providers::vendors() {
        let (requests, replies): (Vec<Given>, Vec<Given>) =
            fixtures(vendor).into_iter().partition(|given| given.reply.is_none());
        figures.insert(
            (*vendor).to_owned(),
            json!({ "write": times(vendor, &requests), "read": times(vendor, &replies) }),
        );
    }
    println!("{}", json!({ "vendors": figures, "picture": picture() }));
}

fn fixtures(vendor: &str) -> Vec<Given> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(vendor);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read(file).unwrap();
            serde_json::from_slice::<Vec<Given>>(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}

/// Median, tail and slowest of all these cases; null where there is none.
fn times(vendor: &str, all: &[Given]) -> Value {
    let mut nanoseconds = Vec::new();
    let mut slowest = (0, "");
    for given in all {
        let of_case = times_of(&Case::of(vendor, given));
        slowest = slowest.max((of_case[TIMES / 2], given.name.as_str()));
        nanoseconds.extend(of_case);
    }
    if nanoseconds.is_empty() {
        return Value::Null;
    }
    nanoseconds.sort_unstable();
    json!({
        "cases": all.len(),
        "median": nanoseconds[nanoseconds.len() / 2],
        "tail": nanoseconds[nanoseconds.len() * 95 / 100],
        "slowest": slowest.0,
        "slowestCase": slowest.1,
    })
}

/// Sorted.
fn times_of(case: &Case) -> Vec<u64> {
    for _ in 0..WARM_UP {
        black_box(case.step());
    }
    let mut nanoseconds: Vec<u64> = (0..TIMES)
        .map(|_| {
            let begun = Instant::now();
            let next = black_box(case).step();
            let taken = begun.elapsed().as_nanos();
            // Its memory is given back outside of the measured time, as in the poller after the call.
            drop(black_box(next));
            u64::try_from(taken).unwrap_or(u64::MAX)
        })
        .collect();
    nanoseconds.sort_unstable();
    nanoseconds
}

/// A reply with a picture in base64: how long reading it takes at the median, and what of that base64 takes alone.
fn picture() -> Value {
    let file: Vec<u8> = (0..PICTURE_BYTES).map(|index| (index * 31 % 251) as u8).collect();
    let text = STANDARD.encode(&file);
    let given: Given = serde_json::from_value(json!({
        "name": "a picture",
        "job": { "kind": "IMAGE", "model": "gemini-3.1-flash-image", "text": "a fox" },
        "question": "submit",
        "reply": { "status": 200, "body": { "candidates": [
            { "finishReason": "STOP", "content": { "parts": [{ "inlineData": { "mimeType": "image/png", "data": text } }] } },
        ] } },
        "expect": null,
    }))
    .expect("a case like those in the fixtures");
    let whole = times_of(&Case::of("google", &given))[TIMES / 2];
    let mut alone: Vec<u128> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            black_box(STANDARD.decode(black_box(&text))).unwrap();
            begun.elapsed().as_nanos()
        })
        .collect();
    alone.sort_unstable();
    json!({ "bytes": PICTURE_BYTES, "read": whole, "base64": u64::try_from(alone[alone.len() / 2]).unwrap_or(u64::MAX) })
}
