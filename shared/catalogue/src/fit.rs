//! An order fitted to one model: what would be made, with which changes, at what price.

use crate::{
    Problem,
    combine::Impossible,
    inputs::{self, Match},
    price,
    row::{Book, Micro, Row},
    settle::{Note, Told, Weight, settle},
    wishes::Wishes,
};
use jobs::{Adjustment, Options, Order};

/// An order as one model would make it.
#[derive(Clone, Debug)]
pub(crate) struct Fit<'a> {
    /// The model.
    pub(crate) row: &'a Row,
    /// What it starts from.
    pub(crate) matched: Match<'a>,
    /// The options, settled.
    pub(crate) options: Options,
    /// What was changed.
    pub(crate) notes: Vec<Note>,
    /// The text for the vendor.
    pub(crate) prompt: Option<String>,
    /// The price.
    pub(crate) price: Micro,
}

/// Fits an order to a model, or tells everything that stands in the way.
pub(crate) fn fit<'a>(
    book: &Book,
    row: &'a Row,
    order: &Order,
    wishes: &Wishes,
) -> Result<Fit<'a>, Vec<Problem>> {
    let matched = inputs::matched(row, &order.input)?;
    let fitted = fit_as(book, row, order, wishes, matched, true)?;
    if order.input.text.is_some() || fitted.prompt.is_none() {
        return Ok(fitted);
    }
    // A wish became the only words. An order with words may be another kind of order, with other usual values; so it is
    // fitted as what it has become, and asking again for the outcome brings the same.
    if let Ok(worded) = inputs::matched_with_text(row, &order.input) {
        if worded.shape == matched.shape {
            return Ok(fitted);
        }
        let again = fit_as(book, row, order, wishes, worded, true);
        if let Some(again) = again.ok().filter(|again| again.prompt.is_some()) {
            return Ok(again);
        }
    }
    fit_as(book, row, order, wishes, matched, false)
}

/// Fits an order to a model that sees it as `matched`. Wishes without a parameter are told in the prompt where they
/// `may_be_told`.
fn fit_as<'a>(
    book: &Book,
    row: &'a Row,
    order: &Order,
    wishes: &Wishes,
    matched: Match<'a>,
    may_be_told: bool,
) -> Result<Fit<'a>, Vec<Problem>> {
    let picked_by = book.providers.get(&row.provider).and_then(|provider| provider.picked_by.as_deref());
    let settled = settle(book, row, matched.shape, wishes, picked_by, order.priority)
        .map_err(|impossible| excluding(wishes, impossible))?;
    let mut problems = Vec::new();
    for (name, limits) in &row.options {
        let applies = limits.shapes.is_empty() || limits.shapes.contains(&matched.shape);
        if limits.required && applies && settled.options.get(name).is_none() {
            problems.push(Problem::new(format!("options.{name}"), format!("{} needs it", row.model)));
        }
    }
    let text = order.input.text.as_deref();
    // A tag within the text ("[excited] ") counts as text.
    let tag = row.price.as_ref().and_then(|price| settled.options.text(price.tag.as_deref()?));
    let tagged = tag.map_or(0, |tag| inputs::length(tag, row.text_unit) + 3);
    let length = text.map_or(0, |text| inputs::length(text, row.text_unit)) + tagged;
    problems.extend(inputs::too_long(row, length));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut notes = settled.notes;
    let prompt = if may_be_told {
        told(row, text, settled.told, &mut notes)
    } else {
        let reason = "there is no text that it could be a part of";
        notes.extend(settled.told.into_iter().map(|wish| wish.noted(Weight::LeftOut, reason)));
        text.map(str::to_owned)
    };
    // What was asked for is what is done: nothing that a strict caller has to hear of.
    notes.retain(|note| !order.strict || note.weight != Weight::None);
    notes.sort_by(|one, other| one.adjustment.option.cmp(&other.adjustment.option));
    let price = price::price(row, &matched, &settled.options, prompt.as_deref());
    Ok(Fit { row, matched, options: settled.options, notes, prompt, price })
}

/// A combination that can't be had, told of each option that takes part and was asked for.
fn excluding(wishes: &Wishes, impossible: Impossible) -> Vec<Problem> {
    let Impossible { options, because } = impossible;
    let asked: Vec<String> = options.into_iter().filter(|name| wishes.contains_key(name)).collect();
    if asked.is_empty() {
        return vec![Problem::new("options", because)];
    }
    asked.iter().map(|name| Problem::new(format!("options.{name}"), because.clone())).collect()
}

/// Adds to the text the wishes that have no parameter, as far as there is room.
fn told(row: &Row, text: Option<&str>, mut wishes: Vec<Told>, notes: &mut Vec<Note>) -> Option<String> {
    // What begins a new sentence comes last.
    wishes.sort_by_key(|wish| wish.words.starts_with('.'));
    let mut prompt = text.map(str::to_owned);
    for wish in wishes {
        let words = &wish.words;
        let longer = match prompt.as_deref().map(ended) {
            Some(before) if !before.is_empty() => format!("{before}{words}"),
            _ => words.trim_start_matches([',', '.', ' ']).to_owned(),
        };
        if inputs::length(&longer, row.text_unit) <= row.text_most as usize {
            prompt = Some(longer);
            notes.push(wish.noted(Weight::Told, "it became part of the prompt"));
        } else {
            notes.push(wish.noted(Weight::LeftOut, "the prompt has no room for it"));
        }
    }
    prompt
}

impl Told {
    /// What is said of it.
    fn noted(self, weight: Weight, reason: &str) -> Note {
        let Told { option, requested, .. } = self;
        let adjustment = Adjustment { option, requested, used: None, reason: reason.to_owned() };
        Note { adjustment, weight }
    }
}

/// A text without the mark at its end, so that it can go on.
fn ended(text: &str) -> &str {
    text.trim_end_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '.' | ',' | ';' | '。' | '，')
    })
}
