//! All models of a type, ranked for an order, and why nobody can make it.

use crate::{
    Catalogue, Problem, Refusal, World,
    find::plural,
    fit::fit,
    plan::refused,
    row::{Row, Sure},
    score::{Ranked, rank},
    wishes::Wishes,
};
use jobs::{Candidate, Order};
use std::{collections::BTreeSet, time::Duration};

/// All models of a type, ranked.
pub(crate) struct Board<'a> {
    /// Who can do it, best first.
    pub(crate) ranked: Vec<Ranked<'a>>,
    /// Who can't, by name.
    pub(crate) excluded: Vec<Excluded<'a>>,
}

/// A model that can't make an order.
pub(crate) struct Excluded<'a> {
    /// The model.
    pub(crate) row: &'a Row,
    /// Why, in a sentence.
    pub(crate) because: String,
    /// Why, for us.
    pub(crate) why: Why,
}

/// Why a model is left out.
pub(crate) enum Why {
    /// Its vendor can't be used here.
    OutOfReach,
    /// It gets no jobs for so long, because it failed lately.
    Resting(Duration),
    /// Nobody knows what it costs.
    Price,
    /// The order does not suit it.
    Problems(Vec<Problem>),
}

impl Catalogue {
    /// Ranks all models of the order's type; `reachable` leaves out those whose vendor has no adapter here.
    pub(crate) fn board<'a>(
        &'a self,
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
        avoid: &BTreeSet<String>,
        reachable: bool,
    ) -> Board<'a> {
        let mut fits = Vec::new();
        let mut excluded = Vec::new();
        for row in self.rows(order.kind).filter(|row| world.offers(row)) {
            let mut exclude = |because: String, why: Why| excluded.push(Excluded { row, because, why });
            if reachable && !world.reaches(row) {
                exclude("it is not available here".to_owned(), Why::OutOfReach);
            } else if avoid.contains(&row.vendor) {
                exclude("it was tried before".to_owned(), Why::OutOfReach);
            } else if let Some(resting) = world.resting(row).filter(|_| reachable) {
                let rest = world.rest(resting);
                let because = format!("it fails at the moment and is tried again in {} s", rest.as_secs());
                exclude(because, Why::Resting(rest));
            } else if row.price.as_ref().is_none_or(|price| price.sure == Sure::Unknown) {
                exclude("its price is not confirmed".to_owned(), Why::Price);
            } else {
                match fit(&self.book, row, order, wishes) {
                    Err(problems) => {
                        let because = problems.first().map(|first| first.problem.clone()).unwrap_or_default();
                        exclude(because, Why::Problems(problems));
                    }
                    Ok(fitted) => match refused(&fitted, &[], order) {
                        None => fits.push(fitted),
                        Some(problems) => {
                            let because =
                                problems.first().map(|first| first.problem.clone()).unwrap_or_default();
                            exclude(because, Why::Problems(problems));
                        }
                    },
                }
            }
        }
        excluded.sort_by(|one, other| {
            (&one.row.provider, &one.row.model).cmp(&(&other.row.provider, &other.row.model))
        });
        Board { ranked: rank(&self.book, fits, order, world), excluded }
    }

    /// Why nobody can make an order.
    pub(crate) fn nobody(
        &self,
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
        avoid: &BTreeSet<String>,
        board: Board<'_>,
    ) -> Refusal {
        let elsewhere = !self.board(order, wishes, world, avoid, false).ranked.is_empty();
        let mut nearest: Option<Vec<Problem>> = None;
        let mut soonest: Option<Duration> = None;
        let mut candidates = Vec::new();
        for Excluded { row, because, why } in board.excluded {
            let because =
                if let Why::Problems(problems) = &why { Problem::sentence(problems) } else { because };
            candidates.push(excluded(row, because));
            if let Why::Resting(rest) = why {
                soonest = Some(soonest.map_or(rest, |soonest| soonest.min(rest)));
            } else if let Why::Problems(problems) = why {
                // A limit of the caller's own is nearer than any other fault; of those the cheapest is told.
                let order = |problems: &[Problem]| {
                    let dear = problems.iter().all(|problem| problem.field == "maxCredits");
                    let price = problems.first().and_then(|first| first.allowed.first()?.parse::<u64>().ok());
                    (!dear, problems.len(), price.unwrap_or(u64::MAX))
                };
                if nearest.as_ref().is_none_or(|best| order(&problems) < order(best)) {
                    nearest = Some(problems);
                }
            }
        }
        match nearest {
            Some(problems) if !elsewhere => Refusal::Invalid { problems, candidates },
            _ if elsewhere => {
                Refusal::Unavailable { provider: None, alternatives: Vec::new(), retry_after: soonest }
            }
            _ => {
                let problem = format!("nobody makes {} from what was given", plural(order.kind));
                Refusal::Invalid { problems: vec![Problem::new("type", problem)], candidates }
            }
        }
    }
}

/// A model that was considered and can't make it.
pub(crate) fn excluded(row: &Row, because: String) -> Candidate {
    Candidate {
        provider: row.provider.clone(),
        model: row.model.clone(),
        score: None,
        excluded_because: Some(because),
    }
}
