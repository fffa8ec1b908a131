//! A day of a million generations, played by the real decisions on a virtual clock: what polling costs, what an outage
//! costs, who is chosen. `make bench` runs it and holds its figures to limits; `--write docs` writes them down.
//!
//! The same seed gives the same day, figure for figure; only how long choosing takes is measured.

mod chance;
mod day;
mod engine;
mod figures;
mod orders;
mod plot;
mod report;
mod run;
mod summary;
mod vendors;

use day::{Day, Outage, Trouble};
use orders::Orders;
use std::{
    collections::BTreeSet,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};
use summary::Summary;

/// Generations of a day.
const ORDERS: usize = 1_000_000;
/// The days differ in what goes wrong, not in who orders what when.
const SEED: u64 = 20;

fn main() -> ExitCode {
    let mut wishes = std::env::args().skip(1);
    let (mut orders, mut folder, mut only) = (ORDERS, None, None);
    while let Some(wish) = wishes.next() {
        match (wish.as_str(), wishes.next()) {
            ("--orders", Some(count)) => match count.parse() {
                Ok(count) if count >= 1_000 => orders = count,
                _ => return complain("--orders: a whole number from 1000"),
            },
            ("--write", Some(path)) => folder = Some(PathBuf::from(path)),
            ("--only", Some(name)) => only = Some(name),
            _ => return complain("usage: simulation [--orders N] [--only DAY] [--write FOLDER]"),
        }
    }
    let begun = Instant::now();
    let mut days = days(orders);
    days.retain(|day| only.as_deref().is_none_or(|only| day.name == only));
    let summaries = play_all(&days);
    println!("{}", report::json(&summaries, begun.elapsed()));
    if let Some(folder) = folder {
        let page = report::page(&summaries, begun.elapsed());
        let written = std::fs::write(folder.join("simulation.md"), page)
            .and_then(|()| std::fs::write(folder.join("simulation.svg"), plot::picture(&summaries)));
        if let Err(error) = written {
            return complain(&format!("could not write to {}: {error}", folder.display()));
        }
    }
    ExitCode::SUCCESS
}

fn complain(words: &str) -> ExitCode {
    eprintln!("simulation: {words}");
    ExitCode::FAILURE
}

fn days(orders: usize) -> Vec<Day> {
    let day = |name, share, outages, watched, callbacks| Day {
        name,
        orders: orders / share,
        outages,
        watched,
        callbacks,
    };
    vec![
        day("outages", 1, Outage::one_of_each(Trouble::Dark), true, false),
        day("healthy", 10, Vec::new(), true, false),
        day("callbacks", 10, Vec::new(), true, true),
        day("unwatched", 10, Outage::one_of_each(Trouble::Dark), false, false),
        day("silent", 10, Outage::one_of_each(Trouble::Silent), true, false),
    ]
}

/// Plays the days on all processors.
fn play_all(days: &[Day]) -> Vec<Summary> {
    let catalogue = catalogue::Catalogue::built_in();
    let live: BTreeSet<String> = catalogue.vendors().into_iter().map(str::to_owned).collect();
    let orders = &Orders::new(catalogue, &live);
    let lanes = thread::available_parallelism().map_or(1, usize::from).min(days.len());
    let next = &AtomicUsize::new(0);
    let mut summaries: Vec<(usize, Summary)> = thread::scope(|scope| {
        let lane = || {
            let mut played = Vec::new();
            while let number = next.fetch_add(1, Ordering::Relaxed)
                && let Some(day) = days.get(number)
            {
                played.push((number, Summary::of(day, run::play(day, orders, SEED))));
            }
            played
        };
        let threads: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    summaries.sort_by_key(|(number, _)| *number);
    summaries.into_iter().map(|(_, summary)| summary).collect()
}
