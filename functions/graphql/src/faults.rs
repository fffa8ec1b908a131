//! Errors as they stand in an answer. Every one has a code, those of juniper included.

use crate::{
    App,
    error::{ApiError, usual_extensions},
    execute::Positions,
    schema::Schema,
};
use jobs::ErrorCode;
use juniper::{ExecutionError, GraphQLError, meta::MetaType, parser::SourcePosition};
use serde_json::{Map, Value, json};

/// Bytes of a message that juniper made. It repeats what the caller sent, and that may be long.
const MOST_MESSAGE: usize = 500;

/// One error of an answer.
pub(crate) type Fault = Map<String, Value>;

/// An error of ours that is not about a place in a document.
pub(crate) fn of_api_error(error: &ApiError) -> Fault {
    fault(error.message(), Vec::new(), error.extensions())
}

/// A document that is out of bounds.
pub(crate) fn of_bounds(excess: &str) -> Fault {
    of_api_error(&ApiError::bad_request(excess))
}

/// What is wrong with a document or its variables.
pub(crate) fn of_document(schema: &Schema, error: &GraphQLError, positions: &Positions<'_>) -> Vec<Fault> {
    match error {
        GraphQLError::ParseError(error) => {
            let message = error.item.to_string();
            vec![fault(&message, vec![positions.tell(&error.span.start)], input_extensions(schema, &message))]
        }
        GraphQLError::ValidationError(errors) => errors
            .iter()
            .map(|error| {
                let places = error.locations().iter().map(|place| positions.tell(place)).collect();
                fault(error.message(), places, input_extensions(schema, error.message()))
            })
            .collect(),
        GraphQLError::NoOperationProvided
        | GraphQLError::MultipleOperationsProvided
        | GraphQLError::UnknownOperationName
        | GraphQLError::IsSubscription
        | GraphQLError::NotSubscription
        | GraphQLError::NotSupported(_) => {
            let message = error.to_string();
            vec![fault(&message, Vec::new(), input_extensions(schema, &message))]
        }
    }
}

/// What went wrong while a document was executed.
pub(crate) fn of_execution<S>(schema: &Schema, error: &ExecutionError<S>, positions: &Positions<'_>) -> Fault
where
    juniper::Value<S>: serde::Serialize,
{
    let extensions = match serde_json::to_value(error.error().extensions()) {
        Ok(Value::Object(extensions)) if extensions.contains_key("code") => extensions,
        // Resolvers always give a code; without one it is juniper that could not read an argument.
        _ => input_extensions(schema, error.error().message()),
    };
    let places = vec![positions.tell(error.location())];
    let mut fault = fault(error.error().message(), places, extensions);
    fault.insert("path".to_owned(), json!(error.path()));
    fault
}

/// Adds what only the request knows.
pub(crate) fn complete(app: &App, request_id: &str, faults: &mut [Fault]) {
    for fault in faults {
        if let Some(extensions) = fault.get_mut("extensions").and_then(Value::as_object_mut) {
            let code = extensions.get("code").and_then(Value::as_str).unwrap_or_default();
            let url = format!("{}/#{code}", app.public_base_url);
            extensions.insert("docUrl".to_owned(), json!(url));
            extensions.insert("requestId".to_owned(), json!(request_id));
        }
    }
}

/// The code of an error.
pub(crate) fn code(fault: &Fault) -> &str {
    let extensions = fault.get("extensions");
    extensions.and_then(|extensions| extensions.get("code")).and_then(Value::as_str).unwrap_or_default()
}

fn fault(message: &str, places: Vec<Value>, extensions: Map<String, Value>) -> Fault {
    let mut fault = Map::new();
    fault.insert("message".to_owned(), json!(shortened(message)));
    if !places.is_empty() {
        fault.insert("locations".to_owned(), Value::Array(places));
    }
    fault.insert("extensions".to_owned(), Value::Object(extensions));
    fault
}

/// The extensions of a fault that juniper found, which tells fields and enumerations within its message only.
fn input_extensions(schema: &Schema, message: &str) -> Map<String, Value> {
    let mut extensions = usual_extensions(ErrorCode::InvalidInput);
    let fields: Vec<Value> = field_in(message)
        .map(|field| {
            let problem = shortened(message.rsplit_once("\": ").map_or(message, |(_, problem)| problem));
            json!({ "field": field, "problem": problem, "allowed": allowed_in(schema, message) })
        })
        .into_iter()
        .collect();
    extensions.insert("fields".to_owned(), Value::Array(fields));
    extensions
}

/// The field that a message is about, as a path within the argument: `input.text`. Of a message about a variable as
/// a whole, the variable.
fn field_in(message: &str) -> Option<String> {
    let mut path = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once("field \"") {
        if let Some((_, index)) = before.rsplit_once("element #")
            && let Some((index, _)) = index.split_once(':')
        {
            path.push_str(&format!("[{index}]"));
        }
        let (name, after) = after.split_once('"')?;
        // What follows a colon is inside; anything else only speaks of a field.
        if !after.starts_with(':') {
            break;
        }
        path.push_str(if path.is_empty() { "" } else { "." });
        path.push_str(name);
        rest = after;
    }
    if path.is_empty() {
        let (_, after) = message.strip_prefix("Variable \"$").map(|after| ("", after))?;
        return after.split_once('"').map(|(name, _)| name.to_owned());
    }
    Some(path)
}

/// The values of the enumeration that a message names.
fn allowed_in(schema: &Schema, message: &str) -> Vec<String> {
    // It is the last word in quotes.
    let name = message.rsplit('"').nth(1).map(|name| name.trim_end_matches('!'));
    match name.and_then(|name| schema.schema.concrete_type_by_name(name)) {
        Some(MetaType::Enum(meta)) => meta.values.iter().map(|value| value.name.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn shortened(message: &str) -> String {
    if message.len() <= MOST_MESSAGE {
        return message.to_owned();
    }
    let cut = (0..=MOST_MESSAGE).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
    format!("{}...", message.get(..cut).unwrap_or_default())
}

impl Positions<'_> {
    fn tell(&self, place: &SourcePosition) -> Value {
        let (line, column) = self.original(place.line(), place.column());
        json!({ "line": line + 1, "column": column + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_found_in_junipers_messages() {
        for (message, field) in [
            (
                r#"Variable "$input" got invalid value. In field "type": Invalid value for enum "GenerationType"."#,
                Some("type"),
            ),
            (
                r#"Variable "$input" got invalid value. In field "input": In field "text": Expected "String", found list."#,
                Some("input.text"),
            ),
            (r#"Variable "$input" of required type "GenerateInput!" was not provided."#, Some("input")),
            (
                r#"Invalid value for argument "input", reason: Error on "GenerateInput!" field "type": Invalid value "X" for enum "GenerationType""#,
                Some("type"),
            ),
            (r#"Unknown field "x" on type "Query""#, None),
            ("", None),
        ] {
            assert_eq!(field_in(message).as_deref(), field, "{message}");
        }
    }

    #[test]
    fn a_long_message_is_cut_at_a_character() {
        assert_eq!(shortened(&"ж".repeat(400)).len(), MOST_MESSAGE + 3);
    }
}
