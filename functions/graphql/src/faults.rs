//! Errors as they stand in an answer. Every one has a code, those of juniper included.

use crate::{
    App,
    error::ApiError,
    execute::Positions,
    schema::Schema,
    values::{Sense, bad_values, unknown_name},
};
use catalogue::did_you_mean;
use jobs::JobId;
use juniper::{ExecutionError, GraphQLError, ParseError, RuleError, Variables, parser::SourcePosition};
use serde_json::{Map, Value, json};

/// Bytes of a message that juniper made. It repeats what the caller sent, and that may be long.
const MOST_MESSAGE: usize = 500;

/// Errors of one document that are told. Who has more of them will not read them all.
const MOST_FAULTS: usize = 50;

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

/// What a caller asked, as juniper read it.
pub(crate) struct Asked<'a> {
    /// The document.
    pub(crate) text: &'a str,
    /// The variables.
    pub(crate) variables: &'a Variables,
    /// What is wrong with the sense of a value.
    pub(crate) sense: &'a Sense<'a>,
}

/// What is wrong with a document or its variables.
pub(crate) fn of_document(
    schema: &Schema,
    error: &GraphQLError,
    asked: &Asked<'_>,
    positions: &Positions<'_>,
) -> Vec<Fault> {
    match error {
        GraphQLError::ParseError(error) => {
            let message = match &error.item {
                // Texts are the caller's content; keywords and signs are enough to find the place.
                ParseError::UnexpectedToken(token) if token.starts_with('"') => {
                    "Unexpected string".to_owned()
                }
                other => other.to_string(),
            };
            let places = vec![positions.tell(&error.span.start)];
            vec![fault(&message, places, ApiError::bad_request("").extensions())]
        }
        GraphQLError::ValidationError(errors) => of_rules(schema, errors, asked, positions),
        GraphQLError::NoOperationProvided
        | GraphQLError::MultipleOperationsProvided
        | GraphQLError::UnknownOperationName
        | GraphQLError::IsSubscription
        | GraphQLError::NotSubscription
        | GraphQLError::NotSupported(_) => vec![of_api_error(&ApiError::bad_request(error.to_string()))],
    }
}

/// One fault for each rule that is broken, and for each value one with all that is wrong with it.
fn of_rules(
    schema: &Schema,
    errors: &[RuleError],
    asked: &Asked<'_>,
    positions: &Positions<'_>,
) -> Vec<Fault> {
    let bad = bad_values(schema, asked.text, asked.variables, asked.sense);
    let mut told: Vec<&SourcePosition> = Vec::new();
    let mut faults = Vec::new();
    for error in errors {
        let places = || error.locations().iter().map(|place| positions.tell(place)).collect();
        let place = error.locations().first().filter(|_| is_about_a_value(error.message()));
        let about = place.and_then(|place| bad.iter().find(|bad| bad.place == *place));
        if let Some(bad) = about {
            if !told.contains(&&bad.place) {
                told.push(&bad.place);
                let error = ApiError::invalid_input(bad.problems.clone());
                faults.push(fault(error.message(), places(), error.extensions()));
            }
        } else if let Some(problem) = unknown_name(schema, error.message()) {
            let hint = did_you_mean(&problem.allowed);
            let message = format!("{}{hint}", shortened(error.message()));
            faults.push(fault(&message, places(), ApiError::invalid_input(vec![problem]).extensions()));
        } else {
            faults.push(fault(error.message(), places(), ApiError::bad_request("").extensions()));
        }
        if faults.len() == MOST_FAULTS {
            break;
        }
    }
    faults
}

/// Whether juniper says that a value can't be read, or is not there.
fn is_about_a_value(message: &str) -> bool {
    ["Invalid value for argument ", "Invalid default value for argument ", "Variable \"$"]
        .iter()
        .any(|beginning| message.starts_with(beginning))
        || message.ends_with(" is required but not provided")
}

/// What went wrong while a document was executed.
pub(crate) fn of_execution<S>(error: &ExecutionError<S>, positions: &Positions<'_>) -> Fault
where
    juniper::Value<S>: serde::Serialize,
{
    let extensions = match serde_json::to_value(error.error().extensions()) {
        Ok(Value::Object(extensions)) if extensions.contains_key("code") => extensions,
        // Resolvers always give a code; without one it is juniper that could not read an argument.
        _ => ApiError::bad_request("").extensions(),
    };
    let places = vec![positions.tell(error.location())];
    let mut fault = fault(error.error().message(), places, extensions);
    fault.insert("path".to_owned(), error.path().iter().map(|step| in_path(step)).collect());
    fault
}

/// A step of a path: fields by their names, places in a list by their numbers. No name begins with a digit.
fn in_path(step: &str) -> Value {
    step.parse().map_or_else(|_| json!(step), |index: u32| json!(index))
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

/// Adds the generations that were accepted though their answer is lost: `accepted: [{path, id}]`.
pub(crate) fn add_accepted(faults: &mut [Fault], placed: &[(String, JobId)]) {
    let told = placed.iter().map(|(field, id)| json!({ "path": [field], "id": id.as_str() }));
    let told: Vec<Value> = told.collect();
    for fault in faults.iter_mut().filter(|_| !told.is_empty()) {
        if let Some(extensions) = fault.get_mut("extensions").and_then(Value::as_object_mut) {
            extensions.insert("accepted".to_owned(), json!(told));
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
    fn a_long_message_is_cut_at_a_character() {
        assert_eq!(shortened(&"ж".repeat(400)).len(), MOST_MESSAGE + 3);
    }
}
