//! Whether a schema keeps what another one promised. Adding is free; what breaks a caller is told, one line for each.

use graphql_parser::schema::{
    Definition, DirectiveDefinition, Document, EnumType, Field, InputValue, Type, TypeDefinition,
    parse_schema,
};
use std::collections::BTreeMap;

type Named<'a, T> = BTreeMap<&'a str, &'a T>;

/// What a caller of the schema `old` would trip over in the schema `new`.
pub(super) fn breaking(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (parsed(old), parsed(new));
    let (old, new) = (Parts::of(&old), Parts::of(&new));
    let mut broken = Broken(Vec::new());
    for (operation, (before, after)) in
        ["query", "mutation", "subscription"].iter().zip(old.roots.iter().zip(&new.roots))
    {
        if before.is_some() && before != after {
            broken.tell(operation, "has another type");
        }
    }
    for (name, before) in &old.types {
        match new.types.get(name) {
            Some(after) => broken.of_type(name, before, after),
            None => broken.tell(name, "is gone"),
        }
    }
    for (name, before) in &old.directives {
        let path = format!("@{name}");
        match new.directives.get(name) {
            Some(after) => {
                broken.of_inputs(&path, &before.arguments, &after.arguments);
                for place in before.locations.iter().filter(|place| !after.locations.contains(place)) {
                    broken.tell(&path, &format!("can't stand at {} any more", place.as_str()));
                }
            }
            None => broken.tell(&path, "is gone"),
        }
    }
    broken.0
}

fn parsed(text: &str) -> Document<'static, String> {
    parse_schema::<String>(text).unwrap().into_static()
}

struct Parts<'a> {
    types: Named<'a, TypeDefinition<'static, String>>,
    directives: Named<'a, DirectiveDefinition<'static, String>>,
    /// Of query, mutation and subscription.
    roots: [Option<&'a String>; 3],
}

impl<'a> Parts<'a> {
    fn of(document: &'a Document<'static, String>) -> Parts<'a> {
        let mut parts = Parts { types: BTreeMap::new(), directives: BTreeMap::new(), roots: [None; 3] };
        for definition in &document.definitions {
            match definition {
                Definition::TypeDefinition(kind) => {
                    parts.types.insert(name(kind), kind);
                }
                Definition::DirectiveDefinition(directive) => {
                    parts.directives.insert(&directive.name, directive);
                }
                Definition::SchemaDefinition(schema) => {
                    parts.roots = [&schema.query, &schema.mutation, &schema.subscription].map(Option::as_ref);
                }
                Definition::TypeExtension(extension) => {
                    panic!("a schema is printed whole, not with {extension}")
                }
            }
        }
        parts
    }
}

fn name<'a>(kind: &'a TypeDefinition<'static, String>) -> &'a str {
    match kind {
        TypeDefinition::Scalar(kind) => &kind.name,
        TypeDefinition::Object(kind) => &kind.name,
        TypeDefinition::Interface(kind) => &kind.name,
        TypeDefinition::Union(kind) => &kind.name,
        TypeDefinition::Enum(kind) => &kind.name,
        TypeDefinition::InputObject(kind) => &kind.name,
    }
}

struct Broken(Vec<String>);

impl Broken {
    fn tell(&mut self, path: &str, what: &str) {
        self.0.push(format!("{path} {what}"));
    }

