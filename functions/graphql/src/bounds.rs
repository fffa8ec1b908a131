//! Bounds that juniper does not have: how many fields at the root, how many aliases, how deep into lists of the
//! schema itself. Each root field is work of its own, aliases are the way to ask for the same work many times, and
//! types lead to fields, which lead to types again.

use crate::schema::Schema;
use juniper::{Definition, Selection, parser::parse_document_source};
use std::collections::HashMap;

/// Root fields of an operation, fragments expanded.
const MOST_ROOT_FIELDS: usize = 20;

/// Root fields that ask for the schema; a tool that draws it needs one.
const MOST_INTROSPECTIONS: usize = 3;

/// Aliases in a document.
const MOST_ALIASES: usize = 50;

/// Lists of the schema within one another, below the list of its types: fields and their arguments are two.
const MOST_SCHEMA_LISTS: usize = 2;

/// The lists of the schema that lead further.
const SCHEMA_LISTS: [&str; 5] = ["args", "fields", "inputFields", "interfaces", "possibleTypes"];

/// What a document asks for, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    roots: usize,
    introspections: usize,
    aliases: usize,
    schema_lists: usize,
}

impl Survey {
    /// Surveys a document; nothing if it can't be parsed.
    pub(crate) fn of(schema: &Schema, source: &str) -> Option<Survey> {
        let document = parse_document_source(source, &schema.schema).ok()?;
        let fragments = document.iter().filter_map(|definition| match definition {
            Definition::Fragment(fragment) => {
                Some((fragment.item.name.item, fragment.item.selection_set.as_slice()))
            }
            Definition::Operation(_) => None,
        });
        let mut fragments = Fragments { by_name: fragments.collect(), counted: HashMap::new() };
        let mut survey = Survey::default();
        for definition in &document {
            let selections = match definition {
                Definition::Operation(operation) => {
                    let found = fragments.count(&operation.item.selection_set);
                    survey.roots = survey.roots.max(found.roots);
                    survey.introspections = survey.introspections.max(found.introspections);
                    survey.schema_lists = survey.schema_lists.max(found.schema_lists);
                    &operation.item.selection_set
                }
                Definition::Fragment(fragment) => &fragment.item.selection_set,
            };
            survey.aliases += aliases_in(selections);
        }
        Some(survey)
    }

    /// Whether it asks for nothing but the schema. Such documents are deep by nature.
    pub(crate) fn is_introspection(&self) -> bool {
        self.introspections > 0 && self.introspections == self.roots
    }

    /// What is too much about it; nothing if it is within bounds.
    pub(crate) fn excess(&self) -> Option<String> {
        let over = |count: usize, most: usize, what: &str| {
            (count > most).then(|| format!("Document exceeds the limit of {most} {what}"))
        };
        over(self.roots, MOST_ROOT_FIELDS, "root fields")
            .or_else(|| over(self.introspections, MOST_INTROSPECTIONS, "introspections"))
            .or_else(|| over(self.aliases, MOST_ALIASES, "aliases"))
            .or_else(|| over(self.schema_lists, MOST_SCHEMA_LISTS, "nested lists of the schema"))
    }
}

/// Each fragment is counted once however often it is spread, so that the work is bounded by the document's size.
struct Fragments<'a, 'd> {
    by_name: HashMap<&'a str, &'d [Selection<'a>]>,
    /// One that is being counted stands at nothing, which ends a cycle.
    counted: HashMap<&'a str, Survey>,
}

impl<'a> Fragments<'a, '_> {
    /// Fields at this level, and schema lists at this level and below.
    fn count(&mut self, selections: &[Selection<'a>]) -> Survey {
        let mut sum = Survey::default();
        for selection in selections {
            let found = match selection {
                Selection::Field(field) => {
                    let name = field.item.name.item;
                    let inner = field.item.selection_set.as_deref();
                    let below = inner.map_or(0, |inner| self.count(inner).schema_lists);
                    Survey {
                        // The name of the root's type costs nothing.
                        roots: usize::from(name != "__typename"),
                        introspections: usize::from(matches!(name, "__schema" | "__type")),
                        schema_lists: below + usize::from(inner.is_some() && SCHEMA_LISTS.contains(&name)),
                        aliases: 0,
                    }
                }
                Selection::InlineFragment(inline) => self.count(&inline.item.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(spread.item.name.item),
            };
            sum.roots = sum.roots.saturating_add(found.roots);
            sum.introspections = sum.introspections.saturating_add(found.introspections);
            sum.schema_lists = sum.schema_lists.max(found.schema_lists);
        }
        sum
    }

    fn fragment(&mut self, name: &'a str) -> Survey {
        if let Some(counted) = self.counted.get(name) {
            return *counted;
        }
        self.counted.insert(name, Survey::default());
        let found = self.by_name.get(name).copied().map_or_else(Survey::default, |inner| self.count(inner));
        self.counted.insert(name, found);
        found
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
    fn too_much_of_anything_is_told() {
        let schema = schema(true);
        let roots = |count: usize| format!("{{ {} }}", "account { id } ".repeat(count));
        let aliases = |count: usize| {
            let fields: String = (0..count).map(|number| format!("a{number}: id ")).collect();
            format!("{{ account {{ {fields} }} }}")
        };
        let spread = "{ ...A ...A ...A } fragment A on Query { ...B ...B }
            fragment B on Query { __typename account { id } account { id } account { id } account { id } }";
        let deep = "{ __schema { types { fields { type { ...A } } } } }
            fragment A on __Type { fields { type { fields { name } } } }";
        let cycle = "{ ...A } fragment A on Query { ...A ...A account { id } }";
        for (source, expected) in [
            (roots(20), None),
            (roots(21), Some("root fields")),
            (aliases(50), None),
            (aliases(51), Some("aliases")),
            (spread.to_owned(), Some("root fields")),
            (format!("{{ {} }}", "__type(name: \"Query\") { name } ".repeat(4)), Some("introspections")),
            (deep.to_owned(), Some("nested lists")),
            ("{ __schema { types { fields { args { name } } } } }".to_owned(), None),
            // Validation refuses it for being one.
            (cycle.to_owned(), None),
        ] {
            let found = Survey::of(&schema, &source).unwrap().excess();
            match expected {
                None => assert_eq!(found, None, "{source}"),
                Some(word) => assert!(found.unwrap_or_default().contains(word), "{source}"),
            }
        }
        assert_eq!(Survey::of(&schema, "{"), None);
    }

    #[test]
    fn an_introspection_asks_for_nothing_else() {
        let schema = schema(true);
        for (source, expected) in [
            ("{ __typename __schema { queryType { name } } }", true),
            ("{ __typename }", false),
            ("{ ...A } fragment A on Query { __type(name: \"Query\") { name } }", true),
            ("{ __schema { queryType { name } } account { id } }", false),
            ("{ account { id } }", false),
        ] {
            assert_eq!(Survey::of(&schema, source).unwrap().is_introspection(), expected, "{source}");
        }
    }
}
