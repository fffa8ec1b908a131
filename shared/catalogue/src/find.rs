//! Which models a caller means.

use crate::{
    Catalogue, Problem, World, inputs,
    names::{did_you_mean, similar},
    row::{ChosenWhen, Provider, Row},
    settle::{Note, Weight},
    wishes::Wishes,
};
use jobs::{Adjustment, Kind, Order};

/// A model that a caller named, or its successor.
pub(crate) struct Named<'a> {
    /// The model that answers.
    pub(crate) row: &'a Row,
    /// Told when it is not the one that was named.
    pub(crate) note: Option<Note>,
}

impl Catalogue {
    /// The provider that an order names, with the models of the order's type.
    pub(crate) fn named_provider(&self, name: &str, kind: Kind) -> Result<(&str, &Provider), Problem> {
        let makes = |id: &str| self.rows(kind).any(|row| row.provider == id);
        let others = || self.provider_ids().filter(|id| makes(id));
        match self.provider(name) {
            Some((id, provider)) if makes(id) => Ok((id, provider)),
            Some((id, _)) => {
                Err(Problem::new("provider", format!("{id} does not make {}", plural(kind)))
                    .allowing(others()))
            }
            None => {
                let near = similar(name, self.book.providers.keys().map(String::as_str));
                let what = format!("there is no such provider{}", did_you_mean(&near));
                let problem = Problem::new("provider", what);
                Err(if near.is_empty() { problem.allowing(others()) } else { problem.allowing(near) })
            }
        }
    }

    /// The model that an order names, within a provider or among all of them.
    pub(crate) fn named_model<'a>(
        &'a self,
        name: &str,
        provider: Option<&str>,
        kind: Kind,
        world: &World<'_>,
    ) -> Result<Named<'a>, Problem> {
        let mine = || self.rows(kind).filter(|row| provider.is_none_or(|provider| row.provider == provider));
        let mut found: Vec<&Row> = mine().filter(|row| row.is_named(name)).collect();
        // A model's own name goes before another model's alias.
        if found.len() > 1 {
            let own: Vec<&Row> =
                found.iter().copied().filter(|row| row.model.eq_ignore_ascii_case(name)).collect();
            found = if own.is_empty() { found } else { own };
        }
        match found.as_slice() {
            [] => {
                let near = similar(name, mine().map(|row| row.model.as_str()));
                let what = match provider {
                    Some(provider) => format!("{provider} has no such model"),
                    None => format!("there is no such model for {}", plural(kind)),
                };
                let problem = Problem::new("model", what + &did_you_mean(&near));
                let offered = mine().filter(|row| world.offers(row)).map(|row| row.model.clone());
                Err(if near.is_empty() { problem.allowing(offered) } else { problem.allowing(near) })
            }
            [row] => Ok(self.or_successor(row, name, world)),
            rows => {
                let providers = rows.iter().map(|row| row.provider.as_str());
                Err(Problem::new("provider", format!("several providers have a model {name}: name one"))
                    .allowing(providers))
            }
        }
    }

    /// A model, or its successor where it is not offered.
    fn or_successor<'a>(&'a self, row: &'a Row, name: &str, world: &World<'_>) -> Named<'a> {
        let next = row.successor.as_ref().filter(|_| world.passes_on(row));
        let same = |other: &&Row, model: &String| {
            other.provider == row.provider && other.kind == row.kind && other.model == *model
        };
        match next.and_then(|next| self.book.rows.iter().find(|other| same(other, next))) {
            None => Named { row, note: None },
            Some(next) => {
                let adjustment = Adjustment {
                    option: "model".to_owned(),
                    requested: name.to_owned(),
                    used: Some(next.model.clone()),
                    reason: format!("{} is not offered any more; {} is its successor", row.model, next.model),
                };
                Named { row: next, note: Some(Note { adjustment, weight: Weight::Changed }) }
            }
        }
    }

    /// A provider's models in the order in which they are tried for an order that names none: the tier that was asked
    /// for, the one that an option selects, the default for this input, then by quality.
    pub(crate) fn by_default<'a>(
        &'a self,
        provider: (&str, &Provider),
        order: &Order,
        wishes: &Wishes,
        world: &World<'_>,
    ) -> Vec<&'a Row> {
        let (id, provider) = provider;
        let tier = provider.picked_by.as_ref().and_then(|name| Some((name, wishes.get(name)?)));
        let rank = |row: &Row| {
            let picked =
                tier.is_some_and(|(name, value)| row.fixed.get(name).is_some_and(|tier| tier.is(value)));
            let chosen = row.chosen_when.as_ref().is_some_and(|when| self.is_chosen(when, wishes));
            let matched = inputs::matched(row, &order.input).ok();
            let default = matched.is_some_and(|matched| row.default_for.contains(&matched.shape));
            // 0 is best, and false goes before true.
            let suits = matched.map_or(2, |matched| u8::from(!matched.plain));
            (
                !world.offers(row),
                suits,
                !picked,
                !chosen,
                !default,
                row.default_for.is_empty(),
                5 - row.quality.min(5),
            )
        };
        let mut rows: Vec<&Row> =
            self.rows(order.kind).filter(|row| row.provider == id && world.serves(row)).collect();
        // A test key is to see what a live key would.
        if rows.iter().any(|row| world.offers(row)) {
            rows.retain(|row| world.offers(row));
        }
        rows.sort_by_key(|row| rank(row));
        rows
    }

    /// Whether an option selects a model.
    fn is_chosen(&self, when: &ChosenWhen, wishes: &Wishes) -> bool {
        let usual = |name: &String| {
            let neutral = self.book.options.get(name).and_then(|wish| wish.neutral.as_ref());
            wishes.get(name).is_none_or(|value| neutral.is_some_and(|neutral| neutral.is(value)))
        };
        wishes.contains_key(&when.given) && when.without.as_ref().is_none_or(usual)
    }
}

/// What a type is called in a sentence.
pub(crate) fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Video => "clips",
        Kind::Image => "pictures",
        Kind::Audio => "speech",
        Kind::Avatar => "avatars",
    }
}
