//! An order fitted to one model: what would be made, with which changes, at what price.

use crate::{
    Problem,
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
    let picked_by = book.providers.get(&row.provider).and_then(|provider| provider.picked_by.as_deref());
    let settled = settle(book, row, matched.shape, wishes, picked_by, order.priority)
        .map_err(|because| vec![Problem::new("options", because)])?;
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
    let prompt = told(row, text, settled.told, &mut notes);
    notes.sort_by(|one, other| one.adjustment.option.cmp(&other.adjustment.option));
    let price = price::price(row, &matched, &settled.options, prompt.as_deref());
    Ok(Fit { row, matched, options: settled.options, notes, prompt, price })
}

/// Adds to the text the wishes that have no parameter, as far as there is room.
fn told(row: &Row, text: Option<&str>, mut wishes: Vec<Told>, notes: &mut Vec<Note>) -> Option<String> {
    // What begins a new sentence comes last.
    wishes.sort_by_key(|wish| wish.words.starts_with('.'));
    let mut prompt = text.map(str::to_owned);
    for Told { option, requested, words } in wishes {
        let longer = match prompt.as_deref().map(ended) {
            Some(before) if !before.is_empty() => format!("{before}{words}"),
            _ => words.trim_start_matches([',', '.', ' ']).to_owned(),
        };
        let fits = inputs::length(&longer, row.text_unit) <= row.text_most as usize;
        let (weight, reason) = if fits {
            prompt = Some(longer);
            (Weight::Told, "it became part of the prompt")
        } else {
            (Weight::LeftOut, "the prompt has no room for it")
        };
        let adjustment = Adjustment { option, requested, used: None, reason: reason.to_owned() };
        notes.push(Note { adjustment, weight });
    }
    prompt
}

/// A text without the mark at its end, so that it can go on.
fn ended(text: &str) -> &str {
    text.trim_end_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '.' | ',' | ';' | '。' | '，')
    })
}
