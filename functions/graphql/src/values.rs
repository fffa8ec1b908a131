//! What is wrong with the values of a document and of its variables: everything at once, field by field, with the
//! nearest name for one that is not known.
//!
//! juniper stops at the first fault of a value that stands in a document, and tells fields within its sentences only.
//! So where it refuses a value, the value is looked through here. What a caller sent is not repeated, but for the
//! names of fields: they are needed to find the place, and cut short.

use crate::{desk::problem, schema::Schema};
use catalogue::{Problem, did_you_mean, similar};
use juniper::{
    DefaultScalarValue, Definition, InputValue, OperationType, ScalarValue, Selection, Spanning, Variables,
    meta::{Argument, EnumMeta, InputObjectMeta, MetaType},
    parser::{SourcePosition, parse_document_source},
};

/// Problems told of one value. Who has more of them will not read them all.
const MOST_PROBLEMS: usize = 50;

/// Letters of a caller's name that are repeated.
const MOST_NAME: usize = 64;

/// What is wrong at one place of a document: an argument, a field that lacks one, or a variable.
pub(crate) struct Bad {
    /// Where it stands.
    pub(crate) place: SourcePosition,
    /// All that is wrong with it.
    pub(crate) problems: Vec<Problem>,
}

/// Says what is wrong with the sense of a value of this type, whose forms are all good.
pub(crate) type Sense<'a> = dyn Fn(&str, &InputValue) -> Vec<Problem> + 'a;

/// Every bad value of a document that can be parsed. What is good of a bad value is judged by its sense too.
pub(crate) fn bad_values(
    schema: &Schema,
    source: &str,
    variables: &Variables,
    sense: &Sense<'_>,
) -> Vec<Bad> {
    let Ok(document) = parse_document_source(source, &schema.schema) else { return Vec::new() };
    let mut walk = Walk { schema, sense, bad: Vec::new() };
    for definition in &document {
        match definition {
            Definition::Operation(operation) => {
                let operation = &operation.item;
                for (name, variable) in operation.variables_definition.iter().flat_map(|all| all.item.iter())
                {
                    let kind = variable.var_type.item.to_string();
                    if let Some(default) = &variable.default_value {
                        walk.value(default.span.start, &kind, &default.item, name.item, true);
                    }
                    let value = variables.get(name.item);
                    if value.is_some() || variable.default_value.is_none() {
                        let value = value.unwrap_or(&InputValue::Null);
                        walk.value(name.span.start, &kind, value, name.item, false);
                    }
                }
                let root = match operation.operation_type {
                    OperationType::Mutation => schema.schema.concrete_mutation_type(),
                    _ => Some(schema.schema.concrete_query_type()),
                };
                walk.visit(root, &operation.selection_set);
            }
            Definition::Fragment(fragment) => {
                let parent = schema.schema.concrete_type_by_name(fragment.item.type_condition.item);
                walk.visit(parent, &fragment.item.selection_set);
            }
        }
    }
    walk.bad
}

struct Walk<'a> {
    schema: &'a Schema,
    sense: &'a Sense<'a>,
    bad: Vec<Bad>,
}

impl<'a> Walk<'a> {
    fn note(&mut self, place: SourcePosition, problems: Vec<Problem>) {
        if !problems.is_empty() {
            self.bad.push(Bad { place, problems });
        }
    }

