//! Who is best, when the choice is ours.
//!
//! Each model that can make the order gets up to 60 points for quality, speed and price, weighed by what matters most:
//!
//! | priority | quality | speed | price |
//! |---|---|---|---|
//! | QUALITY | 80 % | 5 % | 15 % |
//! | SPEED | 10 % | 80 % | 10 % |
//! | COST | 15 % | 5 % | 80 % |
//! | none | 45 % | 25 % | 30 % |
//!
//! Quality and speed are the ranks of the data file, price is the cheapest fit's against this one's. A model that took
//! twice as long lately as the data file says loses one rank of speed, one that took half as long gains one, and so on by
//! doubling. A model that fails lately loses 60 points times the share that it failed. 40, 34 or 28 points
//! more go to the first three that the data file prefers for this input and priority. 25 points are lost for each thing
//! that would be made otherwise than asked for, 3 for each that is left out, half a point for each that is told in the
//! prompt. Equal scores are ordered by price, then by name.

use crate::{
    World,
    fit::Fit,
    row::{Book, Preferred},
    settle::Weight,
};
use jobs::{Order, Priority};

/// A model that can make the order, with its points.
#[derive(Debug)]
pub(crate) struct Ranked<'a> {
    /// The order as this model would make it.
    pub(crate) fit: Fit<'a>,
    /// Its points, rounded to hundredths.
    pub(crate) score: f64,
}

/// Ranks fits, best first.
pub(crate) fn rank<'a>(book: &Book, fits: Vec<Fit<'a>>, order: &Order, world: &World<'_>) -> Vec<Ranked<'a>> {
    let priority = order.priority;
    let cheapest = fits.iter().map(|fit| fit.price.0).min().unwrap_or(1).max(1);
    let mut ranked: Vec<Ranked<'a>> = fits
        .into_iter()
        .map(|fit| {
            let good = ranks(&fit, cheapest, priority, world) + preference(book, &fit, priority);
            let points = good - losses(&fit) - 60.0 * world.failing_share(fit.row);
            Ranked { score: (points * 100.0).round() / 100.0, fit }
        })
        .collect();
    ranked.sort_by(|one, other| {
        let by_price = || one.fit.price.cmp(&other.fit.price);
        let by_name = || {
            (&one.fit.row.provider, &one.fit.row.model).cmp(&(&other.fit.row.provider, &other.fit.row.model))
        };
        other.score.total_cmp(&one.score).then_with(by_price).then_with(by_name)
    });
    ranked
}

/// Points for quality, speed and price.
fn ranks(fit: &Fit<'_>, cheapest: u64, priority: Option<Priority>, world: &World<'_>) -> f64 {
    let (quality, speed, price) = match priority {
        Some(Priority::Quality) => (0.80, 0.05, 0.15),
        Some(Priority::Speed) => (0.10, 0.80, 0.10),
        Some(Priority::Cost) => (0.15, 0.05, 0.80),
        None => (0.45, 0.25, 0.30),
    };
    let rank = |rank: f64| (rank - 1.0).clamp(0.0, 4.0) / 4.0;
    let usual = f64::from(fit.matched.rule.median.unwrap_or(fit.row.median)) * world.latency_scale;
    let lately = world.live_median(fit.row, fit.row.kind.kind(), &fit.options);
    let slower = lately.map_or(0.0, |lately| (lately.as_secs_f64().max(0.001) / usual.max(0.001)).log2());
    let speed_rank = f64::from(fit.row.speed) - slower.clamp(-4.0, 4.0);
    let cheap = cheapest as f64 / fit.price.0.max(1) as f64;
    60.0 * (quality * rank(f64::from(fit.row.quality)) + speed * rank(speed_rank) + price * cheap)
}

/// Points for being preferred.
fn preference(book: &Book, fit: &Fit<'_>, priority: Option<Priority>) -> f64 {
    let cell = |each: &&Preferred| each.kind == fit.row.kind && each.shape == fit.matched.shape;
    let Some(cell) = book.preferred.iter().find(cell) else { return 0.0 };
    let names = match priority {
        Some(Priority::Quality) => &cell.quality,
        Some(Priority::Speed) => &cell.speed,
        Some(Priority::Cost) => &cell.cost,
        None => &cell.balanced,
    };
    match names.iter().position(|name| *name == fit.row.model) {
        Some(0) => 40.0,
        Some(1) => 34.0,
        Some(2) => 28.0,
        _ => 0.0,
    }
}

/// Points lost for changes.
fn losses(fit: &Fit<'_>) -> f64 {
    let loss = |weight| match weight {
        Weight::None => 0.0,
        Weight::Told => 0.5,
        Weight::LeftOut => 3.0,
        Weight::Changed => 25.0,
    };
    fit.notes.iter().map(|note| loss(note.weight)).sum()
}
