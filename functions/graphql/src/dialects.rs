//! Two kinds of clients exist. One asks for `error { code message }` and `metadata { ... }` and compares statuses with
//! `COMPLETED`; the other asks for `error` and `metadata` as leaves and compares with `completed`. GraphQL can't type
//! a field both ways, so the second kind's documents are rewritten before they are validated:
//!
//! | written | read as | where |
//! |---|---|---|
//! | `metadata` | `metadata: metadataJson` | a leaf |
//! | `error` | `error: errorMessage` | a leaf |
//! | `status` | `status: statusText` | in a selection set with a leaf `error`, fragments included |
//!
//! A document is offered for rewriting only when it is invalid as it stands, so a valid one is never touched. Edits
//! stay within their line, so a position in the new text can be told in the caller's.

use crate::schema::Schema;
use juniper::{Definition, Selection, parser::SourcePosition, parser::parse_document_source};
use std::collections::HashMap;

/// A document in the first dialect, and how to find one's way back.
#[derive(Debug)]
pub(crate) struct Rewritten {
    /// The new text.
    pub(crate) text: String,
    edits: Vec<Edit>,
}

/// A name that was replaced.
#[derive(Debug)]
struct Edit {
    /// Where the name begins in the caller's text: byte, line, column in characters.
    offset: usize,
    line: usize,
    column: usize,
    old_length: usize,
    new: String,
}

impl Rewritten {
    /// Line and column, both from 0, in the caller's text.
    pub(crate) fn original(&self, line: usize, column: usize) -> (usize, usize) {
        let mut grown = 0;
        for edit in self.edits.iter().filter(|edit| edit.line == line) {
            let start = edit.column + grown;
            if column < start {
                break;
            }
            if column < start + edit.new.len() {
                return (line, edit.column);
            }
            grown += edit.new.len() - edit.old_length;
        }
        (line, column - grown)
    }
}

/// The document in the first dialect; nothing if it can't be parsed or has no leaf of the second.
pub(crate) fn rewrite(schema: &Schema, source: &str) -> Option<Rewritten> {
    let document = parse_document_source(source, &schema.schema).ok()?;
    let mut survey = Survey { source, sets: Vec::new(), fragments: HashMap::new() };
    for definition in &document {
        match definition {
            Definition::Operation(operation) => {
                survey.visit(&operation.item.selection_set);
            }
            Definition::Fragment(fragment) => {
                let set = survey.visit(&fragment.item.selection_set);
                survey.fragments.insert(fragment.item.name.item, set);
            }
        }
    }
    let mut edits = survey.into_edits();
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|edit| edit.offset);
    let mut text = String::with_capacity(source.len() + edits.len() * 16);
    let mut done = 0;
    for edit in &edits {
        text.push_str(source.get(done..edit.offset)?);
        text.push_str(&edit.new);
        done = edit.offset + edit.old_length;
    }
    text.push_str(source.get(done..)?);
    Some(Rewritten { text, edits })
}

/// Every selection set of a document, inline fragments taken as part of the set they stand in.
struct Survey<'a> {
    source: &'a str,
    sets: Vec<Set<'a>>,
    fragments: HashMap<&'a str, usize>,
}

#[derive(Default)]
struct Set<'a> {
    has_leaf_error: bool,
    statuses: Vec<Edit>,
    leaves: Vec<Edit>,
    spreads: Vec<&'a str>,
}

impl<'a> Survey<'a> {
    /// Takes a selection set in, and every one within it. Returns its number.
    fn visit(&mut self, selections: &[Selection<'a>]) -> usize {
        let mut set = Set::default();
        self.fill(&mut set, selections);
        self.sets.push(set);
        self.sets.len() - 1
    }

    fn fill(&mut self, set: &mut Set<'a>, selections: &[Selection<'a>]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let field = &field.item;
                    if let Some(inner) = &field.selection_set {
                        self.visit(inner);
                        continue;
                    }
                    let (name, aliased) = (&field.name, field.alias.is_some());
                    let edit = |new| edit(self.source, name.item, &name.span.start, new, aliased);
                    match name.item {
                        "metadata" => set.leaves.extend(edit("metadataJson")),
                        "error" => {
                            set.has_leaf_error = true;
                            set.leaves.extend(edit("errorMessage"));
                        }
                        "status" => set.statuses.extend(edit("statusText")),
                        _ => {}
                    }
                }
                Selection::InlineFragment(inline) => self.fill(set, &inline.item.selection_set),
                Selection::FragmentSpread(spread) => set.spreads.push(spread.item.name.item),
            }
        }
    }

    /// Sets that are joined by a spread end up in one object of the answer, so they speak one dialect.
    fn into_edits(mut self) -> Vec<Edit> {
        let joined: Vec<(usize, usize)> = self
            .sets
            .iter()
            .enumerate()
            .flat_map(|(number, set)| {
                set.spreads
                    .iter()
                    .filter_map(|name| self.fragments.get(name))
                    .map(move |other| (number, *other))
            })
            .collect();
        let mut speaks_second: Vec<bool> = self.sets.iter().map(|set| set.has_leaf_error).collect();
        let speaks = |flags: &[bool], number: usize| flags.get(number).copied().unwrap_or(false);
        loop {
            let mut changed = false;
            for (one, other) in &joined {
                if speaks(&speaks_second, *one) != speaks(&speaks_second, *other) {
                    for number in [*one, *other] {
                        speaks_second.get_mut(number).into_iter().for_each(|flag| *flag = true);
                    }
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let mut edits = Vec::new();
        for (set, second) in self.sets.drain(..).zip(speaks_second) {
            edits.extend(set.leaves);
            if second {
                edits.extend(set.statuses);
            }
        }
        edits
    }
}

fn edit(source: &str, name: &str, start: &SourcePosition, new: &str, aliased: bool) -> Option<Edit> {
    // The name is a slice of the source; where it begins is the difference of the two addresses.
    let offset = name.as_ptr().addr().checked_sub(source.as_ptr().addr())?;
    let new = if aliased { new.to_owned() } else { format!("{name}: {new}") };
    Some(Edit { offset, line: start.line(), column: start.column(), old_length: name.len(), new })
}

#[cfg(test)]
mod tests;