    fn of_type(
        &mut self,
        path: &str,
        old: &TypeDefinition<'static, String>,
        new: &TypeDefinition<'static, String>,
    ) {
        use TypeDefinition::{Enum, InputObject, Interface, Object, Scalar, Union};
        match (old, new) {
            (Scalar(_), Scalar(_)) => {}
            (Object(old), Object(new)) => {
                self.of_fields(path, &old.fields, &new.fields);
                self.of_names(path, &old.implements_interfaces, &new.implements_interfaces);
            }
            (Interface(old), Interface(new)) => {
                self.of_fields(path, &old.fields, &new.fields);
                self.of_names(path, &old.implements_interfaces, &new.implements_interfaces);
            }
            (Union(old), Union(new)) => self.of_names(path, &old.types, &new.types),
            (Enum(old), Enum(new)) => {
                let names = |kind: &EnumType<'static, String>| -> Vec<String> {
                    kind.values.iter().map(|value| value.name.clone()).collect()
                };
                self.of_names(path, &names(old), &names(new));
            }
            (InputObject(old), InputObject(new)) => {
                self.of_inputs(path, &old.fields, &new.fields);
                let one_of = |directives: &[graphql_parser::schema::Directive<'static, String>]| {
                    directives.iter().any(|directive| directive.name == "oneOf")
                };
                if one_of(&new.directives) && !one_of(&old.directives) {
                    self.tell(path, "takes only one of its fields now");
                }
            }
            _ => self.tell(path, "is of another kind"),
        }
    }

    fn of_fields(&mut self, path: &str, old: &[Field<'static, String>], new: &[Field<'static, String>]) {
        for before in old {
            let path = format!("{path}.{}", before.name);
            match new.iter().find(|after| after.name == before.name) {
                None => self.tell(&path, "is gone"),
                Some(after) => {
                    if !gives(&before.field_type, &after.field_type) {
                        self.tell(&path, &format!("was {} and is {}", before.field_type, after.field_type));
                    }
                    self.of_inputs(&path, &before.arguments, &after.arguments);
                }
            }
        }
    }

    /// Arguments, or fields of an input object.
    fn of_inputs(
        &mut self,
        path: &str,
        old: &[InputValue<'static, String>],
        new: &[InputValue<'static, String>],
    ) {
        for before in old {
            let path = format!("{path}({})", before.name);
            match new.iter().find(|after| after.name == before.name) {
                None => self.tell(&path, "is gone"),
                Some(after) => {
                    if !takes(&before.value_type, &after.value_type) {
                        self.tell(&path, &format!("was {} and is {}", before.value_type, after.value_type));
                    }
                    // Who had to give a value does not notice a default.
                    if before.default_value != after.default_value && !is_required(before) {
                        self.tell(&path, "has another default");
                    }
                }
            }
        }
        for after in new.iter().filter(|after| is_required(after)) {
            if old.iter().all(|before| before.name != after.name) {
                self.tell(&format!("{path}({})", after.name), "is new and required");
            }
        }
    }

    fn of_names(&mut self, path: &str, old: &[String], new: &[String]) {
        for gone in old.iter().filter(|name| !new.contains(name)) {
            self.tell(&format!("{path}.{gone}"), "is gone");
        }
    }
}

fn is_required(value: &InputValue<'static, String>) -> bool {
    matches!(value.value_type, Type::NonNullType(_)) && value.default_value.is_none()
}

/// Whether who expected `old` can read `new`.
fn gives(old: &Type<'static, String>, new: &Type<'static, String>) -> bool {
    match (old, new) {
        (Type::NonNullType(old), Type::NonNullType(new)) => gives(old, new),
        (Type::NonNullType(_), _) => false,
        (old, Type::NonNullType(new)) => gives(old, new),
        (Type::ListType(old), Type::ListType(new)) => gives(old, new),
        (old, new) => old == new,
    }
}

/// Whether `new` takes whatever `old` took.
fn takes(old: &Type<'static, String>, new: &Type<'static, String>) -> bool {
    match (old, new) {
        (Type::NonNullType(old), Type::NonNullType(new)) => takes(old, new),
        (_, Type::NonNullType(_)) => false,
        (Type::NonNullType(old), new) => takes(old, new),
        (Type::ListType(old), Type::ListType(new)) => takes(old, new),
        (old, new) => old == new,
    }
}

const BASE: &str = "schema { query: Query mutation: Mutation }
    directive @mark(how: Int = 1) on FIELD | QUERY
    type Query { thing(id: ID!, first: Int = 20, filter: Filter): Thing things: [Thing!]! any: Any }
    type Mutation { make(input: Make!): Thing! }
    interface Node { id: ID! } interface Timed { at: Moment }
    type Thing implements Node & Timed { id: ID! at: Moment name: String! note: String tags: [String!] sizes: [Int]! }
    type Other { id: ID! }
    union Any = Thing | Other
    enum Colour { RED GREEN }
    scalar Moment
    input Filter { colour: Colour = RED text: String }
    input Make { name: String! colour: Colour count: Int = 1 tags: [String!] }";

#[test]
fn every_way_to_break_a_caller_is_seen() {
    for (from, to, broken) in [
        ("scalar Moment", "scalar Instant", "Moment is gone"),
        ("type Other", "type Another", "Other is gone"),
        ("name: String! note", "title: String! note", "Thing.name is gone"),
        ("note: String ", "", "Thing.note is gone"),
        ("first: Int = 20, ", "", "Query.thing(first) is gone"),
        ("RED GREEN", "RED", "Colour.GREEN is gone"),
        ("colour: Colour = RED text", "text", "Filter(colour) is gone"),
        ("input Filter { ", "input Filter { must: Int! ", "Filter(must) is new and required"),
        ("thing(id: ID!", "thing(must: Int!, id: ID!", "Query.thing(must) is new and required"),
        ("things: [Thing!]!", "things(must: Int!): [Thing!]!", "Query.things(must) is new and required"),
        ("note: String ", "note: Int ", "Thing.note was String and is Int"),
        ("note: String ", "note: [String] ", "Thing.note was String and is [String]"),
        ("name: String! note", "name: String note", "Thing.name was String! and is String"),
        ("tags: [String!] sizes", "tags: [String] sizes", "Thing.tags was [String!] and is [String]"),
        ("[Thing!]!", "[Thing!]", "Query.things was [Thing!]! and is [Thing!]"),
        ("make(input: Make!): Thing!", "make(input: Make!): Thing", "Mutation.make was Thing! and is Thing"),
        ("text: String }", "text: String! }", "Filter(text) was String and is String!"),
        ("text: String }", "text: Int }", "Filter(text) was String and is Int"),
        ("tags: [String!] }", "tags: [String!]! }", "Make(tags) was [String!] and is [String!]!"),
        ("filter: Filter)", "filter: Filter!)", "Query.thing(filter) was Filter and is Filter!"),
        ("Int = 20", "Int = 10", "Query.thing(first) has another default"),
        ("Int = 20", "Int", "Query.thing(first) has another default"),
        ("Colour = RED", "Colour = GREEN", "Filter(colour) has another default"),
        ("text: String }", "text: String = \"a\" }", "Filter(text) has another default"),
        ("Any = Thing | Other", "Any = Thing", "Any.Other is gone"),
        ("Node & Timed", "Node", "Thing.Timed is gone"),
        ("interface Node { id: ID! }", "interface Node { id: ID }", "Node.id was ID! and is ID"),
        ("enum Colour { RED GREEN }", "scalar Colour", "Colour is of another kind"),
        ("input Filter {", "input Filter @oneOf {", "Filter takes only one of its fields now"),
        ("mutation: Mutation", "mutation: Other", "mutation has another type"),
        ("directive @mark(how: Int = 1) on FIELD | QUERY", "", "@mark is gone"),
        ("how: Int = 1", "how: Int = 2", "@mark(how) has another default"),
        ("FIELD | QUERY", "QUERY", "@mark can't stand at FIELD any more"),
    ] {
        assert!(BASE.contains(from), "{from}");

        assert_eq!(breaking(BASE, &BASE.replacen(from, to, 1)), [broken], "{from} -> {to}");
    }
}

#[test]
fn adding_breaks_nobody() {
    assert_eq!(breaking(BASE, BASE), Vec::<String>::new());
    for (from, to) in [
        ("scalar Moment", "scalar Moment scalar More type Fresh { id: ID }"),
        ("note: String ", "note: String more: String! "),
        ("note: String ", "note: String! "),
        ("sizes: [Int]!", "sizes: [Int!]!"),
        ("note: String ", "note(long: Boolean, most: Int! = 9): String "),
        ("RED GREEN", "RED GREEN BLUE"),
        ("text: String }", "text: String more: Int must: Int! = 1 }"),
        ("id: ID!, first", "id: ID, first"),
        ("name: String! colour", "name: String = \"x\" colour"),
        ("Thing | Other", "Thing | Other | Query"),
        ("type Other {", "type Other implements Node {"),
        ("FIELD | QUERY", "FIELD | QUERY | MUTATION"),
        ("name: String! note", "\"The name.\" name: String! @deprecated(reason: \"x\") note"),
    ] {
        assert!(BASE.contains(from), "{from}");
        assert_eq!(breaking(BASE, &BASE.replacen(from, to, 1)), Vec::<String>::new(), "{from} -> {to}");
    }
}
