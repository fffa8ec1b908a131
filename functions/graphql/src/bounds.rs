//! Bounds that juniper does not have: how many fields at the root and how many aliases a document may have. Each
//! root field is work of its own, and aliases are the way to ask for the same work many times.

use crate::schema::Schema;
use juniper::{Definition, Selection, parser::parse_document_source};
use std::collections::HashMap;

/// Root fields of an operation, fragments expanded.
pub(crate) const MOST_ROOT_FIELDS: usize = 20;

/// Aliases in a document.
pub(crate) const MOST_ALIASES: usize = 50;

/// What is too much about a document; nothing if it is within bounds, or can't be parsed and is refused for that.
pub(crate) fn excess(schema: &Schema, source: &str) -> Option<String> {
    let document = parse_document_source(source, &schema.schema).ok()?;
    let fragments = document
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                Some((fragment.item.name.item, fragment.item.selection_set.as_slice()))
            }
            Definition::Operation(_) => None,
        })
        .collect();
    let mut roots = Roots { fragments, counted: HashMap::new() };
    let mut aliases = 0;
    for definition in &document {
        let selections = match definition {
            Definition::Operation(operation) => {
                let selections = &operation.item.selection_set;
                if roots.count(selections) > MOST_ROOT_FIELDS {
                    return Some(format!("Document exceeds the limit of {MOST_ROOT_FIELDS} root fields"));
                }
                selections
            }
            Definition::Fragment(fragment) => &fragment.item.selection_set,
        };
        aliases += aliases_in(selections);
    }
    (aliases > MOST_ALIASES).then(|| format!("Document exceeds the limit of {MOST_ALIASES} aliases"))
}

/// Counts fields at the root. Each fragment is counted once however often it is spread, so that the work is bounded
/// by the size of the document.
struct Roots<'a, 'd> {
    fragments: HashMap<&'a str, &'d [Selection<'a>]>,
    /// Of fragments; one that is being counted stands at nothing, which ends a cycle.
    counted: HashMap<&'a str, usize>,
}

impl<'a> Roots<'a, '_> {
    fn count(&mut self, selections: &[Selection<'a>]) -> usize {
        selections.iter().fold(0, |fields: usize, selection| {
            fields.saturating_add(match selection {
                Selection::Field(_) => 1,
                Selection::InlineFragment(inline) => self.count(&inline.item.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(spread.item.name.item),
            })
        })
    }

    fn fragment(&mut self, name: &'a str) -> usize {
        if let Some(counted) = self.counted.get(name) {
            return *counted;
        }
        self.counted.insert(name, 0);
        let fields = self.fragments.get(name).copied().map_or(0, |selections| self.count(selections));
        self.counted.insert(name, fields);
        fields
    }
}

fn aliases_in(selections: &[Selection<'_>]) -> usize {
    selections
        .iter()
        .map(|selection| match selection {
            Selection::Field(field) => {
                let inner = field.item.selection_set.as_deref().map_or(0, aliases_in);
                inner + usize::from(field.item.alias.is_some())
            }
            Selection::InlineFragment(inline) => aliases_in(&inline.item.selection_set),
            Selection::FragmentSpread(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    #[test]
    fn many_root_fields_and_many_aliases_are_too_much() {
        let schema = schema(true);
        let roots = |count: usize| format!("{{ {} }}", "account { id } ".repeat(count));
        let aliases = |count: usize| {
            let fields: String = (0..count).map(|number| format!("a{number}: id ")).collect();
            format!("{{ account {{ {fields} }} }}")
        };
        let spread = "{ ...A ...A ...A } fragment A on Query { ...B ...B } fragment B on Query { __typename __typename __typename __typename }";
        let cycle = "{ ...A } fragment A on Query { ...A ...A account { id } }";
        for (source, expected) in [
            (roots(20), None),
            (roots(21), Some("root fields")),
            (aliases(50), None),
            (aliases(51), Some("aliases")),
            (spread.to_owned(), Some("root fields")),
            // Validation refuses it for being one.
            (cycle.to_owned(), None),
            ("{".to_owned(), None),
        ] {
            let found = excess(&schema, &source);
            match expected {
                None => assert_eq!(found, None, "{source}"),
                Some(word) => assert!(found.unwrap_or_default().contains(word), "{source}"),
            }
        }
    }
}
