//! From an order to a plan.

use crate::{
    Catalogue, Problem, Refusal, World,
    board::excluded,
    fit::{Fit, fit},
    inputs,
    plan::{plan, refused},
    row::{Provider, Row},
    score::Ranked,
    settle::{Note, Weight},
    wishes::{self, Wishes},
};
use jobs::{Adjustment, Candidate, Credits, Mode, Order, Plan, Value};
use std::{collections::BTreeSet, time::Duration};

/// The most alternatives that a refusal names.
const MOST_ALTERNATIVES: usize = 5;

impl Catalogue {
    /// Finds the model for an order, settles its options and fixes its price. See the crate's documentation for the
    /// rules. It depends on nothing but its arguments.
    ///
    /// # Errors
    ///
    /// [`Refusal::Invalid`] with every problem of the order, or [`Refusal::Unavailable`] when who should make it can't
    /// be used in this world.
    pub fn choose(&self, order: &Order, world: &World<'_>) -> Result<Plan, Refusal> {
        let wishes = wishes::read(&self.book, order);
        let mut problems = inputs::problems(&order.input);
        let provider = match order.provider.as_deref() {
            None => None,
            Some(name) => match self.named_provider(name, order.kind) {
                Ok(provider) => Some(provider),
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            },
        };
        let model = match model(order) {
            Ok(model) => model,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let wishes = match wishes {
            Ok(wishes) if problems.is_empty() => wishes,
            wishes => {
                problems.extend(wishes.err().into_iter().flatten());
                return Err(Refusal::invalid(problems));
            }
        };
        let one = |problem| Refusal::invalid(vec![problem]);
        let (row, notes) = match (provider, model) {
            (None, None) => return self.automatic(order, &wishes, world, &BTreeSet::new(), Vec::new()),
            (provider, Some(model)) => {
                let id = provider.map(|(id, _)| id);
                match (self.named_model(model, id, order.kind, world), id) {
                    (Ok(named), _) => (Some(named.row), named.note.into_iter().collect()),
                    // "luma" may also be meant as the provider.
                    (Err(problem), None) => match self.named_provider(model, order.kind) {
                        Ok(provider) => {
                            return self.of_provider(provider, order, &wishes, world);
                        }
                        Err(_) => return Err(one(problem)),
                    },
                    (Err(problem), Some(_)) => return Err(one(problem)),
                }
            }
            (Some(_), None) => (None, Vec::new()),
        };
        match (row, provider) {
            (Some(row), _) if !world.serves(row) => {
                self.unavailable(&row.provider, None, order, &wishes, world)
            }
            (Some(row), _) if world.resting(row).is_some() => {
                let rest = world.resting(row).map(|resting| world.rest(resting));
                self.unavailable(&row.provider, rest, order, &wishes, world)
            }
            (Some(row), _) => {
                let fitted = fit(&self.book, row, order, &wishes);
                let fitted = fitted
                    .map_err(|problems| Refusal::invalid(self.with_siblings(row, problems, order, world)))?;
                self.settled(fitted, notes, order, world)
            }
            (None, Some(provider)) => self.of_provider(provider, order, &wishes, world),
            // Both being left out was answered above.
            (None, None) => self.automatic(order, &wishes, world, &BTreeSet::new(), Vec::new()),
        }
    }

    /// Chooses again for an order whose first choice failed: whatever provider or model was asked for, without the
    /// vendors in `avoid`, and for no more than `most`.
    ///
    /// # Errors
    ///
    /// As [`Catalogue::choose`].
    pub fn choose_other(
        &self,
        order: &Order,
        world: &World<'_>,
        avoid: &BTreeSet<String>,
        most: Credits,
    ) -> Result<Plan, Refusal> {
        let mut order = order.clone();
        order.provider = None;
        order.model = None;
        order.options.0.remove("model");
        order.max_credits = Some(order.max_credits.map_or(most, |asked| asked.min(most)));
        let wishes = wishes::read(&self.book, &order).map_err(Refusal::invalid)?;
        self.automatic(&order, &wishes, world, avoid, Vec::new())
    }

    /// A provider's model, where the order names none.
    fn of_provider(
        &self,
        provider: (&str, &Provider),
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
    ) -> Result<Plan, Refusal> {
        let all = self.by_default(provider, order, wishes, world);
        let rows: Vec<&Row> = all.iter().copied().filter(|row| world.resting(row).is_none()).collect();
        let Some(first) = rows.first() else {
            let rest =
                all.iter().filter_map(|row| world.resting(row)).map(|resting| world.rest(resting)).min();
            return self.unavailable(provider.0, rest, order, wishes, world);
        };
        let (mut problems, mut candidates) = (Vec::new(), Vec::new());
        for row in &rows {
            match fit(&self.book, row, order, wishes) {
                Ok(fitted) => return self.settled(fitted, Vec::new(), order, world),
                Err(theirs) => {
                    candidates.push(excluded(row, Problem::sentence(&theirs)));
                    if row.model == first.model {
                        problems = theirs;
                    }
                }
            }
        }
        Err(Refusal::Invalid { problems, candidates })
    }

    /// The choice is ours. `notes` are changes that were made before.
    fn automatic(
        &self,
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
        avoid: &BTreeSet<String>,
        notes: Vec<Note>,
    ) -> Result<Plan, Refusal> {
        let mut board = self.board(order, wishes, world, avoid, true);
        // A test key is answered as a live key would be; where no live vendor can do it, by any of the catalogue.
        if board.ranked.is_empty() && world.mode == Mode::Test {
            board = self.board(order, wishes, world, avoid, false);
        }
        if board.ranked.is_empty() {
            return Err(self.nobody(order, wishes, world, avoid, board));
        }
        let mut candidates: Vec<Candidate> = board
            .ranked
            .iter()
            .map(|Ranked { fit, score }| Candidate {
                provider: fit.row.provider.clone(),
                model: fit.row.model.clone(),
                score: Some(*score),
                excluded_because: None,
            })
            .collect();
        candidates.extend(board.excluded.into_iter().map(|each| excluded(each.row, each.because)));
        let best = board.ranked.into_iter().next().map(|ranked| ranked.fit);
        let Some(best) = best else {
            return Err(Refusal::Unavailable { provider: None, alternatives: vec![], retry_after: None });
        };
        let mut plan = plan(best, notes, world);
        plan.candidates = candidates;
        Ok(plan)
    }

    /// The provider that was named can't be used. Where the caller allows it, another takes over.
    fn unavailable(
        &self,
        provider: &str,
        retry_after: Option<Duration>,
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
    ) -> Result<Plan, Refusal> {
        if order.fallback == Some(true) {
            let note = |used: String| {
                let reason = format!("{provider} can't be used now, and another may take over");
                let adjustment = Adjustment {
                    option: "provider".to_owned(),
                    requested: provider.to_owned(),
                    used: Some(used),
                    reason,
                };
                Note { adjustment, weight: Weight::Changed }
            };
            if let Ok(mut plan) = self.automatic(order, wishes, world, &BTreeSet::new(), Vec::new()) {
                plan.adjustments.insert(0, note(plan.provider.clone()).adjustment);
                return Ok(plan);
            }
        }
        let mut alternatives: Vec<String> = Vec::new();
        for Ranked { fit, .. } in self.board(order, wishes, world, &BTreeSet::new(), true).ranked {
            if alternatives.len() < MOST_ALTERNATIVES && !alternatives.contains(&fit.row.provider) {
                alternatives.push(fit.row.provider.clone());
            }
        }
        Err(Refusal::Unavailable { provider: Some(provider.to_owned()), alternatives, retry_after })
    }

    /// A plan for a model that the caller named, unless it breaks the caller's own limits.
    fn settled(
        &self,
        fitted: Fit<'_>,
        notes: Vec<Note>,
        order: &Order,
        world: &World<'_>,
    ) -> Result<Plan, Refusal> {
        match refused(&fitted, &notes, order) {
            Some(problems) => Err(Refusal::invalid(problems)),
            None => Ok(plan(fitted, notes, world)),
        }
    }

    /// Adds to the problems of a model that was named which of its siblings could do it.
    fn with_siblings(
        &self,
        row: &Row,
        mut problems: Vec<Problem>,
        order: &Order,
        world: &World<'_>,
    ) -> Vec<Problem> {
        let able =
            self.rows(order.kind).filter(|other| other.provider == row.provider && world.serves(other));
        let able: Vec<&str> = able
            .filter(|other| inputs::matched(other, &order.input).is_ok())
            .map(|other| other.model.as_str())
            .collect();
        if let Some(problem) = problems.iter_mut().find(|problem| problem.field.starts_with("input."))
            && problem.allowed.is_empty()
            && !able.is_empty()
            && !able.contains(&row.model.as_str())
        {
            problem.problem.push_str(&format!("; from this, {} can make it", able.join(", ")));
        }
        problems
    }
}

/// The model that an order names, as a field of its own or among the options.
fn model(order: &Order) -> Result<Option<&str>, Problem> {
    let option = match order.options.get("model") {
        None => None,
        Some(Value::Text(text)) => Some(text.trim()),
        Some(_) => return Err(Problem::new("options.model", "it is no text")),
    };
    let field = order.model.as_deref().map(str::trim);
    match (field, option) {
        (Some(""), _) => Err(Problem::new("model", "it is empty")),
        (_, Some("")) => Err(Problem::new("options.model", "it is empty")),
        (Some(field), Some(option)) if !field.eq_ignore_ascii_case(option) => {
            Err(Problem::new("options.model", "it names another model than the field model"))
        }
        (field, option) => Ok(field.or(option)),
    }
}