    /// Notes every problem of a value of this type. Fields are told by their path within it, and the value as a whole
    /// by its own name. One that stands in a document (a literal) has its enumerations without quotes.
    fn value(&mut self, place: SourcePosition, kind: &str, value: &InputValue, name: &str, literal: bool) {
        let mut look = Look { schema: self.schema, literal, name, problems: Vec::new() };
        let is_object = !kind.contains('[') && matches!(value, InputValue::Object(_));
        let good = look.at(kind, value, if is_object { "" } else { name });
        let mut problems = look.problems;
        if let Some(good) = good.filter(|_| !problems.is_empty()) {
            // A problem that is about what was left out, or about what it was left out of, is no news.
            let within = |one: &str, other: &str| {
                one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            let mut more = (self.sense)(kind.trim_end_matches('!'), &good);
            more.retain(|new| {
                problems.iter().all(|old| !within(&new.field, &old.field) && !within(&old.field, &new.field))
            });
            problems.append(&mut more);
        }
        self.note(place, problems);
    }

    fn visit(&mut self, parent: Option<&'a MetaType>, selections: &[Selection<'_>]) {
        for selection in selections {
            let directives = match selection {
                Selection::Field(field) => &field.item.directives,
                Selection::InlineFragment(inline) => &inline.item.directives,
                Selection::FragmentSpread(spread) => &spread.item.directives,
            };
            for directive in directives.iter().flatten() {
                let meta = self.schema.schema.directive_by_name(directive.item.name.item);
                let known = meta.map(|meta| meta.arguments.as_slice()).unwrap_or_default();
                let given = directive.item.arguments.as_ref().map(|given| given.item.items.as_slice());
                self.visit_arguments(directive.span.start, known, given.unwrap_or_default());
            }
            match selection {
                Selection::Field(field) => {
                    let meta = parent.and_then(|parent| parent.field_by_name(field.item.name.item));
                    let Some(meta) = meta else { continue };
                    let known = meta.arguments.as_deref().unwrap_or_default();
                    let given = field.item.arguments.as_ref().map(|given| given.item.items.as_slice());
                    self.visit_arguments(field.span.start, known, given.unwrap_or_default());
                    let inner = self.schema.schema.concrete_type_by_name(meta.field_type.innermost_name());
                    self.visit(inner, field.item.selection_set.as_deref().unwrap_or_default());
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.item.type_condition.as_ref().map(|condition| condition.item);
                    let inner = match condition {
                        Some(name) => self.schema.schema.concrete_type_by_name(name),
                        None => parent,
                    };
                    self.visit(inner, &inline.item.selection_set);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn visit_arguments(
        &mut self,
        place: SourcePosition,
        known: &[Argument<DefaultScalarValue>],
        given: &[(Spanning<&str>, Spanning<InputValue>)],
    ) {
        let mut missing = Vec::new();
        for argument in known {
            match given.iter().find(|(name, _)| argument.name == *name.item) {
                Some((_, value)) => {
                    let kind = argument.arg_type.to_string();
                    self.value(value.span.start, &kind, &value.item, &argument.name, true);
                }
                None if argument.arg_type.is_non_null() && argument.default_value.is_none() => {
                    missing.push(problem(argument.name.as_str(), REQUIRED));
                }
                None => {}
            }
        }
        self.note(place, missing);
    }
}

const REQUIRED: &str = "is required";

struct Look<'a> {
    schema: &'a Schema,
    literal: bool,
    name: &'a str,
    problems: Vec<Problem>,
}

impl Look<'_> {
    fn is_full(&self) -> bool {
        self.problems.len() >= MOST_PROBLEMS
    }

    fn bad(&mut self, field: &str, what: impl Into<String>, allowed: Vec<String>) {
        if !self.is_full() {
            let field = if field.is_empty() { self.name } else { field };
            self.problems.push(Problem { allowed, ..problem(field, what) });
        }
    }

    /// Looks through a value, and returns what is good of it.
    fn at(&mut self, kind: &str, value: &InputValue, field: &str) -> Option<InputValue> {
        if self.is_full() {
            return None;
        }
        if let Some(inner) = kind.strip_suffix('!') {
            if value.is_null() {
                self.bad(field, REQUIRED, Vec::new());
                return None;
            }
            return self.at(inner, value, field);
        }
        if matches!(value, InputValue::Null | InputValue::Variable(_)) {
            return Some(value.clone());
        }
        if let Some(inner) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            let InputValue::List(items) = value else {
                // One value stands for a list of one.
                return self.at(inner, value, field);
            };
            let items = items.iter().enumerate();
            let good =
                items.filter_map(|(index, item)| self.at(inner, &item.item, &format!("{field}[{index}]")));
            return Some(InputValue::list(good.collect()));
        }
        match self.schema.schema.concrete_type_by_name(kind)? {
            MetaType::InputObject(meta) => self.object(meta, value, field),
            MetaType::Enum(meta) => self.enumeration(meta, value, field).then(|| value.clone()),
            meta => {
                let is_plain = !matches!(value, InputValue::List(_) | InputValue::Object(_));
                if !is_plain || meta.input_value_parse_fn().is_some_and(|parse| parse(value).is_err()) {
                    self.bad(field, must_be(kind), Vec::new());
                    return None;
                }
                Some(value.clone())
            }
        }
    }

    fn object(
        &mut self,
        meta: &InputObjectMeta<DefaultScalarValue>,
        value: &InputValue,
        field: &str,
    ) -> Option<InputValue> {
        let InputValue::Object(given) = value else {
            let names = meta.input_fields.iter().map(|known| known.name.to_string()).collect();
            self.bad(field, "must be an object with fields", names);
            return None;
        };
        let path = |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
        let (mut good, mut complete) = (Vec::new(), true);
        for known in &meta.input_fields {
            match given.iter().find(|(name, _)| known.name == name.item) {
                Some((name, value)) => {
                    let value = self.at(&known.arg_type.to_string(), &value.item, &path(&known.name));
                    complete &= value.is_some() || !known.arg_type.is_non_null();
                    good.extend(value.map(|value| (name.item.clone(), value)));
                }
                None if known.arg_type.is_non_null() && known.default_value.is_none() => {
                    self.bad(&path(&known.name), REQUIRED, Vec::new());
                    complete = false;
                }
                None => {}
            }
        }
        for (name, _) in given {
            // To look for near names is the work here: it ends where nobody would be told of them.
            if self.is_full() {
                break;
            }
            if meta.input_fields.iter().all(|known| known.name != name.item) {
                let (near, all) = self.names_near(meta, &name.item);
                let what = format!("there is no such field{}", did_you_mean(&near));
                let shown: String = name.item.chars().take(MOST_NAME).collect();
                self.bad(&path(&shown), what, if near.is_empty() { all } else { near });
            }
        }
        complete.then(|| InputValue::object(good.into_iter().collect()))
    }

    /// The fields that may have been meant, those of the objects within included; and all fields of the object itself.
    fn names_near(
        &self,
        meta: &InputObjectMeta<DefaultScalarValue>,
        name: &str,
    ) -> (Vec<String>, Vec<String>) {
        let own: Vec<String> = meta.input_fields.iter().map(|known| known.name.to_string()).collect();
        let mut inner = Vec::new();
        for known in meta.input_fields.iter().filter(|known| !known.arg_type.is_list()) {
            let kind = self.schema.schema.concrete_type_by_name(known.arg_type.innermost_name());
            if let Some(MetaType::InputObject(meta)) = kind {
                inner.extend(meta.input_fields.iter().map(|field| format!("{}.{}", known.name, field.name)));
            }
        }
        (similar(name, own.iter().chain(&inner).map(String::as_str)), own)
    }

    /// Whether it is a value of the enumeration.
    fn enumeration(&mut self, meta: &EnumMeta<DefaultScalarValue>, value: &InputValue, field: &str) -> bool {
        let allowed: Vec<String> = meta.values.iter().map(|value| value.name.to_string()).collect();
        let (name, quoted) = match value {
            InputValue::Enum(name) => (Some(name.clone()), false),
            InputValue::Scalar(scalar) => (scalar.try_to_string(), self.literal),
            _ => (None, false),
        };
        let what = match name {
            Some(name) if allowed.contains(&name) && !quoted => return true,
            Some(name) if allowed.contains(&name) => "is written without quotes in a document".to_owned(),
            Some(name) => {
                let near = similar(&name, allowed.iter().map(String::as_str));
                format!("there is no such value{}", did_you_mean(&near))
            }
            None => "must be the name of a value".to_owned(),
        };
        self.bad(field, what, allowed);
        false
    }
}

/// What a scalar has to be.
fn must_be(kind: &str) -> String {
    match kind {
        "String" => "must be a text".to_owned(),
        "Int" => "must be a whole number from -2147483648 to 2147483647".to_owned(),
        "Float" | "Number" => "must be a number".to_owned(),
        "Boolean" => "must be true or false".to_owned(),
        "ID" => "must be an id: a text".to_owned(),
        "OptionValue" => "must be a text, a number, or true or false".to_owned(),
        "DateTime" => "must be a moment in RFC 3339, such as 2026-11-22T18:41:18Z".to_owned(),
        _ => format!("must be a {kind}"),
    }
}

/// What may have been meant by a name in a document that the schema does not know: the name and what comes near it.
/// Read from juniper's own sentence, which has the name and where it was looked for.
pub(crate) fn unknown_name(schema: &Schema, message: &str) -> Option<Problem> {
    let mut quoted = message.split('"').skip(1).step_by(2);
    let (name, second, third) = (quoted.next()?, quoted.next(), quoted.next());
    let field_of = |kind: &str, field: &str| schema.schema.concrete_type_by_name(kind)?.field_by_name(field);
    let known: Vec<String> = if message.starts_with("Unknown field ") {
        match schema.schema.concrete_type_by_name(second?)? {
            MetaType::Object(meta) => meta.fields.iter().map(|field| field.name.to_string()).collect(),
            _ => Vec::new(),
        }
    } else if message.starts_with("Unknown argument ") && message.contains(" on field ") {
        let arguments = field_of(third?, second?)?.arguments.as_deref().unwrap_or_default();
        arguments.iter().map(|argument| argument.name.to_string()).collect()
    } else if message.starts_with("Unknown type ") {
        let names = schema.schema.concrete_type_list().into_iter().filter_map(MetaType::name);
        names.map(ToString::to_string).collect()
    } else {
        return None;
    };
    // juniper's own helpers are no names of the schema's.
    let known: Vec<&str> = known.iter().map(String::as_str).filter(|name| !name.starts_with('_')).collect();
    let near = similar(name, known.iter().copied());
    let shown: String = name.chars().take(MOST_NAME).collect();
    let what = format!("there is no such name here{}", did_you_mean(&near));
    Some(Problem { allowed: near, ..problem(shown, what) })
}
